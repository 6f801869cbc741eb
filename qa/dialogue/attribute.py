"""Who said each word: by channel, by the transcript's own labels, or by the diarisation beneath it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import groupby

from qa.dialogue.turns import SpokenWords, split_at_pauses
from qa.model.conversation import Utterance
from qa.model.sound import Diarisation, SpeakerSpan
from qa.model.span import Span
from qa.model.transcript import Segment, Transcript, Word

NEARBY_SECONDS = 1.0
"""s; a word outside every speaker span goes to the nearest one within this distance."""

ONLY_SPEAKER = "speaker-0"
"""The label where nothing tells speakers apart."""


def channel_label(channel: int) -> str:
    """The speaker label of everything said on one channel."""
    return f"channel-{channel}"


def _labelled(segment: Segment) -> str | None:
    if segment.speaker is not None:
        return segment.speaker
    return channel_label(segment.channel) if segment.channel is not None else None


class _Nearest:
    """Looks up who speaks at a word; spans are sorted once, so a long call stays quick."""

    def __init__(self, diarisation: Diarisation) -> None:
        self._spans = sorted(diarisation.spans, key=lambda s: (s.span, s.speaker))
        self._starts = [s.span.start for s in self._spans]
        self._longest = max((s.span.duration for s in self._spans), default=0.0)

    def speaker(self, word: Span, before: str | None) -> str | None:
        """The speaker with most of the word; on equal shares the one who spoke before; else the nearest."""
        near = list(self._near(word))
        if not near:
            return before
        return min(near, key=lambda s: (-(s.span & word).duration, s.span.gap(word), s.speaker != before)).speaker

    def _near(self, word: Span) -> Iterator[SpeakerSpan]:
        first = bisect_left(self._starts, word.start - self._longest - NEARBY_SECONDS)
        last = bisect_left(self._starts, word.end + NEARBY_SECONDS)
        return (s for s in self._spans[first:last] if s.span.gap(word) <= NEARBY_SECONDS)


def _by_diarisation(words: Iterable[Word], nearest: _Nearest) -> Iterator[tuple[str, Word]]:
    before: str | None = None
    for word in words:
        before = nearest.speaker(word.span, before) or ONLY_SPEAKER
        yield before, word


def attribute(transcripts: Iterable[Transcript], diarisation: Diarisation | None) -> tuple[SpokenWords, ...]:
    """The utterances of a call with their speakers' labels.

    A segment that says its speaker or its channel keeps it, as one utterance where it came with times of
    its own; words of other segments are given, one by one, to whoever speaks beneath them.
    """
    nearest = _Nearest(diarisation or Diarisation((), 0.0))
    spoken: list[SpokenWords] = []
    for transcript in transcripts:
        unlabelled: list[Word] = []
        for segment in transcript.segments:
            label = _labelled(segment)
            if label is None:
                unlabelled.extend(segment.words)
            elif segment.speaker is not None:
                spoken.append(SpokenWords(label, Utterance(segment.words, segment.span)))
        spoken.extend(_channels(transcript))
        pairs = _by_diarisation(sorted(unlabelled, key=lambda w: w.span), nearest)
        for speaker, run in groupby(pairs, key=lambda pair: pair[0]):
            spoken.extend(split_at_pauses([word for _, word in run], speaker))
    return tuple(spoken)


def _channels(transcript: Transcript) -> Iterator[SpokenWords]:
    """Words heard on a channel of their own, cut into utterances at pauses across segments."""
    heard = [s for s in transcript.segments if s.speaker is None and s.channel is not None]
    for channel in sorted({s.channel for s in heard if s.channel is not None}):
        words = sorted((w for s in heard if s.channel == channel for w in s.words), key=lambda w: w.span)
        yield from split_at_pauses(words, channel_label(channel))
