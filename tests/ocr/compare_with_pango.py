"""Write docs/ocr.md: how Tesseract reads the lines of the OCR tests as Glyphmill draws them, and as Pango does.

Where Tesseract errs, the same line drawn by another renderer from the same font file tells whether it errs on the
text or on the drawing. Run it from the root of the repository; it needs Tesseract and ``pango-view`` (Debian:
``pango1.0-tools``), neither of which Glyphmill itself needs::

    python -m tests.ocr.compare_with_pango
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.generator import Sample
from tests.jobs import catalogue, font_files
from tests.ocr.lines import LANGUAGES, LINES, PADDING, SIZE, Language, compared, read, samples

_ROOT = Path(__file__).parents[2]
_NAMES = {"en": "English", "de": "German", "ru": "Russian", "el": "Greek", "ar": "Arabic", "he": "Hebrew"}
_NAMES |= {"hi": "Hindi", "th": "Thai", "zh-Hans": "Chinese (Simplified)", "ja": "Japanese", "ko": "Korean"}
#: Misread lines that are pictured, of each language.
_PICTURED = 3

_HEAD = """\
# What an OCR engine reads

Tesseract {version}, which knows nothing of Glyphmill, reads {lines} lines of each of {languages} languages: the sample
texts that come with Glyphmill, black on white, {size} px, in the fonts that come with it. The character error rate
(CER) is the edit distance between the label and the reading over the length of the label. Before they are compared,
both are brought to one compatibility form (NFKC), format characters that cannot be seen are dropped, and in Chinese,
Japanese and Thai so are spaces. Nothing else is forgiven. `make test` holds every language to a median of 0 and a mean
of at most 0.03 (`tests/ocr`), where Tesseract is installed.

Beside it stands how Tesseract reads the same lines drawn by Pango {pango} with the same font files at the same size.

| language | lines without error | median CER | mean CER | mean CER, drawn by Pango |
|---|---|---|---|---|
"""

_MISREAD = """
## Lines that are misread

Each line as Glyphmill draws it, and below it as Pango does. The two are a fraction of a pixel apart, as Pango puts
letters on whole pixels, which is enough to tip a reading that hangs in the balance.
"""

_FOOT = """
## How it was measured

<!-- no-run: it takes Tesseract and Pango, and writes this page -->
```bash
python -m tests.ocr.compare_with_pango
```
"""


class Line(NamedTuple):
    """One line: error rates and readings of both drawings, and both images (PNG)."""

    text: str
    rate: float
    reading: str
    pango_rate: float
    pango_reading: str
    image: bytes
    pango_image: bytes


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare Tesseract's readings of Glyphmill's lines and of Pango's.")
    parser.add_argument("--docs", type=Path, default=_ROOT / "docs", help="the folder that ocr.md is written to")
    docs = parser.parse_args().docs
    (docs / "img").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        page = _page({language: _lines(language, work) for language in LANGUAGES}, docs)
    (docs / "ocr.md").write_text(page, encoding="utf-8")


def _lines(language: Language, work: Path) -> list[Line]:
    made = samples(language)
    ours = [sample.encoded() for sample in made]
    theirs = [_drawn_by_pango(sample, work) for sample in made]
    results = compared(made, read(ours, language, work), language)
    pango = compared(made, read(theirs, language, work), language)
    return [
        Line(text, rate, reading, pango_rate, pango_reading, image, pango_image)
        for (rate, text, reading), (pango_rate, _, pango_reading), image, pango_image in zip(
            results, pango, ours, theirs, strict=True
        )
    ]


def _drawn_by_pango(sample: Sample, work: Path) -> bytes:
    """The text of a sample as Pango draws it in its fonts, with no others in reach."""
    text, font = sample.plan.of("text").params, sample.plan.of("font").params
    fonts = work / font["fonts"][0]["digest"]
    fonts.mkdir(exist_ok=True)
    for one in font["fonts"]:
        link = fonts / f"{one['digest']}{Path(one['file']).suffix}"
        if not link.exists():
            link.symlink_to(font_files()[one["file"]])
    config = work / "fonts.conf"
    config.write_text(f"<fontconfig><dir>{fonts}</dir><cachedir>{work / 'cache'}</cachedir></fontconfig>")
    families = ",".join(catalogue().fonts.by_digest(one["digest"], one["face"]).family for one in font["fonts"])
    target = work / "pango.png"
    command = ["pango-view", "--no-display", "--pixels", "--hinting=none", "--hint-metrics=off", "--antialias=gray"]
    command += [f"--font={families} {font['size']:g}", f"--language={text['language']}", f"--margin={PADDING}"]
    command += ["--rtl"] * (text["direction"] == "right_to_left")
    command += [f"--text={text['text']}", f"--output={target}"]
    subprocess.run(command, check=True, env={**os.environ, "FONTCONFIG_FILE": str(config)})
    return target.read_bytes()


def _page(found: dict[Language, list[Line]], docs: Path) -> str:
    version = _first_line("tesseract", "--version").split()[-1]
    pango = _first_line("pango-view", "--version").rpartition(" ")[2].rstrip(")")
    page = _HEAD.format(version=version, pango=pango, lines=LINES, languages=len(found), size=SIZE)
    for language, lines in found.items():
        rates = [line.rate for line in lines]
        page += (
            f"| {_NAMES[language.code]} | {rates.count(0)} of {len(rates)} | {median(rates):.3f} | {mean(rates):.4f} "
            f"| {mean(line.pango_rate for line in lines):.4f} |\n"
        )
    page += _MISREAD
    for language, lines in found.items():
        misread = sorted((line for line in lines if line.rate), key=lambda line: -line.rate)
        picture = docs / "img" / f"ocr-{language.trained}.png"
        if not misread:
            picture.unlink(missing_ok=True)
            continue
        pairs = [(line.image, line.pango_image) for line in misread[:_PICTURED]]
        cv2.imwrite(str(picture), _stacked(pairs), [cv2.IMWRITE_PNG_COMPRESSION, 9])
        name = _NAMES[language.code]
        page += f"\n### {name}\n\n![{name} lines, each drawn by both](img/{picture.name})\n\n"
        page += "| CER | label | read | CER, Pango | read, drawn by Pango |\n|---|---|---|---|---|\n"
        for line in misread:
            cells = (f"{line.rate:.3f}", line.text, line.reading, f"{line.pango_rate:.3f}", line.pango_reading)
            page += "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
    return page + _FOOT


def _stacked(pairs: Sequence[tuple[bytes, bytes]]) -> NDArray[np.uint8]:
    """Ours over theirs, pair below pair with a rule between, gray, at two thirds of their size."""
    drawn = [np.frombuffer(one, np.uint8) for pair in pairs for one in pair]
    images = [np.asarray(cv2.imdecode(one, cv2.IMREAD_GRAYSCALE)) for one in drawn]
    widest = max(image.shape[1] for image in images)
    rows = []
    for number, image in enumerate(images):
        rows.append(cv2.copyMakeBorder(image, 0, 0, 0, widest - image.shape[1], cv2.BORDER_CONSTANT, value=[255]))
        if number % 2 and number + 1 < len(images):
            rows.append(np.full((3, widest), 128, np.uint8))
    whole = np.vstack(rows)
    small = cv2.resize(whole, None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA)
    return np.asarray(small // 17 * 17, np.uint8)  # 16 grays are enough to see the letters by


def _first_line(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return (done.stdout or done.stderr).splitlines()[0]


if __name__ == "__main__":
    main()
