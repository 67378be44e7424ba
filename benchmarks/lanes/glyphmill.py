"""Lane: Glyphmill in one process. Settings: ``config`` (path; null for the embedded default), ``count``, ``texts``.

``texts`` asks for the text of that many first samples, so that a peer can be given the same words. With ``rejects`` a
sample may be rejected, as it may in a run; without, that ends the lane.
A request names a ``kind`` of work and the ``count`` of first indices to do it for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2

from benchmarks.lanes.serve import Facts, Work, serve
from glyphmill import Job
from glyphmill.generator import Sample


def _kinds(job: Job, *, rejects: bool) -> dict[str, Callable[[int], object]]:
    def labelled(index: int) -> object:
        return _sample(job, index).label

    def encoded(index: int) -> object:
        made = job.generate(index) if rejects else _sample(job, index)
        return (made.encoded(), made.label) if isinstance(made, Sample) else None

    return {"plan": job.plan, "label": labelled, "encode": encoded}


def _sample(job: Job, index: int) -> Sample:
    made = job.generate(index)
    if not isinstance(made, Sample):
        raise RuntimeError(f"sample {index} is rejected: {made}")
    return made


def open_lane(settings: dict[str, Any]) -> tuple[Facts, Work]:
    """The job of the settings, and batches of its samples."""
    cv2.setNumThreads(1)  # as in the workers of a run
    config, count = settings["config"], settings["count"]
    job = Job.default(count=count) if config is None else Job.from_yaml(config, count=count)
    kinds = _kinds(job, rejects=settings.get("rejects", False))

    def work(request: dict[str, Any]) -> None:
        make = kinds[request["kind"]]
        for index in range(request["count"]):
            make(index)

    wanted = range(settings.get("texts", 0))
    facts: Facts = {"texts": [job.plan(index).of("text").params["text"] for index in wanted]}
    if settings.get("rejects"):
        facts["rejected"] = sum(not isinstance(job.generate(index), Sample) for index in range(count))
    if facts["texts"]:
        facts["size"] = _sample(job, 0).image.shape[1::-1]
    return facts, work


if __name__ == "__main__":
    serve(open_lane)
