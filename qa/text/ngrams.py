"""Sentences as hashed n-grams: what the trained layer of the act recogniser sees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

N_FEATURES = 2**16
"""Hash buckets; at some forty thousand n-grams a language, collisions cost less than the next size would."""

CHARACTERS = (2, 5)
"""Letters of the n-grams within words: they carry stems and endings, and survive a misheard letter."""

WORDS = (1, 3)
"""Words of the longer n-grams: "i am so sorry" is more than its words."""


def hashed_ngrams(texts: Sequence[str]) -> csr_matrix:
    """Rows of unit length, shape ``(len(texts), 2 * N_FEATURES)``; texts are folded tokens joined by spaces.

    Hashing needs no vocabulary, so a model is its weights alone, and the same text has the same row everywhere.
    """
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import HashingVectorizer

    common = {"n_features": N_FEATURES, "alternate_sign": False, "norm": "l2", "lowercase": False}
    letters = HashingVectorizer(analyzer="char_wb", ngram_range=CHARACTERS, **common)
    words = HashingVectorizer(analyzer="word", ngram_range=WORDS, tokenizer=str.split, token_pattern=None, **common)
    return hstack([letters.transform(texts), words.transform(texts)], format="csr")
