"""The decoded samples in their scratch file: mapped, freed of what is no sound, and only channels with sound."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK = 1 << 20
"""Samples looked at at once: 4 MiB, so that a call of hours costs no memory."""

LARGEST_SAMPLE = 2.0**31
"""No sample format reaches higher even unscaled (32-bit integers); what does is damage, as NaN is."""

LOUDEST = 4.0
"""12 dB over full scale. Codecs and resampling overshoot to about 2; beyond 4 the scale itself is wrong."""

SILENT_PEAK = 0.001
"""-60 dBFS: a channel that never gets louder carries the noise of a line, nobody's voice."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Mapped samples, shape ``(n_channels, n_samples)``; how many were damaged; the peak of each channel."""

    samples: NDArray[np.float32]
    damaged: int
    peaks: tuple[float, ...]

    @property
    def rescaled(self) -> bool:
        """Whether the scale was wrong: the peaks are those before it was mended."""
        return max(self.peaks) > LOUDEST


def map_samples(scratch: BinaryIO, n_channels: int, n_samples: int, stride: int) -> Sound:
    """The scratch file as an array; ``stride`` is the room in samples that each channel has there.

    NaN, infinite and impossible samples become 0; sound on a wrong scale is brought back within [-1, 1].
    """
    os.ftruncate(scratch.fileno(), n_channels * stride * 4)
    room = np.memmap(scratch, dtype=np.float32, mode="r+", shape=(n_channels, stride))
    samples: NDArray[np.float32] = room[:, :n_samples]
    looked_at = [_repair(channel) for channel in samples]
    peaks = tuple(peak for _, peak in looked_at)
    sound = Sound(samples, sum(damaged for damaged, _ in looked_at), peaks)
    if sound.rescaled:
        samples /= max(peaks)
    return sound


def _repair(channel: NDArray[np.float32]) -> tuple[int, float]:
    """Zero what is no sound, in place; how many samples that were, and the peak of the rest."""
    damaged, peak = 0, 0.0
    for start in range(0, len(channel), BLOCK):
        block = channel[start : start + BLOCK]
        highest = max(float(block.max()), -float(block.min()))
        if not highest <= LARGEST_SAMPLE:  # NaN compares with nothing
            wrong = ~(np.abs(block) <= LARGEST_SAMPLE)
            damaged += int(wrong.sum())
            block[wrong] = 0.0
            highest = float(np.abs(block).max())
        peak = max(peak, highest)
    return damaged, peak


def sounding(sound: Sound) -> tuple[int, ...]:
    """The indices of the channels that carry sound."""
    return tuple(index for index, peak in enumerate(sound.peaks) if peak > SILENT_PEAK)


def only(samples: NDArray[np.float32], channels: tuple[int, ...]) -> NDArray[np.float32]:
    """One or two of the channels, without a copy (an index list would copy hours of sound)."""
    first, last = channels[0], channels[-1]
    return samples[first : last + 1 : max(1, last - first)]
