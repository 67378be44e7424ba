"""Laws of health: how scores move, that files carry it whole, and what it changes in draws."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.catalogue.backgrounds import open_backgrounds
from glyphmill.catalogue.catalogue import Catalogue
from glyphmill.catalogue.health import BEST, SCHEMA, Health, Record, fold, parse_health, read_health
from glyphmill.config.model import WeightedFolder
from glyphmill.core.errors import CatalogueError, Reject
from glyphmill.core.rng import stream
from glyphmill.plan.used import used
from glyphmill.run.job import Job
from tests.catalogue.imagemaking import FORMATS, save
from tests.jobs import catalogue, open_job, registry

DIGESTS = st.sampled_from(["a" * 32, "b" * 32, "c" * 32])
KINDS = st.sampled_from(["fonts", "backgrounds"])
REASONS = st.builds(lambda kind, digest: {"unit": "u", "reason": "r", "resource": [kind, digest]}, KINDS, DIGESTS)
NOBODY = st.just({"unit": "canvas", "reason": "too_small"})
FAILED = st.lists(REASONS | NOBODY, max_size=2)
WRITTEN = st.builds(
    lambda fonts, backgrounds, failed: {"used": {"fonts": fonts, "backgrounds": backgrounds}, "failed": failed},
    st.lists(DIGESTS, unique=True, max_size=2),
    st.lists(DIGESTS, unique=True, max_size=1),
    FAILED,
)
REJECTED = st.builds(lambda why, failed: {"rejected": why, "failed": failed}, REASONS | NOBODY, FAILED)
LINES = st.lists(WRITTEN | REJECTED, max_size=30)
RECORDS = st.builds(Record, st.integers(0, 100), st.integers(0), st.integers(0), st.text(st.characters(codec="utf-8")))
HEALTHS = st.builds(Health, *[st.dictionaries(DIGESTS, RECORDS)] * 2)


@pytest.mark.parametrize(
    ("outcomes", "score"),
    [
        ("", 100),
        ("+++", 100),
        ("-", 90),
        ("-+++++", 95),
        ("------", 40),
        ("-" * 15, 0),
        ("-" * 15 + "+", 1),
        ("-++-", 82),
    ],
)
def test_a_score_starts_at_100_loses_10_gains_1_and_stays_in_bounds(outcomes: str, score: int) -> None:
    record = Record()
    for outcome in outcomes:
        record = record.after("ink: no_ink" if outcome == "-" else None)
    assert record.score == score
    assert (record.successes, record.failures) == (outcomes.count("+"), outcomes.count("-"))


@pytest.mark.parametrize(("score", "weight"), [(100, 1.0), (75, 0.75), (50, 0.5), (49, 0.0), (0, 0.0)])
def test_weight_follows_the_score_and_is_nothing_below_50(score: int, weight: float) -> None:
    assert Record(score).weight == weight
    assert Record(score).quarantined == (weight == 0)


@given(HEALTHS, LINES, LINES)
def test_ranges_fold_as_the_whole_does(health: Health, first: list[dict[str, Any]], rest: list[dict[str, Any]]) -> None:
    """However the lines of a run are cut, its health is the same."""
    assert fold(fold(health, first), rest) == fold(health, first + rest)


@given(HEALTHS, LINES)
def test_only_who_took_part_or_is_to_blame_is_judged(health: Health, lines: list[dict[str, Any]]) -> None:
    """Counts of successes and failures add up to what the lines name; the rest stays as it was."""
    after, named = fold(health, lines), Counter[tuple[str, str]]()
    for line in lines:
        named.update((kind, digest) for kind, digests in line.get("used", {}).items() for digest in digests)
        blamed = [*line["failed"], line.get("rejected", {})]
        named.update(tuple(why["resource"]) for why in blamed if "resource" in why)
    for kind in ("fonts", "backgrounds"):
        for digest in {*health.of(kind), *after.of(kind)}:
            was, now = health.record(kind, digest), after.record(kind, digest)
            assert now.successes + now.failures - was.successes - was.failures == named[kind, digest]
            assert 0 <= now.score <= BEST


@given(HEALTHS)
def test_a_file_carries_health_whole(health: Health) -> None:
    """What is written is read back, a line a record, and is the same again."""
    text = health.to_json()
    assert parse_health(text, "health.json") == health
    assert parse_health(text, "health.json").to_json() == text
    assert json.loads(text)["schema"] == SCHEMA


GOOD = {"score": 90, "successes": 1, "failures": 1, "reason": "ink: no_ink"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], r'schema: got \[\]; expected "glyphmill.health/1"'),
        ({"schema": "glyphmill.health/9"}, r'schema: got "glyphmill.health/9"; expected "glyphmill.health/1"'),
        ({"fonts": []}, r"fonts: got \[\]; expected an object of records by digest"),
        ({"fonts": {"a": 3}}, r"fonts\.a: got 3; expected an object with score, successes, failures, reason"),
        ({"fonts": {"a": {"score": 3}}}, r"fonts\.a: got .* expected an object with score"),
        ({"backgrounds": {"a": GOOD | {"score": 101}}}, r"backgrounds\.a\.score: got 101; expected .* from 0 to 100"),
        ({"fonts": {"a": GOOD | {"score": True}}}, r"fonts\.a\.score: got true"),
        ({"fonts": {"a": GOOD | {"score": 1.5}}}, r"fonts\.a\.score: got 1\.5"),
        ({"fonts": {"a": GOOD | {"failures": -1}}}, r"fonts\.a\.failures: got -1; expected .* at least 0"),
        ({"fonts": {"a": GOOD | {"reason": None}}}, r"fonts\.a\.reason: got null; expected text"),
    ],
)
def test_what_is_no_health_is_refused_by_place(data: Any, message: str) -> None:
    if isinstance(data, dict):
        data = {"schema": SCHEMA} | data
    with pytest.raises(CatalogueError, match=f"^kept.json: {message}"):
        parse_health(json.dumps(data), "kept.json")


@pytest.mark.parametrize(
    ("content", "message"), [(b"{", "not JSON: .*line 1"), (b"\xff", "not UTF-8"), (b"[" * 10**5, "")]
)
def test_what_is_no_json_is_refused_by_file(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "kept.json").write_bytes(content)
    with pytest.raises(CatalogueError, match=rf"kept\.json: it is .*{message}"):
        read_health(tmp_path / "kept.json")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"gone\.json: cannot be read: No such file"):
        read_health(tmp_path / "gone.json")


def with_health(job: Job, health: Health) -> Job:
    return Job(job.config, replace(job.catalogue, health=health), registry())


@pytest.fixture(scope="module")
def job() -> Job:
    return open_job([{"text": {"language": "en", "length": 5}}], 600)


def test_who_always_succeeds_is_drawn_as_without_a_record(job: Job) -> None:
    """A snapshot in which all have the best score changes neither plans nor the identity of the catalogue."""
    well = Health({font.digest: Record(BEST, 7) for font in job.catalogue.fonts.usable})
    same = with_health(job, well)
    assert same.digest == job.digest
    assert [same.plan(index) for index in range(20)] == [job.plan(index) for index in range(20)]


def test_who_failed_is_drawn_less_by_its_score(job: Job) -> None:
    """Half the score, half as often as before in relation to the others; below 50 never."""

    def share(score: int) -> float:
        poor = with_health(job, Health({first: Record(score)}))
        drawn = Counter(used(poor.plan(index))["fonts"][0] for index in range(600))
        assert len(drawn) > 1
        return drawn[first] / (600 - drawn[first])

    first = used(job.plan(0))["fonts"][0]
    assert share(50) == pytest.approx(share(100) / 2, rel=0.25)
    assert share(49) == 0


def test_plans_without_an_unwell_font_stay(job: Job) -> None:
    """A lower score changes the plans of images that would have had the font, and no other image."""
    first = used(job.plan(0))["fonts"][0]
    poor = with_health(job, Health({first: Record(50)}))
    for index in range(100):
        before = job.plan(index)
        assert first in used(before)["fonts"] or poor.plan(index) == before


def test_the_catalogue_is_another_where_draws_may_be(job: Job) -> None:
    """Scores that matter to the fonts at hand count; counts, reasons and fonts of other jobs do not."""
    here = job.catalogue.fonts.usable[0].digest
    known = {
        name: replace(job.catalogue, health=health).digest
        for name, health in {
            "none": Health(),
            "elsewhere": Health({"f" * 32: Record(20)}, {"e" * 32: Record(20)}),
            "poor": Health({here: Record(70)}),
            "poor too": Health({here: Record(70, 9, 12, "ink: no_ink")}),
            "poorer": Health({here: Record(60)}),
        }.items()
    }
    assert known["none"] == known["elsewhere"]
    assert known["poor"] == known["poor too"]
    assert len(set(known.values())) == 3


def test_backgrounds_are_drawn_by_folder_and_health(tmp_path: Path) -> None:
    """Of two pictures the one with half the score is drawn half as often, and never once it is quarantined."""
    save(tmp_path, one__png=FORMATS["png"], two__jpg=FORMATS["jpeg"])
    found = open_backgrounds([WeightedFolder(str(tmp_path))], 10**6, cache_dir=tmp_path / "cache")
    one, two = (image.digest for image in found.images)

    def count(score: int) -> int:
        snapshot = Catalogue(catalogue().fonts, found, catalogue().corpora, Health({}, {one: Record(score)}))
        drawn = [snapshot.draw_background(stream(3, index, 0, "image")).digest for index in range(3000)]
        assert set(drawn) <= {one, two}
        return drawn.count(one)

    assert count(100) == pytest.approx(1500, abs=100)
    assert count(50) == pytest.approx(1000, abs=100)
    assert count(49) == 0
    with pytest.raises(CatalogueError, match=r"all backgrounds are quarantined.*\n  one\.png: score 10"):
        Catalogue(catalogue().fonts, found, catalogue().corpora, Health({}, {one: Record(10), two: Record(20)}))


def test_a_reject_keeps_who_is_to_blame_on_its_way_between_processes() -> None:
    facts = ("ink", "no_ink", "detail", ("fonts", "a" * 32))
    reject = pickle.loads(pickle.dumps(Reject(*facts)))
    assert (reject.unit, reject.reason, reject.detail, reject.resource) == facts


def test_health_travels_with_the_job(tmp_path: Path) -> None:
    """A worker draws by the snapshot of its run, whatever the file holds by then."""
    path, config = tmp_path / "kept.json", tmp_path / "job.yaml"
    config.write_text("total_images: 9\nspecifications: [{name: a, proportion: 1, text: {language: en}}]\n")
    path.write_text(Health({used(Job.from_yaml(config).plan(0))["fonts"][0]: Record(40, 3, 6, "x: y")}).to_json())
    job = Job.from_yaml(config, health=path)
    path.write_text(Health().to_json())
    again = pickle.loads(pickle.dumps(job))
    assert [again.plan(index) for index in range(9)] == [job.plan(index) for index in range(9)]
    assert again.plan(0) != Job.from_yaml(config).plan(0)
