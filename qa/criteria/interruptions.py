"""Interruptions by the agent, against an allowance that grows with the length of the call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from qa.criteria.parameters import from_json, parameters_object, seconds, share, whole
from qa.dialogue.interruptions import InterruptionRule, find_interruptions
from qa.model.contracts import Check
from qa.model.conversation import Conversation, Role
from qa.model.dialogue import Dialogue
from qa.model.finding import Evidence, Finding, Reason, Verdict
from qa.model.rubric import CheckKind, CompanyFacts, Json
from qa.model.scorecard import Interruption
from qa.model.sound import ChannelLayout
from qa.model.span import Span

QUOTE_SECONDS = 3.0
"""s; how much of the interrupter's words a report quotes."""


MIXED = (ChannelLayout.MONO, ChannelLayout.DUAL_MONO)
"""Layouts in which both voices share a channel."""


@dataclass(frozen=True, slots=True)
class Interruptions:
    """Met without interruptions, partly up to ``allowed`` per begun ``per_seconds``, missed above.

    On one mixed channel overlaps are told less surely: there they must last ``mono_overlap_seconds``, and
    the finding's confidence is ``mono_confidence``. A transcript without sound has the times that somebody
    wrote down: ``written_confidence``.
    """

    floor_seconds: float = 1.0
    overlap_seconds: float = 0.5
    backchannel_words: int = 2
    backchannel_seconds: float = 0.8
    allowed: int = 1
    per_seconds: float = 300.0
    mono_overlap_seconds: float = 0.8
    mono_confidence: float = 0.6
    written_confidence: float = 0.75

    def judge(self, dialogue: Dialogue) -> Finding:
        """Count the agent's interruptions."""
        conversation = dialogue.conversation
        mixed = conversation.hearing.layout in MIXED
        found = find_interruptions(conversation, Role.AGENT, self._rule(mixed), dialogue.backchannels)
        allowed = self.allowed * max(1, ceil(conversation.duration / self.per_seconds))
        return Finding(
            _verdict(len(found), allowed),
            Reason(
                "Interruptions by the agent: {count}; up to {allowed} still earn “partly”",
                (("count", len(found)), ("allowed", allowed)),
            ),
            self._confidence(conversation.hearing.layout),
            tuple(_evidence(conversation, interruption) for interruption in found),
            searched=conversation.speech_hull(),
        )

    def _confidence(self, layout: ChannelLayout) -> float:
        if layout is ChannelLayout.TRANSCRIPT:
            return self.written_confidence
        return self.mono_confidence if layout in MIXED else 1.0

    def _rule(self, mixed: bool) -> InterruptionRule:
        overlap = max(self.overlap_seconds, self.mono_overlap_seconds) if mixed else self.overlap_seconds
        return InterruptionRule(self.floor_seconds, overlap, self.backchannel_words, self.backchannel_seconds)


def _verdict(count: int, allowed: int) -> Verdict:
    if not count:
        return Verdict.MET
    return Verdict.PARTLY if count <= allowed else Verdict.MISSED


def _evidence(conversation: Conversation, interruption: Interruption) -> Evidence:
    span = Span(interruption.at, interruption.at + max(QUOTE_SECONDS, interruption.overlap))
    words = (w for t in conversation.by_role(Role.AGENT) if t.span & span for w in t.words)
    return Evidence(span, Role.AGENT, " ".join(word.text for word in words if span.covers(word.span.middle)))


def build(parameters: Mapping[str, Json], company: CompanyFacts) -> Check:
    """The check that these parameters describe."""
    return from_json(Interruptions, parameters)


KIND = CheckKind(
    name="interruptions",
    purpose="Counts how often the agent starts over a customer who holds the floor.",
    schema=parameters_object(
        floor_seconds=seconds("how long the customer must have held the floor"),
        overlap_seconds=seconds("how long both must speak"),
        backchannel_words=whole("how many words a listening sound has at most", 0),
        backchannel_seconds=seconds("how long a listening sound lasts at most"),
        allowed=whole("how many interruptions still earn “partly”", 0),
        per_seconds=seconds("the length of call for which the allowance is given"),
        mono_overlap_seconds=seconds("how long both must speak on a mixed channel"),
        mono_confidence=share("the confidence of a finding on a mixed channel"),
        written_confidence=share("the confidence of a finding on a transcript without sound"),
    ),
    build=build,
    needs_words=False,
)
