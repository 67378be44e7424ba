"""The page of faults is about the tests that there are, and no row is without one."""

from __future__ import annotations

import re
import subprocess
import sys

from tests.faults.runs import ROOT

#: There is no LMDB output.
WITHOUT = {51}


def test_every_row_has_a_test() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests/faults").glob("test_*.py"))
    assert set(map(int, re.findall(r"^def test_f(\d\d)_", sources, re.MULTILINE))) == set(range(1, 57)) - WITHOUT


def test_the_page_lists_these_tests() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts/faults_table.py", "--check"], check=False)
    assert done.returncode == 0, "run python scripts/faults_table.py"
