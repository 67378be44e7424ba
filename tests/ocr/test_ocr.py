"""A reader that knows nothing of Glyphmill reads its lines: proof that what is drawn is what the label says."""

from __future__ import annotations

from pathlib import Path
from statistics import mean, median

import pytest

from tests.ocr.lines import LANGUAGES, LINES, Language, compared, error_rate, plain, read, samples

pytestmark = pytest.mark.ocr

#: Devanagari by a renderer that forms no conjuncts and no reph, but shows each virama.
UNFORMED = dict.fromkeys(("akhn", "rphf", "rkrf", "blwf", "half", "vatu", "cjct", "pres", "abvs", "blws", "psts"), 0)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.trained)
def test_tesseract_reads_what_the_label_says(language: Language, tmp_path: Path) -> None:
    """Of 20 clean lines, half and more without any error, and at most 3 % of all characters otherwise."""
    made = samples(language)
    assert len(made) == LINES
    results = list(compared(made, read([sample.encoded() for sample in made], language, tmp_path), language))
    rates = [rate for rate, _, _ in results]
    misread = "\n".join(f"{rate:.3f}  {expected}\n       {found}" for rate, expected, found in results if rate)
    assert median(rates) == 0, misread
    assert mean(rates) <= 0.03, misread


def test_the_reader_notices_bad_shaping(tmp_path: Path) -> None:
    """Devanagari without its conjuncts fails the law above. (Arabic that is not joined, it reads all the same.)"""
    hindi = next(language for language in LANGUAGES if language.code == "hi")
    made = samples(hindi, features=UNFORMED)
    results = compared(made, read([sample.encoded() for sample in made], hindi, tmp_path), hindi)
    rates = [rate for rate, _, _ in results]
    assert median(rates) > 0
    assert mean(rates) > 0.03


def test_the_error_rate_counts_edits() -> None:
    assert error_rate("", "") == 0
    assert error_rate("abcd", "abcd") == 0
    assert error_rate("abcd", "abd") == 0.25
    assert error_rate("abcd", "xabcd") == 0.25
    assert error_rate("abcd", "") == 1
    assert error_rate("kitten", "sitting") == 0.5


def test_only_what_cannot_be_seen_is_forgiven() -> None:
    english, thai = LANGUAGES[0], next(language for language in LANGUAGES if language.code == "th")
    assert plain(" a  b\u200d\n，", english) == "a b ,"
    assert plain("ก ข", thai) == "กข"
    assert plain("A—b", english) != plain("a--b", english)
