"""Terms: the company's own words in the agent's mouth, and whether each comes with what makes it plain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from qa.criteria.parameters import act_names, from_json, parameters_object, whole
from qa.dialogue.questions import spoken_sentences
from qa.dialogue.selection import Selection, select
from qa.model.contracts import Check
from qa.model.conversation import Role
from qa.model.dialogue import Dialogue
from qa.model.finding import Evidence, Finding, Reason, Verdict
from qa.model.rubric import CheckKind, CompanyFacts, Json
from qa.model.span import Span
from qa.text.patterns import Pattern, PhraseBook, compile_pattern

NOT_HEARD = 0.8
"""Confidence that what no phrase recognised was not said."""

BY_PHRASE = 0.9
"""Confidence that a term of the rubric's list was said."""


class Source(StrEnum):
    """Which of the company's facts are the terms; jargon brings the plain word that makes each plain."""

    JARGON = "jargon"
    PRODUCTS = "products"


@dataclass(frozen=True, slots=True)
class _Heard:
    """A term in the agent's words."""

    term: str
    turn: int
    span: Span
    quote: str


@dataclass(frozen=True, slots=True)
class _Settings:
    source: Source
    acts: tuple[str, ...] = ()
    next_turns: int = 1


@dataclass(frozen=True, slots=True)
class Terms:
    """Jargon: missed where a term stands alone, met without any. Products: met where one is tied to a benefit.

    ``acts`` (or the term's plain word, or a benefit word) must be said in the term's turn or the agent's
    next ``next_turns`` turns. A call in which no product is named sells nothing: not applicable.
    """

    settings: _Settings
    terms: PhraseBook
    plain: PhraseBook
    count: int

    def judge(self, dialogue: Dialogue) -> Finding:
        """Find the terms, then what makes them plain."""
        searched = dialogue.conversation.speech_hull()
        jargon = self.settings.source is Source.JARGON
        if jargon and not self.count:
            return Finding(Verdict.NOT_APPLICABLE, Reason("The rubric lists no terms"), searched=searched)
        heard = tuple(self._heard(dialogue))
        if not heard:
            return self._none(searched)
        alone = [one for one in heard if not self._explained(dialogue, one)]
        plain = [one for one in heard if one not in alone]
        if not alone or (plain and not jargon):
            why = Reason("{plain} of {count} made plain", (("plain", len(plain)), ("count", len(heard))))
            return Finding(Verdict.MET, why, NOT_HEARD, _quotes(plain), searched)
        why = Reason("Not made plain: {terms}", (("terms", ", ".join(dict.fromkeys(h.quote for h in alone))),))
        return Finding(Verdict.MISSED, why, NOT_HEARD, _quotes(alone), self._reach(dialogue, alone[0]))

    def _none(self, searched: Span) -> Finding:
        if self.settings.source is Source.JARGON:
            return Finding(Verdict.MET, Reason("None of the terms was heard"), BY_PHRASE, searched=searched)
        return Finding(Verdict.NOT_APPLICABLE, Reason("No product was offered"), NOT_HEARD, searched=searched)

    def _heard(self, dialogue: Dialogue) -> Iterator[_Heard]:
        for number, turn in enumerate(dialogue.conversation.turns):
            if turn.role is Role.AGENT:
                for sentence in spoken_sentences(dialogue, turn):
                    for term, _, hit in self.terms.search(sentence):
                        yield _Heard(term, number, *sentence.part(hit.first, hit.last))

    def _explained(self, dialogue: Dialogue, heard: _Heard) -> bool:
        span = self._reach(dialogue, heard)
        if select(dialogue, Selection(self.settings.acts), Role.AGENT, span):
            return True
        turns = (t for t in dialogue.conversation.by_role(Role.AGENT) if t.span & span)
        found = (name for t in turns for s in spoken_sentences(dialogue, t) for name, _, _ in self.plain.search(s))
        return any(name in ("", heard.term) for name in found)

    def _reach(self, dialogue: Dialogue, heard: _Heard) -> Span:
        """From the start of the term's turn to the end of the agent's last turn that may make it plain."""
        after = [t for t in dialogue.conversation.turns[heard.turn :] if t.role is Role.AGENT and not t.backchannel]
        start = dialogue.conversation.turns[heard.turn].span.start
        return Span(start, max((t.span.end for t in after[: self.settings.next_turns + 1]), default=heard.span.end))


def _quotes(heard: tuple[_Heard, ...] | list[_Heard]) -> tuple[Evidence, ...]:
    return tuple(Evidence(one.span, Role.AGENT, one.quote) for one in heard)


def _book(pairs: tuple[tuple[str, str], ...]) -> PhraseBook:
    compiled: list[tuple[str, Pattern]] = [(name, compile_pattern(source, {})) for name, source in pairs if source]
    return PhraseBook(compiled)


def build(parameters: Mapping[str, Json], company: CompanyFacts) -> Check:
    """The check that these parameters and the company's facts describe. A term that can never match is refused."""
    settings = from_json(_Settings, parameters)
    if settings.source is Source.JARGON:
        terms = tuple((term, term) for term, _ in company.jargon)
        plain = company.jargon
    else:
        terms = tuple((product, product) for product in company.products)
        plain = tuple(("", word) for word in company.benefit_words)
    return Terms(settings, _book(terms), _book(plain), len(terms))


KIND = CheckKind(
    name="terms",
    purpose="Finds the company's terms in the agent's words and whether each is made plain, or tied to a benefit.",
    schema=parameters_object(
        ("source",),
        source={"enum": [str(s) for s in Source], "description": "which facts of the company: jargon or products"},
        acts=act_names("that make a term plain or name a benefit"),
        next_turns=whole("how many of the agent's next turns may make a term plain", 0),
    ),
    build=build,
)
