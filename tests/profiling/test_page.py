"""The how-to page has an output at each place for one."""

from __future__ import annotations

import subprocess
import sys

from tests.profiling.conftest import ROOT


def test_every_output_is_pasted() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts/update_profiling_page.py", "--check"])
    assert done.returncode == 0, "run python scripts/update_profiling_page.py"
