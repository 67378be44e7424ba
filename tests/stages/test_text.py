"""Laws of the text stage."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.run.outcome import Rejected
from glyphmill.unicode.casing import cased
from tests.jobs import open_job


@pytest.mark.parametrize("length", [20_001, 10**9, 10**30])
def test_a_length_past_the_limit_is_refused_before_it_is_read(length: int) -> None:
    """However great it is: nothing of that size is made on the way."""
    outcome = open_job([{"text": {"language": "en", "length": length}}], 1).generate(0)
    assert isinstance(outcome, Rejected)
    assert (outcome.unit, outcome.reason) == ("text", "too_many_characters")


@pytest.mark.parametrize(
    ("text", "case", "language", "expected"),
    [
        ("Straße ist groß", "upper", "de", "STRASSE IST GROSS"),
        ("iyi ılık", "upper", "tr", "İYİ ILIK"),
        ("İSTANBUL IĞDIR", "lower", "tr", "istanbul ığdır"),
        ("istanbul", "title", "tr-TR", "İstanbul"),
        ("don't MCDONALD saint-denis", "title", "en", "Don't Mcdonald Saint-Denis"),
        ("καλημέρα ΰ Αϊ", "upper", "el", "ΚΑΛΗΜΕΡΑ Ϋ ΑΪ"),
        ("ΟΔΟΣ", "lower", "el", "οδος"),
        ("ijsland", "title", "nl", "IJsland"),
        ("საქართველო abc", "upper", "ka", "საქართველო ABC"),
        ("العربية हिन्दी 日本語", "upper", "und", "العربية हिन्दी 日本語"),
        ("As It Is", "as_is", "en", "As It Is"),
    ],
)
def test_letter_case_follows_the_language(text: str, case: str, language: str, expected: str) -> None:
    """Capitals and small letters by the rules of the language; scripts without case stay as they are."""
    assert cased(text, case, language) == expected


@given(st.text(), st.sampled_from(["upper", "lower"]), st.sampled_from(["und", "tr", "el", "nl"]))
def test_letter_case_is_settled_at_once(text: str, case: str, language: str) -> None:
    """To set text in a case that it is in changes nothing any more, once it has no form to be composed."""
    once = cased(text, case, language)
    assert cased(once, case, language) == once or unicodedata.normalize("NFC", once) != once


@pytest.mark.parametrize("take", ["word", "line", "passage"])
def test_samples_are_in_their_case(take: str) -> None:
    """A label holds the text in the case that it is set in, whatever is taken."""
    job = open_job([{"text": {"language": "en", "take": take, "case": "upper"}}], 4)
    for index in range(4):
        text = job.generate(index).label["text"]
        assert text == text.upper()


def test_case_is_weighted() -> None:
    """Each case comes as often as it is said to; by default text is as it is, and no draw is spent on it."""
    job = open_job([{"text": {"language": "en", "take": "word", "case": {"upper": 1, "as_is": 1}}}], 60)
    words = [job.plan(index).of("text").params["text"] for index in range(60)]
    assert 15 < sum(word.isupper() for word in words) < 50
    plain, same = (
        open_job([{"text": {"language": "en", "take": "word", **case}}], 8) for case in ({}, {"case": "as_is"})
    )
    assert [plain.plan(k).of("text") for k in range(8)] == [same.plan(k).of("text") for k in range(8)]
