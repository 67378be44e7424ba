"""Faults 1 to 7: configs that are broken or hostile are refused before any work, by line, and nothing is executed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from glyphmill.config.load import load_config, load_text
from glyphmill.config.paths import OutsideRootError, contained
from glyphmill.core.errors import ConfigError
from glyphmill.core.registry import Registry, discover

HEAD = "total_images: 10\nspecifications:\n  - name: one\n    proportion: 1\n"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return discover()


def refused(text: str | bytes, registry: Registry) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_text(text, "job.yaml", registry)
    return [str(problem) for problem in caught.value.problems]


def test_f01_duplicate_key(registry: Registry) -> None:
    """A key that stands twice is refused, at any depth, with both lines."""
    text = HEAD + "    font:\n      size: 20\n      size: 30\nseed: 1\nseed: 2\n"
    assert refused(text, registry) == [
        "line 7  specifications[0].font.size: given twice, first on line 6; keep one",
        "line 9  seed: given twice, first on line 8; keep one",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"{n}: &{n} [{', '.join(['*' + m] * 10)}]\n" for m, n in zip("abcdefghij", "bcdefghijk", strict=True)
        ),
        "a: &a {k: v}\n"
        + "".join(
            f"{n}: &{n} {{{', '.join(f'k{i}: *{m}' for i in range(20))}}}\n"
            for m, n in zip("abcdefghij", "bcdefghijk", strict=True)
        ),
        "total_images: &a [1, *a]\n",
        "defaults: &d\n  font: {size: *d}\n",
        HEAD + "    font: &f\n      <<: *f\n",
        "[" + ", ".join(["&a [1]"] + ["*a"] * 150_000) + "]",
    ],
    ids=["lists", "mappings", "recursive list", "recursive mapping", "recursive merge", "wide"],
)
def test_f02_alias_bomb(text: str, registry: Registry) -> None:
    """Aliases that would fill the memory, or that hold themselves, are refused within a second or so."""
    begin = time.process_time()
    assert refused(text, registry)
    assert time.process_time() - begin < 3  # generous: a bomb that went off would never end


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.system ['touch {}']",
        "!!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path ['{}']]",
        "!!python/object/new:os.system ['touch {}']",
        "!!python/name:os.system",
        "!custom x",
    ],
)
def test_f03_python_tag(value: str, registry: Registry, tmp_path: Path) -> None:
    """A tag is refused and what it names is not run."""
    mark = tmp_path / "owned"
    problems = refused(HEAD + f"    font: {value.replace('{}', str(mark))}\n", registry)
    assert "is not allowed; write the plain value" in problems[0]
    assert problems[0].startswith("line 5  specifications[0].font")
    assert not mark.exists()


@pytest.mark.parametrize(
    "trap", ["no", "12:30", "010", "1e3", "yes", "off", "1_000", "0b11", "0o17", "2024-01-01", "190:20:30"]
)
def test_f04_yaml_traps(trap: str, registry: Registry) -> None:
    """What YAML versions read differently is refused, with the type that is wanted, as number and as text."""
    number, text = refused(HEAD + f"    font: {{size: {trap}}}\n    text: {{language: {trap}}}\n", registry)
    assert number.startswith(f"line 5  specifications[0].font.size: got the unquoted text '{trap}'")
    assert "expected a number from 4 to 2000" in number
    assert text.startswith(f"line 6  specifications[0].text.language: got the unquoted text '{trap}'")
    assert text.endswith("expected text: write it in quotes")
    assert load_text(HEAD + f"    text: {{language: '{trap}'}}\n", "job.yaml", registry)


@pytest.mark.parametrize(
    ("content", "line", "part"),
    [
        (b"total_images: 10\nspecifications:\n\t- name: one\n", 3, "a tab is used for indentation"),
        (b"[" * 20_000 + b"]" * 20_000, 1, "nested deeper than 64 levels"),
        (b"- " * 20_000 + b"x", 1, "nested deeper than 64 levels"),
        (b"{a: " * 20_000, 1, "nested deeper than 64 levels"),
        ("\n".join(" " * depth + "a:" for depth in range(2_000)).encode(), 66, "nested deeper than 64 levels"),
        (b"? " * 20_000, 1, "nested deeper than 64 levels"),
        (b"", None, "the file is empty"),
        (b"   \n\n", None, "the file is empty"),
        (b"---\n...\n", None, "the file is empty"),
        (b"\xef\xbb\xbf", None, "the file is empty"),
        (b"total_images: 10\n# gr\xf6\xdfe\n", 2, "byte 0xf6 at offset 21 is not UTF-8"),
        ("total_images: 10\n".encode("utf-16"), 1, "the file is in UTF-16"),
        ("total_images: 10\n".encode("utf-16-le"), 1, "the character U+0000 is not allowed"),
        (b"total_images: 10\n" * 400_000, None, "the file has 6,800,000 bytes"),
        (b"\x00\x01\x02\xff", 1, "byte 0xff at offset 3 is not UTF-8"),
        (b"a: |\n  x\n b", 3, "not valid YAML"),
        (b"%TAG ! !\n%TAG ! !\n---\na: 1", 2, "not valid YAML"),
    ],
)
def test_f05_unreadable(content: bytes, line: int | None, part: str, registry: Registry) -> None:
    """What is not YAML in UTF-8, or nested out of all reason, gives one clean problem."""
    with pytest.raises(ConfigError) as caught:
        load_text(content, "job.yaml", registry)
    (problem,) = caught.value.problems
    assert problem.line == line
    assert part in problem.message


def test_f05_byte_order_mark(registry: Registry) -> None:
    """A byte-order mark changes nothing."""
    assert load_text(b"\xef\xbb\xbf" + HEAD.encode(), "a", registry) == load_text(HEAD, "b", registry)


def test_f05_file_that_cannot_be_opened(registry: Registry, tmp_path: Path) -> None:
    """A file that is missing, or is a folder, is named with the reason."""
    for path, reason in ((tmp_path / "no.yaml", "No such file or directory"), (tmp_path, "Is a directory")):
        with pytest.raises(ConfigError) as caught:
            load_config(path, registry)
        assert str(caught.value) == f"1 problem in {path}\n  cannot be read: {reason}"


def test_f06_wrong_values(registry: Registry) -> None:
    """Misspelt keys, NaN, infinity, min > max, zero weights, negative sizes and proportions: all at once, by line."""
    text = """\
total_images: 10
specifications:
  - name: one
    proportion: 0.5
    fonts: {size: 20}
    font: {size: .nan, slant: [0, .inf], bold: [0.1, 0]}
    text: {direction: {left_to_right: 0, right_to_left: 0}}
    background: {solid: {weight: 0}}
    layout: {line_spacing: -1}
  - name: two
    proportion: 0.2
"""
    assert refused(text, registry) == [
        "line 2  specifications: the proportions sum to 0.7; expected 1 within 0.001; the last would have to be 0.5",
        "line 5  specifications[0].fonts: unknown key. Did you mean 'font'?",
        "line 6  specifications[0].font.bold: min 0.1 is greater than max 0; swap them",
        "line 6  specifications[0].font.size: got nan; expected a finite number",
        "line 6  specifications[0].font.slant[1]: got infinity; expected a finite number",
        "line 7  specifications[0].text.direction: all weights are zero; expected at least one above 0",
        "line 8  specifications[0].background: all weights are zero; expected at least one above 0",
        "line 9  specifications[0].layout.line_spacing: got -1; expected a number from 0.1 to 10",
    ]


@pytest.mark.parametrize(
    "pattern", ["../secret.txt", "a/../../secret.txt", "/etc/passwd", "C:\\x.txt", "..\\x", "~/x.txt", "**/../x"]
)
def test_f07_pattern_that_leaves_its_root(pattern: str, registry: Registry, tmp_path: Path) -> None:
    """A corpus pattern that is absolute or climbs is refused when the config is read, and when files are looked for."""
    root = tmp_path / "corpora"
    root.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    with pytest.raises(OutsideRootError):
        contained(root, pattern)
    (problem,) = refused(HEAD + f"    text: {{corpus: '{pattern}'}}\n", registry)
    assert problem.startswith("line 5  specifications[0].text.corpus: got ")
    (problem,) = refused(HEAD + f"    text_direction: left_to_right\n    corpus_file: '{pattern}'\n", registry)
    assert problem.startswith("line 6  specifications[0].corpus_file: got ")


@pytest.mark.parametrize("pattern", ["link.txt", "*.txt", "**/*.txt", "folder/secret.txt", "folder/*"])
def test_f07_link_that_leaves_its_root(pattern: str, tmp_path: Path) -> None:
    """A link out of the corpus folder, to a file or to a folder, is refused where a pattern reaches it."""
    root = tmp_path / "corpora"
    root.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    (root / "folder").symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(OutsideRootError, match="a link out of"):
        contained(root, pattern)
