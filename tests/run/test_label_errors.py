"""How far boxes are from ink: exact on known shapes, blind to nothing that is a pixel off, and told in a table."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from glyphmill.run import verify as verify_module
from glyphmill.run.generate import generate
from glyphmill.run.label_errors import (
    ClusterInk,
    ErrorTable,
    Spread,
    bending_units,
    cluster_errors,
    cluster_ink,
    differences,
    ink_box,
    scripts_of,
)
from glyphmill.run.verify import verify
from glyphmill.stages.ink.polygon import fill
from tests.jobs import font_files, open_job
from tests.run.test_verify import LABEL, change_label

SETUPS = {
    "straight": {},
    "arc": {"curve": {"arc": {"radius": [80, 200]}}},
    "rotation": {"warp": [{"rotation": {"angle": [-8, 8]}}]},
    "elastic": {"warp": [{"elastic": {"alpha": 300, "sigma": 6}}]},
    "smaller": {"warp": [{"scale": {"factor": 0.6}}]},
}


def inks(setup: str) -> list[ClusterInk]:
    texts = [{"text": {"language": language, "length": [10, 20]}} for language in ("en", "ar", "hi", "ja")]
    job = open_job([{**text, "font": {"size": [18, 36]}, **SETUPS[setup]} for text in texts], 8)
    return [cluster_ink(job.generator, job.plan(index)) for index in range(len(job))]


def errors_with(found: list[ClusterInk], shift: tuple[float, float, float, float]) -> NDArray[np.float64]:
    errors = np.concatenate([ink.errors(ink.boxes() + np.array(shift)) for ink in found])
    return np.asarray(errors[~np.isnan(errors)])


def polygon(points: list[tuple[float, float]], blur: float = 0.0) -> NDArray[np.uint8]:
    mask = fill(np.array(points, np.float64), np.array([0]), 60, 50)
    return mask if blur == 0 else np.asarray(cv2.GaussianBlur(mask, (0, 0), blur), np.uint8)


@pytest.mark.parametrize("x", [10.0, 10.3, 10.5, 10.9])
@pytest.mark.parametrize("blur", [0.0, 0.7])
def test_an_upright_edge_is_found_to_a_part_of_a_pixel(x: float, blur: float) -> None:
    """Of a rectangle, blurred or not; without blur the outer and the inner border are one."""
    mask = polygon([(x, 7.6), (30.2, 7.6), (30.2, 20.5), (x, 20.5)], blur)
    found = ink_box(mask)
    assert found is not None
    assert differences(np.array([x, 7.6, 30.2, 20.5]), found).max() <= (0.02 if blur == 0 else 0.2)
    if blur == 0:
        assert np.abs(found[0] - found[1]).max() < 0.01


def test_the_point_of_a_wedge_is_not_cut_short() -> None:
    """It reaches further than a sharp edge of the same pixels would."""
    found = ink_box(polygon([(8.0, 25.0), (40.0, 20.0), (40.0, 30.0)]))
    assert found is not None
    assert found[0, 0] == pytest.approx(8.0, abs=0.6)
    assert differences(np.array([8.0, 20.0, 40.0, 30.0]), found).max() <= 0.3


def test_a_mask_without_ink_has_no_box() -> None:
    """Nor has one with nothing but rounding errors."""
    assert ink_box(np.zeros((5, 6), np.uint8)) is None
    assert ink_box(np.full((5, 6), 7, np.uint8)) is None


@pytest.mark.parametrize("setup", SETUPS)
def test_more_than_a_pixel_off_is_seen(setup: str) -> None:
    """Boxes that are moved, enlarged or made smaller by 1.25 px pass the limit, straight or warped."""
    found = inks(setup)
    assert np.percentile(errors_with(found, (0, 0, 0, 0)), 99) < 0.8
    for shift in [(1, 0, 1, 0), (-1, 0, -1, 0), (0, 1, 0, 1), (0, -1, 0, -1), (-1, -1, 1, 1), (1, 1, -1, -1)]:
        errors = errors_with(found, tuple(1.25 * side for side in shift))
        assert np.median(errors) > 0.9
        assert np.percentile(errors, 99) > 1.0


def test_what_the_border_cuts_is_only_held_to_its_box() -> None:
    """The seen rest of a letter may be smaller than its box, but may not pass it."""
    job = open_job([{"warp": [{"rotation": {"angle": 25, "fit": "keep"}}], "text": {"language": "en"}}], 6)
    found = [cluster_ink(job.generator, job.plan(index)) for index in range(len(job))]
    assert sum(int(ink.cut().sum()) for ink in found) > 3
    assert errors_with(found, (0, 0, 0, 0)).max() < 1.0
    assert not any(len(ink.lost()) for ink in found)


def test_white_space_and_parts_of_ligatures_have_no_error() -> None:
    """All others have one."""
    job = open_job([{"text": {"language": "en", "length": 30}}], 3)
    for index in range(len(job)):
        plan = job.plan(index)
        labels = job.generator.generate_from_plan(plan).labels
        known = ~np.isnan(cluster_errors(job.generator, plan))
        assert np.array_equal(known, labels.ink & ~labels.shared)


def test_the_table_tells_warps_directions_and_scripts_apart() -> None:
    """Every unit that takes part has a row, and every cluster is in one row of each other group."""
    section = {"curve": {"sine": {}}, "warp": [{"shear": {}}, {"wave": {"scope": "ink"}}, {"shear": {}}]}
    job = open_job(
        [{"text": {"language": "en"}, **section}, {"text": {"language": "ar", "direction": "top_to_bottom"}}], 4
    )
    table = ErrorTable()
    for index in range(len(job)):
        plan = job.plan(index)
        ink = cluster_ink(job.generator, plan)
        table.add(plan, ink.labels, ink.errors())
    told = table.to_dict()
    assert set(told["warp"]) == {"straight", "curve.sine", "warp.shear", "warp.wave"}
    assert set(told["direction"]) == {"left_to_right", "top_to_bottom"}
    assert set(told["script"]) == {"Latn", "Arab"}
    for group in ("direction", "script"):
        assert sum(row["count"] for row in told[group].values()) == told["all"]["count"]
    assert told["all"]["median"] <= told["all"]["p95"] <= told["all"]["p99"] <= told["all"]["max"]
    assert [row[:2] for row in table.rows()][:2] == [("all", "all"), ("warp", "straight")]
    assert ErrorTable().whole == Spread(0, 0.0, 0.0, 0.0, 0.0)
    assert bending_units(job.plan(0)) in (["straight"], ["curve.sine", "warp.shear", "warp.wave"])


def test_a_cluster_has_the_script_of_its_first_letter() -> None:
    """By ISO 15924; digits and marks go with what is before them."""
    text = "ab1 कि 東 א"
    assert scripts_of(text, [0, 1, 2, 4, 7, 9]) == ["Latn", "Latn", "Latn", "Deva", "Hani", "Hebr"]


def test_a_sound_dataset_has_small_errors(dataset: Path) -> None:
    """Measured from the labels as they were written; only if that is asked for, and on a part of the samples."""
    report = verify(dataset, checks=["schema"], labels=True, sample=10)
    assert report.ok
    assert report.checked == {"schema": 120, "labels": 10}
    assert report.errors is not None
    assert report.errors.whole.count > 50
    assert report.errors.whole.p99 < 0.8
    assert json.loads(json.dumps(report.to_dict()))["labels"]["all"]["count"] == report.errors.whole.count
    assert "labels" not in verify(dataset, checks=["schema"]).to_dict()


def test_boxes_that_are_off_are_a_fault(dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One where the 99th percentile passes the limit; one where other clusters have ink than the plan's."""
    copy = Path(shutil.copytree(dataset, tmp_path / "copy"))
    change_label(copy, lambda label: label["bboxes"][0].update(ink=False))
    (fault,) = verify(copy, checks=["schema"], labels=True).faults
    assert (fault.check, fault.file) == ("labels", LABEL)
    monkeypatch.setattr(verify_module, "LABELS_LIMIT_PX", 0.01)
    (fault,) = verify(dataset, checks=["schema"], labels=True, sample=4).faults
    assert fault.check == "labels"
    assert "99th percentile" in fault.message


@pytest.mark.parametrize("fit", ["grow", "keep"])
def test_a_warped_dataset_is_sound(fit: str, tmp_path: Path) -> None:
    """Soft edges, and letters that the border of the image cuts, are no faults of the boxes."""
    specifications = [
        {"text": {"language": "en", "length": [6, 20]}, "warp": [{"rotation": {"angle": angle, "fit": fit}}]}
        for angle in (5, 30, -40)
    ]
    generate(open_job(specifications, 12), tmp_path / "out")
    report = verify(tmp_path / "out", fonts=[str(path) for path in font_files().values()], labels=True)
    assert report.ok, report.faults[:5]
