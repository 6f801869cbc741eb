"""The few calls of each agent that are worth a conversation, with the reason and the second to listen from.

The rule, the same for every agent whose name is known (``docs/coaching.md`` tells it with an example):

1. A *slip* is a criterion ``missed`` or ``partly``. ``unsure`` is for a reviewer, never for a coach.
2. At most `TO_IMPROVE` criteria are picked: a critical criterion that was missed, then those with slips in
   at least `PATTERN_CALLS` calls, then single slips; within each, more calls first, then more points lost,
   then the rubric's order.
3. For each, the clearest call that is not picked yet: missed before partly, then the more confident finding,
   then the later call.
4. One call to praise, where there is one: a criterion met, with words to listen to, in a call that is not
   picked yet and not auto-failed; first for a criterion that slips elsewhere (proof that the agent can),
   then by weight, confidence, and the later call.
5. Listen from the start of the first words of evidence, else from where the search began.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from qa.model.finding import Finding, Verdict
from qa.model.night import CoachingPick, ScoredCall
from qa.model.recording import UNKNOWN_AGENT
from qa.model.scorecard import CriterionResult, Scorecard

TO_IMPROVE = 2
"""Calls an agent is shown for improvement: with one to praise, three fit a coaching talk (house rule)."""
PATTERN_CALLS = 2
"""Calls with the same slip that make a pattern: once can happen to anybody (house rule)."""
_SLIPS = (Verdict.MISSED, Verdict.PARTLY)


@dataclass(frozen=True, slots=True)
class _Moment:
    """One criterion of one call; ``order`` is the call's place in the night."""

    order: int
    card: Scorecard
    result: CriterionResult

    @property
    def lost(self) -> float:
        """Points lost."""
        return self.result.tally.possible - self.result.tally.earned


@dataclass(frozen=True, slots=True)
class _Criterion:
    """One criterion over the calls of one agent: where it slipped, and in how many calls it counted."""

    id: str
    place: int
    slips: tuple[_Moment, ...]
    counted: int

    @property
    def urgency(self) -> tuple[bool, bool, int, float, int]:
        """Sorts the criteria from the one to talk about first."""
        critical = any(m.result.critical and m.result.verdict is Verdict.MISSED for m in self.slips)
        pattern = len(self.slips) >= PATTERN_CALLS
        return not critical, not pattern, -len(self.slips), -sum(m.lost for m in self.slips), self.place


def listen_from(finding: Finding) -> float:
    """The second to listen from: the first words of evidence, else the start of what was searched, else 0."""
    if finding.evidence:
        return min(evidence.span.start for evidence in finding.evidence)
    return finding.searched.start if finding.searched else 0.0


def _moments(cards: Sequence[Scorecard]) -> tuple[_Moment, ...]:
    return tuple(_Moment(order, card, result) for order, card in enumerate(cards) for result in card.results)


def _slipping(moments: Iterable[_Moment]) -> list[_Criterion]:
    """The criteria that slipped, the most urgent first."""
    of_criterion: defaultdict[str, list[_Moment]] = defaultdict(list)
    for moment in moments:
        of_criterion[moment.result.id].append(moment)
    found = [
        _Criterion(
            id=criterion,
            place=place,
            slips=tuple(m for m in of if m.result.verdict in _SLIPS),
            counted=sum(m.result.verdict.counts for m in of),
        )
        for place, (criterion, of) in enumerate(of_criterion.items())
    ]
    return sorted((criterion for criterion in found if criterion.slips), key=lambda c: c.urgency)


def _clarity(moment: _Moment) -> tuple[bool, float, int, str]:
    finding = moment.result.finding
    return finding.verdict is not Verdict.MISSED, -finding.confidence, -moment.order, moment.card.call.call_id


def _why(criterion: _Criterion, moment: _Moment) -> str:
    result = moment.result
    count = len(criterion.slips)
    times = f"not fully met in {count} of {criterion.counted} calls" if count > 1 else "not fully met in one call"
    critical = ", critical" if result.critical else ""
    return f"{result.title}{critical}: {times}; here {result.verdict.value}: {result.finding.reason}"


def _pick(moment: _Moment, why: str, positive: bool) -> CoachingPick:
    call = moment.card.call
    at = listen_from(moment.result.finding)
    return CoachingPick(call.agent_id, call.call_id, moment.result.id, at, why, positive)


def _to_improve(slipping: Iterable[_Criterion]) -> list[CoachingPick]:
    picks: list[CoachingPick] = []
    for criterion in slipping:
        taken = {pick.call_id for pick in picks}
        free = [moment for moment in criterion.slips if moment.card.call.call_id not in taken]
        if free and len(picks) < TO_IMPROVE:
            moment = min(free, key=_clarity)
            picks.append(_pick(moment, _why(criterion, moment), positive=False))
    return picks


def _to_praise(moments: Iterable[_Moment], slipping: Collection[str], taken: Collection[str]) -> list[CoachingPick]:
    """At most one call to praise; no call where nothing was met in words."""
    met = [
        moment
        for moment in moments
        if moment.result.verdict is Verdict.MET
        and moment.result.finding.evidence
        and not moment.card.auto_fail
        and moment.card.call.call_id not in taken
    ]

    def praise(moment: _Moment) -> tuple[bool, float, float, int, str]:
        result = moment.result
        worth = (-result.tally.possible, -result.finding.confidence)
        return (result.id not in slipping, *worth, -moment.order, moment.card.call.call_id)

    if not met:
        return []
    best = min(met, key=praise)
    contrast = "; it slips in other calls" if best.result.id in slipping else ""
    why = f"{best.result.title}: a good example{contrast}: {best.result.finding.reason}"
    return [_pick(best, why, positive=True)]


def _picks_of(cards: Sequence[Scorecard]) -> list[CoachingPick]:
    moments = _moments(cards)
    slipping = _slipping(moments)
    picks = _to_improve(slipping)
    taken = {pick.call_id for pick in picks}
    return picks + _to_praise(moments, {criterion.id for criterion in slipping}, taken)


def coaching_picks(calls: Iterable[ScoredCall]) -> tuple[CoachingPick, ...]:
    """The picks of every agent, agents sorted by id; ``calls`` in order of start.

    Calls of an agent nobody knows are left out: there is no one to talk to.
    """
    of_agent: defaultdict[str, list[Scorecard]] = defaultdict(list)
    for call in calls:
        of_agent[call.scorecard.call.agent_id].append(call.scorecard)
    agents = sorted(agent for agent in of_agent if agent != UNKNOWN_AGENT)
    return tuple(pick for agent in agents for pick in _picks_of(of_agent[agent]))
