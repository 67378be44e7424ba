"""What is known of each text: found in its label and plan, for every unit that there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from glyphmill.core.registry import Registry
from glyphmill.evaluate.pieces import Piece, pieces_of, script_of
from glyphmill.run.dataset import find_dataset
from glyphmill.run.generate import generate
from tests.jobs import open_job, registry


def made(tmp_path: Path, specification: dict[str, object], units: Registry | None = None) -> list[Piece]:
    generate(open_job([specification], 1), tmp_path / "made")
    (entry,) = find_dataset(tmp_path / "made").samples()
    return pieces_of(entry, "line", units or registry())


@pytest.mark.parametrize(
    ("text", "script"),
    [("abc", "Latn"), ("東京", "Hani"), ("東京へ", "Jpan"), ("123", "Zyyy"), ("ab بب", "Latn"), ("وو a", "Arab")],
)
def test_the_script_is_that_of_most_characters(text: str, script: str) -> None:
    """Any kana makes Japanese of a line."""
    assert script_of(text) == script


def test_a_strength_is_the_distance_from_off(tmp_path: Path) -> None:
    """The greatest, where a unit takes part twice; units without a strength count by name only."""
    (piece,) = made(
        tmp_path,
        {
            "text": {"language": "en", "length": 6},
            "degrade": [{"blur": {"radius": 0.5}}, {"contrast": {"factor": 0.75}}, {"blur": {"radius": 1.5}}],
        },
    )
    assert piece.facts.strengths == {"degrade.blur": 1.5, "degrade.contrast": 0.25}
    assert piece.facts.units == ("background.solid", "degrade.blur", "degrade.contrast")
    assert (piece.facts.script, piece.facts.language) == ("Latn", "en-Latn")
    assert piece.facts.font.endswith((".ttf", ".otf", ".ttc"))


def test_a_unit_that_is_not_installed_has_no_strength(tmp_path: Path) -> None:
    """A dataset can be read without the plug-ins that made it."""
    specification = {"text": {"language": "en", "length": 6}, "degrade": [{"blur": {"radius": 0.5}}]}
    (piece,) = made(tmp_path, specification, Registry([]))
    assert piece.facts.strengths == {}
    assert "degrade.blur" in piece.facts.units


@pytest.mark.parametrize(
    ("language", "direction", "orientation", "upright"),
    [
        ("ja", "top_to_bottom", "auto", True),
        ("ja", "top_to_bottom", "sideways", False),
        ("ja", "left_to_right", "auto", False),
        ("ja", "bottom_to_top", "auto", False),
        ("en", "top_to_bottom", "auto", False),
        ("en", "top_to_bottom", "upright", True),
    ],
)
def test_upright_is_what_stands_in_columns(
    language: str, direction: str, orientation: str, upright: bool, tmp_path: Path
) -> None:
    """As the letters were set, by UAX #50 where nothing else is said."""
    text = {"language": language, "direction": direction, "length": 6}
    pieces = made(tmp_path, {"text": text, "layout": {"orientation": orientation}})
    assert {piece.upright for piece in pieces} == {upright}


def test_white_space_is_no_text(dataset: Path) -> None:
    """A line of it is not read."""
    entry = next(find_dataset(dataset).samples())
    assert all(piece.text.strip() for piece in pieces_of(entry, "line", registry()))
    assert len(pieces_of(entry, "word", registry())) == len(entry.label()["words"])
