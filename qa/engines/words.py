"""Words as recognisers hand them over, made into the words of the house."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qa.model.span import Span
from qa.model.transcript import Segment, Word
from qa.text.clean import clean_text

SHORTEST_WORD = 0.02
"""Seconds. Whisper's own time step; a word is never shorter, so that it always covers some time."""
LEADING_SPACE_SHARE = 0.5
"""Share of words written with a space before them from which the space means "a new word begins here"."""


def fuse(words: Sequence[Word]) -> tuple[Word, ...]:
    """Word pieces joined where the source marks new words by a leading space: `` e`` + ``-mail`` is ``e-mail``.

    Where the source does not use leading spaces every word stands for itself. A fused word is as long as its
    pieces and as certain as its weakest one.
    """
    spaced = sum(word.text[:1].isspace() for word in words)
    if not spaced or spaced < LEADING_SPACE_SHARE * len(words):
        return tuple(words)
    fused: list[Word] = []
    for word in words:
        if fused and not word.text[:1].isspace():
            fused[-1] = _joined(fused[-1], word)
        else:
            fused.append(word)
    return tuple(fused)


def spoken(words: Iterable[Word]) -> tuple[Word, ...]:
    """The words cleaned and stripped, without empty ones, each at least `SHORTEST_WORD` long."""
    cleaned = (Word(clean_text(word.text)[0].strip(), _long_enough(word.span), word.confidence) for word in words)
    return tuple(word for word in cleaned if word.text)


def segment_of(words: Sequence[Word], speaker: str | None = None) -> Segment:
    """One segment from at least one word, as long as its words."""
    start, end = min(word.span.start for word in words), max(word.span.end for word in words)
    return Segment(tuple(words), Span(start, end), speaker)


def _joined(left: Word, right: Word) -> Word:
    known = [c for c in (left.confidence, right.confidence) if c is not None]
    return Word(left.text + right.text, left.span.hull(right.span), min(known, default=None))


def _long_enough(span: Span) -> Span:
    return span if span.duration >= SHORTEST_WORD else Span(span.start, span.start + SHORTEST_WORD)
