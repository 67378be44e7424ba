from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.unicode import itemize, segment


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("", []),
        ("12 (3)", [("12 (3)", "Zyyy")]),
        ("Hello, world!", [("Hello, world!", "Latn")]),
        ("123 abc", [("123 abc", "Latn")]),
        ("abc где", [("abc ", "Latn"), ("где", "Cyrl")]),
        ("日本のテ", [("日本", "Hani"), ("の", "Hira"), ("テ", "Kana")]),
        ("(abc где) где", [("(abc ", "Latn"), ("где", "Cyrl"), (") ", "Latn"), ("где", "Cyrl")]),
        ("abc (где) abc", [("abc (", "Latn"), ("где", "Cyrl"), (") abc", "Latn")]),
        ("OK。これ", [("OK", "Latn"), ("。これ", "Hira")]),
        ("नमस्ते।", [("नमस्ते।", "Deva")]),
        ("e\u0301ж\u0301", [("e\u0301", "Latn"), ("ж\u0301", "Cyrl")]),
        ("a\u0903ж", [("a\u0903", "Latn"), ("ж", "Cyrl")]),
        ("👩\u200d💻", [("👩\u200d💻", "Zyyy")]),
    ],
)
def test_scripts_of_neighbours_are_shared(text: str, runs: list[tuple[str, str]]) -> None:
    """Common and inherited characters join a neighbour's run, closing brackets that of their opening ones."""
    assert [(text[start:end], script) for start, end, script in itemize.script_runs(text)] == runs


TEXTS = "ab1 .,()[]«»ждनी\u094d\u0301日かカー。א٠ا\u0640\u064b\u200d👩\U000e0100\ue000"


@given(st.text(alphabet=TEXTS, max_size=40))
def test_runs_partition_the_text(text: str) -> None:
    """Runs cover the text once, differ from their neighbours and hold whole clusters."""
    runs = itemize.script_runs(text)
    assert [i for start, end, _ in runs for i in range(start, end)] == list(range(len(text)))
    assert all(a[2] != b[2] for a, b in pairwise(runs))
    assert set(segment.graphemes(text)).issuperset(start for start, _, _ in runs)


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("", []),
        ("日本のテ", [("日本のテ", "Hani")]),
        ("テの", [("テの", "Kana")]),
        ("のテ日", [("のテ日", "Hani")]),
        ("abc日本の abc", [("abc", "Latn"), ("日本の ", "Hani"), ("abc", "Latn")]),
        ("日한の", [("日", "Hani"), ("한", "Hang"), ("の", "Hira")]),
    ],
)
def test_han_and_kana_are_shaped_together(text: str, runs: list[tuple[str, str]]) -> None:
    """As Han where there is any, whose forms depend on the language; other scripts stay apart."""
    assert [(text[start:end], script) for start, end, script in itemize.shaping_runs(text)] == runs


@given(st.text(alphabet=TEXTS, min_size=1, max_size=40))
def test_the_first_script_is_that_of_the_first_run(text: str) -> None:
    """Found without cutting the text into runs."""
    assert itemize.first_script(text) == itemize.script_runs(text)[0][2]
