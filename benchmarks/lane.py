"""The parent's end of a lane: a process that stays open while batches in it are measured, in turn with others'."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

from benchmarks.measure import Cost
from benchmarks.place import ROOT
from benchmarks.result import BenchmarkError


class Lane:
    """A process that runs a module of ``benchmarks.lanes``.

    Args:
        module: its name in that package.
        settings: JSON values, as the module describes them.
        env: its variables.
        python: the interpreter that it runs in.

    Attributes:
        facts: what the lane says about itself once it is open.

    Raises: BenchmarkError if it does not open.
    """

    def __init__(
        self, module: str, settings: Mapping[str, Any], *, env: Mapping[str, str], python: Path | str = sys.executable
    ) -> None:
        self._name = module
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the lane
        answers, descriptor = os.pipe()
        self._answers = os.fdopen(answers, encoding="utf-8")
        try:
            self._process = subprocess.Popen(
                [str(python), "-m", f"benchmarks.lanes.{module}", json.dumps(settings), str(descriptor)],
                cwd=ROOT,
                env=env,
                stdin=subprocess.PIPE,
                stdout=self._said,
                stderr=self._said,
                pass_fds=(descriptor,),
            )
        finally:
            os.close(descriptor)
        self._requests = cast("IO[bytes]", self._process.stdin)
        self.facts = self._read()

    def batch(self, **request: Any) -> Cost:
        """Do a batch and say what it cost. Raises: BenchmarkError if the lane breaks off."""
        with suppress(BrokenPipeError):  # it has ended: why is read next
            self._requests.write(json.dumps(request).encode() + b"\n")
            self._requests.flush()
        return Cost(**self._read())

    def _read(self) -> dict[str, Any]:
        line = self._answers.readline()
        if line:
            answer: dict[str, Any] = json.loads(line)
            return answer
        status = self._process.wait()
        self._said.seek(0)
        tail = self._said.read()[-2000:].decode(errors="replace")
        self.close()
        raise BenchmarkError(f"the lane {self._name} ended with {status}:\n{tail}")

    def close(self) -> None:
        """End the process."""
        self._process.communicate()
        self._answers.close()
        self._said.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._said.closed:
            self.close()
