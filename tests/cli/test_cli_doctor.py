"""``qa doctor`` says what works and what to do about the rest; ``qa --help`` answers at once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cli_command import Done, qa

import qa as package


def test_a_machine_without_weights_is_a_good_machine(night: Done, tmp_path: Path) -> None:
    answer = qa("doctor", "--store", night.store, "--json", cwd=tmp_path, XDG_CACHE_HOME=str(tmp_path))
    assert answer.status == 0, answer.out
    found = {line["what"]: line for line in answer.lines[:-1]}
    assert found["torch"]["state"] == found["decoders"]["state"] == found["languages"]["state"] == "works"
    assert "6 calls" in found["store"]["found"]
    missing = [line for line in found.values() if line["state"] == "missing"]
    assert any("weights" in line["what"] for line in missing)
    assert all(line["do"] for line in missing)
    assert answer.summary["broken"] == 0


def test_looking_makes_no_store(tmp_path: Path) -> None:
    answer = qa("doctor", cwd=tmp_path)
    assert answer.status == 0
    assert "none yet at qa.sqlite" in answer.out
    assert not (tmp_path / "qa.sqlite").exists()


@pytest.mark.slow
def test_a_store_that_cannot_be_used_is_broken(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "qa.sqlite")) as store:
        store.execute("CREATE TABLE customers (name TEXT)")
    answer = qa("doctor", cwd=tmp_path)
    assert answer.status == 1
    assert "broken   store: another program's database" in answer.out


@pytest.mark.parametrize("command", [(), ("run",), ("rubric",), ("rubric", "check"), ("promises",), ("doctor",)])
def test_help_is_there_on_every_level(tmp_path: Path, command: tuple[str, ...]) -> None:
    answer = qa(*command, "--help", cwd=tmp_path)
    assert (answer.status, answer.err) == (0, "")
    assert "Usage:" in answer.out


def test_the_version_is_told(tmp_path: Path) -> None:
    assert qa("--version", cwd=tmp_path).out == f"qa {package.__version__}\n"
