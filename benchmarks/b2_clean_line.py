"""B2: one clean line of five words on white, to memory; ours against TextRecognitionDataGenerator."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.lane import Lane
from benchmarks.lines import write_font, write_lines
from benchmarks.measure import Cost
from benchmarks.peers import TRDG, PeerUnavailableError, peer_environment
from benchmarks.place import environment
from benchmarks.result import BenchmarkError, Figure, Result, Scale, Target

TITLE = "One clean line of 5 Latin words at 32 px, black on white, to memory, one process"
CONFIG = """\
total_images: 1
seed: 2
specifications:
  - name: clean-line
    proportion: 1.0
    text: {corpus: lines.txt, take: line, length: 200, language: en}
    font: {size: 32}
    color: {rgb: [0, 0, 0]}
    canvas: {padding: 4}
    background: {solid: {color: [255, 255, 255]}}
resources: {fonts: [NotoSans-Regular.ttf], corpora: .}
output: {format: png}
"""
#: Many more than images, so that few of those that are drawn repeat.
LINES = 4000
IMAGES, PEER_IMAGES = 400, {"raqm": 30, "basic": 200}
_LABEL, _ENCODE = "ours, image and label", "ours, image, label and PNG"


def open_inputs(scale: Scale) -> Path:
    """Write the lines, the font and the config; the path of the config."""
    folder = scale.subfolder("clean_line")
    write_lines(folder / "lines.txt", LINES)
    write_font(folder / "NotoSans-Regular.ttf")
    config = folder / "clean_line.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    return config


def run(scale: Scale) -> Result:
    """Make the same lines with ours and with the peer, in turn."""
    images, config = scale.count(IMAGES), open_inputs(scale)
    env = environment(scale.folder)
    with ExitStack() as stack:
        ours = stack.enter_context(
            Lane("glyphmill", {"config": str(config), "count": images, "texts": images}, env=env)
        )
        peers, absent = _peers(stack, scale, config.with_name("NotoSans-Regular.ttf"), env, ours.facts["texts"])
        batches = {_LABEL: (ours, "label", images), _ENCODE: (ours, "encode", images)}
        batches |= {name: (lane, "image", scale.count(PEER_IMAGES[layout])) for layout, (name, lane) in peers.items()}
        costs = _measure(scale.runs, batches)
        sizes = {name: lane.facts["size"] for name, (lane, _, _) in batches.items()}
        versions = {name: lane.facts["versions"] for name, lane in peers.values()}
    return Result(
        TITLE,
        (*_absolute(costs), *_ratios(costs, absent)),
        settings={
            "images a run": {name: count for name, (_, _, count) in batches.items()},
            "size of the first image, px": sizes,
            "versions of the peer": versions,
            "config": CONFIG,
        },
        notes=(_ALIKE, _LAYOUTS),
    )


_ALIKE = (
    "Same lines, same static Noto Sans Regular. Ours gives boxes of every letter, word and line beside the image; the "
    "peer gives the image and its text. Both set 32 px an em; the peer then scales its image to 32 px in height."
)
_LAYOUTS = (
    "The peer measures and draws letter by letter. Where Pillow finds FriBidi it does so through raqm, which reads the "
    "font's layout tables on each call: dear with Noto Sans, several times cheaper with a font that has few of them. "
    "With the basic layout the peer neither kerns nor shapes. Which of the two a user gets depends on the machine: "
    "both are measured and held to the target."
)


def _peers(
    stack: ExitStack, scale: Scale, font: Path, env: dict[str, str], texts: list[str]
) -> tuple[dict[str, tuple[str, Lane]], dict[str, str]]:
    """The peer with each text layout, by the layout's name; and why each that is absent is."""
    layouts = tuple(PEER_IMAGES)
    if not scale.peers:
        return {}, dict.fromkeys(layouts, "peers were left out")
    try:
        python = TRDG.interpreter(scale.subfolder("peers"))
    except PeerUnavailableError as error:
        return {}, dict.fromkeys(layouts, str(error))
    found: dict[str, tuple[str, Lane]] = {}
    absent: dict[str, str] = {}
    for layout in layouts:
        settings: dict[str, Any] = {"font": str(font), "texts": texts, "layout": layout}
        try:
            lane = stack.enter_context(Lane("trdg", settings, env=peer_environment(env), python=python))
        except BenchmarkError as error:
            absent[layout] = str(error).splitlines()[-1]
            continue
        if lane.facts["layout"] == layout:
            found[layout] = (f"{TRDG.name}, {layout} layout", lane)
        else:
            absent[layout] = f"Pillow has no {layout} layout here"
    return found, absent


def _measure(runs: int, batches: dict[str, tuple[Lane, str, int]]) -> dict[str, list[Cost]]:
    """Cost of one image, in turn for each, so that what slows the machine down for a while slows all of them down."""
    costs: dict[str, list[Cost]] = {name: [] for name in batches}
    for number in range(runs + 1):
        for name, (lane, kind, count) in batches.items():
            cost = lane.batch(kind=kind, count=count).each(count)
            if number:  # the first warms up
                costs[name].append(cost)
    return costs


def _absolute(costs: dict[str, list[Cost]]) -> list[Figure]:
    rate = tuple(1 / cost.cpu_s for cost in costs[_LABEL])
    figures = [Figure(_LABEL, "images a CPU second", rate, Target(">=", 600))]
    for name, values in costs.items():
        figures.append(Figure(f"{name}: CPU", "ms an image", tuple(1e3 * cost.cpu_s for cost in values)))
        figures.append(Figure(f"{name}: wall", "ms an image", tuple(1e3 * cost.wall_s for cost in values)))
    return figures


def _ratios(costs: dict[str, list[Cost]], absent: dict[str, str]) -> list[Figure]:
    figures = []
    for layout in PEER_IMAGES:
        name = f"{TRDG.name}, {layout} layout"
        pairs = zip(costs.get(name, ()), costs[_LABEL], strict=False)
        ratios = tuple(theirs.cpu_s / ours.cpu_s for theirs, ours in pairs)
        figures.append(
            Figure(f"CPU of {name}, over ours", "x", ratios, Target(">=", 40), why_not=absent.get(layout, ""))
        )
    return figures
