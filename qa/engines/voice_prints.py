"""Voice prints: what a voice is like in a short window of speech, as 256 numbers from Resemblyzer."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from qa.model.sound import SAMPLE_RATE
from qa.model.span import Span, total

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from resemblyzer import VoiceEncoder

    from qa.model.sound import Samples

FRAME = 160
"""Samples between two spectra: 10 ms, as the encoder was trained."""

SPECTRUM = 400
"""Samples of one spectrum: 25 ms, as the encoder was trained."""

BANDS = 40
"""Mel bands, as the encoder was trained."""

DIMENSIONS = 256
"""Numbers of one print."""

SHORTEST_WINDOW = 30
"""Frames (0.3 s): below that a print says more about the sound than about the voice."""

WINDOW_STEP = 10
"""Frames; windows of short stretches are cut to a multiple, so that they can be taken in batches."""

BATCH = 256
"""Windows the encoder takes at once: 256 x 120 x 40 numbers are 5 MB."""

HOP = 0.1
"""Seconds between two windows: finer gains nothing (boundaries err by half of it), and costs in proportion."""

MOST_WINDOWS = 20_000
"""Windows of one call; beyond 33 minutes of speech the hop grows, so that prints stay below 70 MB."""

TARGET_POWER = 1e-3
"""Mean square (-30 dBFS) that every window is brought to, as the encoder was trained; by window and not by call,
because the two ends of a telephone call are seldom equally loud."""

QUIETEST_POWER = 1e-8
"""Mean square (-80 dBFS) below which a window is not raised further: it holds no voice."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The instants at which a voice is looked at, ``(n,)`` in seconds, all within speech.

    ``stretch[i]`` is the index of the stretch of speech that instant ``i`` lies in; ``hop`` is in seconds.
    """

    instants: NDArray[np.float64]
    stretch: NDArray[np.int64]
    hop: float


@dataclass(frozen=True, slots=True, eq=False)
class Prints:
    """One print per instant: ``vectors`` ``(n, 256)`` of length 1, ``seconds`` ``(n,)`` of speech behind each."""

    vectors: NDArray[np.float32]
    seconds: NDArray[np.float64]


def make_grid(speech: tuple[Span, ...]) -> Grid:
    """Evenly spread instants over each stretch of speech, at least one in each."""
    hop = max(HOP, total(speech) / MOST_WINDOWS)
    counts = [max(1, round(span.duration / hop)) for span in speech]
    instants = [s.start + (np.arange(n) + 0.5) * s.duration / n for s, n in zip(speech, counts, strict=True)]
    return Grid(np.concatenate([np.zeros(0), *instants]), np.repeat(np.arange(len(speech)), counts), hop)


def take_prints(
    read: Callable[[int, int], Samples], speech: tuple[Span, ...], grid: Grid, windows: tuple[int, ...]
) -> tuple[Prints, ...]:
    """The prints of the voice around every instant, once per window length (in frames).

    A window never leaves its stretch of speech, so that a short answer is not drowned by its neighbours.
    ``read(start, stop)`` gives samples, zeros outside the call; it is asked for one stretch at a time.
    """
    n = len(grid.instants)
    vectors = [np.zeros((n, DIMENSIONS), dtype=np.float32) for _ in windows]
    seconds = [np.zeros(n) for _ in windows]
    for index, span in enumerate(speech):
        inside = np.flatnonzero(grid.stretch == index)
        spectra = _spectra(read, span)
        for which, frames in enumerate(windows):
            length = _fitting(frames, len(spectra))
            starts = _starts(grid.instants[inside] - span.start, length, len(spectra))
            vectors[which][inside] = _encode(spectra, starts, length)
            seconds[which][inside] = length * FRAME / SAMPLE_RATE
    return tuple(Prints(v, s) for v, s in zip(vectors, seconds, strict=True))


def _fitting(frames: int, available: int) -> int:
    """The window length for a stretch: as wished, or all of a shorter one."""
    return min(frames, max(SHORTEST_WINDOW, available // WINDOW_STEP * WINDOW_STEP))


def _starts(instants: NDArray[np.float64], length: int, available: int) -> NDArray[np.int64]:
    """First frames of the windows around the instants, moved inwards at the ends of the stretch."""
    centred = np.round(instants * SAMPLE_RATE / FRAME - length / 2).astype(np.int64)
    return np.clip(centred, 0, max(0, available - length))


def _spectra(read: Callable[[int, int], Samples], span: Span) -> NDArray[np.float32]:
    """Mel spectra of one stretch, ``(n_frames, 41)``: at least as many frames as the shortest window.

    The last column is the mean square of the 10 ms around the frame.
    """
    from librosa.feature import melspectrogram

    first = round(span.start * SAMPLE_RATE)
    n_frames = max(SHORTEST_WINDOW, round(span.duration * SAMPLE_RATE / FRAME))
    around = SPECTRUM // 2
    samples = read(first - around, first + (n_frames - 1) * FRAME + around)
    bands = melspectrogram(y=samples, sr=SAMPLE_RATE, n_fft=SPECTRUM, hop_length=FRAME, n_mels=BANDS, center=False)
    hops = samples[around - FRAME // 2 :][: n_frames * FRAME].reshape(n_frames, FRAME)
    return np.column_stack((bands.T, np.mean(hops**2, axis=1))).astype(np.float32)


def _encode(spectra: NDArray[np.float32], starts: NDArray[np.int64], length: int) -> NDArray[np.float32]:
    """The prints of windows of one length."""
    import torch

    batches = [np.zeros((0, DIMENSIONS), dtype=np.float32)]
    with torch.inference_mode():
        for windows in _batches(spectra, starts, length):
            batches.append(_encoder()(torch.from_numpy(windows)).numpy())
    return np.concatenate(batches)


def _batches(spectra: NDArray[np.float32], starts: NDArray[np.int64], length: int) -> Iterator[NDArray[np.float32]]:
    """Windows brought to one loudness, ``(at most 256, length, 40)``."""
    for first in range(0, len(starts), BATCH):
        windows = np.stack([spectra[start : start + length] for start in starts[first : first + BATCH]])
        gain = TARGET_POWER / np.maximum(windows[:, :, BANDS].mean(axis=1), QUIETEST_POWER)
        yield np.ascontiguousarray(windows[:, :, :BANDS] * gain[:, None, None])


@cache
def _encoder() -> VoiceEncoder:
    """Resemblyzer's encoder with the weights of its wheel (safe to open: PyTorch's weights-only loader)."""
    with warnings.catch_warnings():
        # webrtcvad asks setuptools for its version, and resemblyzer names a module that scipy has moved.
        warnings.filterwarnings("ignore", message="pkg_resources is deprecated", category=UserWarning)
        warnings.filterwarnings("ignore", message=".*pkg_resources", category=DeprecationWarning)
        warnings.filterwarnings("ignore", message=".*scipy.ndimage", category=DeprecationWarning)
        from resemblyzer import VoiceEncoder
    return VoiceEncoder("cpu", verbose=False).eval()
