"""Promises: each says what will happen and by when, and none is known to be broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qa.criteria.parameters import from_json, parameters_object
from qa.model.contracts import Check
from qa.model.conversation import Role
from qa.model.dialogue import Dialogue
from qa.model.finding import Evidence, Finding, Reason, Verdict
from qa.model.promise import Promise, PromiseState
from qa.model.rubric import CheckKind, CompanyFacts, Json

NO_PROMISE = 0.85
"""Confidence that no promise was made where none was recognised."""


@dataclass(frozen=True, slots=True)
class Promises:
    """Not applicable without a promise; partly where one has no deadline; missed where one is broken."""

    deadline_required: bool = True

    def judge(self, dialogue: Dialogue) -> Finding:
        """Judge the agent's own promises; third parties' are somebody else's to keep."""
        own = tuple(p for p in dialogue.promises if p.role is Role.AGENT and not p.third_party)
        if not own:
            searched = dialogue.conversation.speech_hull()
            sure = NO_PROMISE * dialogue.conversation.clarity(Role.AGENT, searched)
            return Finding(Verdict.NOT_APPLICABLE, Reason("The agent promised nothing"), sure, searched=searched)
        broken = [p for p in own if p.state is PromiseState.BROKEN]
        if broken:
            why = Reason("A promise is known to be broken: {why}", (("why", broken[0].state_reason),))
            return _finding(Verdict.MISSED, why, broken)
        open_ended = [p for p in own if self.deadline_required and not _has_deadline(p, own)]
        if open_ended:
            counts = (("open", len(open_ended)), ("made", len(own)))
            return _finding(Verdict.PARTLY, Reason("Promises that say no time: {open} of {made}", counts), open_ended)
        return _finding(Verdict.MET, Reason("Every promise says by when: {made} of {made}", (("made", len(own)),)), own)


def _has_deadline(promise: Promise, all_of_them: tuple[Promise, ...]) -> bool:
    """A promise said again with its time has its time."""
    return any(p.due_text for p in all_of_them if p.act is promise.act)


def _finding(verdict: Verdict, reason: Reason, promises: tuple[Promise, ...] | list[Promise]) -> Finding:
    quotes = tuple(Evidence(p.span, p.role, p.quote) for p in promises)
    return Finding(verdict, reason, min(p.confidence for p in promises), quotes)


def build(parameters: Mapping[str, Json], company: CompanyFacts) -> Check:
    """The check that these parameters describe."""
    return from_json(Promises, parameters)


KIND = CheckKind(
    name="promises",
    purpose="Judges whether the agent's promises say by when, and whether one is known to be broken.",
    schema=parameters_object(
        deadline_required={"type": "boolean", "description": "true or false: whether a promise must say by when"}
    ),
    build=build,
)
