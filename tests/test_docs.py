"""Every command and code block of the README and the docs does what it says, and every link leads somewhere.

Blocks of a page run in order in one temporary folder: `bash` with the commands of this environment on the PATH,
`python` in one namespace, `yaml` and `json` are read, and a whole config (one with `total_images`) is validated.
A block below `<!-- no-run: reason -->` is not run.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from glyphmill.cli.app import COMMANDS, run
from glyphmill.config.load import load_text
from glyphmill.core.registry import discover
from glyphmill.core.unit import STAGES
from tests.markdown import Block, anchors, blocks, links

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
#: What commands of the docs refer to; linked into the folder they run in.
PROVIDED = ("scripts", "test_configs", "batch_config.yaml")
#: Options that the reference describes once for all commands.
EVERYWHERE = {"--help", "--json", "--log-level", "--fonts", "--backgrounds", "--corpus"}
LANGUAGES = {"bash", "python", "yaml", "json", "text", "make"}


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_block_names_its_language(page: Path) -> None:
    wrong = [block for block in blocks(page) if block.language not in LANGUAGES]
    assert not wrong, f"{name_of(page)}:{wrong[0].line} is marked {wrong[0].language!r}, none of {sorted(LANGUAGES)}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{name_of(page)} links to {link}, which is not there"
        if anchor:
            assert anchor in anchors(target), f"{name_of(page)} links to {link}; that page has no such heading"


def test_the_reference_lists_the_settings_that_there_are() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts/update_config_reference.py", "--check"])
    assert done.returncode == 0, "run python scripts/update_config_reference.py"


def test_every_effect_and_degradation_has_its_page() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts/update_unit_pages.py", "--check"])
    assert done.returncode == 0, "run python scripts/update_unit_pages.py"


@pytest.mark.parametrize("command", [*COMMANDS, "config show"])
def test_the_reference_names_every_option_of_a_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command.split(), "--help"]) == 0
    options = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out)) - EVERYWHERE
    page = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
    section = page.partition(f"## glyphmill {command}\n")[2].partition("\n## ")[0]
    assert options <= set(re.findall(r"--[a-z][a-z-]+", section))


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=name_of)
def test_the_blocks_of_a_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for entry in PROVIDED:
        if (ROOT / entry).exists():
            (tmp_path / entry).symlink_to(ROOT / entry)
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks(page):
        if not block.no_run:
            _run(block, f"{name_of(page)}:{block.line}", namespace)


def _run(block: Block, where: str, namespace: dict[str, Any]) -> None:
    if block.language == "bash":
        _run_bash(block.code, where)
    elif block.language == "python":
        exec(compile(block.code, where, "exec"), namespace)
    elif block.language == "json":
        json.loads(block.code)
    elif block.language == "yaml":
        content = yaml.safe_load(block.code)
        if isinstance(content, dict) and content.keys() <= set(STAGES):
            content = {"total_images": 1, "specifications": [{"name": "example", "proportion": 1, **content}]}
        if isinstance(content, dict) and "total_images" in content:
            load_text(yaml.safe_dump(content), where, discover())


def _run_bash(code: str, where: str) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", code],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, f"{where} exits with {done.returncode}\n{done.stdout}{done.stderr}"
