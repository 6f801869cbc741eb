"""What the tests of rubrics share: a small rubric, and the reading of changed copies of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from rubric_small import KINDS, RUBRIC

from qa.errors import Problem, RubricError
from qa.model.rubric import CheckKind, Rubric
from qa.rubric.load import read_rubric

Change = Callable[[dict[str, Any]], None]


def changed(change: Change) -> bytes:
    """The bytes of the small rubric after a change."""
    document = copy.deepcopy(RUBRIC)
    change(document)
    return json.dumps(document).encode()


@pytest.fixture
def rubric() -> Rubric:
    return read_rubric(json.dumps(RUBRIC).encode(), KINDS, "small.json")


@pytest.fixture
def kinds() -> Mapping[str, CheckKind]:
    return KINDS


@pytest.fixture
def document() -> dict[str, Any]:
    return copy.deepcopy(RUBRIC)


@pytest.fixture
def read() -> Callable[[Change], Rubric]:
    """Reads a changed copy of the small rubric."""
    return lambda change: read_rubric(changed(change), KINDS, "small.json")


@pytest.fixture
def problems() -> Callable[[bytes | Change], tuple[Problem, ...]]:
    """What is wrong with these bytes, or with the small rubric after this change."""

    def refuse(content: bytes | Change) -> tuple[Problem, ...]:
        with pytest.raises(RubricError) as caught:
            read_rubric(content if isinstance(content, bytes) else changed(content), KINDS, "small.json")
        return caught.value.problems

    return refuse
