"""Names without any phrase around them in an opening: "Evening! Bluebird Travel, Dwayne Hill, how can I help?"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from qa.languages import Language
from qa.text.patterns import Hit
from qa.text.tokens import Sentence, normal_form

MAX_NAME_TOKENS = 5
"""Tokens; longer runs of unexplained words are talk, not a name."""

PERSON_TOKENS = 2
"""Tokens of a full name; a single capitalised word may be anything, so it is a person only by a list of names."""

STEM = 5
"""Letters; a company noun of at least so many is also known with an ending ("utazásoktól")."""

COMPANY, PERSON = "company", "self_introduction"
FIRST_NAMES = ("first_name", "given_name")
"""Classes in which a language file may list people's names."""


@dataclass(frozen=True, slots=True)
class NameWords:
    """The word lists of a language that tell names apart, in normal form."""

    common: frozenset[str]
    nouns: frozenset[str]
    address: frozenset[str]
    people: frozenset[str]

    def is_noun(self, token: str) -> bool:
        """Whether the token marks a company, as it stands or with an ending."""
        return token in self.nouns or any(len(noun) >= STEM and token.startswith(noun) for noun in self.nouns)


def _listed(language: Language, *names: str) -> frozenset[str]:
    return frozenset(normal_form(word) for name in names for word in language.classes.get(name, ()))


def name_words(language: Language) -> NameWords:
    """The word lists of a language, folded once for all its calls."""
    return NameWords(
        common=_listed(language, "not_name"),
        nouns=_listed(language, "company_noun"),
        address=_listed(language, "form_of_address"),
        people=_listed(language, *FIRST_NAMES),
    )


def _capital(sentence: Sentence, index: int) -> bool:
    letters = [c for c in sentence.words[sentence.tokens[index].word].text if c.isalpha()]
    return bool(letters) and letters[0].isupper()


def _has_capitals(sentence: Sentence) -> bool:
    return any(_capital(sentence, index) for index in range(len(sentence.tokens)))


def _ends_chunk(sentence: Sentence, index: int) -> bool:
    return sentence.words[sentence.tokens[index].word].text.endswith((",", ";", ":", "–"))


def _chunks(sentence: Sentence, covered: Set[int], words: NameWords) -> Iterator[Hit]:
    """Runs of unexplained tokens that look like names, broken at commas and at everyday words.

    Where a recogniser writes no capitals, every word that is not an everyday one looks like a name.
    """
    start: int | None = None
    lower = not _has_capitals(sentence)
    for index, token in enumerate(sentence.tokens):
        looks = lower or _capital(sentence, index) or words.is_noun(token.text)
        named = index not in covered and looks and token.text not in words.common - words.nouns
        if not named and start is not None:
            yield Hit(start, index)
            start = None
        if named and start is None:
            start = index
        if start is not None and (_ends_chunk(sentence, index) or index == len(sentence.tokens) - 1):
            yield Hit(start, index + 1)
            start = None


def _kinds(texts: list[str], known: Set[str], words: NameWords, capitals: bool) -> tuple[str, ...]:
    """What a chunk names: a company by its noun, a person by a list of names or as the second of two names."""
    person = (PERSON,) if words.people & set(texts) else ()
    if any(words.is_noun(text) for text in texts):
        return (COMPANY, *person) if len(texts) > 1 else ()
    if person or not capitals:
        return person
    return (PERSON,) if COMPANY in known and len(texts) == PERSON_TOKENS else (COMPANY,)


def bare_names(sentence: Sentence, explained: Mapping[str, Set[int]], words: NameWords) -> Iterator[tuple[str, Hit]]:
    """(act, tokens) of the company and the person named in an opening sentence.

    ``explained`` are the indices of tokens under each act that phrases found; a company may also stand within
    a self-introduction ("Ellen Hill, Harbour Bank"). Names after a form of address are the other party's.
    """
    known = set(explained)
    covered = {index for act, indices in explained.items() if act != PERSON for index in indices}
    own_name = explained.get(PERSON, frozenset())
    for chunk in _chunks(sentence, covered, words):
        texts = [token.text for token in sentence.tokens[chunk.first : chunk.last]]
        before = sentence.tokens[chunk.first - 1].text if chunk.first else ""
        if len(texts) > MAX_NAME_TOKENS or words.address & {before, *texts}:
            continue
        within_own = bool(own_name & set(range(chunk.first, chunk.last)))
        if within_own and not any(words.is_noun(text) for text in texts):
            continue
        for act in _kinds(texts, known, words, _has_capitals(sentence)):
            if act not in known:
                known.add(act)
                yield act, chunk
