"""Shared pieces of the checks: parameters from JSON, schema snippets, evidence from acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from cattrs import Converter

from qa.model.dialogue import Dialogue, SpeechAct
from qa.model.finding import Evidence
from qa.model.rubric import Json
from qa.model.span import Span

T = TypeVar("T")

ACT_NAMES: dict[str, Json] = {
    "type": "array",
    "items": {"type": "string", "minLength": 1},
    "minItems": 1,
    "description": "a list of names of speech acts",
}
"""Schema of a list of speech acts."""


def act_names(which: str) -> dict[str, Json]:
    """Schema of a list of speech acts, said more closely: "that answer it"."""
    return {**ACT_NAMES, "description": f"a list of names of speech acts {which}"}


def seconds(description: str) -> dict[str, Json]:
    """Schema of a length of time in seconds."""
    return {"type": "number", "minimum": 0, "description": f"{description}, in seconds"}


def number(description: str) -> dict[str, Json]:
    """Schema of any number."""
    return {"type": "number", "description": description}


def whole(description: str, least: int = 1) -> dict[str, Json]:
    """Schema of a whole number of at least ``least``."""
    return {"type": "integer", "minimum": least, "description": description}


def share(description: str) -> dict[str, Json]:
    """Schema of a number from 0 to 1."""
    return {"type": "number", "minimum": 0, "maximum": 1, "description": f"{description}, from 0 to 1"}


def flag(description: str) -> dict[str, Json]:
    """Schema of a yes-or-no question."""
    return {"type": "boolean", "description": f"true or false: {description}"}


def role_name(description: str) -> dict[str, Json]:
    """Schema of a role in the call."""
    return {"enum": ["agent", "customer"], "description": f"{description}: “agent” or “customer”"}


def parameters_object(required: tuple[str, ...] = (), **properties: Json) -> dict[str, Json]:
    """Schema of a check's parameters: these properties and no others."""
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": dict(properties)}


def from_json(kind: type[T], parameters: Mapping[str, Json]) -> T:
    """The check that these parameters (valid by the kind's schema) describe."""
    return Converter().structure(dict(parameters), kind)


def evidence(acts: Iterable[SpeechAct]) -> tuple[Evidence, ...]:
    """The words of these acts, once each, in order of time."""
    unique = {(act.span, act.role): Evidence(act.span, act.role, act.quote) for act in acts}
    return tuple(unique[key] for key in sorted(unique, key=lambda k: (k[0], k[1].value)))


def sentence_evidence(dialogue: Dialogue, acts: Iterable[SpeechAct]) -> tuple[Evidence, ...]:
    """The whole sentences in which these acts stand, once each, in order of time."""
    found: dict[Span, Evidence] = {}
    for act in acts:
        words = dialogue.conversation.turns[act.turn].words
        quote = " ".join(word.text for word in words if act.sentence.covers(word.span.middle))
        found[act.sentence] = Evidence(act.sentence, act.role, quote or act.quote)
    return tuple(found[span] for span in sorted(found))
