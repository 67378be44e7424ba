"""What a profile was made with: versions and machine; and the profiler, if any, that watches this process already."""

from __future__ import annotations

import builtins
import os
import platform
import re
import sys
from pathlib import Path


def versions() -> dict[str, str]:
    """Python, Glyphmill and the libraries that do most of the work."""
    import cv2
    import numpy as np
    import uharfbuzz

    from glyphmill import __version__

    return {
        "Python": platform.python_version(),
        "Glyphmill": __version__,
        "NumPy": np.__version__,
        "OpenCV": cv2.__version__,
        "HarfBuzz": uharfbuzz.version_string(),
    }


def machine() -> str:
    """Processor, cores that this process may use, system."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{_processor()}, {cores} cores, {platform.system()} {platform.release()}"


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.M)
    return found[1].strip() if found else platform.machine()


def other_profiler() -> str | None:
    """The profiler that runs this process and that a second one would disturb; None if there is none."""
    if sys.getprofile() is not None:
        return "cProfile"
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is None:
        return None
    if (name := monitoring.get_tool(monitoring.PROFILER_ID)) is not None:
        return str(name)
    # From Python 3.12 on there is one place for a profiler, and kernprof takes it as soon as a decorated function runs.
    if type(getattr(builtins, "profile", None)).__module__.startswith("line_profiler"):
        return "kernprof"
    return None
