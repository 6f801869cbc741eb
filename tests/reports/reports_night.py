"""A night made by hand: three agents, seven calls, two failures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from reports_call import CRITERIA, HOSTILE, STAMP, STARTED, hostile_call, scored

from qa.model.finding import Verdict
from qa.model.night import CoachingPick, CriterionSummary, GroupSummary, Night, RunFacts, ScoredCall, VerdictCounts
from qa.model.recording import Medium
from qa.model.scorecard import (
    CallFailure,
    FailureKind,
    Tally,
)


def _counts(verdicts: list[Verdict]) -> VerdictCounts:
    return VerdictCounts(*(verdicts.count(verdict) for verdict in Verdict))


def group(name: str, title: str | None, calls: tuple[ScoredCall, ...]) -> GroupSummary:
    """An agent's or the team's calls, added up as the summary room does."""
    cards = [call.scorecard for call in calls]
    summaries = tuple(
        CriterionSummary(
            line[0],
            line[1],
            _counts([card.results[i].verdict for card in cards]),
            sum((card.results[i].tally for card in cards), Tally(0, 0)),
        )
        for i, line in enumerate(CRITERIA)
    )
    lost = {s.id: s.tally.possible - s.tally.earned for s in summaries}
    worst = max(lost, key=lambda key: lost[key]) if any(lost.values()) else None
    return GroupSummary(
        name,
        title,
        cards[0].call.team if cards and title else None,
        tuple(card.call.call_id for card in cards),
        sum((card.tally for card in cards), Tally(0, 0)),
        summaries,
        sum(card.auto_fail for card in cards),
        sum(bool(card.needs_review) for card in cards),
        worst,
    )


FAILURES = (
    CallFailure(
        "C-1099",
        FailureKind.TRUNCATED,
        "recordings/C-1099.wav",
        "the file ends after 4 s, its header says 490 s",
        "a whole recording",
        "fetch it again from the recorder",
        "4711",
        STARTED,
    ),
    CallFailure(HOSTILE, FailureKind.NOT_AUDIO, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, attempts=3, notice=True),
)


def night_of(calls: tuple[ScoredCall, ...], failures: tuple[CallFailure, ...] = (), draft: bool = False) -> Night:
    """Everything around the calls: agents, team, run."""
    agents = dict.fromkeys((c.scorecard.call.agent_id, c.scorecard.call.agent_name) for c in calls)
    groups = tuple(
        group(agent, name, tuple(c for c in calls if c.scorecard.call.agent_id == agent)) for agent, name in agents
    )
    run = RunFacts(
        "2026-03-03T04:00:00Z-1",
        datetime(2026, 3, 3, 4, 0, tzinfo=UTC),
        "0.1.0",
        STAMP.id,
        STAMP.version,
        STAMP.sha256,
        len(calls),
        0,
        len(failures),
        60.0 * len(calls),
        draft,
        ("whisper large-v3-turbo 20250625", "channels 1"),
    )
    picks = tuple(
        pick
        for g in groups
        for pick in (
            CoachingPick(g.id, g.calls[0], "empathy", 13.2, "Empathy was missed in 2 of 3 calls", positive=False),
            CoachingPick(g.id, g.calls[-1], "greeting", 0.8, "A greeting to learn from", positive=True),
        )
    )
    bands = (("excellent", "Excellent"), ("good", "Good"), ("poor", "Poor"), ("auto_fail", "Auto-fail"))
    return Night(run, calls, failures, group("team", None, calls), groups, picks, ("Facial expression",), bands)


def sample_night(media: Path) -> Night:
    """The night that most tests look at."""
    calls = (
        scored(1, "4711", "Anna Kowalska", "mmxmm", media),
        scored(2, "4711", "Anna Kowalska", "mmxpu", media),
        scored(3, "4711", "Anna Kowalska", "mmmmm", media),
        scored(4, "4712", "Ján Novák", "pxmmn", media),
        scored(5, "4712", "Ján Novák", "mmmxm", media),
        replace(scored(6, "unknown", None, "nnunu", media), medium=Medium.TRANSCRIPT),
        hostile_call(media),
    )
    return night_of(calls, FAILURES, draft=True)
