"""`glyphmill verify`: is a dataset what it says it is?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from glyphmill.cli.console import say, say_json, table
from glyphmill.cli.options import COMMON, FOLDER_LIST, AtLeastOne, Common

if TYPE_CHECKING:
    from glyphmill.run.label_errors import ErrorTable
    from glyphmill.run.verify_report import VerifyReport

_SOUND, _FAULTY = 0, 1
#: Faults that are listed for people; machines get all.
_SHOWN = 50


def verify(
    dataset: str,
    /,
    *,
    checks: Annotated[
        tuple[Literal["counts", "hashes", "schema", "images", "boxes"], ...],
        Parameter(consume_multiple=True, negative="", show_default=False),
    ] = (),
    labels: Annotated[bool, Parameter(negative="", show_default=False)] = False,
    sample: AtLeastOne | None = None,
    fonts: Annotated[tuple[Path, ...], FOLDER_LIST] = (),
    backgrounds: Annotated[tuple[Path, ...], FOLDER_LIST] = (),
    common: Common = COMMON,
) -> int:
    """Check a dataset: its counts, every file's hash, every label's format, every image against its label, every box
    against the ink.

    Args:
        dataset: The folder or address that `glyphmill generate` wrote to.
        checks: What to check; everything if not given.
        labels: Also draw each cluster alone, through the same plan, and show how far boxes are from ink by warp,
            direction and script. A 99th percentile over 1 px is a fault, and the exit code is then 1.
        sample: Number of samples, spread evenly, whose images, boxes and clusters are looked at; all if not given.
        fonts: Folders where its fonts may be, if not where the manifest has them.
        backgrounds: Folders where its backgrounds may be, likewise.
    """
    from glyphmill.run.verify import verify as run
    from glyphmill.run.verify_report import CHECKS

    report = run(
        dataset,
        checks=checks or tuple(CHECKS),
        labels=labels,
        sample=sample,
        fonts=fonts,
        backgrounds=backgrounds,
    )
    if common.json:
        say_json(report.to_dict())
    else:
        _tell(dataset, report)
    return _SOUND if report.ok else _FAULTY


def _tell(dataset: str, report: VerifyReport) -> None:
    rows = [(name, count, faults, about) for name, about, count, faults in report.rows()]
    say(table(("check", "looked at", "faults", "of what"), rows))
    if report.errors is not None:
        say("\n" + _differences(report.errors) + "\n")
    for fault in report.faults[:_SHOWN]:
        say(f"{fault.check}: {fault}")
    if len(report.faults) > _SHOWN:
        say(f"... and {len(report.faults) - _SHOWN:,} more; --json lists them all")
    noun = "fault" if len(report.faults) == 1 else "faults"
    say(f"{dataset}: {f'{len(report.faults):,} {noun}' if report.faults else 'sound'}")


def _differences(errors: ErrorTable) -> str:
    """|box - ink| of the clusters, px, by what bent them, direction and script."""
    rows = [
        (group, name, spread.count, *(f"{value:.3f}" for value in (spread.median, spread.p95, spread.p99, spread.max)))
        for group, name, spread in errors.rows()
    ]
    return table(("|box - ink|, px", "of", "clusters", "median", "95 %", "99 %", "max"), rows)
