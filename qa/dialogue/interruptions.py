"""Interruptions, exactly as the service standards define them; numbers are the rubric's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa.dialogue.turns import only_listening
from qa.model.conversation import Conversation, Role
from qa.model.scorecard import Interruption
from qa.model.sound import SoundKind
from qa.model.span import Span, intersect, merge, total
from qa.text.tokens import normal_form

COMPETITIVE_SECONDS = 1.0
"""s; the interrupted side falls silent within this time of the overlap's start (service standards)."""


@dataclass(frozen=True, slots=True)
class InterruptionRule:
    """What counts. All in seconds and words; the defaults are those of the service standards.

    ``bridge_seconds`` joins speech across breaths, so that a pause for air gives up no floor.
    """

    floor_seconds: float = 1.0
    overlap_seconds: float = 0.5
    backchannel_words: int = 2
    backchannel_seconds: float = 0.8
    bridge_seconds: float = 0.3


def _is_backchannel(texts: tuple[str, ...], duration: float, rule: InterruptionRule, known: frozenset[str]) -> bool:
    """A short listening sound; a short sound in which no word was heard is taken for one."""
    if duration > rule.backchannel_seconds or len(texts) > rule.backchannel_words:
        return False
    return only_listening(texts, known)


def _texts(conversation: Conversation, role: Role, within: Span) -> tuple[str, ...]:
    words = (w for t in conversation.by_role(role) if t.span & within for w in t.words)
    forms = (normal_form(word.text) for word in words if within.covers(word.span.middle))
    return tuple(form for form in forms if form)


def _occupied(conversation: Conversation) -> tuple[Span, ...]:
    kinds = (SoundKind.MUSIC, SoundKind.ANNOUNCEMENT, SoundKind.RING)
    return merge(event.span for event in conversation.events if event.kind in kinds)


def _candidates(conversation: Conversation, by: Role, rule: InterruptionRule) -> Iterator[tuple[Span, Span, float]]:
    """(interrupter's speech, interrupted speech, seconds of both) where one starts over the other."""
    others = merge(conversation.speech_of(by.counterpart), rule.bridge_seconds)
    for ours in merge(conversation.speech_of(by), rule.bridge_seconds):
        for theirs in others:
            if theirs.start + rule.floor_seconds <= ours.start < theirs.end:
                yield ours, theirs, total(intersect([ours], [theirs]))


def find_interruptions(
    conversation: Conversation, by: Role, rule: InterruptionRule, backchannels: frozenset[str]
) -> tuple[Interruption, ...]:
    """Every interruption by one role: it starts while the other has held the floor, and both go on.

        other  |----------------------|
        by               |------------------|
                         ^ at         overlap until the other stops

    ``backchannels`` are listening sounds in normal form. Music and announcements excuse an overlap.
    """
    occupied = _occupied(conversation)
    found: list[Interruption] = []
    for ours, theirs, overlap in _candidates(conversation, by, rule):
        texts = _texts(conversation, by, ours)
        excused = any(span.covers(ours.start) for span in occupied)
        listening = _is_backchannel(texts, ours.duration, rule, backchannels)
        if overlap >= rule.overlap_seconds and not excused and not listening:
            competitive = theirs.end - ours.start <= COMPETITIVE_SECONDS
            found.append(Interruption(ours.start, by, overlap, competitive))
    return tuple(found)
