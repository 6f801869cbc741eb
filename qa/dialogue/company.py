"""A company named without any phrase around it: "Evening! Bluebird Travel, Dwayne on the line"."""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import groupby

from qa.languages import Language
from qa.text.patterns import Hit
from qa.text.tokens import Sentence, normal_form

MAX_COMPANY_TOKENS = 6
"""Tokens; longer runs of unexplained words are talk, not a name."""


def _runs(sentence: Sentence, covered: Set[int]) -> Iterator[tuple[int, int]]:
    """Stretches of tokens that no phrase explained, as half-open indices."""
    free = [index not in covered for index in range(len(sentence.tokens))]
    for is_free, group in groupby(range(len(free)), key=lambda index: free[index]):
        indices = list(group)
        if is_free:
            yield indices[0], indices[-1] + 1


def _named(sentence: Sentence, index: int) -> bool:
    """Written with a capital although it does not begin the sentence, or in capitals throughout."""
    word = sentence.words[sentence.tokens[index].word].text
    letters = [c for c in word if c.isalpha()]
    return bool(letters) and letters[0].isupper()


def bare_company(sentence: Sentence, covered: Set[int], language: Language) -> Hit | None:
    """The first unexplained run of capitalised words, or one that holds a company noun ("bank", "air").

    ``covered`` are the indices of tokens that phrases explained. Names after a form of address ("pani
    Kowalska") and everyday words are not companies. Without capitals only company nouns can tell.
    """
    common = {normal_form(word) for word in language.classes["not_name"]}
    nouns = {normal_form(word) for word in language.classes["company_noun"]}
    address = {normal_form(word) for word in language.classes["form_of_address"]}
    for first, last in _runs(sentence, covered):
        texts = [sentence.tokens[index].text for index in range(first, last)]
        if last - first > MAX_COMPANY_TOKENS or address & set(texts):
            continue
        before = sentence.tokens[first - 1].text if first else ""
        named = [i for i in range(first, last) if sentence.tokens[i].text not in common and _named(sentence, i)]
        has_noun = bool(nouns & set(texts)) and len(texts) > 1
        if before not in address and (has_noun or named):
            chosen = named or list(range(first, last))
            return Hit(chosen[0], chosen[-1] + 1)
    return None
