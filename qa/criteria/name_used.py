"""The customer's name: once given, the agent uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qa.criteria.parameters import evidence, from_json, parameters_object, whole
from qa.dialogue.names import given_names, uses
from qa.model.contracts import Check
from qa.model.conversation import Role
from qa.model.dialogue import Dialogue
from qa.model.finding import Evidence, Finding, Reason, Verdict
from qa.model.rubric import CheckKind, CompanyFacts, Json
from qa.model.span import Span

BY_LETTERS = 0.75
"""Confidence of a verdict on names: recognisers spell them as they please."""


@dataclass(frozen=True, slots=True)
class NameUsed:
    """Met when the agent says a name that the customer gave at least ``at_least`` times; N/A without a name."""

    at_least: int = 1

    def judge(self, dialogue: Dialogue) -> Finding:
        """Find the names given, then the agent's use of them."""
        names = given_names(dialogue)
        searched = dialogue.conversation.speech_hull()
        used = tuple(Evidence(w.span, Role.AGENT, w.text) for w in uses(dialogue, names))
        if not names and not used:
            why = Reason("The customer gave no name that was heard")
            return Finding(Verdict.NOT_APPLICABLE, why, BY_LETTERS, searched=searched)
        counts = (("used", len(used)), ("wanted", self.at_least))
        given = evidence(name.act for name in names if name.act)
        if len(used) >= self.at_least:
            quotes = tuple(sorted((*given, *used), key=lambda quote: quote.span))
            return Finding(Verdict.MET, Reason("The name was used {used} times", counts), BY_LETTERS, quotes)
        start = min((dialogue.conversation.turns[name.turn].span.start for name in names), default=searched.start)
        why = Reason("The name was used {used} times; wanted {wanted}", counts)
        return Finding(Verdict.MISSED, why, BY_LETTERS, given, Span(start, searched.end))


def build(parameters: Mapping[str, Json], company: CompanyFacts) -> Check:
    """The check that these parameters describe."""
    return from_json(NameUsed, parameters)


KIND = CheckKind(
    name="name_used",
    purpose="Finds the name the customer gave and whether the agent uses it.",
    schema=parameters_object(at_least=whole("how often the name must be used")),
    build=build,
)
