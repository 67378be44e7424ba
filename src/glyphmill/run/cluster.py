"""A way to a Ray cluster: one that is there, or one of this machine alone for as long as a run lasts."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from glyphmill.run.outcome import RunError

_log = logging.getLogger(__name__)

#: What Ray sets aside for its store, through which ranges and counts pass; by itself it takes a third of the memory.
_STORE_BYTES = 100 * 2**20
#: Characters of a folder's path that leave room for what Ray appends to it: paths of sockets have 107 at most.
_LONGEST = 24
#: How long a cluster may take to answer; Ray itself would wait for many minutes.
_ANSWER_SECONDS = 10.0


@contextlib.contextmanager
def cluster(address: str | None, cpus: int) -> Iterator[Any]:
    """Ray, connected to a cluster while the block lasts. A script that has called ``ray.init`` stays with its own.

    Args:
        address: of the cluster, ``host:port`` or ``auto``; None for that of the variable RAY_ADDRESS, else for one on
            this machine alone, which ends with the block.
        cpus: of a cluster on this machine; 0 for all that there are.

    Raises: RunError if Ray is not installed, does not start, or finds no cluster at the address.
    """
    try:
        import ray
    except ImportError as error:
        raise RunError("--backend ray needs the extra `ray`: pip install 'glyphmill[ray]'") from error
    if ray.is_initialized():
        yield ray
        return
    address = address or os.environ.get("RAY_ADDRESS")
    options: dict[str, Any] = {"address": address}
    with contextlib.ExitStack() as block:
        try:
            if address is None:
                # Left to itself, Ray would keep a folder, take a third of the memory and open a page for browsers.
                options = {"address": "local", "num_cpus": cpus or None, "_temp_dir": block.enter_context(_folder())}
                options |= {"include_dashboard": False, "object_store_memory": _STORE_BYTES}
                block.enter_context(_no_statistics())
            else:
                _knock(address)
            block.callback(ray.shutdown)
            with _handlers():
                ray.init(**options, log_to_driver=False, logging_level="ERROR")
        except (OSError, RuntimeError, ValueError) as error:
            raise RunError(f"no Ray cluster{f' at {address}' if address else ''}: {error}") from error
        block.enter_context(_silence())
        yield ray


def _knock(address: str) -> None:
    """Raises: OSError if nobody listens at `host:port`."""
    host, _, port = address.rpartition(":")
    if host and port.isdecimal() and "/" not in host:
        socket.create_connection((host, int(port)), _ANSWER_SECONDS).close()


@contextlib.contextmanager
def _folder() -> Iterator[str]:
    """A folder for what Ray keeps while it runs."""
    root = tempfile.gettempdir()
    folder = tempfile.mkdtemp(prefix="glyphmill-", dir=root if len(root) <= _LONGEST else "/tmp")
    try:
        yield folder
    finally:
        # Ray's last processes may still be writing their logs.
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _no_statistics() -> Iterator[None]:
    """Ray tells nobody that it is used."""
    name = "RAY_USAGE_STATS_ENABLED"
    before = os.environ.get(name)
    os.environ[name] = "0"
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


@contextlib.contextmanager
def _handlers() -> Iterator[None]:
    """What SIGTERM does stays as it is; Ray would have it end the process at once."""
    handler = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, handler)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """What Ray says of processes that are lost goes to the log. It would print it into the output of the command."""
    ray_worker = import_module("ray._private.worker")

    def log(data: Mapping[str, Any], ignore_prefix: bool) -> None:
        for line in data["lines"]:
            _log.info("Ray: %s", line)

    name = "print_to_stdstream"
    before = vars(ray_worker)[name]
    vars(ray_worker)[name] = log
    try:
        yield
    finally:
        vars(ray_worker)[name] = before
