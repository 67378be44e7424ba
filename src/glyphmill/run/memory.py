"""Keeping the memory that images were in: giving it back and taking it again costs more than making small images."""

from __future__ import annotations

import ctypes
import sys

# Numbers of glibc's mallopt(3).
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
_KEPT = 256 << 20
_PAD = 32 << 20


def keep_freed_memory() -> None:
    """Let the C library of this process keep what is freed for what comes next; does nothing where it is not glibc.

    An image and its buffers pass the size from which glibc maps fresh pages for each, all of which the system clears
    and takes back: a tenth of the time of an image. How much is kept is bounded by the largest image.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for name, value in ((_TRIM_THRESHOLD, _KEPT), (_MMAP_THRESHOLD, _PAD), (_TOP_PAD, _PAD)):
            mallopt(name, value)
