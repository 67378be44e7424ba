"""Is one stored sample sound? Its label against the format, its image against its label, its boxes against the ink."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.core.errors import RenderError
from glyphmill.export.stored import StoredError, StoredSample, fields_of
from glyphmill.run.ink_check import ink_problems
from glyphmill.run.label_check import sample_problems
from glyphmill.run.label_errors import ErrorTable, boxes_of
from glyphmill.run.render import Renderer
from glyphmill.run.verify_report import VerifyReport


class SampleCheck:
    """Looks at samples, one after the other, and notes what is wrong with them.

    Args:
        report: takes what is found.
        renderer: makes images again.
    """

    def __init__(self, report: VerifyReport, renderer: Renderer) -> None:
        self._report, self._renderer = report, renderer

    def look(self, sample: StoredSample, place: str, *, replay: bool) -> None:
        """Check one sample.

        Args:
            sample: what is stored.
            place: what its paths are to be put behind.
            replay: whether its image is to be made again.
        """
        path = f"{place}{sample.label_path}"
        extras = sample.named_extras()
        if (names := sorted(extras)) != sorted(self._renderer.extras):
            expected = ", ".join(self._renderer.extras) or "nothing"
            self._report.note("counts", path, f"has {', '.join(names) or 'nothing'} beside it; expected {expected}")
        self._report.count("schema")
        try:
            label = fields_of(sample.label, sample.index)
        except StoredError as error:
            self._report.note("schema", path, str(error))
            return
        problems = sample_problems(label, sample.image_path)
        for problem in problems:
            self._report.note("schema", path, problem)
        if replay:
            self._replay(label, sample, extras, place, sound=not problems)

    def _replay(
        self, label: dict[str, Any], sample: StoredSample, extras: dict[str, bytes], place: str, *, sound: bool
    ) -> None:
        report, path = self._report, f"{place}{sample.label_path}"
        try:
            if "images" in report.checked:
                report.count("images")
                image, made = self._renderer.files(label)
                self._compare(f"{place}{sample.image_path}" if sound else path, sample.image, image)
                for name in extras.keys() & made.keys():
                    self._compare(f"{place}{sample.stem}.{name}.png", extras[name], made[name])
            if sound and "boxes" in report.checked:
                report.count("boxes")
                for problem in ink_problems(label, self._renderer.ink(label)):
                    report.note("boxes", path, problem)
            if sound and report.errors is not None:
                report.count("labels")
                self._measure(path, label, report.errors)
        except RenderError as error:
            check = next((name for name in ("images", "boxes", "labels") if name in report.checked), "images")
            report.note(check, path, str(error))

    def _measure(self, path: str, label: dict[str, Any], errors: ErrorTable) -> None:
        """Each cluster's box in the label against the ink of that cluster alone."""
        plan, there = self._renderer.cluster_ink(label)
        inked = [box["ink"] for box in label["bboxes"]]
        if inked != there.labels.ink.tolist():
            self._report.note("labels", path, "its clusters with ink are not those that its plan makes")
            return
        for cluster in there.lost().tolist():
            self._report.note("labels", path, f"bboxes[{cluster}] holds no ink")
        errors.add(plan, there.labels, there.errors(boxes_of(label)))

    def _compare(self, path: str, there: bytes, made: bytes) -> None:
        if there == made:
            return
        # An encoder may give other bytes on another type of processor; the pixels have to be the same.
        old, new = _pixels(there), _pixels(made)
        if old is None or new is None:
            self._report.note("images", path, "cannot be decoded")
        elif old.shape != new.shape:
            self._report.note("images", path, f"has the shape {old.shape}; its label makes {new.shape}")
        elif not np.array_equal(old, new):
            count = np.count_nonzero(old != new)
            self._report.note("images", path, f"differs from what its label makes in {count} values")


def _pixels(data: bytes) -> NDArray[Any] | None:
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED) if data else None
