"""A first-person commitment to a future act for this customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qa.model.conversation import Role
from qa.model.span import Span


class PromiseState(StrEnum):
    """``unknown`` when nothing can settle it; never guessed."""

    OPEN = "open"
    KEPT = "kept"
    LATE = "late"
    BROKEN = "broken"
    UNKNOWN = "unknown"


class PromisedAct(StrEnum):
    """What was promised to be done."""

    CALL_BACK = "call_back"
    SEND = "send"
    REFUND = "refund"
    CHECK = "check"
    VISIT = "visit"
    CORRECT = "correct"
    ESCALATE = "escalate"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Promise:
    """Who said what they would do, in which words, by when.

    ``due_text`` are the words that state the time, None where no time was stated;
    ``due`` is that time resolved against the call's start, None where it cannot be.
    """

    role: Role
    span: Span
    quote: str
    act: PromisedAct
    due_text: str | None = None
    due: datetime | None = None
    state: PromiseState = PromiseState.OPEN
    state_reason: str = ""
    third_party: bool = False
    confidence: float = 1.0
