"""Questions: each question of the customer gets an answer or a stated deferral within the agent's next turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qa.criteria.parameters import act_names, from_json, parameters_object, share, whole
from qa.dialogue.questions import Question, QuestionRule, answer_to, find_questions, next_agent_turns
from qa.model.contracts import Check
from qa.model.conversation import Role
from qa.model.dialogue import Dialogue
from qa.model.finding import Evidence, Finding, Reason, Verdict
from qa.model.rubric import CheckKind, CompanyFacts, Json
from qa.model.span import Span

BY_FORM = 0.75
"""Confidence of a verdict that sees the form of an answer and not whether it is right."""


@dataclass(frozen=True, slots=True)
class Questions:
    """Met when every question is answered, missed when one is not; N/A without questions.

    An answer is told by its form: a statement of the agent that the customer does not ask again. ``unless``
    are acts whose sentence is no question that waits for an answer.
    """

    within_turns: int = 2
    question_words: int = 3
    answer_words: int = 1
    same_share: float = 0.6
    unless: tuple[str, ...] = ()

    def judge(self, dialogue: Dialogue) -> Finding:
        """Find the questions and look for their answers."""
        rule = QuestionRule(self.within_turns, self.question_words, self.answer_words, self.same_share)
        found = find_questions(dialogue, Role.CUSTOMER, rule, self.unless)
        if not found:
            searched = dialogue.conversation.speech_hull()
            return Finding(Verdict.NOT_APPLICABLE, Reason("The customer asked nothing"), BY_FORM, searched=searched)
        open_ones = [q for q in found if answer_to(dialogue, q, found, rule) is None]
        counts = (("open", len(open_ones)), ("asked", len(found)))
        if not open_ones:
            why = Reason("{asked} questions, each answered", counts)
            return Finding(Verdict.MET, why, BY_FORM, _quotes(found), dialogue.conversation.speech_hull())
        why = Reason("{open} of {asked} questions without an answer", counts)
        return Finding(Verdict.MISSED, why, BY_FORM, _quotes(open_ones), _searched(dialogue, open_ones[0], rule))


def _quotes(questions: tuple[Question, ...] | list[Question]) -> tuple[Evidence, ...]:
    return tuple(Evidence(q.sentence.span, Role.CUSTOMER, q.sentence.text) for q in questions)


def _searched(dialogue: Dialogue, question: Question, rule: QuestionRule) -> Span:
    turns = next_agent_turns(dialogue, question.turn, rule.within_turns)
    end = max((dialogue.conversation.turns[n].span.end for n in turns), default=dialogue.conversation.duration)
    return Span(question.sentence.span.start, end)


def build(parameters: Mapping[str, Json], company: CompanyFacts) -> Check:
    """The check that these parameters describe."""
    return from_json(Questions, parameters)


KIND = CheckKind(
    name="questions",
    purpose="Finds the customer's questions and whether the agent's next turns answer them or put them off in words.",
    schema=parameters_object(
        within_turns=whole("how many of the agent's next turns may hold the answer"),
        question_words=whole("how many words a question has at least"),
        answer_words=whole("how many words an answer has at least"),
        same_share=share("how much of a question must return for it to be asked again"),
        unless=act_names("whose sentence asks nothing"),
    ),
    build=build,
)
