"""What the page of one agent shows: where points were won and lost, what to work on, moments to play."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qa.model.finding import Verdict
from qa.model.night import CoachingPick, CriterionSummary, GroupSummary, Night, ScoredCall
from qa.model.promise import Promise, PromiseState
from qa.model.transcript import Grade
from qa.reports.html_call import moment_link
from qa.reports.html_table import CallTable, call_table
from qa.reports.names import page_name

MOMENTS_SHOWN = 5
"""Moments listed for each criterion and side; the table of calls below leads to the rest."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A second worth hearing: which call, when, the words if there are any, and the link that plays it."""

    call_id: str
    start: float
    quote: str
    language: str
    address: str


@dataclass(frozen=True, slots=True)
class CriterionMoments:
    """One criterion's figures with moments in which its points were lost and earned."""

    summary: CriterionSummary
    lost: tuple[Moment, ...]
    earned: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class OwedPromise:
    """A promise of the agent that is not settled well: open, late, broken or unknown."""

    promise: Promise
    call_id: str
    language: str
    address: str


@dataclass(frozen=True, slots=True)
class AgentPage:
    """The whole page; no other agent is on it."""

    agent: GroupSummary
    criteria: tuple[CriterionMoments, ...]
    work_on: CriterionMoments | None
    strengths: tuple[CriterionSummary, ...]
    picks: tuple[CoachingPick, ...]
    promises: tuple[OwedPromise, ...]
    table: CallTable
    draft: bool


def call_link(call_id: str, start: float, criterion: str) -> str:
    """From a page in a folder beside ``calls`` to the second."""
    return f"../calls/{page_name(call_id)}.html{moment_link(start, criterion)}"


def _moments_of(call: ScoredCall, criterion: str, verdicts: tuple[Verdict, ...]) -> Iterable[Moment]:
    card = call.scorecard
    about = card.call.call_id
    for line in card.results:
        if line.id != criterion or line.verdict not in verdicts:
            continue
        for said in line.finding.evidence[:1]:
            start = said.span.start
            yield Moment(about, start, said.quote, card.language, call_link(about, start, criterion))
        if not line.finding.evidence and line.finding.searched is not None:
            start = line.finding.searched.start
            yield Moment(about, start, "", card.language, call_link(about, start, criterion))


def _criterion(summary: CriterionSummary, calls: tuple[ScoredCall, ...]) -> CriterionMoments:
    lost = [m for call in calls for m in _moments_of(call, summary.id, (Verdict.MISSED, Verdict.PARTLY))]
    earned = [m for call in calls for m in _moments_of(call, summary.id, (Verdict.MET,))]
    return CriterionMoments(summary, tuple(lost[:MOMENTS_SHOWN]), tuple(earned[:MOMENTS_SHOWN]))


def strengths(agent: GroupSummary) -> tuple[CriterionSummary, ...]:
    """Criteria that lost no point; where every one did, the single best, unless it is the worst as well."""
    asked = [c for c in agent.criteria if c.tally.percent is not None]
    flawless = tuple(c for c in asked if c.tally.earned == c.tally.possible)
    others = [c for c in asked if c.id != agent.worst]
    return flawless or tuple(sorted(others, key=lambda c: (-(c.tally.percent or 0.0), c.id))[:1])


def _promises(calls: tuple[ScoredCall, ...]) -> tuple[OwedPromise, ...]:
    return tuple(
        OwedPromise(
            promise,
            call.scorecard.call.call_id,
            call.scorecard.language,
            f"../calls/{page_name(call.scorecard.call.call_id)}.html#t={promise.span.start:g}",
        )
        for call in calls
        for promise in call.scorecard.promises
        if promise.state is not PromiseState.KEPT
    )


def agent_page(night: Night, agent: GroupSummary, known: dict[str, ScoredCall]) -> AgentPage:
    """Everything on the agent's page; ``known`` are the night's calls by id."""
    calls = tuple(known[call_id] for call_id in agent.calls if call_id in known)
    criteria = tuple(_criterion(summary, calls) for summary in agent.criteria)
    return AgentPage(
        agent,
        criteria,
        next((c for c in criteria if c.summary.id == agent.worst), None),
        strengths(agent),
        tuple(pick for pick in night.coaching if pick.agent_id == agent.id),
        _promises(calls),
        call_table(night, calls),
        any(call.scorecard.provenance.grade is Grade.DRAFT for call in calls),
    )
