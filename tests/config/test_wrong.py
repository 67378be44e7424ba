"""Configs that are wrong, each with the whole message that the user gets: `wrong/NN_name.yaml` and `.txt`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from glyphmill.config.load import load_config
from glyphmill.core.errors import ConfigError
from glyphmill.core.registry import Registry

WRONG = sorted((Path(__file__).parent / "wrong").glob("*.yaml"))


def message_of(file: Path, registry: Registry) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(file, registry)
    return str(caught.value).replace(str(file), file.name)


@pytest.mark.parametrize("file", WRONG, ids=lambda file: file.stem)
def test_message_is_exact(file: Path, some: Registry) -> None:
    """A wrong config gives just this message, all of its problems with their lines."""
    assert message_of(file, some) + "\n" == file.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", WRONG, ids=lambda file: file.stem)
def test_line_holds_the_key(file: Path, some: Registry) -> None:
    """The line that a problem names holds the last part of the key that it names, if that is in the file at all."""
    with pytest.raises(ConfigError) as caught:
        load_config(file, some)
    rows = file.read_bytes().decode("utf-8", "replace").splitlines()
    for problem in caught.value.problems:
        name = re.sub(r"\[\d+\]", "", problem.key).rpartition(".")[2]
        if problem.line is not None and any(re.search(rf"\b{re.escape(name)}\b", row) for row in rows) and name:
            assert "missing" in problem.message or "[" in problem.key or name in rows[problem.line - 1]


def test_there_are_enough_of_them() -> None:
    """Every wrong config has its message, and there are many."""
    assert len(WRONG) >= 45
    assert {file.stem for file in WRONG} == {file.stem for file in (WRONG[0].parent).glob("*.txt")}
