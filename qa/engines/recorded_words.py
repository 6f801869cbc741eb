"""Times for every word of a recorded segment: as measured, between its neighbours, or shared out by length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from qa.engines.words import SHORTEST_WORD, fuse, spoken
from qa.model.span import Span
from qa.model.transcript import Word


@dataclass(frozen=True, slots=True)
class SourceWord:
    """A word as a transcript holds it; ``span`` is None where it has no time of its own."""

    text: str
    span: Span | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class SourceSegment:
    """A segment as a transcript holds it; ``words`` may be empty, then ``text`` is all there is."""

    text: str
    span: Span
    words: tuple[SourceWord, ...] = ()
    speaker: str | None = None

    @property
    def measured(self) -> bool:
        """Whether at least one word has a time of its own."""
        return any(word.span is not None for word in self.words)

    @property
    def untimed(self) -> int:
        """How many words have none."""
        return sum(word.span is None for word in self.words)


def timed(segment: SourceSegment) -> tuple[Word, ...]:
    """The segment's words in order of time, each with one; words without any share what time there is.

    An untimed run takes the room between its neighbours; where there is none, it shares the time of the word
    before it (or after it, at the segment's start).
    """
    words = segment.words or tuple(SourceWord(text) for text in segment.text.split())
    if segment.measured:
        words = _with_anchors(words, segment.span)
    placed = _placed(words, segment.span)
    return tuple(sorted(spoken(fuse(placed)), key=lambda word: word.span.start))


def share_out(words: Sequence[SourceWord], span: Span) -> tuple[Word, ...]:
    """The words one after the other over ``span``, each as long as its letters.

    >>> [word.span.end for word in share_out([SourceWord("ab"), SourceWord("cdef")], Span(0.0, 3.0))]
    [1.0, 3.0]
    """
    letters = [max(1, len(word.text.strip())) for word in words]
    length = max(span.duration, SHORTEST_WORD * len(words))
    edges = [span.start + length * done / sum(letters) for done in accumulate(letters, initial=0)]
    return tuple(
        Word(word.text, Span(start, end), word.confidence)
        for word, (start, end) in zip(words, pairwise(edges), strict=True)
    )


def _with_anchors(words: tuple[SourceWord, ...], whole: Span) -> tuple[SourceWord, ...]:
    """The words, where an untimed run without room has the time of its neighbour taken away to be shared."""
    freed = list(words)
    for first, after in _untimed_runs(words):
        if _room(words, first, after, whole).duration >= SHORTEST_WORD * (after - first):
            continue
        neighbour = first - 1 if first else after
        freed[neighbour] = SourceWord(words[neighbour].text, None, words[neighbour].confidence)
    return tuple(freed)


def _placed(words: tuple[SourceWord, ...], whole: Span) -> tuple[Word, ...]:
    placed = {i: Word(w.text, w.span, w.confidence) for i, w in enumerate(words) if w.span is not None}
    for first, after in _untimed_runs(words):
        shared = share_out(words[first:after], _room(words, first, after, whole))
        placed.update(enumerate(shared, start=first))
    return tuple(placed[i] for i in range(len(words)))


def _untimed_runs(words: Sequence[SourceWord]) -> list[tuple[int, int]]:
    """(first, after) of every stretch of words without a time."""
    edges = [i for i in range(1, len(words)) if (words[i].span is None) != (words[i - 1].span is None)]
    bounds = pairwise([0, *edges, len(words)]) if words else ()
    return [(first, after) for first, after in bounds if words[first].span is None]


def _room(words: Sequence[SourceWord], first: int, after: int, whole: Span) -> Span:
    """The time between the neighbours of a run, or the edge of the segment where it has none."""
    before = words[first - 1].span if first else None
    behind = words[after].span if after < len(words) else None
    return Span(before.end if before else whole.start, behind.start if behind else whole.end)
