"""Speech acts: what each sentence does, by the phrases of its language and the company's facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.dialogue.classifier import ActClassifier, Likely, likely_acts
from qa.dialogue.company import bare_names, name_words
from qa.languages import Language
from qa.model.conversation import Role, Turn
from qa.model.dialogue import SpeechAct
from qa.model.rubric import CompanyFacts
from qa.model.transcript import Word
from qa.text.patterns import Hit, Pattern, PhraseBook, WordClasses, compile_pattern
from qa.text.tokens import Sentence, sentences

PHRASE_CONFIDENCE = 0.95
"""Trust in a phrase that matched perfectly heard words; phrases are written to be true by themselves."""

OPENING_TURNS = 4
"""Turns; a company named without a phrase around it is looked for only this early: later, capitals are other names."""

OPENING_ACTS = frozenset({"greeting", "self_introduction", "offer_of_help", "department", "thanks"})
"""What stands beside a company's name when a call is opened."""

UNLESS = "!"
"""Marks the names of cancelling patterns within the phrase book."""


PROMISE = "promise"
"""The model's name for a promise of any kind; which kind, only phrases tell."""

LITERAL = frozenset({"deadline", "company", "self_introduction"})
"""Acts that stand or fall with their very words: times and names sound like any others to n-grams."""

ACCUSING = frozenset({"trouble", "withdrawal"})
"""Acts that open a case against the agent: a likeness alone must not cost anybody points, phrases have to say it."""

NEGATION = "?negation"
"""Marks the language's negating words: n-grams hardly see a "not", and a promise turns on it."""


@dataclass(frozen=True, slots=True)
class _Found:
    name: str
    hit: Hit
    confidence: float
    layer: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence and where it stands, and what the phrases say of it.

    ``found`` are its acts, ``cancelled`` the names of acts that a phrase rules out, ``negated`` the indices of
    its negating tokens.
    """

    turn: int
    utterance: int
    role: Role
    sentence: Sentence
    found: tuple[_Found, ...]
    cancelled: frozenset[str]
    negated: tuple[int, ...]

    def act(self, found: _Found) -> SpeechAct:
        span, quote = self.sentence.part(found.hit.first, found.hit.last)
        heard = _heard(word for word in self.sentence.words if span & word.span)
        confidence = found.confidence * heard
        where = (self.turn, self.utterance, span, self.sentence.span)
        return SpeechAct(found.name, self.role, *where, quote, confidence, found.layer)

    def allows(self, likely: Likely) -> bool:
        """Whether the model may add this act: nothing like it was found or cancelled, and an agent speaks."""
        act = likely.act
        if self.role is Role.CUSTOMER or act in LITERAL or act in ACCUSING:
            return False
        if act == PROMISE and any(likely.first <= index < likely.last for index in self.negated):
            return False
        names = {found.name for found in self.found} | self.cancelled
        return not any(name == act or name.startswith(f"{act}.") for name in names)


def _book(language: Language, company: CompanyFacts) -> PhraseBook:
    classes = WordClasses({**language.classes, "company": company.names, "department": company.departments})
    phrases = [(name, phrase) for name, act in language.acts.items() for phrase in act.phrases]
    phrases += [(UNLESS + name, phrase) for name, act in language.acts.items() for phrase in act.unless]
    phrases += [("company", "<company>"), ("department", "<department>"), (NEGATION, "<negation>")]
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

    Two layers, each of which says what it found and why: phrases, written to be true by themselves, and over
    them a trained model for what is said in other words. Building compiles the phrases (tens of milliseconds);
    recognising is linear in the words.
    Without ``model`` there are only phrases.
    """

    def __init__(self, language: Language, company: CompanyFacts, model: ActClassifier | None = None) -> None:
        self._language = language
        self._book = _book(language, company)
        self._names = name_words(language)
        self._model = model

    def recognise(self, turns: Iterable[Turn]) -> tuple[SpeechAct, ...]:
        """Every act of every turn, by start time; acts of different names may share words."""
        places = [place for number, turn in enumerate(turns) for place in self._places(number, turn)]
        acts = [place.act(found) for place in places for found in (*place.found, *self._opened(place))]
        acts.extend(self._modelled(places))
        return tuple(sorted(acts, key=lambda act: (act.span, act.name)))

    def _places(self, number: int, turn: Turn) -> Iterator[_Place]:
        for position, utterance in enumerate(turn.utterances):
            for sentence in sentences(utterance.words, self._language.contractions):
                yield _Place(number, position, turn.role, sentence, *self._phrases(sentence))

    def _phrases(self, sentence: Sentence) -> tuple[tuple[_Found, ...], frozenset[str], tuple[int, ...]]:
        hits: dict[str, list[tuple[Hit, Pattern]]] = defaultdict(list)
        for name, pattern, hit in self._book.search(sentence):
            hits[name].append((hit, pattern))
        negated = tuple(hit.first for hit, _ in hits.pop(NEGATION, ()))
        cancelled = frozenset(name.removeprefix(UNLESS) for name in hits if name.startswith(UNLESS))
        kept = {name: found for name, found in hits.items() if not name.startswith(UNLESS) and name not in cancelled}
        found = tuple(
            _Found(name, hit, PHRASE_CONFIDENCE, f"phrase: {pattern.source}")
            for name, some in kept.items()
            for hit, pattern in _longest(some)
        )
        return found, cancelled, negated

    def _opened(self, place: _Place) -> Iterator[_Found]:
        """The company and the person, where the opening names them without any phrase."""
        if place.turn >= OPENING_TURNS:
            return
        explained: dict[str, set[int]] = defaultdict(set)
        for found in place.found:
            explained[found.name].update(range(found.hit.first, found.hit.last))
        for act, hit in bare_names(place.sentence, explained, self._names):
            alone = act != "company" or hit.last - hit.first == 1
            if not alone or OPENING_ACTS & set(explained):
                yield _Found(act, hit, PHRASE_CONFIDENCE, "name in the opening")

    def _modelled(self, places: Sequence[_Place]) -> Iterator[SpeechAct]:
        """Acts that the trained model hears where the phrases found nothing of the kind."""
        if self._model is None:
            return
        for likely in likely_acts(self._model, [place.sentence for place in places]):
            place = places[likely.sentence]
            if place.allows(likely):
                yield place.act(_modelled(likely))


def _modelled(likely: Likely) -> _Found:
    name = "promise.other" if likely.act == PROMISE else likely.act
    layer = f"model: {likely.act} {likely.probability:.2f}"
    return _Found(name, Hit(likely.first, likely.last), likely.probability, layer)
