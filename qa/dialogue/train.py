"""Trains the act classifiers again: ``python -m qa.dialogue.train [CODE...]``.

Reads ``qa/languages/training/<code>/<act>.txt`` (one sentence a line; a sentence may stand in several files; what
stands in no act's file does none), ``also_<act>.txt`` and ``not_<act>.txt`` (sentences that do or do not do this one
act, and tell nothing of the others),
writes ``qa/languages/models/<code>.npz``, and prints, per act, precision and recall on sentences that the fold's
weights were not trained on beside those on the training sentences: the gap is what the model knows by heart.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import qa.languages
from qa.dialogue.classifier import ActClassifier
from qa.errors import Problem, UsageError
from qa.languages import language, languages
from qa.model.span import Span
from qa.model.transcript import Word
from qa.text.ngrams import hashed_ngrams
from qa.text.tokens import tokenise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

HOME = Path(qa.languages.__file__).parent
TRAINING, MODELS = HOME / "training", HOME / "models"
NOTHING, ALSO, NOT = "none_", "also_", "not_"
FOLDS = 5
SEED = 0
STRENGTH = 8.0
"""Inverse regularisation of the logistic regression; chosen by cross-validation over the four languages."""

LEAST_PRECISION = 0.93
"""On held-out sentences, most of which are hard negatives, far more than a call has; no threshold goes below it."""

BETA = 0.7
"""Weight of recall against precision in choosing thresholds: a wrong act is worse than one that a person misses."""

LEAST_PROBABILITY = 0.5
SMALLEST_WEIGHT = 0.02
"""Weights nearer to zero are not shipped: they decide nothing and are most of the file."""


@dataclass(frozen=True, eq=False)
class Sentences:
    """The training sentences of a language: folded texts, the acts, and what is known of which text and act.

    ``does`` and ``known``: booleans, shape ``(n_texts, n_acts)``.
    """

    texts: tuple[str, ...]
    acts: tuple[str, ...]
    does: NDArray[np.bool_]
    known: NDArray[np.bool_]


def read_sentences(code: str) -> Sentences:
    """Every training sentence of a language. Raises `UsageError` where there are none."""
    import numpy as np

    files = sorted((TRAINING / code).glob("*.txt"))
    if not files:
        expected = "a file of sentences for each act"
        raise UsageError((Problem(str(TRAINING / code), "no training sentences", expected, "write them"),))
    stems: dict[str, set[str]] = {}
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                stems.setdefault(_folded(line, code), set()).add(file.stem)
    acts = tuple(file.stem for file in files if not file.stem.startswith((NOTHING, ALSO, NOT)))
    texts = tuple(sorted(stems))
    does = np.array([[bool({act, ALSO + act} & stems[text]) for act in acts] for text in texts])
    known = np.array([[_tells(stems[text], act) for act in acts] for text in texts])
    return Sentences(texts, acts, does, known)


def _tells(stems: set[str], act: str) -> bool:
    """Whether the files in which a sentence stands tell if it does this act."""
    return bool({ALSO + act, NOT + act} & stems) or any(not stem.startswith((ALSO, NOT)) for stem in stems)


def _folded(line: str, code: str) -> str:
    data = language(code)
    words = tuple(Word(text, Span(0.0, 0.0)) for text in line.split())
    return " ".join(token.text for token in tokenise(words, data.contractions if data else {}))


def _fit(rows: csr_matrix, does: NDArray[np.bool_]) -> tuple[NDArray[np.float32], float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(
        C=STRENGTH, class_weight="balanced", max_iter=1000, random_state=SEED, solver="liblinear"
    )
    model.fit(rows, does)
    return model.coef_[0].astype("float32"), float(model.intercept_[0])


def _held_out(rows: csr_matrix, does: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The probability of each sentence by weights that were not trained on it."""
    import numpy as np
    from sklearn.model_selection import StratifiedKFold

    probabilities = np.zeros(len(does), dtype=np.float32)
    for training, held in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(rows, does):
        weights, bias = _fit(rows[training], does[training])
        probabilities[held] = 1 / (1 + np.exp(-(rows[held] @ weights + bias)))
    return probabilities


def threshold_of(probabilities: NDArray[np.float32], does: NDArray[np.bool_]) -> float:
    """The probability from which the act is told best on held-out sentences, by F with `BETA`."""
    steps = [LEAST_PROBABILITY + step / 100 for step in range(48)]
    best: float = max(steps, key=lambda threshold: (_f_measure(probabilities >= threshold, does), threshold))
    return best


def _f_measure(told: NDArray[np.bool_], does: NDArray[np.bool_]) -> float:
    hits = float((told & does).sum())
    precision, recall = hits / max(1.0, float(told.sum())), hits / max(1.0, float(does.sum()))
    if precision < LEAST_PRECISION:
        return 0.0
    weighted: float = (1 + BETA**2) * precision * recall / (BETA**2 * precision + recall)
    return weighted


def train(code: str) -> ActClassifier:
    """The classifier of a language, trained on all its sentences; prints how well it does on held-out ones."""
    import numpy as np

    sentences = read_sentences(code)
    rows = hashed_ngrams(sentences.texts)
    weights, biases, thresholds = [], [], []
    for column, act in enumerate(sentences.acts):
        told = sentences.known[:, column]
        known, does = rows[told], sentences.does[told, column]
        held_out = _held_out(known, does)
        weight, bias = _fit(known, does)
        weight[np.abs(weight) < SMALLEST_WEIGHT] = 0
        thresholds.append(threshold_of(held_out, does))
        weights.append(weight)
        biases.append(bias)
        _tell(code, act, does, held_out >= thresholds[-1], 1 / (1 + np.exp(-(known @ weight + bias))) >= thresholds[-1])
    stacked = np.ascontiguousarray(np.stack(weights, axis=1))
    return ActClassifier(sentences.acts, stacked, np.array(biases, np.float32), np.array(thresholds, np.float32))


def _tell(code: str, act: str, does: NDArray[np.bool_], held_out: NDArray[np.bool_], known: NDArray[np.bool_]) -> None:
    def rates(told: NDArray[np.bool_]) -> str:
        hits = (told & does).sum()
        return f"precision {hits / max(1, told.sum()):.2f} recall {hits / max(1, does.sum()):.2f}"

    sys.stdout.write(f"{code} {act:20} n {does.sum():4}  held out: {rates(held_out)}  trained: {rates(known)}\n")


def digest_of(code: str) -> str:
    """Names the training sentences of a language; a model carries it, so that a test can tell a stale one."""
    digest = hashlib.sha256()
    for file in sorted((TRAINING / code).glob("*.txt")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def save(model: ActClassifier, code: str) -> Path:
    """Write the model as a NumPy archive without pickles, with the digest of its sentences."""
    import numpy as np

    rows, columns = model.weights.nonzero()
    MODELS.mkdir(exist_ok=True)
    path = MODELS / f"{code}.npz"
    np.savez_compressed(
        path,
        acts=np.array(json.dumps(model.acts)),
        sentences=np.array(digest_of(code)),
        shape=np.array(model.weights.shape),
        rows=rows.astype(np.uint32),
        columns=columns.astype(np.uint8),
        values=model.weights[rows, columns].astype(np.float16),
        biases=model.biases,
        thresholds=model.thresholds,
    )
    return path


def main() -> None:
    """Train the languages named, or all that have sentences."""
    for code in sys.argv[1:] or [c for c in languages() if (TRAINING / c).is_dir()]:
        sys.stdout.write(f"{save(train(code), code)}\n")


if __name__ == "__main__":
    main()
