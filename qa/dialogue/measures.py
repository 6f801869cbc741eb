"""The figures of a conversation: seconds, counts and shares, beside the score and never in it."""

from __future__ import annotations

from qa.dialogue.holds import find_holds
from qa.dialogue.interruptions import InterruptionRule, find_interruptions
from qa.model.conversation import Conversation, Role
from qa.model.dialogue import Dialogue
from qa.model.scorecard import CallMetrics, Interruption
from qa.model.sound import SoundKind
from qa.model.span import Span, subtract, total

DEAD_AIR_SECONDS = 10.0
"""s; silence of both sides outside a hold that is flagged (service standards)."""

SILENCE_SECONDS = 3.0
"""s; pauses longer than this count as silence (Contact Lens counts non-talk time so)."""

MIN_PACE_SECONDS = 5.0
"""s; over less speech than this a words-per-minute figure says nothing."""


def measure(dialogue: Dialogue) -> CallMetrics:
    """Talk time by voice activity, holds, silences, overlaps and interruptions of one dialogue."""
    conversation = dialogue.conversation
    agent, customer = (total(conversation.speech_of(role)) for role in (Role.AGENT, Role.CUSTOMER))
    holds = find_holds(dialogue)
    silences = subtract(conversation.silences(SILENCE_SECONDS), holds)
    return CallMetrics(
        talk_seconds_agent=agent,
        talk_seconds_customer=customer,
        talk_share_agent=agent / (agent + customer) if agent + customer else None,
        silence_seconds=total(silences),
        hold_seconds=total(holds),
        overlap_seconds=total(conversation.overlaps()),
        words_per_minute_agent=_pace(conversation, agent),
        interruptions=_all_interruptions(dialogue),
        dead_air=dead_air(dialogue, DEAD_AIR_SECONDS),
    )


def dead_air(dialogue: Dialogue, longer_than: float) -> tuple[Span, ...]:
    """Silences of both sides longer than ``longer_than`` seconds that lie outside every hold.

    Noise on the line is still dead air; music, ringing and announcements are not.
    """
    conversation = dialogue.conversation
    heard = [event.span for event in conversation.events if event.kind is not SoundKind.NOISE]
    quiet = subtract(conversation.silences(longer_than), [*find_holds(dialogue), *heard])
    return tuple(span for span in quiet if span.duration > longer_than)


def _pace(conversation: Conversation, seconds: float) -> float | None:
    words = sum(len(turn.words) for turn in conversation.by_role(Role.AGENT))
    return 60 * words / seconds if seconds >= MIN_PACE_SECONDS and words else None


def _all_interruptions(dialogue: Dialogue) -> tuple[Interruption, ...]:
    rule = InterruptionRule()
    found = [
        i
        for role in (Role.AGENT, Role.CUSTOMER)
        for i in find_interruptions(dialogue.conversation, role, rule, dialogue.backchannels)
    ]
    return tuple(sorted(found, key=lambda i: i.at))
