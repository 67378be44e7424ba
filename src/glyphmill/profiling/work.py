"""The work that is profiled: samples planned, made, encoded and written, one after the other in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2

from glyphmill.export import files
from glyphmill.export.files import SampleFiles
from glyphmill.export.layout import FilesLayout
from glyphmill.export.local import LocalStorage
from glyphmill.profiling.errors import ProfileError
from glyphmill.run.job import Job, PathName
from glyphmill.run.outcome import Rejected, produce


@dataclass
class Made:
    """What came of a pass over the images.

    Attributes:
        count: images that were really made.
        attempts: plans that were tried for them and for those rejected.
        pixels: of all of them.
        rejected: the indices of which none was made.
    """

    count: int = 0
    attempts: int = 0
    pixels: int = 0
    rejected: list[Rejected] = field(default_factory=list)


@dataclass(frozen=True)
class Work:
    """The images of a profile.

    Attributes:
        job: what makes them.
        limit: how many: the indices from 0 on.
        raised: the number of images that the config has, where it was raised to ``limit``; else None.
    """

    job: Job
    limit: int
    raised: int | None = None

    def images(
        self,
        root: Path,
        *,
        before: Callable[[int], None] = lambda index: None,
        after: Callable[[int], None] = lambda index: None,
    ) -> Made:
        """Make and write all of them once, below `root`; `before` and `after` hear each index."""
        made, layout = Made(), FilesLayout()

        def make(index: int, attempt: int) -> SampleFiles:
            made.attempts += 1
            sample = self.job.sample(index, attempt)
            height, width = sample.image.shape[:2]
            # by its module: the stage budget wraps it there
            encoded = files.encode_sample(sample, layout.stem(index), self.job.extension)
            made.pixels += height * width
            return encoded

        with layout.writing(LocalStorage(root), 0, self.job.extension) as writer:
            for index in range(self.limit):
                before(index)
                outcome = produce(make, index, self.job.attempts)
                if isinstance(outcome, Rejected):
                    made.rejected.append(outcome)
                else:
                    writer.add(outcome[0])
                    made.count += 1
                after(index)
        return made


def open_work(
    config: PathName,
    *,
    limit: int,
    fonts: tuple[PathName, ...] = (),
    backgrounds: tuple[PathName, ...] = (),
    corpora: PathName | None = None,
) -> Work:
    """The first images of a config.

    Where it has fewer than `limit`, its ``total_images`` is raised: which specification makes which index may differ
    from a run of the config as it is.

    Raises: ProfileError if `limit` is below 1; ConfigError or CatalogueError if the config or its resources do not fit.
    """
    if limit < 1:
        raise ProfileError(f"--limit {limit}: expected at least 1 image to profile")
    job = Job.from_yaml(config, fonts=fonts, backgrounds=backgrounds, corpora=corpora)
    if limit <= len(job):
        return Work(job, limit)
    more = Job.from_yaml(config, fonts=fonts, backgrounds=backgrounds, corpora=corpora, count=limit)
    return Work(more, limit, raised=len(job))


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder to write images to, which is removed when the block ends; OpenCV works in one thread until then.

    As in runs: its own threads cost more than they give on images of this size, and hide where time goes.
    """
    threads = cv2.getNumThreads()
    with TemporaryDirectory(prefix="glyphmill-profile-") as folder:
        cv2.setNumThreads(1)
        try:
            yield Path(folder)
        finally:
            cv2.setNumThreads(threads)
