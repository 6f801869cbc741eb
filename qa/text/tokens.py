"""Words in normal form: folded tokens that still know which word, and so which second, they came from."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from qa.model.span import Span
from qa.model.transcript import Word

NOT_DECOMPOSED = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "’": "'", "ʼ": "'", "`": "'"})
"""Letters that Unicode does not split into base and accent, and the apostrophes people type."""

SENTENCE_ENDS = (".", "?", "!", "…")
INNER_SIGNS = frozenset("'.,:/%@+")
"""Signs that stay when they stand inside a token: "i'll", "12.5", "12:00", "24/7", "a@b"."""


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Lower case without diacritics and with plain apostrophes: what two spellings of one word share.

    >>> fold("Łódź"), fold("Köszönöm")
    ('lodz', 'koszonom')
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(NOT_DECOMPOSED))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@lru_cache(maxsize=65_536)
def normal_form(word: str) -> str:
    """The folded word without the punctuation around it and without hyphens in it.

    >>> normal_form("„E-mailem,”"), normal_form("12:00."), normal_form("—")
    ('emailem', '12:00', '')
    """
    folded = fold(word).replace("-", "").replace("\u2011", "")
    kept = "".join(c for c in folded if c.isalnum() or c in INNER_SIGNS)
    return kept.strip("".join(INNER_SIGNS - {"%", "+"}))


@dataclass(frozen=True, slots=True)
class Token:
    """One folded token and the index of the word it came from (within its sentence)."""

    text: str
    word: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words up to a full stop, question or exclamation mark, with their tokens.

    ``question`` tells that a question mark closed it; transcripts without punctuation never say so.
    """

    words: tuple[Word, ...]
    tokens: tuple[Token, ...]
    question: bool

    @property
    def text(self) -> str:
        """The words as one line."""
        return " ".join(word.text for word in self.words)

    @property
    def span(self) -> Span:
        """From the first word to the last."""
        return Span(self.words[0].span.start, self.words[-1].span.end)

    def part(self, first: int, last: int) -> tuple[Span, str]:
        """Span and text of the words under tokens ``first`` up to but not including ``last``."""
        start, end = self.tokens[first].word, self.tokens[last - 1].word
        words = self.words[start : end + 1]
        return Span(words[0].span.start, words[-1].span.end), " ".join(w.text for w in words)


def tokenise(words: tuple[Word, ...], contractions: Mapping[str, str]) -> Iterator[Token]:
    """Folded tokens of ``words``; a contraction ("i'll") becomes the tokens it stands for ("i", "will")."""
    for index, word in enumerate(words):
        for piece in word.text.split():
            if form := normal_form(piece):
                for token in contractions.get(form, form).split():
                    yield Token(token, index)


def _ends_sentence(word: str) -> bool:
    bare = word.rstrip("\"'”’»)")
    if not bare.endswith(SENTENCE_ENDS):
        return False
    # "5. marca", "3. osoba": a numeral's full stop makes it an ordinal and ends nothing
    return not (bare.endswith(".") and bare.rstrip(".").isdigit())


def sentences(words: tuple[Word, ...], contractions: Mapping[str, str]) -> tuple[Sentence, ...]:
    """The sentences of an utterance; without punctuation the whole utterance is one."""
    found: list[Sentence] = []
    start = 0
    for index, word in enumerate(words):
        last = index == len(words) - 1
        if last or _ends_sentence(word.text):
            part = words[start : index + 1]
            if tokens := tuple(tokenise(part, contractions)):
                found.append(Sentence(part, tokens, question=word.text.rstrip("\"'”’»)").endswith("?")))
            start = index + 1
    return tuple(found)
