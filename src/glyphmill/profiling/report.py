"""A profile as text: header, pstats' table, stage budget, diagnosis, summary."""

from __future__ import annotations

import io
import pstats
from typing import Any, Literal

from glyphmill.profiling.result import Profile

Sort = Literal["cumulative", "time", "calls"]

#: What of the package a profile is about, whatever else stands above it: the spine and its kernels.
_COLUMNS = "   ncalls  tottime"
_KERNELS = r"(generator|effects|augmentations)\.py:\d+\(\w+\)"


def report(profile: Profile, *, sort: Sort = "cumulative", top: int = 20) -> str:
    """All of a profile, as text that ends in a newline.

    Args:
        profile: what was measured.
        sort: order of the tables: ``cumulative`` time, a function's own ``time``, or ``calls``.
        top: rows of the table of all functions; that of the generator and its kernels has all of its rows.
    """
    parts = [header(profile)]
    if profile.functions:
        parts += [
            f"Functions by {_SORTED[sort]}\n\n{_table(profile, sort, top)}",
            f"The generator and its kernels, in the same order\n\n{_table(profile, sort, top, _KERNELS)}",
        ]
    else:
        parts.append(
            f"No table of functions: {profile.watching} watches this process and sees the images that were made above."
        )
    parts.append(stage_table(profile))
    if profile.diagnosis is not None:
        parts.append(diagnosis_text(profile))
    parts.append(summary(profile))
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


_SORTED = {"cumulative": "cumulative time", "time": "own time", "calls": "number of calls"}


def header(profile: Profile) -> str:
    """What was measured, with what, on what."""
    made = f"{profile.made} of {profile.requested} really made"
    if profile.attempts > profile.requested:
        made += f" in {profile.attempts} attempts"
    if profile.made:
        made += f", {profile.pixels / 1000:,.0f} thousand pixels each on average"
    rows = [("config", profile.config), ("images", made)]
    if profile.raised is not None:
        rows.append(("", f"the config has {profile.raised}; total_images was raised to {profile.requested}"))
    for one in profile.rejected:
        detail = f" ({one['detail']})" if one["detail"] else ""
        rows.append(("rejected", f"index {one['index']}: {one['unit']}: {one['reason']}{detail}"))
    startup = profile.startup_s
    opened = f"imports {startup['imports']:.2f} s, config, fonts and texts {startup['open']:.2f} s"
    rows += [
        ("versions", ", ".join(f"{name} {version}" for name, version in profile.versions.items())),
        ("machine", profile.machine),
        ("start-up", f"{opened}, first pass over the images {startup['first pass']:.2f} s: in none of the tables"),
    ]
    if profile.overhead is not None:
        slower = f"the profiler makes it {profile.overhead:.2f} times as long"
        times = f"{profile.profiled_cpu_s:.3f} s of processor time under cProfile, {profile.cpu_s:.3f} s without"
        rows.append(("profiler", f"{times}: {slower}"))
        rows.append(("", "many small calls are slowed most; the stage budget and the summary are without it"))
    return "Profile of image generation\n\n" + "\n".join(f"{name:<9} {text}" for name, text in rows)


def _table(profile: Profile, sort: Sort, top: int, only: str | None = None) -> str:
    stream = io.StringIO()
    loaded: Any = _Loaded(profile)
    stats = pstats.Stats(loaded, stream=stream).strip_dirs()
    stats.sort_stats("tottime" if sort == "time" else sort)
    stats.print_stats(top if only is None else only)
    count, _, table = stream.getvalue().partition("Ordered by")
    # what pstats says of its own order and choice stands in the title
    return f"{count.strip()}\n\n{table[table.index(_COLUMNS) :].rstrip()}"


class _Loaded:
    """Statistics in the form in which pstats takes them."""

    def __init__(self, profile: Profile) -> None:
        self.stats: dict[Any, Any] = dict(profile.functions)

    def create_stats(self) -> None:
        """They are there."""


def stage_table(profile: Profile) -> str:
    """Milliseconds and share of each stage, for one image that was really made."""
    made, total = max(profile.made, 1), profile.plain_s or 1e-9
    rows = [
        f"  {stage:<8} {1000 * seconds / made:>8.3f} {seconds / total:>7.1%} "
        f"{1000 * profile.stages_cpu_s[stage] / made:>13.3f}"
        for stage, seconds in profile.stages_s.items()
    ]
    head = f"  {'stage':<8} {'ms':>8} {'share':>7} {'ms processor':>13}"
    rule = f"  {'all':<8} {1000 * profile.plain_s / made:>8.3f} {1:>7.1%} {1000 * profile.cpu_s / made:>13.3f}"
    return "Stages of one image, without the profiler\n\n" + "\n".join([head, *rows, rule])


def diagnosis_text(profile: Profile) -> str:
    """The signs, and the functions that cost most with what to do about them."""
    diagnosis = profile.diagnosis
    if diagnosis is None:
        return ""
    lines = ["What stands out", ""]
    for sign, functions in diagnosis.signs.items():
        lines.append(f"  {sign}: {'; '.join(functions) or 'none'}")
    for number, one in enumerate(diagnosis.findings, 1):
        unit = f", for {one.unit}" if one.unit else ""
        lines += [
            "",
            f"  {number}. {one.function}: {one.share:.0%} of the time. {one.family[0].upper()}{one.family[1:]}{unit}.",
        ]
        if one.signs:
            lines.append(f"     signs: {', '.join(one.signs)}")
        lines += [f"     {evidence}" for evidence in one.evidence]
        lines.append(f"     -> {one.change}")
    return "\n".join(lines)


def summary(profile: Profile) -> str:
    """Time of an image that was really made, and images a second."""
    if profile.image_s is None:
        return f"Summary\n\n  none of {profile.requested} images could be made"
    cpu = f"{profile.cpu_s / profile.made:.4f} s of processor time"
    lines = [
        f"time per image really made   {profile.image_s:.4f} s ({cpu})",
        f"images a second              {1 / profile.image_s:.1f}",
    ]
    if profile.rejected:
        lines.append(
            f"rejected                     {len(profile.rejected)} of {profile.requested}; their time is in the above"
        )
    return "Summary\n\n" + "\n".join(f"  {line}" for line in lines)
