"""Opportunity and answer: each time the customer does something, the agent answers it within a few turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qa.criteria.parameters import ACT_NAMES, evidence, from_json, parameters_object, sentence_evidence, whole
from qa.model.contracts import Check
from qa.model.conversation import Role
from qa.model.dialogue import Dialogue, SpeechAct
from qa.model.finding import Finding, Reason, Verdict
from qa.model.rubric import CheckKind, CompanyFacts, Json
from qa.model.span import Span

NOT_ANSWERED = 0.8
"""Confidence that an opportunity without a recognised answer was left unanswered."""


@dataclass(frozen=True, slots=True)
class Opportunity:
    """What the customer said in one go, and the agent's answers within the turns that follow."""

    raised: tuple[SpeechAct, ...]
    answers: tuple[SpeechAct, ...]
    searched: Span


@dataclass(frozen=True, slots=True)
class Answered:
    """Met when every opportunity is answered, partly when some are; none at all is not applicable."""

    opportunity: tuple[str, ...]
    answer: tuple[str, ...]
    within_turns: int = 2

    def judge(self, dialogue: Dialogue) -> Finding:
        """Find the opportunities and look for their answers."""
        found = self._opportunities(dialogue)
        if not found:
            reason = Reason("The situation never arose: the customer voiced nothing that asks for this")
            hull = dialogue.conversation.speech_hull()
            sure = NOT_ANSWERED * dialogue.conversation.clarity(Role.CUSTOMER, hull)
            return Finding(Verdict.NOT_APPLICABLE, reason, sure, searched=hull)
        answered = [o for o in found if o.answers]
        verdict = _verdict(len(answered), len(found))
        reason = Reason("Answered: {answered} of {raised}", (("answered", len(answered)), ("raised", len(found))))
        quotes = sentence_evidence(dialogue, [a for o in found for a in o.raised]) + evidence(
            o.answers[0] for o in answered
        )
        missed = next((o.searched for o in found if not o.answers), None)
        return Finding(
            verdict, reason, self._confidence(dialogue, found), tuple(sorted(quotes, key=lambda e: e.span)), missed
        )

    def _confidence(self, dialogue: Dialogue, found: list[Opportunity]) -> float:
        """As sure as the least sure of them."""
        clarity = dialogue.conversation.clarity
        raised = min(max(a.confidence for a in o.raised) for o in found)
        answers = [
            max(a.confidence for a in o.answers) if o.answers else NOT_ANSWERED * clarity(Role.AGENT, o.searched)
            for o in found
        ]
        return min(raised, *answers)

    def _opportunities(self, dialogue: Dialogue) -> list[Opportunity]:
        grouped: dict[int, list[SpeechAct]] = {}
        for act in dialogue.find(*self.opportunity, role=Role.CUSTOMER):
            grouped.setdefault(act.turn, []).append(act)
        return [self._opportunity(dialogue, turn, tuple(acts)) for turn, acts in sorted(grouped.items())]

    def _opportunity(self, dialogue: Dialogue, turn: int, raised: tuple[SpeechAct, ...]) -> Opportunity:
        following = [
            number
            for number, other in enumerate(dialogue.conversation.turns)
            if other.role is Role.AGENT and not other.backchannel and other.span.end > raised[0].span.end
        ][: self.within_turns]
        answers = tuple(
            a
            for a in dialogue.find(*self.answer, role=Role.AGENT)
            if a.turn in following and a.span.end > raised[0].span.start
        )
        end = dialogue.conversation.turns[following[-1]].span.end if following else dialogue.conversation.duration
        return Opportunity(raised, answers, Span(raised[0].span.start, end))


def _verdict(answered: int, raised: int) -> Verdict:
    if answered == raised:
        return Verdict.MET
    return Verdict.PARTLY if answered else Verdict.MISSED


def build(parameters: Mapping[str, Json], company: CompanyFacts) -> Check:
    """The check that these parameters describe."""
    return from_json(Answered, parameters)


KIND = CheckKind(
    name="answered",
    purpose="Finds what the customer raises and whether the agent answers it within the next turns.",
    schema=parameters_object(
        ("opportunity", "answer"),
        opportunity=ACT_NAMES,
        answer=ACT_NAMES,
        within_turns=whole("how many of the agent's next turns may hold the answer"),
    ),
    build=build,
)
