"""Tesseract's names of languages, and the Debian packages that they are in."""

from __future__ import annotations

#: BCP 47 tags -> names of trained data, where they are not the same word. A tag with a script goes before one without.
_TRAINED = dict(
    pair.split(":")
    for pair in """
    af:afr am:amh ar:ara as:asm az:aze az-cyrl:aze_cyrl be:bel bg:bul bn:ben bo:bod br:bre bs:bos ca:cat co:cos cs:ces
    cy:cym da:dan de:deu dv:div dz:dzo el:ell en:eng eo:epo es:spa et:est eu:eus fa:fas fi:fin fo:fao fr:fra fy:fry
    ga:gle gd:gla gl:glg gu:guj he:heb hi:hin hr:hrv ht:hat hu:hun hy:hye id:ind is:isl it:ita iu:iku ja:jpn jv:jav
    ka:kat kk:kaz km:khm kn:kan ko:kor ku:kmr ky:kir la:lat lb:ltz lo:lao lt:lit lv:lav mi:mri mk:mkd ml:mal mn:mon
    mr:mar ms:msa mt:mlt my:mya nb:nor ne:nep nl:nld nn:nor no:nor oc:oci or:ori pa:pan pl:pol ps:pus pt:por qu:que
    ro:ron ru:rus sa:san sd:snd si:sin sk:slk sl:slv sq:sqi sr:srp sr-latn:srp_latn su:sun sv:swe sw:swa ta:tam te:tel
    tg:tgk th:tha ti:tir tl:fil to:ton tr:tur tt:tat ug:uig uk:ukr ur:urd uz:uzb uz-cyrl:uzb_cyrl vi:vie yi:yid yo:yor
    zh:chi_sim zh-hant:chi_tra yue:chi_tra yue-hans:chi_sim
    """.split()
)
#: What reads a script whose language is not known: the language that is written in it most.
_OF_SCRIPT = {
    "Arab": "ara", "Armn": "hye", "Beng": "ben", "Cher": "chr", "Cyrl": "rus", "Deva": "hin", "Ethi": "amh",
    "Geor": "kat", "Grek": "ell", "Gujr": "guj", "Guru": "pan", "Hang": "kor", "Hani": "chi_sim", "Hebr": "heb",
    "Jpan": "jpn", "Khmr": "khm", "Knda": "kan", "Laoo": "lao", "Latn": "eng", "Mlym": "mal", "Mymr": "mya",
    "Orya": "ori", "Sinh": "sin", "Syrc": "syr", "Taml": "tam", "Telu": "tel", "Thaa": "div", "Thai": "tha",
    "Tibt": "bod", "Zyyy": "eng",
}  # fmt: skip
#: Those that also have data for vertical lines, which is separate.
_VERTICAL = frozenset({"chi_sim", "chi_tra", "jpn", "kor"})


def trained_name(tag: str, script: str, *, upright: bool = False) -> str | None:
    """The trained data for a language.

    Args:
        tag: BCP 47, such as ``zh-Hant`` or ``de-Latn``; ``und`` where it is not known.
        script: ISO 15924, of the text; decides where the tag says nothing.
        upright: whether letters stand upright in a column.

    Returns: a name such as ``chi_tra``, or ``jpn_vert`` for columns where there is data for them; None if Tesseract
    has nothing for the script.
    """
    language, _, rest = tag.lower().partition("-")
    if language == "und":
        name = _OF_SCRIPT.get(script)
    else:
        # Three letters, as in chr or syr, are Tesseract's names already.
        name = _TRAINED.get(f"{language}-{rest[:4]}") or _TRAINED.get(language) or language
    return f"{name}_vert" if upright and name in _VERTICAL else name


def debian_package(trained: str) -> str:
    """The package that holds trained data."""
    return f"tesseract-ocr-{trained.lower().replace('_', '-')}"
