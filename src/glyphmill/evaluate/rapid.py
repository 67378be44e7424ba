"""RapidOCR: PaddleOCR's recognition model in ONNX Runtime, in this process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import version

import cv2

from glyphmill.evaluate.engine import EngineError, Pixels, Way
from glyphmill.evaluate.pieces import Piece

#: The scripts of the model that comes in the package. Others would be fetched from the network.
_SCRIPTS = frozenset({"Latn", "Hani", "Jpan", "Zyyy"})
_SETTINGS = {
    "Global.log_level": "critical",
    "Global.use_det": False,
    "Global.use_cls": False,
    # Pictures are read side by side already.
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


class Rapid:
    """Reads lines by the package ``rapidocr``: recognition only, with the model that comes in the package.

    Raises: EngineError if it is not installed.
    """

    def __init__(self) -> None:
        try:
            from rapidocr import RapidOCR

            self._name = f"rapidocr {version('rapidocr')}"
        except ImportError as error:
            raise EngineError(f"the engine cannot be loaded ({error}): pip install 'glyphmill[rapidocr]'") from error
        self._engine = RapidOCR(params=dict(_SETTINGS))

    @property
    def name(self) -> str:
        """With the version of the package."""
        return self._name

    def way(self, piece: Piece) -> Way:
        """As a line, columns turned by a quarter as they are in RapidOCR itself."""
        if piece.facts.script not in _SCRIPTS:
            scripts = " ".join(f"script={script}" for script in ("Latn", "Hani", "Jpan"))
            raise EngineError(
                f"RapidOCR's own model does not read the script {piece.facts.script}. "
                f"--only {scripts} leaves other scripts out."
            )
        if piece.level == "image" and piece.lines > 1:
            raise EngineError("RapidOCR reads lines: --level line or word, as there are images of several lines")
        return Way("rapidocr", "word" if piece.level == "word" else "line")

    def check(self, models: Iterable[str]) -> None:
        """Nothing is missing: there is one model, and it is in the package."""

    def read(self, pictures: Sequence[Pixels], way: Way) -> list[str | None]:
        """What stands in each picture; None where the engine fails."""
        # One by one: in a set, pictures are stretched to the widest, and a reading would depend on its neighbours.
        return [self._one(picture) for picture in pictures]

    def _one(self, picture: Pixels) -> str | None:
        try:
            found = self._engine(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), use_det=False, use_cls=False, use_rec=True)
        except Exception:  # noqa: BLE001  # whatever it is, it is counted; the other pictures can still be read
            return None
        return "".join(found.txts or ())
