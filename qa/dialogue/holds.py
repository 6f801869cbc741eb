"""Holds: stretches in which the customer waits, told by music or by what the agent said before and after."""

from __future__ import annotations

from qa.model.conversation import Role
from qa.model.dialogue import Dialogue
from qa.model.sound import SoundKind
from qa.model.span import Span, merge

ANNOUNCED_SECONDS = 15.0
"""s; a request to wait this long before a silence makes it a hold."""

QUIET_HOLD_SECONDS = 5.0
"""s; the shortest silence that a request to wait turns into a hold."""

MUSIC_HOLD_SECONDS = 3.0
"""s; the shortest music that counts as a hold."""

RETURN_SECONDS = 10.0
"""s; thanks for waiting this soon after a silence make it a hold."""


def _announced(dialogue: Dialogue, silence: Span) -> bool:
    before = Span(silence.start - ANNOUNCED_SECONDS, silence.start + 0.5)
    after = Span(silence.end - 0.5, silence.end + RETURN_SECONDS)
    asked = dialogue.find("hold_request", "hold_permission", role=Role.AGENT, within=before)
    thanked = dialogue.find("thanks_for_waiting", role=Role.AGENT, within=after)
    return bool(asked or thanked)


def find_holds(dialogue: Dialogue) -> tuple[Span, ...]:
    """Sorted disjoint spans of waiting: music, or a silence that the agent announced or gave thanks for."""
    events = dialogue.conversation.events
    music = [e.span for e in events if e.kind is SoundKind.MUSIC and e.span.duration >= MUSIC_HOLD_SECONDS]
    silences = dialogue.conversation.silences(QUIET_HOLD_SECONDS)
    return merge([*music, *(silence for silence in silences if _announced(dialogue, silence))], bridge=1.0)
