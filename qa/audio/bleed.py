"""Speech of one side that leaks into the other side's channel: found by loudness over time, and taken out.

A headset or a telephone line lets a quiet copy of B into A's channel, a little later:

    B   ▁▆▇▅▁▁▇▆▁▁▁▁▁
    A   ▁▂▃▁▁▁▃▂▁▆▇▅▁     the first two are B's, the last is A's own

A leak follows B: same shape, constant distance in decibels, constant delay. A quiet "mhm" of A under
B's words does not, and stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from qa.audio.envelope import FRAMES_PER_SECOND, mask, runs
from qa.model.span import Span, intersect, merge, subtract, total

Sample = TypeVar("Sample", np.float32, np.bool_)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.audio.envelope import Envelope

LEAK_DB = 12.0
"""dB below its source from which a sound can be a leak: hybrids and headsets leave 15 dB and more."""

LONGEST_DELAY = 40
"""Frames (0.4 s): the longest echo that a telephone network is engineered to leave (ITU-T G.131, round trip)."""

LEAST_LIKENESS = 0.8
"""Correlation of the two loudness curves from which one follows the other. Measured 2026-11 on a two-party call
mixed with -15 to -30 dB of the other side, 0 to 200 ms late: 0.95 and more; at wrong delays 0.6 and less."""

LEAST_EVIDENCE = 200
"""Frames (2 s) of possible leak below which likeness is chance and nothing is taken out."""

SPREAD_DB = 6.0
"""dB around the leak's usual distance that still counts as leak; louder than that is somebody speaking."""

SMOOTH = 5
"""Frames (50 ms) over which loudness is averaged: a room smears an echo by about that much."""

TAIL = 20
"""Frames (0.2 s) for which a leak outlasts its source: room and coder ring on."""

SHORTEST_LEFT = 0.2
"""Seconds; what is left of a stretch after the leak is taken out must be at least this long to be speech."""

SHORTEST_LEAK = 0.4
"""Seconds; a shorter leak between two stretches of one's own speech is a pause between words."""


@dataclass(frozen=True, slots=True)
class Leak:
    """The speech of both channels without what leaked, how many seconds that was, and what to tell the reader."""

    speech: tuple[tuple[Span, ...], ...]
    seconds: float = 0.0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """How one channel leaks into the other: ``delay`` in frames, ``gain`` in dB (negative)."""

    delay: int
    gain: float


def without_bleed(speech: tuple[tuple[Span, ...], ...], envelope: Envelope) -> Leak:
    """Take out of each of two channels what is only the other one leaking in; other counts pass unchanged."""
    if len(speech) != 2:  # noqa: PLR2004 - a leak has two sides
        return Leak(speech)
    smooth = np.stack([_smoothed(level) for level in envelope.dbfs])
    leaks = tuple(_leak_into(side, speech, smooth) for side in (0, 1))
    cleaned = tuple(_cleaned(own, leak) for own, leak in zip(speech, leaks, strict=True))
    lost = tuple(total(before) - total(after) for before, after in zip(speech, cleaned, strict=True))
    notes = tuple(_note(side, seconds) for side, seconds in enumerate(lost) if seconds > 0)
    return Leak(cleaned, round(sum(lost), 3), notes)


def _note(side: int, seconds: float) -> str:
    return (
        f"channel {1 - side} can be heard in channel {side}: "
        f"{seconds:.1f} s of it are not counted as speech of channel {side}"
    )


def _smoothed(level: NDArray[np.float32]) -> NDArray[np.float32]:
    """A moving average of a level in dB."""
    if level.size < SMOOTH:
        return level
    return np.convolve(level, np.full(SMOOTH, 1 / SMOOTH), mode="same").astype(np.float32)


def _leak_into(side: int, speech: tuple[tuple[Span, ...], ...], level: NDArray[np.float32]) -> tuple[Span, ...]:
    """Where the speech found in channel ``side`` is only the other channel."""
    n_frames = level.shape[1]
    heard, source = mask(speech[side], n_frames), mask(speech[1 - side], n_frames)
    path = _find_path(level[side], level[1 - side], heard, source)
    if path is None:
        return ()
    expected = _shifted(level[1 - side], path.delay, -np.inf) + path.gain
    explained = level[side] <= expected + SPREAD_DB
    possible = heard & _widened(_shifted(source, path.delay, False), TAIL)
    return merge(
        (Span(a / FRAMES_PER_SECOND, b / FRAMES_PER_SECOND) for a, b in runs(possible & explained)),
        bridge=TAIL / FRAMES_PER_SECOND,
    )


def _find_path(
    level: NDArray[np.float32], other: NDArray[np.float32], heard: NDArray[np.bool_], source: NDArray[np.bool_]
) -> Path | None:
    """The delay at which ``level`` best follows ``other``, if it follows at all."""
    best, likeness = None, LEAST_LIKENESS
    for delay in range(LONGEST_DELAY + 1):
        late = _shifted(other, delay, -np.inf)
        quiet = heard & _shifted(source, delay, False) & (level <= late - LEAK_DB)
        if quiet.sum() < LEAST_EVIDENCE:
            continue
        follows = _correlation(level[quiet], late[quiet])
        if follows > likeness:
            best, likeness = Path(delay, float(np.median(level[quiet] - late[quiet]))), follows
    return best


def _correlation(left: NDArray[np.float32], right: NDArray[np.float32]) -> float:
    """Pearson's r; 0 where one side does not vary."""
    if not (left.std() and right.std()):
        return 0.0
    return float(np.corrcoef(left, right)[0, 1])


def _shifted(values: NDArray[Sample], frames: int, fill: float) -> NDArray[Sample]:
    """The same values, later by ``frames``."""
    if not frames:
        return values
    return np.concatenate((np.full(min(frames, len(values)), fill, dtype=values.dtype), values[:-frames]))


def _widened(flags: NDArray[np.bool_], frames: int) -> NDArray[np.bool_]:
    """Every run of true, longer by ``frames`` at its end."""
    wide = flags.copy()
    for _, end in runs(flags):
        wide[end : end + frames] = True
    return wide


def _cleaned(speech: tuple[Span, ...], leak: tuple[Span, ...]) -> tuple[Span, ...]:
    """The speech outside the leak; untouched stretches stay as they are, however short."""
    if not leak:
        return speech
    whole = set(speech)
    left = [s for s in subtract(speech, leak) if s in whole or s.duration >= SHORTEST_LEFT]
    own = intersect(merge(left, bridge=SHORTEST_LEAK), speech)
    return tuple(Span(round(s.start, 3), round(s.end, 3)) for s in own)
