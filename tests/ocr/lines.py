"""The lines that Tesseract reads: 20 of each of eleven languages, drawn as plainly as can be, and how it is asked."""

from __future__ import annotations

import os
import subprocess
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from glyphmill.generator import Sample
from tests.jobs import BLACK_ON_WHITE, open_job

LINES = 20
#: px per em and px; Tesseract is trained on lines some 36 px high.
SIZE, PADDING = 40, 20


@dataclass(frozen=True)
class Language:
    """A language as Glyphmill, Tesseract and the fonts know it.

    Attributes:
        code: for ``text.language``.
        trained: Tesseract's name.
        fonts: glob on the names of the font files.
        direction: of its lines.
        length: grapheme clusters of a line.
        spaced: whether spaces stand between words. Where not, a reader puts them anywhere, and they are not compared.
    """

    code: str
    trained: str
    fonts: str = "NotoSans?wght?.ttf"
    direction: str = "left_to_right"
    length: tuple[int, int] = (20, 40)
    spaced: bool = True


LANGUAGES = (
    Language("en", "eng"),
    Language("de", "deu"),
    Language("ru", "rus"),
    Language("el", "ell"),
    Language("ar", "ara", "NotoSansArabic*", "right_to_left"),
    Language("he", "heb", "NotoSans*", "right_to_left"),  # Noto Sans Hebrew has no comma: another font lends it
    Language("hi", "hin", "NotoSansDevanagari*"),
    Language("th", "tha", "NotoSansThai*", spaced=False),
    Language("zh-Hans", "chi_sim", "NotoSansCJK*", length=(10, 20), spaced=False),
    Language("ja", "jpn", "NotoSansCJK*", length=(10, 20), spaced=False),
    Language("ko", "kor", "NotoSansCJK*", length=(10, 20)),
)

#: One text line (7), fixed for all. Its height is guessed from the height of the pieces of ink, and Arabic has many
#: dots: without the second setting some Arabic lines, in whatever renderer's image, are taken for noise and come back
#: empty. Other languages read the same with it and without.
SEGMENTATION = ("--psm", "7", "-c", "textord_min_linesize=2.5")


def samples(language: Language, count: int = LINES, features: dict[str, int] | None = None) -> list[Sample]:
    """Black on white lines of a language's sample text."""
    job = open_job(
        [
            {
                "text": {"language": language.code, "direction": language.direction, "length": list(language.length)},
                "font": {"size": SIZE, "filter": language.fonts, "features": features or {}},
                "canvas": {"padding": PADDING},
            }
        ],
        count,
        defaults=BLACK_ON_WHITE,
    )
    return list(job)


def read(images: Sequence[bytes], language: Language, folder: Path) -> list[str]:
    """What Tesseract reads in PNG images of one line each.

    Raises: RuntimeError if it does not say one thing for each image.
    """
    paths = [folder / f"{number:03d}.png" for number in range(len(images))]
    for path, image in zip(paths, images, strict=True):
        path.write_bytes(image)
    listing = folder / "images.txt"
    listing.write_text("\n".join(map(str, paths)), encoding="utf-8")
    done = subprocess.run(
        ["tesseract", str(listing), "stdout", "-l", language.trained, *SEGMENTATION],
        capture_output=True,
        check=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )
    readings = done.stdout.decode("utf-8").split("\f")
    if len(readings) != len(images):
        raise RuntimeError(f"{len(readings)} readings of {len(images)} images: {done.stderr.decode()}")
    return readings


def plain(text: str, language: Language) -> str:
    """Text as it is compared, label and reading alike.

    Compatibility forms are one (NFKC: a full-width comma is a comma), invisible format characters are dropped, and so
    are spaces where the language has none between words; elsewhere any white space is one space. Nothing else is
    forgiven: neither case nor punctuation, nor what Tesseract likes to put for a dash or a danda.
    """
    visible = (char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    return (" " if language.spaced else "").join("".join(visible).split())


def error_rate(expected: str, found: str) -> float:
    """Character error rate: Levenshtein distance over the length of what is expected."""
    row = list(range(len(found) + 1))
    for i, char in enumerate(expected, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(found, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (char != other))
    return row[-1] / max(len(expected), 1)


def compared(made: Sequence[Sample], readings: Sequence[str], language: Language) -> Iterator[tuple[float, str, str]]:
    """Error rate, label and reading of each sample."""
    for sample, reading in zip(made, readings, strict=True):
        expected, found = plain(sample.labels.text, language), plain(reading, language)
        yield error_rate(expected, found), expected, found
