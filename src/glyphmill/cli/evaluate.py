"""`glyphmill evaluate`: how well does an OCR engine read a dataset, and what makes it err?"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from glyphmill.cli.console import say, say_json, table, title_of
from glyphmill.cli.options import COMMON, AtLeastOne, Common, UsageError

if TYPE_CHECKING:
    from glyphmill.evaluate.report import EvaluateReport

_PLOTS = (".svg", ".png")


def evaluate(
    dataset: str,
    /,
    *,
    engine: Literal["tesseract", "rapidocr"] = "tesseract",
    language: str | None = None,
    level: Literal["line", "word", "image"] = "line",
    limit: AtLeastOne | None = None,
    by: Annotated[
        tuple[Literal["specification", "unit", "strength", "script", "direction", "language", "length", "font"], ...],
        Parameter(consume_multiple=True, negative="", show_default=False),
    ] = (),
    only: Annotated[tuple[str, ...], Parameter(consume_multiple=True, negative="", show_default=False)] = (),
    normalize: Literal["nfc", "nfkc"] = "nfc",
    plot: Path | None = None,
    readings: Path | None = None,
    workers: AtLeastOne = 1,
    common: Common = COMMON,
) -> None:
    """Let an OCR engine read a dataset: character and word error rates by what made and what befell the text.

    Args:
        dataset: The folder or address that `glyphmill generate` wrote to.
        engine: What reads: the program tesseract, or the Python package rapidocr.
        language: Tesseract's name of the model that reads everything, such as eng or deu+fra; that of the language of
            each text if not given.
        level: What is read at a time: cut out and turned upright, or the whole image as it is.
        limit: Number of samples that are read, the first ones; all if not given.
        by: What the rates are grouped by; everything there is if not given.
        only: Leave out all but what has these, as GROUPING=NAME, such as script=Latn unit=degrade.blur.
        normalize: Unicode form in which labels and readings are compared.
        plot: File to draw the character error rates into: .svg or .png.
        readings: File to write every text and what was read to, one JSON object a line.
        workers: Number of batches that are read at once.
    """
    if plot is not None and plot.suffix.lower() not in _PLOTS:
        raise UsageError(f"--plot {plot}: expected a name that ends in {' or '.join(_PLOTS)}")
    from glyphmill.cli.progress import progress
    from glyphmill.evaluate.engine import EngineError
    from glyphmill.evaluate.engines import open_engine
    from glyphmill.evaluate.evaluate import evaluate as run
    from glyphmill.evaluate.groups import GROUPINGS
    from glyphmill.run.generate import RunStatus

    try:
        with nullcontext() if common.json else progress(json=False) as bar:
            report = run(
                dataset,
                open_engine(engine, language),
                level=level,
                limit=limit,
                by=by or GROUPINGS,
                only=only,
                form=normalize,
                workers=workers,
                progress=None if bar is None else lambda done, total: bar(RunStatus(total, written=done)),
            )
    except EngineError as error:
        raise UsageError(str(error)) from error
    if readings is not None:
        _write_readings(readings, report)
    if plot is not None:
        _write_plot(plot, report, title_of(dataset))
    if common.json:
        say_json(report.to_dict())
    else:
        _tell(report, dataset)


def _write_readings(path: Path, report: EvaluateReport) -> None:
    import json

    from glyphmill.export.durable import write_file

    rows = (json.dumps(reading.to_dict(), ensure_ascii=False) + "\n" for reading in report.readings)
    write_file(path, "".join(rows).encode("utf-8", "backslashreplace"))


def _write_plot(path: Path, report: EvaluateReport, title: str) -> None:
    from glyphmill.evaluate.plot import WRITERS
    from glyphmill.evaluate.plot import plot as drawn
    from glyphmill.export.durable import write_file

    write_file(path, WRITERS[path.suffix.lower()](drawn(report, title)))


def _tell(report: EvaluateReport, dataset: str) -> None:
    header = ("by", "of", f"{report.level}s", "CER", "95 %", "median", "WER", "95 %", "exact", "95 %")
    rows = [
        (
            group.grouping,
            group.name,
            score.count,
            f"{score.cer.value:.2%}",
            _interval(score.cer.low, score.cer.high),
            f"{score.cer.median:.2%}",
            *(("-", "-") if (wer := score.wer) is None else (f"{wer.value:.2%}", _interval(wer.low, wer.high))),
            f"{score.exact.value:.1%}",
            _interval(score.exact.low, score.exact.high),
        )
        for group, score in report.rows()
    ]
    if rows:
        say(table(header, rows) + "\n")
    if report.failed:
        first = report.failed[0].piece
        say(f"{report.engine} failed on {len(report.failed):,} {report.level}s, the first in sample {first.index}")
    empty = sum(not reading.found for reading in report.read)
    if empty:
        say(f"{empty:,} {report.level}s were read as nothing at all")
    if report.unlabelled:
        say(f"{report.unlabelled:,} images have no label and were not read")
    rejected = f"; {report.rejected:,} more were rejected when they were made" if report.rejected else ""
    texts = f"{len(report.read):,} {report.level}s of {report.samples:,} samples"
    say(f"{dataset}: {report.engine} read {texts}{rejected}")


def _interval(low: float | None, high: float | None) -> str:
    return "-" if low is None or high is None else f"{low:.1%} to {high:.1%}"
