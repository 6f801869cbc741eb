"""From attributed words to utterances and turns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from qa.model.conversation import Role, Turn, Utterance
from qa.model.span import Span
from qa.model.transcript import Word
from qa.text.tokens import normal_form

UTTERANCE_PAUSE_SECONDS = 0.8
"""s; a pause this long within one speaker's words starts a new utterance."""

BACKCHANNEL_SECONDS = 0.8
"""s; a listening sound is no longer than this (service standards)."""

BACKCHANNEL_WORDS = 2
"""Words; a listening sound has no more (service standards)."""


@dataclass(frozen=True, slots=True)
class SpokenWords:
    """An utterance and the label of who said it."""

    speaker: str
    utterance: Utterance


def split_at_pauses(words: Iterable[Word], speaker: str) -> tuple[SpokenWords, ...]:
    """One speaker's words, cut into utterances where the speaker pauses."""
    runs: list[list[Word]] = []
    for word in words:
        if not runs or word.span.start - runs[-1][-1].span.end > UTTERANCE_PAUSE_SECONDS:
            runs.append([])
        runs[-1].append(word)
    return tuple(
        SpokenWords(speaker, Utterance(tuple(run), Span(run[0].span.start, max(w.span.end for w in run))))
        for run in runs
    )


def only_listening(texts: Sequence[str], backchannels: frozenset[str]) -> bool:
    """Whether these words, in normal form, are listening sounds of the language and nothing else."""
    return " ".join(texts) in backchannels or all(text in backchannels for text in texts)


def is_listening_sound(utterance: Utterance, backchannels: frozenset[str]) -> bool:
    """At most two words of the language's list, and short."""
    texts = [form for word in utterance.words if (form := normal_form(word.text))]
    if not texts or len(texts) > BACKCHANNEL_WORDS or utterance.span.duration > BACKCHANNEL_SECONDS:
        return False
    return only_listening(texts, backchannels)


def _under_another(spoken: SpokenWords, others: Iterable[SpokenWords]) -> bool:
    """Whether somebody else goes on speaking over at least half of this."""
    half = spoken.utterance.span.duration / 2
    return any((other.utterance.span & spoken.utterance.span).duration >= half for other in others)


def to_turns(
    spoken: Sequence[SpokenWords], roles: Mapping[str, Role], backchannels: frozenset[str]
) -> tuple[Turn, ...]:
    """The turns of a call, sorted by start.

    Utterances of one speaker form a turn until another speaker takes the floor; listening sounds under
    another's words are turns of their own and take no floor.
    """
    ordered = sorted(spoken, key=lambda s: (s.utterance.span, s.speaker))
    listening = [_listens(s, ordered, backchannels) for s in ordered]
    floor = [s for s, listens in zip(ordered, listening, strict=True) if not listens]
    under = [s for s, listens in zip(ordered, listening, strict=True) if listens]
    turns = [
        Turn(speaker, roles.get(speaker, Role.OTHER), tuple(s.utterance for s in group))
        for speaker, group in groupby(floor, key=lambda s: s.speaker)
    ]
    turns += [Turn(s.speaker, roles.get(s.speaker, Role.OTHER), (s.utterance,), backchannel=True) for s in under]
    return tuple(sorted(turns, key=lambda turn: (turn.span, turn.speaker)))


def _listens(spoken: SpokenWords, everyone: Sequence[SpokenWords], backchannels: frozenset[str]) -> bool:
    if not is_listening_sound(spoken.utterance, backchannels):
        return False
    return _under_another(spoken, (other for other in everyone if other.speaker != spoken.speaker))
