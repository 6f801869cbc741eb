"""How many voices there are, what each is like, and who speaks at every instant: from voice prints alone.

Three steps: many small groups of like prints; groups joined until they are two, or clearly more; then one pass
of Viterbi over all instants, in which a voice keeps the floor unless the prints speak against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.engines.voice_prints import Grid, Prints

GROUPS = 5
"""Groups to begin with: two voices in two moods each, and one for noise and for both at once."""

LEAST_GROUP_SECONDS = 2.5
"""Seconds; a smaller group is an overlap or a laugh, and not a voice to start from."""

LEAST_THIRD_SECONDS = 4.0
"""Seconds; a third voice must be heard at least this long to count as a person."""

SAME_VOICE = 0.885
"""Cosine of two mean prints from which they are one voice. Measured 2026-11: one speaker split in two 0.91 to 0.96
(real telephone speech and four synthetic voices), two speakers 0.56 to 0.87."""

OTHER_VOICE = 0.82
"""Cosine below which a third voice is clearly another one. Measured 2026-11: three speakers 0.74 to 0.81, pieces of
two speakers 0.84 and more."""

EVEN_SHARE = 0.3
"""Share of the speech from which the rarer voice is heard about as much as the other; only then may plain two-means
correct the groups, because with uneven shares it splits the frequent voice."""

ROUNDS = 30
"""Most rounds of k-means; it settles in five to fifteen."""

LEAST_PIECE = 12
"""Prints below which a group is not split further."""

AXES = 16
"""Directions of greatest variance in which voices are compared; 8 to 32 give the same result."""

SHRINKAGE = 0.3
"""Share of the mean variance added to every direction: prints overlap, so there are fewer than they seem."""

MOST_DOUBT = 12.0
"""Log likelihood ratio at which one window has said all it can against a voice."""

SWITCH_WITHIN = 4.0
"""Log odds against a change of speaker within a stretch of speech."""

SWITCH_AT_PAUSE = 1.0
"""Log odds against a change of speaker at a pause: turns usually change there."""


@dataclass(frozen=True, slots=True, eq=False)
class Voices:
    """The voices found: mean prints ``(n_voices, 256)``, and the cosine of the two that are most alike.

    With one voice ``likeness`` is that of its two halves; 1.0 where there was too little speech to look.
    """

    means: NDArray[np.float64]
    likeness: float


def find_voices(vectors: NDArray[np.float32], hop: float) -> Voices:
    """How many voices these prints hold, and what each is like; ``hop`` is the seconds that one print stands for."""
    groups = _joined(_groups(vectors, round(LEAST_GROUP_SECONDS / hop)), vectors, round(LEAST_THIRD_SECONDS / hop))
    means = np.stack([vectors[group].mean(axis=0) for group in groups]).astype(np.float64)
    likeness = float(np.max(_cosines(means))) if len(means) > 1 else 1.0
    if len(means) == 2:  # noqa: PLR2004 - the usual call
        if likeness > SAME_VOICE:
            return Voices(vectors.mean(axis=0, keepdims=True).astype(np.float64), likeness)
        means = _evened(vectors, means)
    return Voices(means, likeness)


def assign(scales: tuple[Prints, ...], grid: Grid, voices: Voices) -> NDArray[np.int64]:
    """Which voice speaks at each instant, ``(n,)``; the first of ``scales`` is the one ``voices`` came from.

    One pass is enough: more change nothing where the start was right, and drag a wrong start along.
    """
    nearest: NDArray[np.int64] = np.argmax(scales[0].vectors @ _unit(voices.means).T.astype(np.float32), axis=1)
    if len(voices.means) == 1 or len(np.unique(nearest)) < len(voices.means):
        return nearest
    likelihood = np.zeros((len(nearest), len(voices.means)))
    for prints in scales:
        found = _log_likelihood(_rotated(prints.vectors), nearest, _undivided(nearest, grid, prints))
        doubt = np.maximum(found - found.max(axis=1, keepdims=True), -MOST_DOUBT)
        likelihood += doubt * (grid.hop / np.maximum(prints.seconds, grid.hop))[:, None]
    pause = np.diff(grid.stretch, prepend=-1) != 0
    return _viterbi(likelihood, np.where(pause, SWITCH_AT_PAUSE, SWITCH_WITHIN))


def _groups(vectors: NDArray[np.float32], least: int) -> list[NDArray[np.int64]]:
    """Up to `GROUPS` groups of like prints, as indices; groups below ``least`` are left out unless all are."""
    labels = np.zeros(len(vectors), dtype=np.int64)
    for count in range(1, GROUPS):
        widest = _widest(vectors, labels)
        if widest is None:
            break
        inside = np.flatnonzero(labels == widest)
        labels[inside[_halves(vectors[inside]) == 1]] = count
    labels = _settled(vectors, labels)
    groups = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    return [group for group in groups if len(group) >= least] or [np.arange(len(vectors))]


def _widest(vectors: NDArray[np.float32], labels: NDArray[np.int64]) -> int | None:
    """The group with most variation that is large enough to split."""
    spread = {
        int(label): float(np.sum((vectors[labels == label] - vectors[labels == label].mean(axis=0)) ** 2))
        for label in np.unique(labels)
        if np.sum(labels == label) >= LEAST_PIECE
    }
    return max(spread, key=lambda label: spread[label]) if spread else None


def _halves(vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    """The better of the two-means that start from a cut along the first and the second principal axis."""
    middle = vectors - vectors.mean(axis=0)
    axes = _axes(vectors, 2)
    tries = [_settled(vectors, (middle @ axis > 0).astype(np.int64)) for axis in axes]
    return min(tries, key=lambda labels: _scatter(vectors, labels))


def _settled(vectors: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """K-means from these labels on; groups that run empty vanish."""
    for _ in range(ROUNDS):
        means = np.stack([vectors[labels == label].mean(axis=0) for label in np.unique(labels)])
        # |v - m|^2 without |v|^2, which is the same for every mean
        moved = np.argmin((means**2).sum(axis=1) - 2 * vectors @ means.T, axis=1)
        if np.array_equal(moved, labels):
            break
        labels = moved
    return labels


def _scatter(vectors: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """Sum of squared distances from the group means."""
    groups = (vectors[labels == label] for label in np.unique(labels))
    return float(sum(np.sum((group - group.mean(axis=0)) ** 2) for group in groups))


def _joined(groups: list[NDArray[np.int64]], vectors: NDArray[np.float32], least: int) -> list[NDArray[np.int64]]:
    """The likest groups joined until two are left, or more that are all clearly different and long enough."""
    while len(groups) > 2:  # noqa: PLR2004 - a call has two parties
        alike = _cosines(np.stack([vectors[group].mean(axis=0) for group in groups]))
        if alike.max() < OTHER_VOICE and min(map(len, groups)) >= least:
            break
        i, j = sorted(np.unravel_index(np.argmax(alike), alike.shape))
        groups = [g for k, g in enumerate(groups) if k not in (i, j)] + [np.concatenate((groups[i], groups[j]))]
    return groups


def _evened(vectors: NDArray[np.float32], means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two mean voices by two-means, where both are heard about equally; else as they were."""
    rough = np.argmin((means**2).sum(axis=1) - 2 * vectors @ means.T, axis=1)
    labels = _halves(vectors)
    if min(_rarer(rough), _rarer(labels)) < EVEN_SHARE:
        return means
    return np.stack([vectors[labels == label].mean(axis=0) for label in (0, 1)]).astype(np.float64)


def _rarer(labels: NDArray[np.int64]) -> float:
    return min(float(labels.mean()), 1 - float(labels.mean()))


def _cosines(means: NDArray[np.floating]) -> NDArray[np.floating]:
    """Cosines of all pairs; -1 on the diagonal, so that the maximum is of two different ones."""
    unit = _unit(means)
    alike: NDArray[np.floating] = unit @ unit.T
    np.fill_diagonal(alike, -1.0)
    return alike


def _unit(vectors: NDArray[np.floating]) -> NDArray[np.floating]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.floating] = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return unit


def _axes(vectors: NDArray[np.float32], count: int) -> NDArray[np.floating]:
    """The directions of greatest variance, ``(count, n_dimensions)``, greatest first."""
    centred = vectors - vectors.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    return directions.T[::-1][:count]


def _rotated(vectors: NDArray[np.float32]) -> NDArray[np.floating]:
    """The prints along their `AXES` main directions."""
    rotated: NDArray[np.floating] = (vectors - vectors.mean(axis=0)) @ _axes(vectors, AXES).T
    return rotated


def _undivided(labels: NDArray[np.int64], grid: Grid, prints: Prints) -> NDArray[np.bool_]:
    """Which windows lie wholly within one voice's turn."""
    turn = np.cumsum(np.diff(labels, prepend=labels[0]) != 0)
    first = np.searchsorted(grid.instants, grid.instants - prints.seconds / 2)
    last = np.searchsorted(grid.instants, grid.instants + prints.seconds / 2) - 1
    whole: NDArray[np.bool_] = turn[np.minimum(first, len(turn) - 1)] == turn[np.clip(last, 0, len(turn) - 1)]
    return whole


def _log_likelihood(
    points: NDArray[np.floating], labels: NDArray[np.int64], whole: NDArray[np.bool_]
) -> NDArray[np.floating]:
    """Gaussians with one common covariance, fitted to the undivided windows, ``(n, n_voices)``."""
    groups = [points[(labels == label) & whole] for label in np.unique(labels)]
    groups = [g if len(g) > 1 else points[labels == label] for label, g in enumerate(groups)]
    means = [group.mean(axis=0) for group in groups]
    residual = np.concatenate([group - mean for group, mean in zip(groups, means, strict=True)])
    spread = residual.T @ residual / len(residual)
    spread += (SHRINKAGE * np.trace(spread) / len(spread) + np.finfo(np.float32).eps) * np.eye(len(spread))
    precision = np.linalg.inv(spread)
    return -0.5 * np.stack([np.einsum("nd,de,ne->n", points - m, precision, points - m) for m in means], axis=1)


def _viterbi(likelihood: NDArray[np.floating], switch: NDArray[np.floating]) -> NDArray[np.int64]:
    """The likeliest sequence of voices, where a change before instant ``t`` costs ``switch[t]``."""
    n, n_voices = likelihood.shape
    came_from = np.tile(np.arange(n_voices), (n, 1))
    best = likelihood[0].copy()
    for t in range(1, n):
        leader = int(np.argmax(best))
        change = best[leader] - switch[t]
        came_from[t, change > best] = leader
        best = np.maximum(best, change) + likelihood[t]
    path = np.zeros(n, dtype=np.int64)
    path[-1] = int(np.argmax(best))
    for t in range(n - 1, 0, -1):
        path[t - 1] = came_from[t, path[t]]
    return path
