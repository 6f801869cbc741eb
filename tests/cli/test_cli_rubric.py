"""Rubrics on the command line: every mistake at once, examples that run, and what a change would do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_command import ROOT, Done, qa

STANDARD = ROOT / "rubrics" / "standard.json"


def changed(home: Path, **values: Any) -> Path:
    standard = json.loads(STANDARD.read_text(encoding="utf-8"))
    path = home / "changed.json"
    path.write_text(json.dumps({**standard, **values}), encoding="utf-8")
    return path


def test_the_packaged_rubric_is_valid_and_its_examples_hold(tmp_path: Path) -> None:
    answer = qa("rubric", "check", STANDARD, cwd=tmp_path)
    assert answer.status == 0
    assert "valid" in answer.out
    answer = qa("rubric", "test", STANDARD, "--json", cwd=tmp_path)
    assert (answer.status, answer.summary["failed"]) == (0, 0), answer.out


def test_every_mistake_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    standard = json.loads(STANDARD.read_text(encoding="utf-8"))
    first, second, *rest = standard["criteria"]
    wrong = [{**first, "weight": "2"}, {**second, "check": {"type": "telepathy"}}, *rest]
    answer = qa("rubric", "check", changed(tmp_path, criteria=wrong, colour="red"), cwd=tmp_path)
    assert (answer.status, answer.out) == (2, "")
    places = [problem["where"].split(" ")[-1] for problem in answer.problems()]
    assert "$.criteria[0].weight" in places
    assert any(place.startswith("$.criteria[1].check") for place in places)
    assert any("colour" in str(problem) for problem in answer.problems())


@pytest.mark.slow
def test_an_example_that_does_not_hold_is_status_1(tmp_path: Path) -> None:
    standard = json.loads(STANDARD.read_text(encoding="utf-8"))
    first, *rest = standard["criteria"]
    other = {"met": "missed", "missed": "met"}
    examples = [{**e, "verdict": other.get(e["verdict"], "met")} for e in first["examples"]]
    path = changed(tmp_path, criteria=[{**first, "examples": examples}, *rest])
    answer = qa("rubric", "test", path, cwd=tmp_path)
    assert answer.status == 1
    assert answer.out.splitlines()[0].startswith(f"failed: {first['id']}: ")


@pytest.mark.slow
def test_a_change_of_weights_is_told_call_by_call_and_stores_nothing(tmp_path: Path, night: Done) -> None:
    standard = json.loads(STANDARD.read_text(encoding="utf-8"))
    before = night.store.read_bytes()
    same = qa("rubric", "diff", STANDARD, STANDARD, "--store", night.store, "--json", cwd=tmp_path)
    assert (same.status, same.summary) == (0, {"message_type": "summary", "calls": 6, "changed": 0})
    path = changed(tmp_path, criteria=standard["criteria"][:1])
    answer = qa("rubric", "diff", STANDARD, path, "--store", night.store, "--json", cwd=tmp_path)
    assert answer.summary["changed"] == 6
    assert night.store.read_bytes() == before
