"""Each format holds what its readers expect."""

from __future__ import annotations

import json
import os
import pstats
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from glyphmill.profiling.calltree import Node, call_tree
from glyphmill.profiling.errors import ProfileError
from glyphmill.profiling.flame import flame_page
from glyphmill.profiling.output import Outputs, check_writable, ending_of
from glyphmill.profiling.result import Profile
from glyphmill.profiling.speedscope import speedscope
from glyphmill.profiling.work import Work

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def tree(profiled: tuple[Profile, Work]) -> Node:
    return call_tree(profiled[1])


@pytest.fixture
def outputs(profiled: tuple[Profile, Work]) -> Outputs:
    return Outputs(*profiled, sort="cumulative", top=5)


def walk(node: Node) -> list[Node]:
    return [node, *(found for child in node.children.values() for found in walk(child))]


def test_the_tree_has_whole_stacks(tree: Node) -> None:
    """Each function stands below the one that called it, with its calls."""
    assert tree.key[2] == "images"
    names = Counter(dict.fromkeys(("generate_from_plan", "_render_text", "add_noise"), 0))
    for node in walk(tree):
        if node.key[2] in names:
            names[node.key[2]] += node.calls
    assert set(names.values()) == {3}
    spine = next(node for node in walk(tree) if node.key[2] == "generate_from_plan")
    assert "_render_text" in {child.key[2] for child in spine.children.values()}
    assert spine.total_s == pytest.approx(sum(node.own_s for node in walk(spine)))


def test_statistics_are_those_of_pstats(outputs: Outputs, tmp_path: Path) -> None:
    outputs.save(tmp_path / "x.prof")
    stats = pstats.Stats(str(tmp_path / "x.prof"))
    assert any(name == "generate_from_plan" for _, _, name in stats.stats)  # type: ignore[attr-defined]


def test_speedscope_gets_what_its_format_asks_for(tree: Node) -> None:
    """Frames by index, one weight a sample, an end that is their sum."""
    data = json.loads(json.dumps(speedscope(tree, name="job")))
    assert data["$schema"] == "https://www.speedscope.app/file-format-schema.json"
    frames, (profile,) = data["shared"]["frames"], data["profiles"]
    assert all(set(frame) <= {"name", "file", "line", "col"} and frame["name"] for frame in frames)
    assert profile["type"] == "sampled"
    assert profile["unit"] == "seconds"
    assert len(profile["samples"]) == len(profile["weights"])
    assert {index for stack in profile["samples"] for index in stack} == set(range(len(frames)))
    assert min(profile["weights"]) > 0
    assert profile["endValue"] == pytest.approx(tree.total_s)


def test_json_has_all_that_was_measured(outputs: Outputs, tmp_path: Path) -> None:
    """And no folder of this machine but the config's own name."""
    outputs.save(tmp_path / "x.json")
    data = json.loads((tmp_path / "x.json").read_text("utf-8"))
    assert data["schema"] == "glyphmill.profile/1"
    assert data["made"] == 3
    assert {"stages_s", "diagnosis", "functions", "versions", "machine", "startup_s"} <= data.keys()
    assert all("/" not in row["file"] or row["file"].startswith("glyphmill/") for row in data["functions"])


def test_any_other_ending_gets_the_text(outputs: Outputs, tmp_path: Path) -> None:
    for name in ("x.txt", "x", "x.log"):
        assert ending_of(Path(name)) == ""
        outputs.save(tmp_path / name)
        assert (tmp_path / name).read_text("utf-8") == outputs.text
    assert ending_of(Path("a.SPEEDSCOPE.json")) == ".speedscope.json"


def test_the_flame_graph_holds_everything_itself(tree: Node) -> None:
    """No address to load from, and nothing that a name in it could break out of."""
    hostile = Node(("/x/</script><img src=//a>.py", 1, "</script>"), own_s=1, calls=1)
    page = flame_page(hostile, title="a < b", about="&", images=2)
    assert page.count("</script>") == 2
    assert "a &lt; b" in page
    page = flame_page(tree, title="t", about="a", images=3)
    assert "generate_from_plan (generator.py:" in page
    assert not re.search(r"https?://|@import|url\(", page)
    assert "default-src 'none'" in page


def test_the_flame_graph_has_a_box_for_each_call(tree: Node, tmp_path: Path) -> None:
    """In its data; and on the page, where there is a browser to draw it."""
    page = flame_page(tree, title="t", about="a", images=3)
    assert page.count('"n":"') > 100
    if BROWSER is not None:
        (tmp_path / "flame.html").write_text(page, encoding="utf-8")
        drawn = dump(tmp_path / "flame.html", tmp_path)
        assert drawn.count('class="call ') > 30
        assert 'aria-label="generate_from_plan (generator.py:' in drawn


def dump(page: Path | str, profile: Path) -> str:
    """The document that a browser has made of a page."""
    address = page.as_uri() if isinstance(page, Path) else page
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile / 'browser'}", "--dump-dom"]
    done = subprocess.run(
        [str(BROWSER), *options, "--virtual-time-budget=5000", address], capture_output=True, text=True
    )
    return done.stdout


def test_a_pipe_stays_a_pipe(outputs: Outputs, tmp_path: Path) -> None:
    """Results may go to a device, which a file must not take the place of."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        outputs.save(pipe)
        assert os.read(reader, 20) == outputs.text.encode()[:20]
    finally:
        os.close(reader)
    assert pipe.is_fifo()


def test_what_cannot_be_written_is_found_before_the_work(tmp_path: Path) -> None:
    """And what is there is left as it is."""
    (tmp_path / "file").write_text("kept")
    check_writable(tmp_path / "file")
    check_writable(tmp_path / "new" / "result.txt")
    assert (tmp_path / "file").read_text() == "kept"
    assert not (tmp_path / "new" / "result.txt").exists()
    for wrong in (tmp_path, tmp_path / "file" / "below"):
        with pytest.raises(ProfileError, match="cannot write to"):
            check_writable(wrong)
