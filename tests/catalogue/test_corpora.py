"""Laws of corpora: whatever the encoding and the place, a piece of text is text of the file, whole at its ends."""

from __future__ import annotations

import os
import pickle
import unicodedata
from collections import Counter
from pathlib import Path

import gflanguages
import pytest
from fontTools.unicodedata import script_horizontal_direction
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.catalogue import samples, text_pool
from glyphmill.catalogue.corpora import CorpusSet, open_corpora
from glyphmill.catalogue.encoding import detect
from glyphmill.catalogue.open_file import OpenFile
from glyphmill.catalogue.samples import (
    DEFAULT_LANGUAGES,
    language_info,
    sample_text,
)
from glyphmill.catalogue.text_pool import Source, TextPool
from glyphmill.core.errors import CatalogueError, Reject
from glyphmill.core.rng import stream

ENGLISH = "The quick brown fox\njumps over the lazy dog;\n\nthen it sleeps.\n"
TEXTS = {
    "utf-8": "".join(sample_text(code) for code in DEFAULT_LANGUAGES),
    "utf-16": sample_text("th") + "\n" + sample_text("hi") + "\n𐐷𐐲𐑌 😀👍🏽 𠀋𠮷野家\n",
    "utf-16-be": sample_text("he"),
    "utf-32": sample_text("ar") + "😀",
    "latin-1": "Fête élégante où l'été naît à Noël\nGrüße aus Köln, señor\n" * 4,
    "cp1251": sample_text("ru").replace("\u0301", ""),
    "koi8-r": "Съешь же ещё этих мягких французских булок, да выпей чаю\n" * 3,
    "gb18030": sample_text("zh-Hans"),
    "shift_jis": "すべての人間は、生まれながらにして自由であり\nかつ、尊厳と権利とについて平等である。\n" * 5,
    "euc_kr": "모든 인간은 태어날 때부터 자유로우며\n그 존엄과 권리에 있어 동등하다.\n" * 5,
    "big5": "人人生而自由,在尊嚴和權利上一律平等。\n" * 5,
}


def pool_of(text: str, encoding: str = "utf-8", *, bom: bool = False) -> TextPool:
    """A pool over text in memory."""
    mark = "\ufeff" if bom else ""
    data = (mark + text).encode(encoding)
    settled, start = detect(encoding, data)
    return TextPool((Source("memory", "", len(data), start, settled, 1.0, data),))


def rng(seed: int = 0) -> object:
    return stream(7, seed, 0, "text")


def is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


@pytest.mark.parametrize("encoding", TEXTS)
@pytest.mark.parametrize("characters", [1, 12, 60, 500])
def test_passages_are_text_of_the_source(encoding: str, characters: int) -> None:
    """A passage is a piece of the text, or of the text that begins again after its end, of about the length asked."""
    text = TEXTS[encoding]
    pool = pool_of(text, encoding)
    endless = (text + "\n") * (characters // len(text) + 3)
    for seed in range(150):
        passage = pool.passage(rng(seed), characters)
        assert passage in endless
        assert characters <= len(passage) <= characters + 16


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80), st.integers(0, 99), st.integers(1, 200)
)
def test_any_text_can_be_entered_anywhere(text: str, seed: int, characters: int) -> None:
    """No text, however odd or short, makes a passage that is not of it; UTF-8 and UTF-16 give text alike."""
    for encoding in ("utf-8", "utf-16-le", "utf-32"):
        passage = pool_of(text, encoding).passage(rng(seed), characters)
        assert passage in (text + "\n") * (characters + 3)


@pytest.mark.parametrize("code", DEFAULT_LANGUAGES)
def test_passages_begin_and_end_with_whole_clusters(code: str) -> None:
    """No passage begins with a mark, or ends where marks of its last character would follow."""
    text = sample_text(code)
    pool = pool_of(text)
    for seed in range(200):
        passage = pool.passage(rng(seed), 20)
        assert not is_mark(passage[0])
        at = text.find(passage)
        if at >= 0:
            assert not is_mark((text + "\n")[at + len(passage)])


def test_passages_begin_at_words() -> None:
    """Where words stand apart a passage begins at one, and each word can begin one: the first, too."""
    words = set(ENGLISH.split())
    pool = pool_of(ENGLISH)
    first = {pool.passage(rng(seed), 30).split()[0] for seed in range(600)}
    assert first <= words
    assert {"The", "quick", "dog;", "sleeps."} <= first


def test_a_passage_goes_on_at_the_start() -> None:
    """A source shorter than what is asked for is repeated, its end and start kept apart."""
    passage = pool_of("ab cd").passage(rng(3), 40)
    assert set(passage.split()[:-1]) == {"ab", "cd"}  # it ends anywhere
    assert len(passage) >= 40


@pytest.mark.parametrize("encoding", TEXTS)
def test_lines_are_lines_of_the_source(encoding: str) -> None:
    """A line is one of the lines that hold text."""
    lines = {line.rstrip("\r") for line in TEXTS[encoding].split("\n") if line.strip()}
    pool = pool_of(TEXTS[encoding].replace("\n", "\r\n") if encoding == "latin-1" else TEXTS[encoding], encoding)
    assert {pool.line(rng(seed)) for seed in range(200)} <= lines


def test_every_line_can_come() -> None:
    """All lines that hold text are drawn, blank ones never."""
    lines = {line for line in ENGLISH.split("\n") if line}
    assert {pool_of(ENGLISH).line(rng(seed)) for seed in range(200)} == lines


def test_a_line_without_end_is_cut_at_a_word() -> None:
    """Of an endless line a part comes, from the start of a word."""
    pool = pool_of("alpha beta gamma " * 5000)
    for seed in range(50):
        line = pool.line(rng(seed))
        assert 4000 < len(line) <= 8200
        assert line.split()[0] in {"alpha", "beta", "gamma"}


def test_words_are_words() -> None:
    """A word is what stands between white space, or some clusters where words do not stand apart."""
    assert {pool_of(ENGLISH).word(rng(seed)) for seed in range(300)} == set(ENGLISH.split())
    thai = {pool_of(sample_text("th")).word(rng(seed)) for seed in range(200)}
    assert all(word and not is_mark(word[0]) and " " not in word for word in thai)
    assert max(map(len, thai)) <= 4 * 5


def test_byte_order_marks_are_no_text() -> None:
    """A byte-order mark is never part of a passage, wherever it begins."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le"):
        pool = pool_of("one two", encoding, bom=True)
        assert all("\ufeff" not in pool.passage(rng(seed), 30) for seed in range(40))


def test_draws_are_addressed() -> None:
    """Equal streams give equal text."""
    pool = pool_of(ENGLISH)
    assert [pool.passage(rng(i), 20) for i in range(9)] == [pool.passage(rng(i), 20) for i in range(9)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.txt").write_text("aaa " * 100)
    (tmp_path / "b.txt").write_text("bbb " * 300)
    (tmp_path / "deep" / "c.txt").write_text("ccc " * 50)
    (tmp_path / "d[1].txt").write_text("ddd " * 50)
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("a.txt", {"aaa"}),
        ("?.txt", {"aaa", "bbb"}),
        ("**/*.txt", {"aaa", "bbb", "ccc", "ddd"}),
        ("deep/*", {"ccc"}),
        ("d[1].txt", {"ddd"}),
    ],
)
def test_patterns_choose_files(folder: Path, pattern: str, words: set[str]) -> None:
    """A pattern is a path or a glob below the folder."""
    pool = open_corpora(str(folder)).select(pattern, None)
    assert {pool.word(rng(seed)) for seed in range(300)} == words


def test_files_are_weighted_by_size_or_as_told(folder: Path) -> None:
    """Without weights a file is drawn by its size; with weights as they say, each shared among the files it names."""
    corpora = open_corpora(str(folder))
    sized = Counter(corpora.select("[ab].txt", None).word(rng(seed)) for seed in range(2000))
    assert sized["aaa"] / 2000 == pytest.approx(0.25, abs=0.03)
    told = corpora.select({"a.txt": 3, "**/[bc].txt": 1}, None)
    counts = Counter(told.word(rng(seed)) for seed in range(2000))
    assert counts["aaa"] / 2000 == pytest.approx(0.75, abs=0.03)
    assert counts["bbb"] > counts["ccc"] > 0


def test_what_matches_nothing_is_named(folder: Path) -> None:
    """A pattern without a match, and one without a folder to look in, name themselves and what to do."""
    with pytest.raises(CatalogueError, match=r"'\*\.md' in .*it holds a\.txt, b\.txt"):
        open_corpora(str(folder)).select("*.md", None)
    with pytest.raises(CatalogueError, match=r"Set resources\.corpora"):
        CorpusSet().select("a.txt", None)
    with pytest.raises(CatalogueError, match="no folder"):
        open_corpora(str(folder / "none"))


def test_a_pool_travels_without_its_files(folder: Path) -> None:
    """A pickled pool holds paths, not contents, and gives the same text where it is opened again."""
    (folder / "big.txt").write_text(ENGLISH * 5000)
    pool = open_corpora(str(folder)).select("big.txt", None)
    expected = pool.passage(rng(), 40)
    packed = pickle.dumps(pool)
    assert len(packed) < 1500
    assert pickle.loads(packed).passage(rng(), 40) == expected


def test_ten_gigabytes_open_like_ten_bytes(tmp_path: Path) -> None:
    """A huge file is neither read nor indexed: all its text is within reach at once."""
    path = tmp_path / "huge.txt"
    path.write_text(ENGLISH)
    os.truncate(path, 10 << 30)  # sparse
    with path.open("r+b") as file:
        file.seek(-len(ENGLISH), os.SEEK_END)
        file.write(ENGLISH.encode())
    pool = open_corpora(str(tmp_path)).select("huge.txt", None)
    assert pool.sources[0].size == 10 << 30
    assert len(pool.passage(rng(), 50)) >= 50
    assert len(pool.digest) == 32


def test_few_files_are_open_at_a_time(tmp_path: Path) -> None:
    """However many files a pool has, it holds a bounded number open."""
    for number in range(200):
        (tmp_path / f"{number}.txt").write_text(f"text{number} " * 9)
    pool = open_corpora(str(tmp_path)).select("*.txt", None)
    before = os.dup(0)
    words = {pool.word(rng(seed)) for seed in range(2000)}
    after = os.dup(0)
    for descriptor in (before, after):
        os.close(descriptor)
    assert len(words) == 200
    assert after - before <= text_pool._OPEN_FILES + 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "gb18030"])
def test_little_is_read_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """However large a file, the memory that its text and its digest need is a small part of it."""
    (tmp_path / "big.txt").write_text("".join(f"line {i} 字\n" for i in range(300_000)), encoding)
    pool = open_corpora(str(tmp_path)).select("big.txt", None, encoding=encoding)
    sizes: list[int] = []
    read = OpenFile.read

    def recorded(file: OpenFile, at: int, size: int) -> bytes:
        sizes.append(size)
        return read(file, at, size)

    monkeypatch.setattr(OpenFile, "read", recorded)
    for seed in range(50):
        assert all((pool.passage(rng(seed), 40), pool.line(rng(seed)), pool.word(rng(seed))))
    assert max(sizes) <= 1 << 14
    assert pool.digest
    assert max(sizes) <= 1 << 18


def test_how_far_is_looked_first_does_not_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line is the same whether its ends are looked for nearby first or as far off as they may be."""
    lines = ("x" * (7 * i % 9000) + f" {i} end" for i in range(200))
    (tmp_path / "book.txt").write_text("\n".join(lines))
    pool = open_corpora(str(tmp_path)).select("book.txt", None)
    stepwise = [pool.line(rng(seed)) for seed in range(300)]
    monkeypatch.setattr(text_pool, "_LINE_BYTES", text_pool._LINE_BYTES[-1:])
    assert [pool.line(rng(seed)) for seed in range(300)] == stepwise


def test_long_lines_of_encodings_that_are_entered_at_lines(tmp_path: Path) -> None:
    """The start of a line is found some ten thousand bytes away; where it is farther off the sample is rejected."""
    text = "字" * 20_000
    for name, stride in (("near", 20_000), ("far", 50_000)):
        (tmp_path / f"{name}.txt").write_text(("字" * stride + "\n") * 4, "gb18030")
    corpora = open_corpora(str(tmp_path), "gb18030")
    near = corpora.select("near.txt", None)
    assert all(near.passage(rng(seed), 9).replace("\n", "") in text for seed in range(60))
    far = corpora.select("far.txt", None)
    with pytest.raises(Reject, match=r"far\.txt:90000: no line begins within 65536 bytes"):
        far._read(far.sources[0], 90_000, 9)


def test_a_digest_is_of_contents(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The digest follows contents and names below the folder, not where the folder is."""
    other = tmp_path_factory.mktemp("moved")
    (other / "a.txt").write_text("aaa " * 100)
    digest = open_corpora(str(folder)).select("a.txt", None).digest
    assert open_corpora(str(other)).select("a.txt", None).digest == digest
    (other / "a.txt").write_text("aaa " * 99 + "aba ")
    assert open_corpora(str(other)).select("a.txt", None).digest != digest


def test_the_set_does_not_look_into_its_folder(folder: Path) -> None:
    """The set's own digest stays the same when a file that nobody selected comes or goes."""
    before = open_corpora(str(folder)).digest
    (folder / "labels.jsonl").write_text("{}")
    assert open_corpora(str(folder)).digest == before
    assert open_corpora(str(folder), "latin-1").digest != before


@pytest.mark.parametrize("code", DEFAULT_LANGUAGES)
def test_each_default_language_has_text(code: str) -> None:
    """Ten languages of ten scripts come with text, without a corpus."""
    pool = CorpusSet().select(None, code)
    assert len(sample_text(code)) > 300
    assert len(pool.passage(rng(), 100)) >= 100
    assert pool.line(rng()) in sample_text(code).split("\n")


def test_neither_corpus_nor_language_is_english() -> None:
    """What nobody asked for is English."""
    assert CorpusSet().select(None, None).digest == CorpusSet().select(None, "en").digest


def test_samples_are_what_their_package_says() -> None:
    """Read file by file, samples and facts equal those that the package itself loads."""
    languages = gflanguages.LoadLanguages()
    found = [(stem, path) for stems in samples._files().values() for stem, path in stems.items()]
    assert len(found) == len(languages)
    for stem, path in found[::9]:
        ours, theirs = samples._read(path), languages[stem]
        assert (ours.info.script, ours.population) == (theirs.script, theirs.population)
        fields = {field.name for field in theirs.sample_text.DESCRIPTOR.fields} - samples._NOT_TEXT
        texts = [str(getattr(theirs.sample_text, name)) for name in fields]
        assert set(ours.lines) == {line.strip() for text in texts for line in text.splitlines() if line.strip()}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("de", "de_Latn"),
        ("de_Latn", "de_Latn"),
        ("DE-latn", "de_Latn"),
        ("zh", "zh_Hans"),
        ("zh-Hant", "zh_Hant"),
        ("zh-TW", "zh_Hant"),
        ("ja", "ja_Jpan"),
        ("pt-BR", "pt_Latn"),
        ("sr", "sr_Latn"),
        ("sr-Cyrl", "sr_Cyrl"),
        ("yo", "yo_Latn"),
        ("yo-BJ", "yo_Latn_BJ"),
    ],
)
def test_codes_find_languages(code: str, found: str) -> None:
    """Codes may have a script and a region, in any case and with either separator; else most people decide."""
    assert language_info(code).id == found


def test_language_facts() -> None:
    """Script, tag and direction are those of the language."""
    arabic, japanese, mongolian = language_info("ar"), language_info("ja"), language_info("mn-Mong")
    assert (arabic.script, arabic.tag, arabic.direction) == ("Arab", "ar-Arab", "right_to_left")
    assert (japanese.script, japanese.tag, japanese.direction) == ("Jpan", "ja-Jpan", "left_to_right")
    assert mongolian.direction == "top_to_bottom"


def test_directions_are_those_of_unicode() -> None:
    """Every script of the samples runs as Unicode says."""
    for stems in samples._files().values():
        for stem, path in stems.items():
            script = stem.split("_")[1] if len(stem.split("_")[1]) == 4 else samples._read(path).info.script
            expected = "right_to_left" if script_horizontal_direction(script, "LTR") == "RTL" else "left_to_right"
            if script not in {"Mong", "Phag", "Aran"}:
                assert samples._direction(script) == expected, script


def test_unknown_languages_are_told_what_there_is() -> None:
    """An unknown code, an unknown script and a language without text each say what could be meant."""
    with pytest.raises(CatalogueError, match="de_Dupl, de_Latn"):
        language_info("de-Cyrl")
    with pytest.raises(CatalogueError, match=r"no language 'germ'.*Did you mean"):
        language_info("germ")
    with pytest.raises(CatalogueError, match=r"no sample text.*hi_Deva"):
        sample_text("hi-Latn")


@pytest.mark.parametrize("encoding", ["unicode_escape", "raw_unicode_escape", "utf-7", "hz", "base64", "idna"])
def test_encodings_that_cannot_be_entered_are_refused(encoding: str) -> None:
    """Without a warning of Python's on the way, which these tests take for an error."""
    with pytest.raises(CatalogueError, match="cannot be read from the middle"):
        open_corpora(None, encoding)
