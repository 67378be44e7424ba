"""However a config is damaged, its user gets an exit code and a sentence, never a traceback."""

from __future__ import annotations

import contextlib
import io
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glyphmill.cli.app import run

STARTER = files("glyphmill.config").joinpath("starter.yaml").read_bytes()
MARKS = b"""*a &a !!python/object:os.system <<: ? - [ ] { } : ' " | > %YAML --- .nan .inf null 1e999 -1 0x \xff\xfe"""
PIECES = st.one_of(st.binary(max_size=4), st.sampled_from([*MARKS.split(), b"\t", b"\n", b"---\n", b": ", b"- "]))
#: (where, how much is cut there, what is put there)
EDITS = st.lists(st.tuples(st.integers(0, len(STARTER)), st.integers(0, 12), PIECES), min_size=1, max_size=6)


@pytest.mark.fuzz
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS)
def test_a_damaged_config_ends_in_a_sentence(tmp_path: Path, edits: list[tuple[int, int, bytes]]) -> None:
    content = STARTER
    for where, cut, piece in edits:
        content = content[:where] + piece + content[where + cut :]
    path = tmp_path / "job.yaml"
    path.write_bytes(content)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(["config", "show", str(path)])
    assert code in (0, 2), err.getvalue()
    assert "Traceback" not in err.getvalue()
    assert "job.yaml" in err.getvalue() or code == 0
