"""How loud each channel is, every ten milliseconds: one pass over the sound, bounded memory.

Everything in this room that asks about loudness (layout, leakage, level, music) reads this and not
the samples, so that a two-hour call is read from disk once and never held in memory twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa.model.sound import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from qa.model.sound import Audio
    from qa.model.span import Span

FRAME = 160
"""Samples per frame: 10 ms at 16 kHz, the step of nearly every speech front end."""

FRAMES_PER_SECOND = SAMPLE_RATE // FRAME

BLOCK_FRAMES = 3_000
"""Frames read at once: 30 s, about 2 MB a channel."""

FLOOR_DBFS = -100.0
"""dBFS given to digital silence: just below the quietest thing 16 bits can hold (-96 dBFS)."""


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """Mean square per 10 ms frame, ``power.shape == (n_channels, n_frames)``, full scale = 1.

    ``product`` is the mean of channel 0 times channel 1 per frame (empty with fewer than two channels):
    with ``power`` it gives the correlation of the two over any stretch.
    """

    power: NDArray[np.float32]
    product: NDArray[np.float32]

    @property
    def dbfs(self) -> NDArray[np.float32]:
        """Level in dBFS, shape ``(n_channels, n_frames)``; digital silence is `FLOOR_DBFS`."""
        return decibels(self.power)


def decibels(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean squares (full scale = 1) as dBFS, not below `FLOOR_DBFS`."""
    floor = np.float32(10 ** (FLOOR_DBFS / 10))
    return (10 * np.log10(np.maximum(power, floor))).astype(np.float32)


def measure_envelope(audio: Audio) -> Envelope:
    """The envelope of every channel, read block by block; a last part frame is left out."""
    n_frames = audio.samples.shape[1] // FRAME
    power = np.zeros((audio.n_channels, n_frames), dtype=np.float32)
    product = np.zeros(n_frames if audio.n_channels > 1 else 0, dtype=np.float32)
    for first in range(0, n_frames, BLOCK_FRAMES):
        last = min(n_frames, first + BLOCK_FRAMES)
        block = np.asarray(audio.samples[:, first * FRAME : last * FRAME]).reshape(audio.n_channels, -1, FRAME)
        power[:, first:last] = np.einsum("cfs,cfs->cf", block, block) / FRAME
        if product.size:
            product[first:last] = np.einsum("fs,fs->f", block[0], block[1]) / FRAME
    return Envelope(power, product)


def mask(spans: Iterable[Span], n_frames: int) -> NDArray[np.bool_]:
    """Which frames the spans cover (a frame counts where its middle does not decide: rounded edges)."""
    covered = np.zeros(n_frames, dtype=bool)
    for span in spans:
        covered[round(span.start * FRAMES_PER_SECOND) : round(span.end * FRAMES_PER_SECOND)] = True
    return covered


def runs(flags: NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    """The half-open index ranges in which ``flags`` is true.

    >>> runs(np.array([False, True, True, False, True]))
    ((1, 3), (4, 5))
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return tuple((int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True))
