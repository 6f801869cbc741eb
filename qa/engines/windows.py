"""Speech packed into windows that an engine can take, with the way back to recording time.

recording   ---[ aaa ]-------------------[ bb ]--[ cc ]------
window         [ aaa ][ bb ]--[ cc ]          long pauses are cut out, short ones kept
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from qa.model.sound import SAMPLE_RATE
from qa.model.span import Span, merge

if TYPE_CHECKING:
    from qa.model.sound import Samples

WHISPER_WINDOW = 30.0
"""Seconds. Whisper's encoder always takes 30 s; fuller windows are fewer windows."""
PADDING = 0.2
"""Seconds kept on either side of speech: voice activity detection trims soft consonants."""
KEPT_PAUSE = 1.0
"""Seconds. Shorter pauses stay as they are, so that sentences keep their rhythm; longer ones are cut out."""
QUIET_SEARCH = 5.0
"""Seconds before the limit in which the quietest place is looked for when one stretch is too long."""
QUIET_FRAME = 0.1
"""Seconds over which loudness is taken in that search, about one short syllable."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the recording (``source``) and the second of the window at which it begins."""

    source: Span
    offset: float


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces of one recording, one after the other, in order of time."""

    pieces: tuple[Piece, ...]

    @property
    def duration(self) -> float:
        """Seconds of sound in the window."""
        return sum(piece.source.duration for piece in self.pieces)

    def cut(self, samples: Samples) -> Samples:
        """The window's sound as a new array, shape ``(n,)``; only this much of a memory map is read."""
        import numpy as np

        parts = [samples[_sample(piece.source.start) : _sample(piece.source.end)] for piece in self.pieces]
        return np.concatenate(parts).astype(np.float32, copy=False)

    def to_recording(self, span: Span) -> Span:
        """A span of window time as recording time, within the piece that holds its middle."""
        middle = span.middle
        piece = next((p for p in reversed(self.pieces) if p.offset <= middle), self.pieces[0])
        moved = span.shifted(piece.source.start - piece.offset)
        return Span(_within(moved.start, piece.source), _within(moved.end, piece.source))


def pack(speech: Iterable[Span], samples: Samples, limit: float = WHISPER_WINDOW) -> tuple[Window, ...]:
    """Windows of at most ``limit`` seconds that hold all of ``speech`` (recording seconds), in order.

    A stretch longer than ``limit`` is divided where its last seconds are quietest.
    """
    filled: list[tuple[Span, ...]] = []
    for stretch in stretches(speech, samples, limit):
        joined = _join(filled[-1], stretch) if filled else (stretch,)
        if filled and sum(span.duration for span in joined) <= limit:
            filled[-1] = joined
        else:
            filled.append((stretch,))
    return tuple(_window(spans) for spans in filled)


def stretches(speech: Iterable[Span], samples: Samples, limit: float) -> tuple[Span, ...]:
    """The padded speech as sorted disjoint spans on whole samples, none longer than ``limit`` seconds."""
    whole = Span(0.0, len(samples) / SAMPLE_RATE)
    padded = merge(_on_samples(Span(span.start - PADDING, span.end + PADDING) & whole) for span in speech if span)
    return tuple(part for span in padded for part in _divided(span, samples, limit))


def _join(spans: tuple[Span, ...], following: Span) -> tuple[Span, ...]:
    if spans[-1].gap(following) <= KEPT_PAUSE:
        return (*spans[:-1], spans[-1].hull(following))
    return (*spans, following)


def _window(spans: tuple[Span, ...]) -> Window:
    offsets = accumulate((span.duration for span in spans[:-1]), initial=0.0)
    return Window(tuple(Piece(span, offset) for span, offset in zip(spans, offsets, strict=True)))


def _divided(span: Span, samples: Samples, limit: float) -> Iterable[Span]:
    while span.duration > limit:
        latest = span.start + limit
        cut = _quietest(Span(max(span.start + limit / 2, latest - QUIET_SEARCH), latest), samples)
        yield Span(span.start, cut)
        span = Span(cut, span.end)
    yield span


def _quietest(search: Span, samples: Samples) -> float:
    """The instant (s) in the middle of the quietest frame of ``search``."""
    import numpy as np

    sound = np.asarray(samples[_sample(search.start) : _sample(search.end)], dtype=np.float64)
    size = _sample(QUIET_FRAME)
    energy = np.square(sound[: len(sound) // size * size]).reshape(-1, size).sum(axis=1)
    return (_sample(search.start) + int(energy.argmin()) * size + size // 2) / SAMPLE_RATE


def _sample(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


def _on_samples(span: Span) -> Span:
    return Span(_sample(span.start) / SAMPLE_RATE, _sample(span.end) / SAMPLE_RATE)


def _within(instant: float, span: Span) -> float:
    return min(max(instant, span.start), span.end)
