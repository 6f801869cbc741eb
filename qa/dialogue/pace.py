"""How fast the agent speaks and how often with fillers: words and seconds, no mood."""

from __future__ import annotations

from collections.abc import Iterator

from qa.languages import language
from qa.model.conversation import Conversation, Role
from qa.model.span import Span, total
from qa.model.transcript import Word
from qa.text.tokens import normal_form


def speech_seconds(conversation: Conversation, role: Role) -> float:
    """Seconds in which the voice of a role is heard."""
    return total(conversation.speech_of(role))


def words_of(conversation: Conversation, role: Role) -> tuple[Word, ...]:
    """Every word of a role, by time."""
    return tuple(sorted((w for turn in conversation.by_role(role) for w in turn.words), key=lambda w: w.span))


def words_per_minute(conversation: Conversation, role: Role) -> float:
    """Words per minute of a role's own voice; 0.0 where it is not heard."""
    spoken = speech_seconds(conversation, role)
    return 60 * len(words_of(conversation, role)) / spoken if spoken else 0.0


def pace_by_window(conversation: Conversation, role: Role, window: float) -> tuple[tuple[Span, float], ...]:
    """Words per minute over successive stretches of at least ``window`` seconds of the role's own voice.

    What is left at the end and too short to say anything is left out.
    """
    found: list[tuple[Span, float]] = []
    words, spoken, start = 0, 0.0, 0.0
    utterances = sorted((u for t in conversation.by_role(role) for u in t.utterances), key=lambda u: u.span)
    for utterance in utterances:
        start = utterance.span.start if not words else start
        words += len(utterance.words)
        spoken += utterance.span.duration
        if spoken >= window:
            found.append((Span(start, utterance.span.end), 60 * words / spoken))
            words, spoken = 0, 0.0
    return tuple(found)


def fillers(conversation: Conversation, role: Role) -> tuple[Word, ...]:
    """The hesitations of a role, by the language's list; of a filler of several words the first one."""
    data = language(conversation.language)
    known = {tuple(normal_form(w) for w in filler.split()) for filler in data.fillers} if data else set()
    words = words_of(conversation, role)
    return tuple(words[index] for index in _starts([normal_form(w.text) for w in words], known))


def _starts(forms: list[str], known: set[tuple[str, ...]]) -> Iterator[int]:
    lengths = sorted({len(filler) for filler in known}, reverse=True)
    index = 0
    while index < len(forms):
        length = next((n for n in lengths if tuple(forms[index : index + n]) in known), 0)
        if length:
            yield index
        index += length or 1
