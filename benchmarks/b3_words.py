"""B3: single words as of scene text, JPEG in memory; ours against SynthTIGER."""

from __future__ import annotations

import random
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import cv2

from benchmarks.lane import Lane
from benchmarks.lines import write_font, write_words
from benchmarks.measure import Cost
from benchmarks.peers import SYNTHTIGER, PeerUnavailableError, peer_environment
from benchmarks.place import ROOT, environment
from benchmarks.result import BenchmarkError, Figure, Result, Scale, Target
from glyphmill.catalogue.resources import ResourceStore
from glyphmill.config.load import load_text
from glyphmill.core.registry import discover
from glyphmill.run.job import Job

TITLE = "Words in the manner of SynthTIGER's horizontal example, JPEG in memory, one process"
CONFIG = ROOT / "benchmarks" / "configs" / "words.yaml"
IMAGES, PEER_IMAGES = 300, 40
_WHOLE, _BARE = f"{SYNTHTIGER.name}, its example as it is", f"{SYNTHTIGER.name}, without mask and check"
_OURS = "ours, image, label and JPEG"
_TIMES = 25
_PICTURES, _PICTURE_SIZE = 12, (640, 480)
_COLORS, _APART = 400, 50
_PICTURE_CONFIG = """\
total_images: 12
seed: 3
specifications:
  - name: pictures
    proportion: 1.0
    text: {language: en, take: word}
    canvas: {width: 640, height: 480}
    background: {clutter: {weight: 3}, wood: {}, brick: {}, noise: {}, fabric: {}, metal: {}}
"""


def run(scale: Scale) -> Result:
    """Make words with ours and with the peer, in turn."""
    images, peer_images = scale.count(IMAGES), scale.count(PEER_IMAGES)
    folder, env = _inputs(scale), environment(scale.folder)
    costs: dict[str, list[Cost]] = {name: [] for name in (_OURS, _WHOLE, _BARE)}
    with ExitStack() as stack:
        ours = stack.enter_context(
            Lane("glyphmill", {"config": str(folder / CONFIG.name), "count": images, "rejects": True}, env=env)
        )
        peer, absent = _peer(stack, scale, folder, env)
        batches = {_OURS: (ours, "encode", images)}
        if peer:
            batches |= {_WHOLE: (peer, "whole", peer_images), _BARE: (peer, "bare", peer_images)}
        for number in range(scale.runs + 1):
            for name, (lane, kind, count) in batches.items():
                cost = lane.batch(kind=kind, count=count).each(count)
                if number:  # the first warms up
                    costs[name].append(cost)
    settings = {
        "images a run": {name: count for name, (_, _, count) in batches.items()},
        "config": CONFIG.relative_to(ROOT).as_posix(),
        "rejected of ours": ours.facts["rejected"],
        "versions of the peer": peer.facts["versions"] if peer else {},
    }
    return Result(TITLE, tuple(_figures(costs, absent)), settings=settings, notes=(_ALIKE, _BEST))


_ALIKE = (
    "Same words, font and pictures. Elastic letters, one word in five on a curve, a quarter with a border, a shadow or "
    "a body, a quarter over parts of another word, textures on half of the letters and grounds, one perspective, slant "
    "or turn, noise on all, blur on nine in ten, a tenth scaled down. Both know a box of each letter. What is rejected "
    "as illegible and made again counts."
)
_BEST = (
    "The peer's example writes a mask beside each image, and tries blend modes until a flood fill from every pixel of "
    "the text finds it visible, or begins again. Ours checks the contrast of every letter. The peer is measured with "
    "both and, its best case, without, and held to the target either way."
)


def _figures(costs: dict[str, list[Cost]], absent: str) -> list[Figure]:
    figures = []
    for name in (_WHOLE, _BARE):
        ratios = tuple(theirs.cpu_s / ours.cpu_s for theirs, ours in zip(costs[name], costs[_OURS], strict=not absent))
        figures.append(Figure(f"CPU of {name}, over ours", "x", ratios, Target(">=", _TIMES), why_not=absent))
    for name, values in costs.items():
        if values:
            figures.append(Figure(f"{name}: CPU", "ms an image", tuple(1e3 * cost.cpu_s for cost in values)))
            figures.append(Figure(f"{name}: wall", "ms an image", tuple(1e3 * cost.wall_s for cost in values)))
    return figures


def _peer(stack: ExitStack, scale: Scale, folder: Path, env: dict[str, str]) -> tuple[Lane | None, str]:
    """The peer's lane; or why there is none."""
    if not scale.peers:
        return None, "peers were left out"
    settings = {
        "words": str(folder / "words.txt"),
        "fonts": str(folder / "fonts"),
        "images": str(folder / "images"),
        "colors": str(folder / "colors.txt"),
    }
    try:
        python = SYNTHTIGER.interpreter(scale.subfolder("peers"))
        return stack.enter_context(Lane("synthtiger", settings, env=peer_environment(env), python=python)), ""
    except (PeerUnavailableError, BenchmarkError) as error:
        return None, str(error).splitlines()[-1]


def _inputs(scale: Scale) -> Path:
    """The folder with words, fonts, pictures, the peer's colours and our config."""
    folder = scale.subfolder("words")
    for name in ("fonts", "images"):
        (folder / name).mkdir(exist_ok=True)
    write_words(folder / "words.txt")
    font = folder / "fonts" / "NotoSans-Regular.ttf"
    write_font(font)
    # the peer wants to be told what a font has
    letters = {letter for word in (folder / "words.txt").read_text(encoding="utf-8") for letter in word + word.upper()}
    font.with_suffix(".txt").write_text("".join(sorted(letters)).strip(), encoding="utf-8")
    rng = random.Random(3)
    (folder / "colors.txt").write_text("".join(_colors(rng)), encoding="utf-8")
    _write_pictures(folder / "images")
    (folder / CONFIG.name).write_text(CONFIG.read_text(encoding="utf-8"), encoding="utf-8")
    return folder


def _colors(rng: random.Random) -> list[str]:
    """Grays that are apart, two or three together, each with its standard deviation, as the peer reads them."""
    rows: list[str] = []
    while len(rows) < _COLORS:
        grays = sorted(rng.randrange(256) for _ in range(2 + len(rows) % 2))
        if all(high - low >= _APART for low, high in pairwise(grays)):
            rows.append(" ".join(f"{gray} {rng.randrange(5, 15)}" for gray in grays) + "\n")
    return rows


def _write_pictures(folder: Path) -> None:
    """Pictures of surfaces and scenes, made by ours."""
    if len(list(folder.glob("*.jpg"))) == _PICTURES:
        return
    registry = discover()
    job = Job.open(load_text(_PICTURE_CONFIG, "pictures", registry), registry)
    for index in range(_PICTURES):
        step = job.plan(index).of("background")
        unit = registry.get("background", step.unit)
        if unit is None:
            raise BenchmarkError(f"there is no background {step.unit}")
        image = unit.apply(unit.params(**step.params), _PICTURE_SIZE, ResourceStore())
        cv2.imwrite(str(folder / f"{index:02d}.jpg"), cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
