"""What an import or a help text may load: asserted by module names, since times differ from machine to machine."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

#: Top-level packages that take long to load, and that a program may never need.
HEAVY = {"cv2", "numpy", "pydantic", "pydantic_core", "uharfbuzz", "fontTools", "yaml", "gflanguages", "isal", "ray"}


def loaded_by(code: str) -> set[str]:
    """Top-level packages in `sys.modules` after running `code` in a new interpreter."""
    report = "import json, sys; sys.stderr.write(json.dumps(sorted(n for n in sys.modules if '.' not in n)))"
    done = subprocess.run([sys.executable, "-c", f"{code}\n{report}"], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_importing_glyphmill_loads_nothing_heavy() -> None:
    assert loaded_by("import glyphmill").isdisjoint(HEAVY | {"cyclopts", "rich"})


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["generate", "--help"], ["config", "show", "--help"]])
def test_a_help_text_loads_nothing_heavy(arguments: list[str]) -> None:
    code = f"from glyphmill.cli.app import run; assert run({arguments!r}) == 0"
    assert loaded_by(code).isdisjoint(HEAVY | {"markdown_it"})
