"""How loud speech is: numbers, never moods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qa.audio.envelope import FLOOR_DBFS, FRAME
from qa.model.sound import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from qa.model.sound import Samples
    from qa.model.span import Span

BLOCK_SECONDS = 30
"""Seconds looked at together, so that a long stretch is not copied whole."""


def level_dbfs(samples: Samples, spans: Iterable[Span]) -> float | None:
    """The level of one channel within the spans, in dBFS (a full-scale square wave is 0).

    ``samples``: float32 at 16 kHz, shape ``(n_samples,)``. None where the spans cover no sound;
    digital silence is `FLOOR_DBFS`.
    """
    energy, frames = 0.0, 0
    for block in _blocks(samples, spans):
        squares = _mean_squares(block)
        energy, frames = energy + float(squares.sum()), frames + squares.size
    return _decibels(energy / frames) if frames else None


def levels_dbfs(samples: Samples, spans: Iterable[Span]) -> tuple[float | None, ...]:
    """The level of each span on its own, in order."""
    return tuple(level_dbfs(samples, (span,)) for span in spans)


def _blocks(samples: Samples, spans: Iterable[Span]) -> Iterator[Samples]:
    for span in spans:
        start, end = round(span.start * SAMPLE_RATE), min(len(samples), round(span.end * SAMPLE_RATE))
        for first in range(max(0, start), end, BLOCK_SECONDS * SAMPLE_RATE):
            yield np.asarray(samples[first : min(end, first + BLOCK_SECONDS * SAMPLE_RATE)], dtype=np.float32)


def _mean_squares(block: Samples) -> NDArray[np.float64]:
    """The squared level of every full 10 ms frame; of the whole where it is shorter than one."""
    from librosa.feature import rms

    length = min(FRAME, len(block))
    squares: NDArray[np.float64] = rms(y=block, frame_length=length, hop_length=length, center=False)[0] ** 2.0
    return squares


def _decibels(mean_square: float) -> float:
    return round(10 * float(np.log10(max(mean_square, 10 ** (FLOOR_DBFS / 10)))), 2)
