"""What a channel sounds like where nobody speaks: five figures for every quarter of a second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa.model.sound import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.model.sound import Samples

CELL = 4_000
"""Samples of a cell: 0.25 s, so that the shortest ring tone of Europe (0.4 s) fills one."""

HOP = 250
"""Samples between two spectra: 16 in a cell."""

SPECTRUM = 1_024
"""Samples of a spectrum: 64 ms, which keeps the notes of a melody apart (15.6 Hz)."""

LAG = 4
"""Spectra (62 ms) over which a sound must stay alike to be steady: a phoneme changes sooner, a note later."""

BAND = (150.0, 3_400.0)
"""Hz: what a telephone passes, without mains hum."""

RING_BAND = (370.0, 510.0)
"""Hz: the tones of European and North American exchanges (425; 400 + 450; 440 + 480), and their leakage."""

GROUPS = 104
"""Bands (31 Hz wide) of the coarse spectrum that tells one chord from the next."""

BLOCK = 120
"""Cells taken at once: 30 s."""

BEYOND = SPECTRUM + LAG * HOP
"""Samples beyond a block that its last spectra reach into."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Figures per cell, each ``(n,)`` but ``shape`` ``(n, 104)``; zero where nobody asked.

    ``flatness`` is 0 for a tone and near 0.6 for white noise; ``steadiness`` is the correlation of spectra 62 ms
    apart; ``ring`` the share of energy in `RING_BAND`; ``shape`` a coarse log spectrum without its mean.
    """

    flatness: NDArray[np.float32]
    steadiness: NDArray[np.float32]
    ring: NDArray[np.float32]
    shape: NDArray[np.float32]


def measure_cells(samples: Samples, wanted: NDArray[np.bool_]) -> Cells:
    """The figures of the cells that are ``wanted``, read 30 s at a time; blocks without any are not read."""
    n = len(wanted)
    flatness, steadiness, ring = np.zeros((3, n), dtype=np.float32)
    cells = Cells(flatness, steadiness, ring, np.zeros((n, GROUPS), dtype=np.float32))
    for first in range(0, n, BLOCK):
        some = wanted[first : first + BLOCK]
        if some.any():
            found = _measure(samples[first * CELL : (first + len(some)) * CELL + BEYOND], len(some))
            for name in ("flatness", "steadiness", "ring", "shape"):
                getattr(cells, name)[first : first + len(some)][some] = getattr(found, name)[some]
    return cells


def _measure(samples: Samples, n: int) -> Cells:
    from librosa import fft_frequencies, stft
    from librosa.feature import spectral_flatness

    padded = np.pad(samples, (0, max(0, n * CELL + BEYOND - len(samples))))
    power = np.abs(stft(padded, n_fft=SPECTRUM, hop_length=HOP, center=False)[:, : n * CELL // HOP + LAG]) ** 2
    frequencies = fft_frequencies(sr=SAMPLE_RATE, n_fft=SPECTRUM)
    power = power[(frequencies >= BAND[0]) & (frequencies <= BAND[1])] + np.float32(1e-10)
    inside = frequencies[(frequencies >= BAND[0]) & (frequencies <= BAND[1])]
    tones = power[(inside >= RING_BAND[0]) & (inside <= RING_BAND[1])].sum(axis=0) / power.sum(axis=0)
    return Cells(
        flatness=_median(spectral_flatness(S=power, power=1.0)[0], n),
        steadiness=_median(_steadiness(power), n),
        ring=_median(tones, n),
        shape=_shape(power, n),
    )


def _median(values: NDArray[np.float32], n: int) -> NDArray[np.float32]:
    """The middle of each cell's sixteen values (a beat or a click does not count)."""
    middle: NDArray[np.float32] = np.median(values[: n * CELL // HOP].reshape(n, -1), axis=1)
    return middle


def _steadiness(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Correlation of each log spectrum with the one `LAG` later; what lies 40 dB below the peak is silence."""
    log = np.log(power + power.max(axis=0) * 1e-4)
    log -= log.mean(axis=0)
    length = np.sqrt((log**2).sum(axis=0))
    alike: NDArray[np.float32] = (log[:, LAG:] * log[:, :-LAG]).sum(axis=0)
    alike /= np.maximum(length[LAG:] * length[:-LAG], np.float32(1e-6))
    return alike


def _shape(power: NDArray[np.float32], n: int) -> NDArray[np.float32]:
    """The mean spectrum of each cell in `GROUPS` bands, as logarithms without their mean."""
    mean = power[:, : n * CELL // HOP].reshape(len(power), n, -1).mean(axis=2)
    edges = np.linspace(0, len(power), GROUPS + 1).astype(int)[:-1]
    coarse: NDArray[np.float32] = np.log(np.add.reduceat(mean, edges, axis=0) + mean.max(axis=0) * 1e-4).T
    coarse -= coarse.mean(axis=1, keepdims=True)
    return coarse
