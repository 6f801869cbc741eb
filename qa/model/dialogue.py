"""A conversation understood: its speech acts, ready for criteria to judge by role, order and time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qa.model.conversation import Conversation, Role
from qa.model.promise import Promise
from qa.model.recording import Direction, Party
from qa.model.span import Span


@dataclass(frozen=True, slots=True)
class SpeechAct:
    """Something done with words: a greeting, an apology, a promise.

    ``turn`` and ``utterance`` are indices into the conversation; ``span`` and ``quote`` cover the words that did
    it, ``sentence`` the whole sentence they stand in; ``confidence`` is 0 to 1; ``layer`` names what recognised
    it (for explanations).
    """

    name: str
    role: Role
    turn: int
    utterance: int
    span: Span
    sentence: Span
    quote: str
    confidence: float
    layer: str


@dataclass(frozen=True, slots=True)
class CallContext:
    """What a criterion may know of the call beyond its words: no name and no history of the agent.

    ``earlier_contact`` says whether the customer has an earlier call on record; None where nobody knows.
    """

    direction: Direction | None = None
    started_at: datetime | None = None
    queue: str | None = None
    disconnected_by: Party | None = None
    earlier_contact: bool | None = None


class LanguageSupport(StrEnum):
    """Whether the house has data for the language; without it only wordless criteria are judged."""

    FULL = "full"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What the criteria judge: a conversation, its speech acts in order of time, and its promises.

    ``backchannels`` are the normalised listening sounds of the language, for the interruption rule.
    """

    conversation: Conversation
    context: CallContext
    acts: tuple[SpeechAct, ...]
    promises: tuple[Promise, ...]
    support: LanguageSupport
    backchannels: frozenset[str] = frozenset()

    def find(self, *names: str, role: Role | None = None, within: Span | None = None) -> tuple[SpeechAct, ...]:
        """Acts of these names, optionally of one role and starting within a span, in order of time."""
        return tuple(
            act
            for act in self.acts
            if act.name in names
            and (role is None or act.role is role)
            and (within is None or within.covers(act.span.start))
        )
