"""Speech acts: what each sentence does, by the phrases of its language and the company's facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qa.dialogue.company import bare_company
from qa.languages import Language
from qa.model.conversation import Turn
from qa.model.dialogue import SpeechAct
from qa.model.rubric import CompanyFacts
from qa.model.transcript import Word
from qa.text.patterns import Hit, Pattern, PhraseBook, compile_pattern
from qa.text.tokens import Sentence, sentences

PHRASE_CONFIDENCE = 0.95
"""Trust in a phrase that matched perfectly heard words; phrases are written to be true by themselves."""

OPENING_TURNS = 4
"""Turns; a company named without a phrase around it is looked for only this early: later, capitals are other names."""

OPENING_ACTS = frozenset({"greeting", "self_introduction", "offer_of_help", "department", "thanks"})
"""What stands beside a company's name when a call is opened."""

UNLESS = "!"
"""Marks the names of cancelling patterns within the phrase book."""


@dataclass(frozen=True, slots=True)
class _Found:
    name: str
    hit: Hit
    confidence: float
    layer: str


def _book(language: Language, company: CompanyFacts) -> PhraseBook:
    classes = {**language.classes, "company": company.names, "department": company.departments}
    phrases = [(name, phrase) for name, act in language.acts.items() for phrase in act.phrases]
    phrases += [(UNLESS + name, phrase) for name, act in language.acts.items() for phrase in act.unless]
    phrases += [("company", "<company>"), ("department", "<department>")]
    return PhraseBook((name, compile_pattern(source, classes)) for name, source in phrases)


def _heard(words: Iterable[Word]) -> float:
    """Trust in the words themselves: 1.0 where the recogniser gave no confidences."""
    confidences = [word.confidence for word in words if word.confidence is not None]
    return sum(confidences) / len(confidences) if confidences else 1.0


def _longest(found: list[tuple[Hit, Pattern]]) -> Iterator[tuple[Hit, Pattern]]:
    """Of overlapping hits of one act the longest, in order."""
    kept: list[tuple[Hit, Pattern]] = []
    for hit, pattern in sorted(found, key=lambda f: (f[0].first - f[0].last, f[0].first)):
        if all(hit.last <= other.first or hit.first >= other.last for other, _ in kept):
            kept.append((hit, pattern))
    yield from sorted(kept, key=lambda f: f[0].first)


class ActRecogniser:
    """Finds the speech acts of conversations in one language, for one company's facts.

    Building it compiles the phrases (tens of milliseconds); recognising is linear in the words.
    """

    def __init__(self, language: Language, company: CompanyFacts) -> None:
        self._language = language
        self._book = _book(language, company)

    def recognise(self, turns: Iterable[Turn]) -> tuple[SpeechAct, ...]:
        """Every act of every turn, by start time; acts of different names may share words."""
        acts = [act for number, turn in enumerate(turns) for act in self._turn(number, turn)]
        return tuple(sorted(acts, key=lambda act: (act.span, act.name)))

    def sentences(self, words: tuple[Word, ...]) -> tuple[Sentence, ...]:
        """The sentences of an utterance, in this language's normal form."""
        return sentences(words, self._language.contractions)

    def _turn(self, number: int, turn: Turn) -> Iterator[SpeechAct]:
        for position, utterance in enumerate(turn.utterances):
            for sentence in self.sentences(utterance.words):
                for found in self._sentence(sentence, number < OPENING_TURNS):
                    span, quote = sentence.part(found.hit.first, found.hit.last)
                    heard = _heard(w for w in utterance.words if span & w.span)
                    confidence = found.confidence * heard
                    yield SpeechAct(
                        found.name, turn.role, number, position, span, sentence.span, quote, confidence, found.layer
                    )

    def _sentence(self, sentence: Sentence, opening: bool) -> Iterator[_Found]:
        hits: dict[str, list[tuple[Hit, Pattern]]] = defaultdict(list)
        for name, pattern, hit in self._book.search(sentence):
            hits[name].append((hit, pattern))
        kept = {
            name: found for name, found in hits.items() if not name.startswith(UNLESS) and UNLESS + name not in hits
        }
        for name, found in kept.items():
            for hit, pattern in _longest(found):
                yield _Found(name, hit, PHRASE_CONFIDENCE, f"phrase: {pattern.source}")
        if opening and "company" not in kept and (bare := self._bare_company(sentence, kept)):
            yield _Found("company", bare, PHRASE_CONFIDENCE, "name in the opening")

    def _bare_company(self, sentence: Sentence, kept: dict[str, list[tuple[Hit, Pattern]]]) -> Hit | None:
        covered = {index for found in kept.values() for hit, _ in found for index in range(hit.first, hit.last)}
        hit = bare_company(sentence, covered, self._language)
        alone = hit is not None and hit.last - hit.first == 1
        return None if alone and not OPENING_ACTS & set(kept) else hit
