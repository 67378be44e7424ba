"""The engines there are, by the names that the command takes."""

from __future__ import annotations

from glyphmill.evaluate.engine import Engine, EngineError

ENGINES = ("tesseract", "rapidocr")


def open_engine(name: str, language: str | None = None) -> Engine:
    """The engine of a name.

    Args:
        name: one of ``ENGINES``.
        language: the engine's name of the model that reads everything; None for what the language of each text needs.

    Raises: EngineError if it is not installed, or has no such choice of models.
    """
    if name == "tesseract":
        from glyphmill.evaluate.tesseract import Tesseract

        return Tesseract(language)
    if name == "rapidocr":
        from glyphmill.evaluate.rapid import Rapid

        if language is not None:
            raise EngineError("--language names Tesseract's models; RapidOCR reads by the one in its package")
        return Rapid()
    raise EngineError(f"there is no engine {name!r}; there are {', '.join(ENGINES)}")
