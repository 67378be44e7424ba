"""A Ray cluster of the tests' own, and what may be left of one."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.s3 import CREDENTIALS

#: What it takes to import Glyphmill and the tests on the nodes.
ROOT = Path(__file__).parents[1]
#: What watches a node; having lost its cluster, it looks for it for a minute.
RAY_AGENTS = ("ray::DashboardAgent", "ray::RuntimeEnvAgent")


@pytest.fixture(scope="session")
def ray_cluster() -> Iterator[None]:
    """Two CPUs of this machine, which this process is connected to; object storage knows it."""
    import ray

    folder = tempfile.mkdtemp(prefix="ray-", dir="/tmp")  # the paths of sockets must be short
    handler = signal.getsignal(signal.SIGTERM)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**CREDENTIALS, "RAY_USAGE_STATS_ENABLED": "0", "PYTHONPATH": str(ROOT)}.items():
            patch.setenv(name, value)
        ray.init(
            address="local",
            num_cpus=2,
            include_dashboard=False,
            log_to_driver=False,
            logging_level="ERROR",
            object_store_memory=100 * 2**20,
            _temp_dir=folder,
        )
    signal.signal(signal.SIGTERM, handler)
    yield
    ray.shutdown()
    shutil.rmtree(folder, ignore_errors=True)


def marked(mark: str) -> dict[int, str]:
    """The processes, by number, that have inherited a variable of that value from somebody; with their commands."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"={mark}\0".encode() in (folder / "environ").read_bytes() + b"\0":
                found[int(folder.name)] = (
                    (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                )
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return {number: command for number, command in found.items() if command}


def wait_until_gone(mark: str, *, besides: tuple[str, ...] = (), seconds: float = 30.0) -> dict[int, str]:
    """What is left of these processes after so long at most, besides those whose commands begin so."""

    def left() -> dict[int, str]:
        return {number: command for number, command in marked(mark).items() if not command.startswith(besides)}

    end = time.monotonic() + seconds
    while left() and time.monotonic() < end:
        time.sleep(0.1)
    return left()


def keepers() -> list[int]:
    """The actors of this process's cluster that make ranges now."""
    return [number for number, command in _descendants(os.getpid()).items() if command.startswith("ray::Keeper")]


def _descendants(parent: int) -> dict[int, str]:
    children: dict[int, list[int]] = {}
    commands: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            commands[int(folder.name)] = (folder / "cmdline").read_text(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(int(fields[1]), []).append(int(folder.name))
    found, waiting = {}, [parent]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            found[child] = commands[child]
            waiting.append(child)
    return found
