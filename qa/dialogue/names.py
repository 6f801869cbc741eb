"""The customer's name: where it is given, and where the agent uses it, in whatever case the grammar asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil

from qa.languages import Language, language
from qa.model.conversation import Role
from qa.model.dialogue import Dialogue, SpeechAct
from qa.model.transcript import Word
from qa.text.tokens import normal_form

NAME_ACTS = ("name_given", "self_introduction")
"""Acts in which customers say who they are."""

NAME_QUESTIONS = ("identity_check", "open_question", "closed_question", "clarifying_question", "asks_for_person")
"""Acts of the agent that a bare name can be the answer to."""

WORDS_AFTER = 2
"""Words; after "my name is Jana" a surname of at most this many words may follow."""

BARE_NAME_WORDS = (2, 3)
"""Words; an answer of so many capitalised words and nothing else is a full name."""

KEPT_SHARE = 0.6
"""Share of the shorter form that two cases of one name have in common from its start (Anna/Anno, Marek/Marku)."""

LONGER_BY = 4
"""Letters that a case ending adds at most (Kovács/Kovácsnak, Nowak/Nowakowi)."""

OPENING_TURNS = 3
"""Turns of the customer in which a name without any phrase ("Good morning, Jana Malá.") is an introduction."""

SHORTEST = 3
"""Letters; shorter words are initials or function words."""


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """What words can be names in one call: the language's lists, and whether the transcript writes capitals."""

    common: frozenset[str]
    address: frozenset[str]
    companies: frozenset[str]
    cased: bool

    @classmethod
    def of(cls, dialogue: Dialogue) -> _Lexicon | None:
        """None where the house has no data for the language."""
        data = language(dialogue.conversation.language)
        if data is None:
            return None
        address = _forms(data, "form_of_address")
        said = {normal_form(word) for act in dialogue.find("company", "department") for word in act.quote.split()}
        cased = any(w.text[:1].isupper() for turn in dialogue.conversation.turns for w in turn.words)
        common = _forms(data, "not_name") | address
        return cls(common, address, _forms(data, "company_noun") | said, cased)

    def name(self, word: Word, *, cased: bool) -> str | None:
        """The word's normal form where it can be a name, else None."""
        form = normal_form(word.text)
        possible = len(form) >= SHORTEST and form.isalpha() and form not in self.common
        return form if possible and (word.text[:1].isupper() or not cased) else None

    def names(self, words: Iterable[Word], *, cased: bool) -> tuple[str, ...]:
        """The normal forms of the words that can be names."""
        return tuple(form for word in words if (form := self.name(word, cased=cased)))


@dataclass(frozen=True, slots=True)
class GivenName:
    """A name the customer gave: its words in normal form, and the act or turn it was given in."""

    words: tuple[str, ...]
    turn: int
    act: SpeechAct | None = None


def same_name(one: str, other: str) -> bool:
    """Whether two folded words can be cases of one name.

    >>> same_name("anna", "anno"), same_name("marek", "marku"), same_name("novak", "nowy")
    (True, True, False)
    """
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < SHORTEST or len(longer) - len(shorter) > LONGER_BY:
        return False
    kept = max(2, ceil(KEPT_SHARE * len(shorter)))
    return shorter[:kept] == longer[:kept]


def given_names(dialogue: Dialogue) -> tuple[GivenName, ...]:
    """Every name the customer gave, by time: in a phrase, in the opening, or bare as the answer to a question."""
    lexicon = _Lexicon.of(dialogue)
    if lexicon is None:
        return ()
    said = dialogue.find(*NAME_ACTS, role=Role.CUSTOMER)
    phrased = [GivenName(words, act.turn, act) for act in said if (words := _in_phrase(dialogue, act, lexicon))]
    known = {name.turn for name in phrased}
    others = (*_opening(dialogue, lexicon), *_bare(dialogue, lexicon))
    return tuple(sorted((*phrased, *(n for n in others if n.turn not in known)), key=lambda name: name.turn))


def uses(dialogue: Dialogue, names: tuple[GivenName, ...]) -> Iterator[Word]:
    """The agent's words that are such a name, or any name said with a form of address ("Mr Hale").

    The agent's own name does not count, even where it is the customer's too.
    """
    lexicon = _Lexicon.of(dialogue)
    if lexicon is None:
        return
    given = frozenset(word for name in names for word in name.words)
    own = [act.span for act in dialogue.find("self_introduction", role=Role.AGENT)]
    for turn in dialogue.conversation.by_role(Role.AGENT):
        forms = ["", *(normal_form(word.text) for word in turn.words), ""]
        for index, word in enumerate(turn.words):
            addressed = not lexicon.address.isdisjoint((forms[index], forms[index + 2]))
            if not any(span.covers(word.span.start) for span in own) and _is_use(word, given, lexicon, addressed):
                yield word


def _is_use(word: Word, given: frozenset[str], lexicon: _Lexicon, addressed: bool) -> bool:
    """By a given name's letters or a form of address beside it; without capitals by both, or by equality."""
    form = lexicon.name(word, cased=lexicon.cased)
    if form is None:
        return False
    alike = any(same_name(form, name) for name in given)
    return (alike or addressed) if lexicon.cased else (form in given or (alike and addressed))


def _in_phrase(dialogue: Dialogue, act: SpeechAct, lexicon: _Lexicon) -> tuple[str, ...]:
    """The words of the act, and a surname after them, that can be a name."""
    words = dialogue.conversation.turns[act.turn].utterances[act.utterance].words
    inside = [w for w in words if act.span.start <= w.span.start < act.span.end]
    after = [w for w in words if act.span.end <= w.span.start < act.sentence.end][:WORDS_AFTER]
    return lexicon.names((*inside, *after), cased=lexicon.cased)


def _opening(dialogue: Dialogue, lexicon: _Lexicon) -> Iterator[GivenName]:
    """Two or three capitalised words in a row, or one after a form of address, in the customer's first turns."""
    turns = [n for n, t in enumerate(dialogue.conversation.turns) if t.role is Role.CUSTOMER and not t.backchannel]
    for number in turns[:OPENING_TURNS]:
        for before, run in _capitalised(dialogue.conversation.turns[number].words, lexicon):
            full = len(run) in BARE_NAME_WORDS or before in lexicon.address
            if full and lexicon.companies.isdisjoint(run):
                yield GivenName(run, number)


def _capitalised(words: tuple[Word, ...], lexicon: _Lexicon) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Runs of capitalised words that can be names, each with the word before it; signs end a run."""
    before, run = "", list[str]()
    for word in words:
        form = lexicon.name(word, cased=True)
        if form:
            run.append(form)
        if run and (form is None or word.text[-1] in ",.?!"):
            yield before, tuple(run)
            run = []
        if not run:
            before = normal_form(word.text)
    if run:
        yield before, tuple(run)


def _bare(dialogue: Dialogue, lexicon: _Lexicon) -> Iterator[GivenName]:
    """Turns of two or three capitalised words and nothing else, right after a question of the agent."""
    asked = {act.turn for act in dialogue.find(*NAME_QUESTIONS, role=Role.AGENT)}
    previous: int | None = None
    for number, turn in enumerate(dialogue.conversation.turns):
        if turn.role is Role.CUSTOMER and previous in asked and len(turn.words) in BARE_NAME_WORDS:
            words = lexicon.names(turn.words, cased=True)
            if len(words) == len(turn.words) and lexicon.companies.isdisjoint(words):
                yield GivenName(words, number)
        if not turn.backchannel:
            previous = number


def _forms(data: Language, group: str) -> frozenset[str]:
    return frozenset(normal_form(word) for word in data.classes.get(group, ()))
