"""Patterns stay below their root, and paths that lead nowhere are found with their lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from glyphmill.config.load import load_text
from glyphmill.config.paths import check_paths, contained
from glyphmill.core.errors import ConfigError
from glyphmill.core.registry import Registry

Spec = Callable[[Any], str]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.txt", "sub/c.txt", "sub/deep/d.txt", "[x].txt", "x.txt", "note.md"):
        file = tmp_path / "root" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return tmp_path / "root"


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("a.txt", ["a.txt"]),
        ("*.txt", ["[x].txt", "a.txt", "b.txt", "x.txt"]),
        ("sub/*", ["sub/c.txt"]),
        ("**/*.txt", ["[x].txt", "a.txt", "b.txt", "sub/c.txt", "sub/deep/d.txt", "x.txt"]),
        ("[ab].txt", ["a.txt", "b.txt"]),
        ("[x].txt", ["[x].txt"]),
        ("./a.txt", ["a.txt"]),
        ("none*", []),
        ("sub", []),
    ],
)
def test_contained_finds_files_in_order(pattern: str, names: list[str], root: Path) -> None:
    """Only files, sorted by their path below the root; a file of just that name comes before a glob."""
    assert [file.relative_to(root).as_posix() for file in contained(root, pattern)] == names


def test_link_within_the_root_is_fine(root: Path) -> None:
    """A link is no fault as long as it stays below the root, even where the root itself is reached by a link."""
    (root / "link.txt").symlink_to(root / "a.txt")
    (root.parent / "alias").symlink_to(root, target_is_directory=True)
    assert [file.name for file in contained(root.parent / "alias", "li*")] == ["link.txt"]


def test_paths_that_lead_nowhere_are_all_named(base: Registry, root: Path) -> None:
    """Fonts, backgrounds, corpora and patterns, with the lines they stand on."""
    text = """\
total_images: 2
resources:
  fonts: [nofonts, "*.ttf", root]
  backgrounds: {path: nopictures, weight: 2}
  corpora: root
  health: root
specifications:
  - {name: one, proportion: 0.5, text: {corpus: "*.txt"}}
  - name: two
    proportion: 0.5
    text_direction: left_to_right
    corpus_file: missing.txt
"""
    with pytest.raises(ConfigError) as caught:
        check_paths(load_text(text, "job.yaml", base, folder=root.parent))
    here = root.parent
    assert [str(problem).replace(str(here), "HERE") for problem in caught.value.problems] == [
        "line 3  resources.fonts: got 'HERE/nofonts': there is no such file or folder",
        "line 3  resources.fonts: got 'HERE/*.ttf': there is no such file or folder",
        "line 4  resources.backgrounds: got 'HERE/nopictures': there is no such folder",
        "line 6  resources.health: got 'HERE/root': there is no such file",
        "line 12  specifications[1].corpus_file: got 'missing.txt', which matches no file in 'HERE/root'",
    ]


def test_paths_that_lead_somewhere_are_fine(base: Registry, root: Path) -> None:
    """Weighted patterns, globs of fonts, and no resources at all."""
    spec = "total_images: 1\nspecifications: [{name: a, proportion: 1, text: {%s}}]\n"
    check_paths(load_text(spec % "language: de", "a", base))
    check_paths(load_text(spec % "corpus: {a.txt: 2, 'sub/*': 1}", "a", base, folder=root))
    check_paths(load_text((spec % "") + "resources: {fonts: 'su*'}\n", "a", base, folder=root))


def test_corpus_folder_that_is_missing_is_named_once(base: Registry, root: Path) -> None:
    """Without the folder its patterns are not looked for."""
    spec = "specifications: [{name: a, proportion: 1, text: {corpus: a.txt}}]\n"
    text = "total_images: 1\nresources: {corpora: gone}\n" + spec
    with pytest.raises(ConfigError, match="there is no such folder") as caught:
        check_paths(load_text(text, "a", base, folder=root))
    assert len(caught.value.problems) == 1
