"""What the team page shows: the headline, agent by criterion, every call, what failed, what a human must decide."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from qa.model.finding import Verdict
from qa.model.night import CriterionSummary, GroupSummary, Night, VerdictCounts
from qa.reports.html_table import CallTable, call_table, criteria_of, in_order

LISTED = 500
"""Rows of the review queue written into the page; the page says so and links to the filter that shows them all."""

FAILURES_LISTED = 2_000
"""Failures written into the page; beyond them the page points to ``failures.csv``, which has every one."""

SHADES = 5
"""Steps of the heat map's colour: fifths of the points, for the eye only; the figure stands in every cell."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """Points of one agent in one criterion. ``shade`` is 0 (none earned) to 4, None without points."""

    summary: CriterionSummary | None
    shade: int | None
    worst: bool
    address: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One agent, or the whole team."""

    group: GroupSummary
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One verdict that a human has to give."""

    call_id: str
    agent_id: str
    agent_name: str | None
    criterion: str
    title: str
    why: str
    confidence: float
    start: float


@dataclass(frozen=True, slots=True)
class TeamPage:
    """The whole page."""

    criteria: tuple[tuple[str, str], ...]
    team: HeatRow
    agents: tuple[HeatRow, ...]
    doubts: tuple[Doubt, ...]
    all_doubts: int
    verdicts: VerdictCounts
    failures_listed: int
    table: CallTable


def shade_of(percent: float | None) -> int | None:
    """Which fifth of the points was earned.

    >>> shade_of(0.0), shade_of(59.9), shade_of(100.0), shade_of(None)
    (0, 2, 4, None)
    """
    return None if percent is None else min(int(percent * SHADES / 100), SHADES - 1)


def filter_link(**tokens: str) -> str:
    """The hash that filters the table of calls, e.g. ``#?q=agent:4711%20v:missed``.

    >>> filter_link(agent="4711", v="missed")
    '#?q=agent:4711%20v:missed'
    >>> filter_link(agent="Anna K")
    '#?q=agent:%22Anna%20K%22'
    """
    told = " ".join(f"{kind}:{_token(value)}" for kind, value in tokens.items())
    return f"#?q={quote(told, safe=':')}"


def _token(value: str) -> str:
    plain = value and not any(character.isspace() or character in "\"'\\" for character in value)
    return value if plain else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _heat_row(group: GroupSummary, criteria: tuple[tuple[str, str], ...], whole_team: bool) -> HeatRow:
    known = {summary.id: summary for summary in group.criteria}
    cells = []
    for criterion, _ in criteria:
        summary = known.get(criterion)
        shade = shade_of(summary.tally.percent) if summary else None
        agent = {} if whole_team else {"agent": group.id}
        cells.append(HeatCell(summary, shade, criterion == group.worst, filter_link(**agent, c=criterion)))
    return HeatRow(group, tuple(cells))


def _doubts(night: Night) -> list[Doubt]:
    return [
        Doubt(
            call.scorecard.call.call_id,
            call.scorecard.call.agent_id,
            call.scorecard.call.agent_name,
            line.id,
            line.title,
            str(line.finding.reason),
            line.finding.confidence,
            line.finding.evidence[0].span.start if line.finding.evidence else 0.0,
        )
        for call in in_order(night)
        for line in call.scorecard.results
        if line.verdict is Verdict.UNSURE
    ]


def _all_verdicts(team: GroupSummary) -> VerdictCounts:
    fields = ("met", "partly", "missed", "not_applicable", "unsure")
    return VerdictCounts(*(sum(getattr(c.counts, field) for c in team.criteria) for field in fields))


def team_page(night: Night) -> TeamPage:
    """Everything on the team page."""
    criteria, doubts = criteria_of(night), _doubts(night)
    return TeamPage(
        criteria,
        _heat_row(night.team, criteria, whole_team=True),
        tuple(_heat_row(agent, criteria, whole_team=False) for agent in night.agents),
        tuple(doubts[:LISTED]),
        len(doubts),
        _all_verdicts(night.team),
        FAILURES_LISTED,
        call_table(night, in_order(night)),
    )
