"""Whatever bytes a corpus holds and whatever they are taken for, they give text or a message; any text, a sample."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from glyphmill.catalogue.corpora import open_corpora
from glyphmill.core.errors import GlyphmillError
from glyphmill.run.outcome import Rejected
from tests.fuzz.cases import Edits, bounded, cases, edited, edits
from tests.jobs import open_job

WRITTEN = (
    "utf-8 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-be latin-1 cp1252 cp1251 cp437 koi8-r iso8859-8 "
    "mac-roman big5 shift_jis gb18030 euc_jp euc_kr johab cp949 utf-7 hz iso2022_jp"
).split()
READ = (*WRITTEN, "idna", "rot13", "base64", "unicode_escape", "nothing", "ascii", "\0")
TEXT = (
    "The quick brown fox.\nСъешь ещё этих булок,\n快速的棕色狐狸跳過\n日本語のテキスト\n한국어 문장\n"
    "\u0915\u094d\u0937\u093f e\u0301 😀\n"
)
#: Text of any characters, in favor of those with rules of their own: controls, marks, joiners, variation selectors.
TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=("Mn", "Mc", "Me", "Cf", "Zs", "Zl", "Zp", "Cc", "Co", "Cn", "So")),
        st.characters(max_codepoint=0x2FF),
        st.sampled_from(
            "\u200d\u200c\ufe0f\ufe0e\u202e\u2067\u2069\u200f\u061c\u0301\u0e33\u1100\u1161\u11a8\ufdfd👨🏽🇩🏴\u034f\u0600ﷺ"
        ),
    ),
    max_size=40,
)


@pytest.mark.fuzz
@cases(0.1)
@given(
    start=st.one_of(st.binary(max_size=300), TEXTS, st.just(TEXT)),
    written=st.sampled_from(WRITTEN),
    changes=st.one_of(st.just([]), edits(200)),
    read=st.one_of(st.none(), st.sampled_from(READ)),
    times=st.sampled_from((1, 1, 1, 400)),
    seed=st.integers(0, 1 << 16),
)
def test_any_bytes_in_any_encoding_give_text_or_a_message(
    start: bytes | str, written: str, changes: Edits, read: str | None, times: int, seed: int
) -> None:
    data = start if isinstance(start, bytes) else start.encode(written, "replace")
    with tempfile.TemporaryDirectory() as folder, bounded():
        Path(folder, "one.txt").write_bytes(edited(data * times, changes))
        try:
            pool = open_corpora(folder, read or written).select("*.txt", None)
        except GlyphmillError:
            event("refused")
            return
        rng = np.random.default_rng(seed)
        for take in (pool.line, pool.word, lambda rng: pool.passage(rng, 30)):
            try:
                text = take(rng)
            except GlyphmillError:
                event("rejected")
                continue
            event("text")
            assert isinstance(text, str)
            assert text.encode("utf-8", "surrogatepass")
        assert pool.digest


@lru_cache(maxsize=1)
def variants() -> list[dict[str, object]]:
    """Specifications that set text in every direction and each treat missing characters in another way."""
    return [
        {"text": {"corpus": "*.txt", "length": [1, 30], "lines": [1, 3], "direction": direction, **more}}
        for direction, more in (
            ("left_to_right", {"missing": "refont", "line_break": "character"}),
            ("right_to_left", {"missing": "fallback"}),
            ("top_to_bottom", {"missing": "drop"}),
            ("bottom_to_top", {"missing": "refont", "take": "line"}),
        )
    ]


@pytest.mark.fuzz
@cases(0.1)
@given(text=TEXTS, seed=st.integers(0, 1 << 16), which=st.integers(0, 3))
def test_any_text_gives_a_sample_or_a_counted_rejection(text: str, seed: int, which: int) -> None:
    """And no rejection is one that nobody foresaw."""
    with tempfile.TemporaryDirectory() as folder, bounded():
        Path(folder, "one.txt").write_text(text, encoding="utf-8", errors="replace")
        try:
            job = open_job([variants()[which]], 1, seed=seed, corpora=Path(folder))
        except GlyphmillError:
            event("no job")
            return
        outcome = job.generate(0)
        if isinstance(outcome, Rejected):
            event(f"{outcome.unit}: {outcome.reason}")
            assert outcome.reason != "unexpected_error", outcome.detail
        else:
            event("sample")
            assert outcome.label["bboxes"]
