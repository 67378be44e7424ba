"""`glyphmill profile`: where the time of generation goes, and what changed between two profiles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from glyphmill.cli.console import say, say_json, warn
from glyphmill.cli.options import COMMON, FOLDERS, AtLeastOne, Common, Folders, UsageError

if TYPE_CHECKING:
    from glyphmill.profiling.memory import Memory

_DONE, _STOPPED = 0, 1


def profile(
    config: Path | None = None,
    /,
    *,
    limit: AtLeastOne = 10,
    sort: Literal["cumulative", "time", "calls"] = "cumulative",
    top: AtLeastOne = 20,
    out: Annotated[tuple[Path, ...], Parameter(consume_multiple=True, negative="", show_default=False)] = (),
    memory: Annotated[bool, Parameter(negative="", show_default=False)] = False,
    lines: Annotated[tuple[str, ...], Parameter(consume_multiple=True, negative="", show_default=False)] = (),
    compare: Annotated[tuple[Path, Path] | None, Parameter(negative="")] = None,
    folders: Folders = FOLDERS,
    common: Common = COMMON,
) -> int:
    """Show where the time of generation goes: by function, by stage, and what to do about it.

    The images are made in this process and written to a folder that is then removed.

    Args:
        config: The job's YAML file; without it, the config that comes with Glyphmill.
        limit: Number of images, the first ones. If the config has fewer, its number is raised.
        sort: Order of the tables: time in a function and all that it calls, time in the function itself, or calls.
        top: Number of functions in a table.
        out: Files to write: .html, a flame graph that holds everything itself; .speedscope.json; .prof for snakeviz;
            .json for --compare and for machines; any other name gets the text.
        memory: Also show the peak of an image, by stage, and what is held at that moment.
        lines: Also time these functions line by line: MODULE:FUNCTION, such as effects:add_noise.
        compare: Two saved profiles, .json or .prof: profile nothing, show what changed from the first to the second.
    """
    if compare is not None:
        return _compare(config, *compare, top=top, common=common)
    from time import perf_counter

    begun = perf_counter()
    from glyphmill.cli.jobs import config_file
    from glyphmill.profiling.engine import profile as run
    from glyphmill.profiling.errors import ProfileError
    from glyphmill.profiling.lines import find_function, lines_text
    from glyphmill.profiling.memory import measure_memory, memory_text
    from glyphmill.profiling.output import Outputs, check_writable

    imports_s = perf_counter() - begun
    try:
        for path in out:
            check_writable(path)
        for name in lines:
            find_function(name)
        with config_file(config) as file:
            found, work = run(
                file,
                limit=limit,
                fonts=folders.fonts,
                backgrounds=folders.backgrounds,
                corpora=folders.corpus,
                progress=warn,
                imports_s=imports_s,
                name=None if config else "the config that comes with Glyphmill",
            )
        for problem in work.job.config.warnings:
            warn(f"warning: {problem}")
        more = [lines_text(work, name) for name in lines]
        held: Memory | None = measure_memory(work, top=top) if memory else None
        if held is not None:
            more.append(memory_text(held))
        outputs = Outputs(found, work, sort=sort, top=top, more=tuple(more))
        for path in out:
            outputs.save(path)
    except ProfileError as error:
        raise UsageError(str(error)) from error
    if common.json:
        say_json({**found.to_dict(), "memory": None if held is None else held.to_dict()})
    else:
        say(outputs.text.rstrip("\n"))
    return _DONE if found.made else _STOPPED


def _compare(config: Path | None, old: Path, new: Path, *, top: int, common: Common) -> int:
    if config is not None:
        raise UsageError(f"--compare takes two saved profiles and no config; got {config}")
    from glyphmill.profiling.compare import compare, comparison_text
    from glyphmill.profiling.errors import ProfileError
    from glyphmill.profiling.result import load

    try:
        comparison = compare(load(old), load(new))
    except ProfileError as error:
        raise UsageError(str(error)) from error
    if common.json:
        say_json(comparison.to_dict())
    else:
        say(comparison_text(comparison, top=top).rstrip("\n"))
    return _DONE
