"""Documentation is part of the product: its blocks run, its commands exist, its reference is the code's."""

from __future__ import annotations

import doctest
import json
import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from typer.main import get_command

import qa
from qa.audio.find import find
from qa.cli.main import app
from qa.cli.reference import reference

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(kind: str) -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
            if found[1] == kind:
                yield str(page.relative_to(ROOT)), found[2]


def command_lines() -> list[tuple[str, str]]:
    """Every ``qa …`` line of every shell block, continued lines joined."""
    found = []
    for page, block in blocks("bash"):
        for line in block.replace("\\\n", " ").splitlines():
            command = re.search(r"(?:^|[/\s])qa (?P<rest>[a-z].*)$", line.split(" #")[0].strip())
            if command:
                found.append((page, command["rest"]))
    return found


@pytest.mark.parametrize(("page", "line"), command_lines())
def test_every_command_in_the_documents_can_be_given(page: str, line: str) -> None:
    words = shlex.split(line)
    command = get_command(app)
    while words and hasattr(command, "commands") and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    command.make_context("qa", words, resilient_parsing=False)


@pytest.mark.parametrize(("page", "block"), list(blocks("json")))
def test_every_json_block_is_json(page: str, block: str) -> None:
    json.loads(block)


@pytest.mark.parametrize(("page", "block"), list(blocks("csv")))
def test_every_manifest_block_is_a_manifest(page: str, block: str, tmp_path: Path) -> None:
    if not block.startswith("recording,"):
        pytest.skip("not a manifest")
    (tmp_path / "manifest.csv").write_text(block, encoding="utf-8")
    found = find([str(tmp_path)], None, tmp_path / "fetched")
    assert {failure.kind.value for failure in found.failures} == {"missing_file"}


def test_the_command_line_reference_is_the_codes() -> None:
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == reference(), "run make docs"


def test_every_link_between_documents_leads_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def documented_modules() -> list[str]:
    names = [module.name for module in walk_packages(qa.__path__, "qa.")]
    return [name for name in names if name != "qa.__main__"]


@pytest.mark.parametrize("name", documented_modules())
def test_examples_in_docstrings_are_true(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0
