"""However a rubric is broken, the answer is a rubric or messages, never a traceback."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from rubric_small import KINDS, RUBRIC

from qa.criteria import check_kinds
from qa.errors import Problem, RubricError
from qa.model.rubric import CheckKind, Rubric
from qa.rubric.lint import lint
from qa.rubric.load import build_checks, read_rubric

STANDARD_FILE = Path(__file__).parents[2] / "rubrics" / "standard.json"
STANDARD: dict[str, Any] = json.loads(STANDARD_FILE.read_text(encoding="utf-8"))

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["met", "en"])
VALUES = st.recursive(LEAVES, lambda node: st.lists(node, max_size=3) | st.dictionaries(st.text(max_size=5), node))


def places(node: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a document."""
    keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    return [place for key in keys for place in ((node, key), *places(node[key]))]


def mutate(data: st.DataObject, document: dict[str, Any]) -> None:
    """Put another value, or nothing, or the value under another name, at one place."""
    container, key = data.draw(st.sampled_from(places(document)))
    match data.draw(st.sampled_from(["replace", "remove", "rename", "repeat"])):
        case "replace":
            container[key] = data.draw(VALUES)
        case "remove":
            del container[key]
        case "rename" if isinstance(container, dict):
            container[data.draw(st.text(max_size=8))] = container.pop(key)
        case "repeat" if isinstance(container, list):
            container.append(copy.deepcopy(container[key]))


def outcome(content: bytes, kinds: Mapping[str, CheckKind]) -> Rubric | tuple[Problem, ...]:
    try:
        return read_rubric(content, kinds, "x.json")
    except RubricError as error:
        return error.problems


def judged(content: bytes, kinds: Mapping[str, CheckKind]) -> None:
    """The bytes are a rubric whose checks can be built and linted, or they are refused in four parts."""
    found = outcome(content, kinds)
    if isinstance(found, Rubric):
        assert len(build_checks(found, kinds)) == len(found.criteria)
        assert found.band_of(0.0) is not None
        lint(found, kinds, ("en",))
        return
    assert found
    for problem in found:
        assert problem.where.startswith("x.json")
        assert all((problem.wrong, problem.expected, problem.do))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_small_rubric_mutated_at_random(data: st.DataObject) -> None:
    document = copy.deepcopy(RUBRIC)
    for _ in range(data.draw(st.integers(1, 3))):
        mutate(data, document)
    judged(json.dumps(document).encode(), KINDS)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_standard_rubric_mutated_at_random(data: st.DataObject) -> None:
    document = copy.deepcopy(STANDARD)
    mutate(data, document)
    judged(json.dumps(document).encode(), check_kinds())


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_bytes_of_a_rubric_damaged_at_random(data: st.DataObject) -> None:
    content = json.dumps(RUBRIC).encode()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 20)))
    judged(content[:start] + data.draw(st.binary(max_size=6)) + content[end:], KINDS)


def test_the_standard_rubric_is_valid() -> None:
    rubric = read_rubric(json.dumps(STANDARD).encode(), check_kinds(), "standard.json")
    assert lint(rubric, check_kinds()) == ()
