"""Two small kinds of checks and a rubric that uses them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qa.model.conversation import Role
from qa.model.dialogue import Dialogue
from qa.model.finding import Evidence, Finding, Reason, Verdict
from qa.model.rubric import CheckKind, CompanyFacts, Json


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
