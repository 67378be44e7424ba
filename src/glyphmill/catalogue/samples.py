"""Text and facts of 1,000 languages, read one file at a time from the data of the package ``gflanguages``.

The package itself is not imported: it would parse all of its files. Texts are from the Universal Declaration of Human
Rights and its likes, chosen by the Google Fonts team (Apache-2.0).
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from glyphmill.core.errors import CatalogueError

#: Languages used where a job names none: ten scripts.
DEFAULT_LANGUAGES = ("en", "ru", "el", "ar", "he", "hi", "th", "zh-Hans", "ja", "ko")

_PACKAGE = "gflanguages"
_SUFFIX = ".textproto"
_FIELD = re.compile(r'^\s*(\w+):\s*(?:"((?:[^"\\]|\\.)*)"|(\S+))', re.MULTILINE)
_BLOCK = re.compile(r'^\s*(\w+)\s*\{((?:"(?:[^"\\]|\\.)*"|[^"}]++)*+)\}', re.MULTILINE)
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
# Lone letters for a type specimen's headline, and a remark: neither is text to read.
_NOT_TEXT = frozenset({"masthead_full", "masthead_partial", "note"})
# ISO 15924 codes. Aran, a style of Arab, is one that Unicode does not know as a script.
_RIGHT_TO_LEFT = frozenset(
    "Adlm Arab Aran Armi Avst Chrs Cprt Elym Gara Hatr Hebr Hung Khar Lydi Mand Mani Mend Merc Mero Narb "
    "Nbat Nkoo Orkh Ougr Palm Phli Phlp Phnx Prti Rohg Samr Sarb Sidt Sogd Sogo Syrc Thaa Yezi".split()
)
_VERTICAL = frozenset({"Mong", "Phag"})


@dataclass(frozen=True)
class LanguageInfo:
    """What is known of a written language.

    Attributes:
        id: its name in gflanguages, such as ``zh_Hans``.
        script: ISO 15924 code, such as ``Latn`` or ``Jpan``.
        tag: BCP 47 tag, as HarfBuzz wants it, such as ``zh-Hans``.
        direction: ``left_to_right`` or ``right_to_left``; ``top_to_bottom`` for Mongolian and Phags-pa.
    """

    id: str
    script: str
    tag: str
    direction: str


@dataclass(frozen=True)
class _Language:
    info: LanguageInfo
    population: int
    lines: tuple[str, ...]


def language_info(code: str) -> LanguageInfo:
    """Script, tag and direction of a language.

    Args:
        code: such as ``de``, ``de_Latn``, ``sr-Cyrl`` or ``zh-TW``; without a script, the one most people use.

    Raises: CatalogueError listing close codes if there is no such language.
    """
    return _read(_find(code)).info


def sample_text(code: str) -> str:
    """Sample text of a language: paragraphs and shorter pieces, one a line, none twice.

    Raises: CatalogueError if the language is unknown, or known without text.
    """
    lines = _read(_find(code)).lines
    if not lines:
        raise CatalogueError(
            f"there is no sample text of the language {code!r}. Give a corpus (text.corpus), or choose another script "
            f"of it: {', '.join(_spellings(code)) or 'none is known'}"
        )
    return "\n".join(lines)


def samples_version() -> str:
    """Version of the package that the samples come with."""
    return version(_PACKAGE)


@lru_cache(maxsize=1)
def _files() -> dict[str, dict[str, Path]]:
    """Files by language (lower case) and id."""
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise CatalogueError(f"the package {_PACKAGE} is missing: pip install {_PACKAGE}")
    folder = Path(spec.submodule_search_locations[0], "data", "languages")
    found: dict[str, dict[str, Path]] = {}
    for path in folder.iterdir():
        if path.suffix == _SUFFIX:
            found.setdefault(path.name.split("_")[0].lower(), {})[path.stem] = path
    return found


@lru_cache(maxsize=256)
def _find(code: str) -> Path:
    """The file of a language code."""
    parts = re.split(r"[-_]", code.strip())
    language = parts[0].lower()
    scripts = _files().get(language)
    if scripts is None:
        raise _unknown(code)
    exact = [path for stem, path in scripts.items() if stem.replace("_", "-").lower() == "-".join(parts).lower()]
    if exact:
        return exact[0]
    script, region = _subtags(language, parts[1:])
    left = {stem: path for stem, path in scripts.items() if script is None or stem.split("_")[1:2] == [script]}
    if not left:
        raise _unknown(code)

    # A file for a region is narrower than what was asked for, unless that region was.
    def rank(stem: str) -> tuple[bool, bool, int, str]:
        extra = stem.split("_")[2:]
        return [region] == extra, not extra, _read(left[stem]).population if len(left) > 1 else 0, stem

    return left[max(left, key=rank)]


def _subtags(language: str, parts: list[str]) -> tuple[str | None, str | None]:
    """Script and region among the subtags of a code."""
    script = next((part.title() for part in parts if len(part) == 4 and part.isalpha()), None)
    region = next((part.upper() for part in parts if len(part) == 2 and part.isalpha()), None)
    if script is None and language in {"zh", "yue"} and region in {"TW", "HK", "MO"}:
        script = "Hant"  # the one common case in which a region decides the script
    return script, region


@lru_cache(maxsize=256)
def _read(path: Path) -> _Language:
    source = path.read_text("utf-8")
    blocks = {name: _fields(body) for name, body in _BLOCK.findall(source)}
    top = dict(_fields(_BLOCK.sub("", source)))
    script = top["script"]
    texts = [text for name, text in blocks.get("sample_text", []) if name not in _NOT_TEXT]
    lines = dict.fromkeys(line.strip() for text in texts for line in text.splitlines())
    return _Language(
        LanguageInfo(path.stem, script, f"{top['language']}-{script}", _direction(script)),
        int(top.get("population", 0)),
        tuple(line for line in lines if line),
    )


def _fields(body: str) -> list[tuple[str, str]]:
    return [
        (name, bare or _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), quoted))
        for name, quoted, bare in _FIELD.findall(body)
    ]


def _direction(script: str) -> str:
    if script in _VERTICAL:
        return "top_to_bottom"
    return "right_to_left" if script in _RIGHT_TO_LEFT else "left_to_right"


def _spellings(code: str) -> list[str]:
    """The ids of a language that have text, other than the one that ``code`` finds."""
    language = re.split(r"[-_]", code.strip())[0].lower()
    return sorted(stem for stem, path in _files().get(language, {}).items() if _read(path).lines)


def _unknown(code: str) -> CatalogueError:
    """The error for a code that names no file, with the nearest codes."""
    language = re.split(r"[-_]", code.strip())[0].lower()
    own = sorted(_files().get(language, {}))
    close = own or difflib.get_close_matches(code.replace("-", "_"), [s for f in _files().values() for s in f], 5, 0.4)
    hint = f" Did you mean {', '.join(close)}?" if close else ""
    return CatalogueError(
        f"there is no language {code!r} among the samples.{hint} Codes look like de, sr-Latn, zh-Hant."
    )
