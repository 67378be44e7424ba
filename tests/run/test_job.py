"""A job gives any of its samples, alone or in order, here or in another process."""

from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import glyphmill
from glyphmill import Job, Plan
from glyphmill.core.errors import CatalogueError, GlyphmillError, Reject
from glyphmill.core.registry import discover
from glyphmill.generator import Sample
from glyphmill.run.outcome import Rejected


def test_iterating_gives_labelled_rgb_images(config_path: Path) -> None:
    """As many samples as the job says, uint8 RGB, each with the label of its own image."""
    job = Job.from_yaml(config_path, count=5)
    samples = list(job)
    assert len(job) == len(samples) == 5
    for sample in samples:
        height, width, channels = sample.image.shape
        assert sample.image.dtype == np.uint8
        assert channels == 3
        assert (sample.label["width"], sample.label["height"]) == (width, height)
        assert sample.label["text"].strip()


def test_a_sample_does_not_depend_on_the_others(job: Job) -> None:
    """Sample 7 is the same after sample 100 as before it, and as the plan of 7 makes it."""
    first = job.generate(7)
    job.generate(100)
    again = job.generate(7)
    assert isinstance(first, Sample)
    assert isinstance(again, Sample)
    assert first.encoded() == again.encoded() == job.generator.generate_from_plan(job.plan(7)).encoded()
    assert first.label == again.label
    assert job.plan(7) == Plan.from_json(job.plan(7).to_json())


def test_count_and_seed_replace_those_of_the_config(config_path: Path) -> None:
    """The seed changes the plans, and both are in the data that the manifest will have."""
    job = Job.from_yaml(config_path, count=3, seed=99)
    assert len(job) == 3
    assert job.config.data["total_images"] == 3
    assert job.config.data["seed"] == 99
    assert job.plan(0) != Job.from_yaml(config_path, count=3).plan(0)


@pytest.mark.parametrize("index", [-1, 120, 10**12])
def test_an_index_outside_of_the_job_is_an_index_error(job: Job, index: int) -> None:
    """For the plan and for the sample alike; it is never counted as a rejection."""
    with pytest.raises(IndexError):
        job.plan(index)
    with pytest.raises(IndexError):
        job.generate(index)


def test_a_count_below_one_is_refused(config_path: Path) -> None:
    """With what was given and what is allowed."""
    with pytest.raises(GlyphmillError, match="got a count of 0; expected at least 1"):
        Job.from_yaml(config_path, count=0)


def test_a_job_travels_by_recipe(job: Job) -> None:
    """The pickled job is small, and what is opened from it makes the same samples."""
    recipe = pickle.dumps(job)
    assert len(recipe) < 50_000
    other = pickle.loads(recipe)
    assert other.digest == job.digest
    assert other.generate(3).encoded() == job.generate(3).encoded()  # type: ignore[union-attr]


def test_a_job_whose_fonts_have_changed_does_not_open(tmp_path: Path, config_path: Path, job: Job) -> None:
    """The other side would make other samples: that is an error, not a surprise."""
    fonts = {font.path for font in job.catalogue.fonts.usable if "Latn" in font.scripts or "Hebr" in font.scripts}
    for path in sorted(fonts)[:3]:
        (tmp_path / Path(path).name).write_bytes(Path(path).read_bytes())
    recipe = pickle.dumps(Job.from_yaml(config_path, fonts=[tmp_path]))
    next(iter(tmp_path.iterdir())).unlink()
    with pytest.raises(CatalogueError, match="have changed since the run began"):
        pickle.loads(recipe)


def test_attempts_are_tried_in_order_and_the_last_failure_is_told(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rejected index says which unit gave up, why, and after how many attempts."""
    tried: list[int] = []

    def refuse(index: int, attempt: int) -> Plan:
        tried.append(attempt)
        raise Reject("text", f"reason_{attempt}", "detail")

    monkeypatch.setattr(job.generator, "plan_generation", refuse)
    assert job.generate(5) == Rejected(5, "text", "reason_2", "detail", 3)
    assert tried == [0, 1, 2]
    assert list(job.outcomes(4, 6)) == [Rejected(i, "text", "reason_2", "detail", 3) for i in (4, 5)]


def test_the_default_job_needs_no_files() -> None:
    """Fonts, texts and config come with Glyphmill."""
    job = Job.default(count=2)
    assert len(list(job)) == 2


def test_every_encoder_of_the_registry_has_a_name_for_its_files(job: Job) -> None:
    """The extension of a job's files is that of its output format."""
    assert job.extension == "png"
    assert {unit.params.extension for unit in discover().stage("encode")} >= {"png", "jpg", "webp"}


def test_importing_the_package_loads_nothing_heavy() -> None:
    """NumPy, OpenCV, pydantic and HarfBuzz are loaded when something is used, not before."""
    code = (
        "import sys, glyphmill; glyphmill.__version__; "
        "sys.exit(any(m in sys.modules for m in ('numpy', 'cv2', 'pydantic', 'uharfbuzz', 'yaml')))"
    )
    source = str(Path(glyphmill.__file__).parents[1])
    subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": source}, check=True)


def test_unknown_names_of_the_package_are_attribute_errors() -> None:
    """As of any module; and what exists is listed."""
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        glyphmill.Nothing  # noqa: B018 - the access is what is tested
    assert {"Job", "Plan", "__version__"} <= set(dir(glyphmill))


def test_threads_may_share_a_job(job: Job) -> None:
    """They take turns, and each gets the samples that it would get alone."""

    def made(_: int) -> list[bytes]:
        outcomes = (job.generate(index) for index in range(40))
        return [outcome.image.tobytes() for outcome in outcomes if isinstance(outcome, Sample)]

    alone = made(0)
    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(made, range(3))) == [alone] * 3
