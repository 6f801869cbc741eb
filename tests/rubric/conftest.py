"""Two small kinds of checks, a rubric that uses them, and the call of `load_rubric` on changed copies of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from qa.errors import Problem, RubricError
from qa.model.conversation import Role
from qa.model.dialogue import Dialogue
from qa.model.finding import Evidence, Finding, Reason, Verdict
from qa.model.rubric import CheckKind, CompanyFacts, Json, Rubric
from qa.rubric.load import read_rubric

Change = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Met when the agent says one of the phrases."""

    phrases: tuple[str, ...]

    def judge(self, dialogue: Dialogue) -> Finding:
        for turn in dialogue.conversation.by_role(Role.AGENT):
            if any(phrase in turn.text.casefold() for phrase in self.phrases):
                evidence = (Evidence(turn.span, Role.AGENT, turn.text),)
                return Finding(Verdict.MET, Reason("said"), 0.9, evidence)
        return Finding(Verdict.MISSED, Reason("not said"), 0.9, searched=dialogue.conversation.speech_hull())


@dataclass(frozen=True, slots=True)
class Silence:
    """Met when no silence is longer than the limit (s)."""

    seconds: float

    def judge(self, dialogue: Dialogue) -> Finding:
        silent = dialogue.conversation.silences(self.seconds)
        verdict = Verdict.MISSED if silent else Verdict.MET
        return Finding(verdict, Reason("silences"), searched=dialogue.conversation.speech_hull())


def build_phrases(parameters: Mapping[str, Json], company: CompanyFacts) -> Phrases:
    phrases = parameters["phrases"]
    assert isinstance(phrases, list)
    if "forbidden" in phrases:
        raise ValueError("the phrase 'forbidden' is forbidden")
    return Phrases(tuple(str(phrase) for phrase in phrases) + company.names)


def build_silence(parameters: Mapping[str, Json], company: CompanyFacts) -> Silence:
    seconds = parameters.get("seconds", 10.0)
    assert isinstance(seconds, int | float)
    return Silence(float(seconds))


def parameters_schema(required: list[Json], **properties: Json) -> dict[str, Json]:
    return {"type": "object", "required": required, "additionalProperties": False, "properties": dict(properties)}


PHRASE_LIST: Json = {"description": "a list of phrases", "type": "array", "items": {"type": "string"}, "minItems": 1}
SECONDS: Json = {"description": "the longest silence, in seconds", "type": "number", "minimum": 1}

KINDS = {
    "phrases": CheckKind(
        "phrases", "Finds a phrase.", parameters_schema(["phrases"], phrases=PHRASE_LIST), build_phrases
    ),
    "silence": CheckKind(
        "silence", "Measures silence.", parameters_schema([], seconds=SECONDS), build_silence, needs_words=False
    ),
}

RUBRIC: dict[str, Any] = {
    "id": "small",
    "version": "1.0.0",
    "title": "A small rubric",
    "bands": [
        {"id": "poor", "title": "Poor", "at_least": 0},
        {"id": "good", "title": "Good", "at_least": 75},
    ],
    "thresholds": {"min_role_confidence": 0.7},
    "company": {"names": ["Harbour Bank"], "jargon": {"APR": "yearly cost"}},
    "criteria": [
        {
            "id": "greeting",
            "title": "Greeting",
            "weight": 2,
            "critical": True,
            "applies": {"directions": ["inbound"], "queues": ["cards"], "languages": ["en"]},
            "check": {"type": "phrases", "phrases": ["good morning", "hello"]},
            "examples": [
                {
                    "name": "says hello",
                    "language": "en",
                    "direction": "inbound",
                    "dialogue": ["agent 0-3 Hello there", "customer 3-7 hi"],
                    "verdict": "met",
                },
                {
                    "name": "says nothing of the kind",
                    "language": "en",
                    "direction": "inbound",
                    "dialogue": ["agent 0-3 Yes?", "customer 3-7 hi"],
                    "verdict": "missed",
                },
            ],
        },
        {"id": "dead_air", "title": "Dead air", "weight": 1, "check": {"type": "silence", "seconds": 12.5}},
    ],
    "not_measured": ["dress"],
}


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
