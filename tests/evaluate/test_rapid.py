"""RapidOCR by a stand-in: how it is asked, what it is not asked for, and what happens where it fails."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from glyphmill.evaluate.engine import EngineError, Way
from glyphmill.evaluate.engines import open_engine
from glyphmill.evaluate.pieces import Facts, Piece
from glyphmill.evaluate.rapid import Rapid

FACTS = Facts("s", (), {}, "a.ttf", "Latn", "left_to_right", "en-Latn", 4)
PIECE = Piece(0, 0, "line", "text", np.zeros((4, 2)), 1, False, FACTS)


class StandIn:
    """Reads each picture as its blue value; fails on one that is 13 px wide."""

    def __init__(self, params: dict[str, object]) -> None:
        assert params["Global.use_det"] is False

    def __call__(self, picture: np.ndarray, *, use_det: bool, use_cls: bool, use_rec: bool) -> SimpleNamespace:
        assert (use_det, use_cls, use_rec) == (False, False, True)
        if picture.shape[1] == 13:
            raise RuntimeError
        return SimpleNamespace(txts=(str(picture[0, 0, 0]),) if picture.any() else None)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Rapid:
    module = ModuleType("rapidocr")
    module.RapidOCR = StandIn  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "rapidocr", module)
    monkeypatch.setattr("glyphmill.evaluate.rapid.version", lambda name: "1.2")
    return Rapid()


def test_pictures_are_read_one_by_one(engine: Rapid) -> None:
    """With blue first, as OpenCV has it; nothing read is "", a failure None."""
    pictures = [np.full((4, 9, 3), (1, 2, 3), np.uint8), np.zeros((4, 9, 3), np.uint8), np.ones((4, 13, 3), np.uint8)]
    assert engine.name == "rapidocr 1.2"
    assert engine.read(pictures, Way("rapidocr", "line")) == ["3", "", None]


def test_columns_are_turned(engine: Rapid) -> None:
    """As RapidOCR does itself."""
    assert engine.way(replace(PIECE, upright=True)).manner == "line"
    assert engine.way(replace(PIECE, level="word")).manner == "word"


def test_what_its_model_does_not_read_is_refused(engine: Rapid) -> None:
    with pytest.raises(EngineError, match=r"Arab.*--only script=Latn"):
        engine.way(replace(PIECE, facts=replace(FACTS, script="Arab")))
    with pytest.raises(EngineError, match="--level line"):
        engine.way(replace(PIECE, level="image", lines=3))
    with pytest.raises(EngineError, match="--language"):
        open_engine("rapidocr", "arabic")


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    with pytest.raises(EngineError, match=r"pip install 'glyphmill\[rapidocr\]'"):
        open_engine("rapidocr")


def test_engines_that_do_not_exist_are_named() -> None:
    with pytest.raises(EngineError, match=r"'abbyy'.*tesseract, rapidocr"):
        open_engine("abbyy")
