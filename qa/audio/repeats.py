"""Speech that comes twice, sample for sample: a recorded announcement ("all our agents are busy …").

Nobody says the same thing twice in the same way, so this needs no words. A synthetic voice does, and so only what
stands next to music or ringing, where a caller waits, is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qa.audio.envelope import FRAMES_PER_SECOND
from qa.model.sound import SAMPLE_RATE
from qa.model.span import Span, merge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from qa.model.sound import Samples

SHORTEST = 2.0
"""Seconds; a shorter phrase may be said twice in much the same way."""

LONGEST = 60.0
"""Seconds; announcements are shorter, and comparing gets dear."""

NEXT_TO = 2.5
"""Seconds from music or ringing within which an announcement begins or ends."""

SLACK = 0.4
"""Seconds by which the two stretches may differ in length and place: what surrounds speech moves its edges."""

PAUSE = 0.7
"""Seconds between sentences of one announcement."""

SAME_CURVE = 0.9
"""Correlation of the two loudness curves; two different sentences of the same length: below 0.6."""

SAME_SAMPLES = 0.5
"""Correlation of the samples themselves at the best shift: a recording played twice over a coded line keeps more,
two sayings of one sentence have none."""


def find_repeats(
    samples: Samples, level: NDArray[np.float32], speech: tuple[Span, ...], waiting: tuple[Span, ...]
) -> tuple[Span, ...]:
    """The stretches of one channel's speech next to ``waiting`` (music, ringing) that come more than once, in order.

    ``level``: dBFS per 10 ms, shape ``(n_frames,)``.
    """
    near = (s for s in merge(speech, bridge=PAUSE) if any(s.gap(sound) <= NEXT_TO for sound in waiting))
    fitting = sorted((s for s in near if SHORTEST <= s.duration <= LONGEST), key=lambda s: s.duration)
    found: set[Span] = set()
    for one, other in _alike_in_length(fitting):
        if {one, other} <= found:
            continue
        if _same_curve(level, one, other) and _same_samples(samples, one, other):
            found |= {one, other}
    return tuple(sorted(found))


def _alike_in_length(by_length: list[Span]) -> Iterable[tuple[Span, Span]]:
    """Pairs of nearly equal length, shortest first."""
    lengths = np.array([span.duration for span in by_length])
    ends = np.searchsorted(lengths, lengths + SLACK, side="right")
    return ((by_length[i], by_length[j]) for i in range(len(by_length)) for j in range(i + 1, int(ends[i])))


def _same_curve(level: NDArray[np.float32], one: Span, other: Span) -> bool:
    """Whether the loudness of the two follows one curve at some shift within the slack."""
    length = int(min(one.duration, other.duration) * FRAMES_PER_SECOND)
    slack = round(SLACK * FRAMES_PER_SECOND)
    first, second = (round(s.start * FRAMES_PER_SECOND) for s in (one, other))
    return any(
        _correlation(level[first + max(0, -k) :][: length - abs(k)], level[second + max(0, k) :][: length - abs(k)])
        >= SAME_CURVE
        for k in range(-slack, slack + 1)
    )


def _same_samples(samples: Samples, one: Span, other: Span) -> bool:
    """Whether the samples themselves agree at their best shift."""
    left, right = (np.asarray(samples[round(s.start * SAMPLE_RATE) : round(s.end * SAMPLE_RATE)]) for s in (one, other))
    size = 1 << (len(left) + len(right)).bit_length()
    product = np.fft.irfft(np.fft.rfft(left, size) * np.conj(np.fft.rfft(right, size)), size)
    energy = float(np.sqrt(np.sum(left**2, dtype=np.float64) * np.sum(right**2, dtype=np.float64)))
    return energy > 0 and float(np.abs(product).max()) / energy >= SAME_SAMPLES


def _correlation(left: NDArray[np.float32], right: NDArray[np.float32]) -> float:
    """Pearson's r; 0 where the two cannot be compared."""
    if len(left) != len(right) or len(left) < FRAMES_PER_SECOND or not (left.std() and right.std()):
        return 0.0
    return float(np.corrcoef(left, right)[0, 1])
