"""`glyphmill preview`: a contact sheet of a dataset, or of what a config makes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from glyphmill.cli.console import say, say_json, title_of
from glyphmill.cli.options import COMMON, FOLDERS, AtLeastOne, Common, Folders, UsageError

if TYPE_CHECKING:
    from glyphmill.preview.items import Item

_HTML, _IMAGES = ".html", (".png", ".jpg", ".webp")


def preview(
    source: str | None = None,
    /,
    *,
    out: Path = Path("contact-sheet.png"),
    count: AtLeastOne = 48,
    boxes: Annotated[bool, Parameter(negative="", show_default=False)] = False,
    seed: int | None = None,
    width: AtLeastOne = 1600,
    folders: Folders = FOLDERS,
    common: Common = COMMON,
) -> None:
    """Make a contact sheet: many samples at a glance, grouped by specification.

    Args:
        source: A dataset's folder or address, of which it takes samples spread evenly; or a config, whose first samples
            are rendered straight away. Without it, the config that comes with Glyphmill.
        out: File to write: a picture (.png, .jpg, .webp), or a self-contained HTML page with switchable boxes, filters
            and the text.
        count: Number of samples.
        boxes: Draw the boxes of lines, words and clusters; an HTML page has them in any case, shown or not at first.
        seed: Seed of the run, in place of the config's.
        width: Width of a picture in pixels.
    """
    suffix = out.suffix.lower()
    if suffix not in (_HTML, *_IMAGES):
        raise UsageError(f"--out {out}: expected a name that ends in {', '.join(_IMAGES)} or {_HTML}")
    from glyphmill.export.durable import write_file

    if source is not None and ("://" in source or Path(source).is_dir()):
        items = _of_dataset(source, count)
    else:
        items = _of_config(source, folders, count, seed)
    title = title_of(source) if source else "glyphmill's default config"
    if suffix == _HTML:
        from glyphmill.preview.html import contact_page

        data = contact_page(items, title=title, boxes=boxes).encode()
    else:
        from glyphmill.preview.sheet import contact_sheet, encoded

        data = encoded(contact_sheet(items, title=title, boxes=boxes, width=width), suffix)
    write_file(out, data)
    if common.json:
        say_json({"out": str(out), "samples": len(items)})
    else:
        say(f"contact sheet of {len(items)} samples: {out}")


def _of_dataset(where: str, count: int) -> list[Item]:
    from glyphmill.preview.items import items_of_dataset

    return items_of_dataset(where, count)


def _of_config(config: str | None, folders: Folders, count: int, seed: int | None) -> list[Item]:
    from glyphmill.cli.console import warn
    from glyphmill.cli.jobs import open_job
    from glyphmill.core.errors import GlyphmillError
    from glyphmill.preview.items import items_of_samples
    from glyphmill.run.outcome import Rejected

    job = open_job(None if config is None else Path(config), folders, seed=seed)
    samples = []
    for outcome in job.outcomes(0, min(count, len(job))):
        if isinstance(outcome, Rejected):
            warn(f"sample {outcome.index} was rejected: {outcome.unit}: {outcome.reason} {outcome.detail}".rstrip())
        else:
            samples.append(outcome)
    if not samples:
        raise GlyphmillError("every sample was rejected, so there is nothing to show")
    return list(items_of_samples(samples))
