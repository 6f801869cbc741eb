"""What a check found: a verdict, and the words and seconds that earned or lost it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa.model.conversation import Role
from qa.model.span import Span


class Verdict(StrEnum):
    """``unsure`` is a verdict: not scored, and sent to a human."""

    MET = "met"
    PARTLY = "partly"
    MISSED = "missed"
    NOT_APPLICABLE = "not_applicable"
    UNSURE = "unsure"

    @property
    def counts(self) -> bool:
        """Whether points are at stake: not for N/A and unsure."""
        return self in (Verdict.MET, Verdict.PARTLY, Verdict.MISSED)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words (redacted) that a verdict rests on, who said them and when."""

    span: Span
    role: Role
    quote: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a message that a catalogue can translate: an English template and its values.

    >>> str(Reason("{found} of {wanted} parts were said", (("found", 2), ("wanted", 4))))
    '2 of 4 parts were said'
    """

    template: str
    values: tuple[tuple[str, str | int | float], ...] = ()

    def __str__(self) -> str:
        return self.template.format(**dict(self.values))


@dataclass(frozen=True, slots=True)
class Finding:
    """A check's answer. ``missed`` carries the span that was searched, or the words that broke it.

    ``confidence`` is 0 to 1: how sure the check is, before the rubric's threshold is applied.
    """

    verdict: Verdict
    reason: Reason
    confidence: float = 1.0
    evidence: tuple[Evidence, ...] = ()
    searched: Span | None = None
