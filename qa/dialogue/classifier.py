"""The trained layer over the phrases: a linear model per language that hears acts in words no phrase lists."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from qa.text.ngrams import hashed_ngrams
from qa.text.tokens import Sentence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WINDOW = 16
"""Tokens; a longer sentence (a recogniser's, without punctuation) is read in windows of this many."""

STRIDE = 8
"""Tokens from one window to the next: every act of up to half a window lies whole in one of them."""


@dataclass(frozen=True, eq=False)
class ActClassifier:
    """The weights of one language: ``weights`` shape ``(n_features, n_acts)``, one bias and threshold per act.

    ``thresholds`` are the probabilities from which an act is taken for said, set on sentences that the
    weights were not trained on (`qa.dialogue.train`).
    """

    acts: tuple[str, ...]
    weights: NDArray[np.float32]
    biases: NDArray[np.float32]
    thresholds: NDArray[np.float32]

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """How probable each act is in each text, shape ``(len(texts), n_acts)``."""
        import numpy as np

        scores = hashed_ngrams(texts) @ self.weights + self.biases
        probabilities: NDArray[np.float32] = 1 / (1 + np.exp(-scores))
        return probabilities


@dataclass(frozen=True, slots=True)
class Likely:
    """An act that the model hears in a sentence: tokens ``first`` up to ``last``, and its probability."""

    act: str
    sentence: int
    first: int
    last: int
    probability: float


@cache
def act_classifier(code: str) -> ActClassifier | None:
    """The shipped model of a language, or None where it has none."""
    import numpy as np

    folder = resources.files("qa.languages") / "models"
    file = folder / f"{code}.npz"
    if not file.is_file():
        return None
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
        acts = tuple(json.loads(str(stored["acts"])))
        shape = tuple(stored["shape"])
        weights = np.zeros(shape, dtype=np.float32)
        weights[stored["rows"], stored["columns"]] = stored["values"]
        return ActClassifier(acts, weights, stored["biases"], stored["thresholds"])


def windows(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """The stretches of a sentence that are read at once, as half-open token indices."""
    length = len(sentence.tokens)
    if length <= WINDOW:
        yield 0, length
        return
    for first in range(0, length - STRIDE, STRIDE):
        yield first, min(first + WINDOW, length)


def text_of(sentence: Sentence, first: int, last: int) -> str:
    """Folded tokens of a stretch, as the model reads them."""
    return " ".join(token.text for token in sentence.tokens[first:last])


def likely_acts(model: ActClassifier, sentences: Sequence[Sentence]) -> Iterator[Likely]:
    """Every act above its threshold, in each sentence where it is most probable."""
    places = [(number, *window) for number, sentence in enumerate(sentences) for window in windows(sentence)]
    if not places:
        return
    probabilities = model.probabilities([text_of(sentences[n], first, last) for n, first, last in places])
    best: dict[tuple[int, int], Likely] = {}
    for row, (number, first, last) in enumerate(places):
        for column in (probabilities[row] >= model.thresholds).nonzero()[0]:
            found = Likely(model.acts[column], number, first, last, float(probabilities[row, column]))
            key = (number, int(column))
            if key not in best or found.probability > best[key].probability:
                best[key] = found
    yield from (best[key] for key in sorted(best))
