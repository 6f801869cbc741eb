"""The calls of a night, added up for each agent and for the team: tallies and counts, never percentages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from qa.coaching import coaching_picks
from qa.model.finding import Verdict
from qa.model.night import CriterionSummary, GroupSummary, Night, RunFacts, ScoredCall, VerdictCounts
from qa.model.rubric import Rubric
from qa.model.scorecard import CallFailure, CriterionResult, Scorecard, Tally

TEAM = "team"
"""The id of the group that holds every call."""


def _moment(started_at: datetime | None) -> float:
    """Seconds since 1970 for sorting; without a zone read as UTC, without a time after everything."""
    if started_at is None:
        return float("inf")
    return (started_at if started_at.tzinfo else started_at.replace(tzinfo=UTC)).timestamp()


def _call_order(call: ScoredCall) -> tuple[float, str, str]:
    card = call.scorecard
    return _moment(card.call.started_at), card.call.call_id, card.provenance.recording_sha256


def _failure_order(failure: CallFailure) -> tuple[bool, float, str, str, str]:
    moment = _moment(failure.started_at)
    return failure.notice, moment, failure.call_id, failure.kind.value, failure.where


def in_order(calls: Iterable[ScoredCall]) -> tuple[ScoredCall, ...]:
    """The calls by start, those without a start last, ties by id: the order of every report."""
    return tuple(sorted(calls, key=_call_order))


def _verdict_counts(results: Iterable[CriterionResult]) -> VerdictCounts:
    counts = Counter(result.verdict for result in results)
    return VerdictCounts(
        met=counts[Verdict.MET],
        partly=counts[Verdict.PARTLY],
        missed=counts[Verdict.MISSED],
        not_applicable=counts[Verdict.NOT_APPLICABLE],
        unsure=counts[Verdict.UNSURE],
    )


def _add(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally(0, 0))


def _criteria(cards: Sequence[Scorecard]) -> tuple[CriterionSummary, ...]:
    """Every criterion that stands on a card, in the order in which the cards name them."""
    results: defaultdict[str, list[CriterionResult]] = defaultdict(list)
    for card in cards:
        for result in card.results:
            results[result.id].append(result)
    return tuple(
        CriterionSummary(criterion, of[0].title, _verdict_counts(of), _add(result.tally for result in of))
        for criterion, of in results.items()
    )


def _worst(criteria: Sequence[CriterionSummary]) -> str | None:
    """Where most points were lost; the earlier criterion on a tie, None where none was lost."""
    lost = [criterion.tally.possible - criterion.tally.earned for criterion in criteria]
    most = max(lost, default=0.0)
    return criteria[lost.index(most)].id if most > 0 else None


def _last(values: Iterable[str | None]) -> str | None:
    """The latest value that is known: names and teams change, calls are in order of start."""
    return next((value for value in reversed(list(values)) if value), None)


def _group(group: str, name: str | None, team: str | None, cards: Sequence[Scorecard]) -> GroupSummary:
    criteria = _criteria(cards)
    return GroupSummary(
        id=group,
        name=name,
        team=team,
        calls=tuple(card.call.call_id for card in cards),
        tally=_add(card.counted for card in cards),
        criteria=criteria,
        auto_fails=sum(card.auto_fail for card in cards),
        needs_review=sum(bool(card.needs_review) for card in cards),
        worst=_worst(criteria),
    )


def _agent(agent: str, cards: Sequence[Scorecard]) -> GroupSummary:
    return _group(agent, _last(c.call.agent_name for c in cards), _last(c.call.team for c in cards), cards)


def summarise(calls: Iterable[ScoredCall]) -> tuple[GroupSummary, tuple[GroupSummary, ...]]:
    """The team, and its agents sorted by id, in figures that add.

    ``tally`` counts an auto-failed call as nothing earned (`Scorecard.counted`), as its own card does; the
    tallies of the criteria are what was found. ``needs_review`` and ``auto_fails`` count calls.
    """
    cards = [call.scorecard for call in in_order(calls)]
    of_agent: defaultdict[str, list[Scorecard]] = defaultdict(list)
    for card in cards:
        of_agent[card.call.agent_id].append(card)
    agents = tuple(_agent(agent, of_agent[agent]) for agent in sorted(of_agent))
    return _group(TEAM, None, None, cards), agents


def night_of(run: RunFacts, calls: Iterable[ScoredCall], failures: Iterable[CallFailure], rubric: Rubric) -> Night:
    """Everything the reports show, in their order: the same calls in any order give the same night."""
    ordered = in_order(calls)
    team, agents = summarise(ordered)
    return Night(
        run=run,
        calls=ordered,
        failures=tuple(sorted(failures, key=_failure_order)),
        team=team,
        agents=agents,
        coaching=coaching_picks(ordered),
        not_measured=rubric.not_measured,
        bands=tuple((band.id, band.title) for band in rubric.bands),
    )
