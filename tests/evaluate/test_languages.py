"""Languages of labels as Tesseract names them."""

from __future__ import annotations

import pytest

from glyphmill.evaluate.languages import debian_package, trained_name


@pytest.mark.parametrize(
    ("tag", "script", "upright", "name"),
    [
        ("en-Latn", "Latn", False, "eng"),
        ("de", "Latn", False, "deu"),
        ("zh-Hans", "Hani", False, "chi_sim"),
        ("zh-Hant", "Hani", True, "chi_tra_vert"),
        ("ja-Jpan", "Jpan", True, "jpn_vert"),
        ("sr-Latn", "Latn", False, "srp_latn"),
        ("sr-Cyrl", "Cyrl", False, "srp"),
        ("uz-Cyrl", "Cyrl", False, "uzb_cyrl"),
        ("en-Latn", "Latn", True, "eng"),
        ("chr-Cher", "Cher", False, "chr"),
        ("und", "Latn", False, "eng"),
        ("und", "Jpan", True, "jpn_vert"),
        ("und", "Goth", False, None),
    ],
)
def test_a_language_has_its_model(tag: str, script: str, upright: bool, name: str | None) -> None:
    """That of the tag; that of the script where there is none; columns one of their own where there is one."""
    assert trained_name(tag, script, upright=upright) == name


def test_packages_are_named_as_debian_does() -> None:
    assert debian_package("chi_sim_vert") == "tesseract-ocr-chi-sim-vert"
