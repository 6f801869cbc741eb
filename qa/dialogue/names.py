"""The customer's name: where it is given, and where the agent uses it, in whatever case the grammar asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil

from qa.languages import Language, language
from qa.model.conversation import Role, Turn
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

SHORTEST = 3
"""Letters; shorter words are initials or function words."""


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
    """Every name the customer gave, by time: introduced in a phrase, or bare as the answer to a question."""
    data = language(dialogue.conversation.language)
    if data is None:
        return ()
    said = dialogue.find(*NAME_ACTS, role=Role.CUSTOMER)
    phrased = [GivenName(words, act.turn, act) for act in said if (words := _in_phrase(dialogue, act, data))]
    known = {name.turn for name in phrased}
    bare = [name for name in _bare(dialogue, data) if name.turn not in known]
    return tuple(sorted((*phrased, *bare), key=lambda name: name.turn))


def uses(dialogue: Dialogue, name: GivenName) -> Iterator[tuple[Turn, Word]]:
    """The agent's words that are the name, anywhere in the call."""
    data = language(dialogue.conversation.language)
    if data is None:
        return
    address = _forms(data, "form_of_address")
    cased = _has_capitals(dialogue)
    for turn in dialogue.conversation.by_role(Role.AGENT):
        before = ""
        for word in turn.words:
            form = normal_form(word.text)
            sure = word.text[:1].isupper() if cased else before in address or form in name.words
            if sure and not _common(form, data) and any(same_name(form, given) for given in name.words):
                yield turn, word
            before = form


def _in_phrase(dialogue: Dialogue, act: SpeechAct, data: Language) -> tuple[str, ...]:
    """The words of the act, and a surname after them, that can be a name."""
    words = dialogue.conversation.turns[act.turn].utterances[act.utterance].words
    inside = [w for w in words if act.span.start <= w.span.start < act.span.end]
    after = [w for w in words if act.span.end <= w.span.start < act.sentence.end][:WORDS_AFTER]
    return _name_words((*inside, *after), data, cased=_has_capitals(dialogue))


def _name_words(words: Iterable[Word], data: Language, *, cased: bool) -> tuple[str, ...]:
    chosen = ((normal_form(w.text), w.text) for w in words)
    return tuple(
        form
        for form, text in chosen
        if len(form) >= SHORTEST and form.isalpha() and not _common(form, data) and (text[:1].isupper() or not cased)
    )


def _bare(dialogue: Dialogue, data: Language) -> Iterator[GivenName]:
    """Turns of two or three capitalised words and nothing else, right after a question of the agent."""
    asked = {act.turn for act in dialogue.find(*NAME_QUESTIONS, role=Role.AGENT)}
    previous: int | None = None
    for number, turn in enumerate(dialogue.conversation.turns):
        if turn.role is Role.CUSTOMER and previous in asked and len(turn.words) in BARE_NAME_WORDS:
            words = _name_words(turn.words, data, cased=True)
            if len(words) == len(turn.words):
                yield GivenName(words, number)
        if not turn.backchannel:
            previous = number


def _has_capitals(dialogue: Dialogue) -> bool:
    """Whether the transcript writes capitals at all."""
    return any(word.text[:1].isupper() for turn in dialogue.conversation.turns for word in turn.words)


def _common(form: str, data: Language) -> bool:
    return form in _forms(data, "not_name") or form in _forms(data, "form_of_address")


def _forms(data: Language, group: str) -> frozenset[str]:
    return frozenset(normal_form(word) for word in data.classes.get(group, ()))
