"""Han, Hiragana and Katakana in one line are shaped in one call, and become the glyphs that each becomes alone."""

from __future__ import annotations

import pytest

from glyphmill.catalogue.samples import sample_text
from glyphmill.fontengine.harfbuzz import HarfBuzzInstance
from glyphmill.unicode import itemize
from glyphmill.unicode.normalize import clean_text
from tests.shaping.setting import Case, set_text

FACES = {"ja": 0, "ko": 1, "zh-Hans": 2, "zh-Hant": 3}
MIXED = "東京タワーのとなりに、あたらしいビルが２つ建つ。"


def case(text: str, direction: str, language: str = "ja") -> Case:
    """A text in the face of a language."""
    return Case("", f"NotoSansCJK-VF.otf.ttc#{FACES[language]}", direction, "auto", language, text, "")


@pytest.mark.parametrize("direction", ["ltr", "ttb"])
def test_a_line_is_shaped_in_one_call(direction: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever scripts take turns in it."""
    assert len(itemize.script_runs(MIXED)) > 5
    shape, calls = HarfBuzzInstance.shape, []

    def counted(self: HarfBuzzInstance, text: str, start: int, end: int, **settings: object) -> object:
        calls.append(text[start:end])
        return shape(self, text, start, end, **settings)  # type: ignore[arg-type]

    monkeypatch.setattr(HarfBuzzInstance, "shape", counted)
    set_text(case(MIXED, direction))
    assert calls == [MIXED]


@pytest.mark.parametrize("direction", ["ltr", "ttb"])
@pytest.mark.parametrize("language", FACES)
def test_glyphs_are_those_of_each_script_alone(language: str, direction: str) -> None:
    """In each language's own forms."""
    for line in [MIXED, *sample_text("ja").splitlines()[:5], *sample_text(language).splitlines()[:5]]:
        text = clean_text(line)[:120]
        alone = [
            gid
            for start, end, _ in itemize.script_runs(text)
            for gid in set_text(case(text[start:end], direction, language)).gid.tolist()
        ]
        assert set_text(case(text, direction, language)).gid.tolist() == alone
