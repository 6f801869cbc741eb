"""The table of calls as data: a script draws the rows that are in view, from text only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from qa.model.finding import Verdict
from qa.model.night import Night, ScoredCall
from qa.model.scorecard import Scorecard
from qa.reports.html_words import agent_word
from qa.reports.names import page_name

Cell: TypeAlias = str | int | float | None
Row: TypeAlias = list[Cell]

INLINE_CALLS = 2_000
"""Above this many calls the rows leave the page for a data file (a page of 100,000 rows took 21.5 s to open)."""

LETTERS = {
    Verdict.MET: "m",
    Verdict.PARTLY: "p",
    Verdict.MISSED: "x",
    Verdict.NOT_APPLICABLE: "n",
    Verdict.UNSURE: "u",
}
"""One letter a verdict in the data; `.` where the call's rubric does not ask the criterion."""


@dataclass(frozen=True, slots=True)
class CallTable:
    """Rows, and what their short forms mean: ``agents`` are id, name, page; ``criteria`` and ``bands`` id, title."""

    agents: list[list[str]]
    criteria: list[list[str]]
    bands: list[list[str]]
    rows: list[Row]

    @property
    def data(self) -> dict[str, list[list[str]] | list[Row]]:
        """As JSON takes it."""
        return {"agents": self.agents, "criteria": self.criteria, "bands": self.bands, "rows": self.rows}


def criteria_of(night: Night) -> tuple[tuple[str, str], ...]:
    """Id and title of every criterion asked tonight: the team's order, then any that only a card knows."""
    asked = {criterion.id: criterion.title for criterion in night.team.criteria}
    for call in night.calls:
        for line in call.scorecard.results:
            asked.setdefault(line.id, line.title)
    return tuple(asked.items())


def in_order(night: Night) -> tuple[ScoredCall, ...]:
    """The calls in the team's order (of start), then any the team does not list."""
    place = {call_id: i for i, call_id in enumerate(night.team.calls)}
    last = len(place)
    return tuple(
        sorted(night.calls, key=lambda c: (place.get(c.scorecard.call.call_id, last), c.scorecard.call.call_id))
    )


def _letters(card: Scorecard, criteria: tuple[tuple[str, str], ...]) -> str:
    given = {line.id: LETTERS[line.verdict] for line in card.results}
    return "".join(given.get(criterion, ".") for criterion, _ in criteria)


def _row(card: Scorecard, agent: int, criteria: tuple[tuple[str, str], ...]) -> Row:
    about = card.call
    return [
        about.call_id,
        page_name(about.call_id),
        agent,
        about.started_at.isoformat() if about.started_at else None,
        round(card.duration, 1),
        card.language,
        about.queue,
        about.team,
        None if card.score is None else round(card.score, 1),
        card.band,
        int(card.auto_fail),
        _letters(card, criteria),
        " ".join(sorted({promise.state.value for promise in card.promises})),
    ]


def call_table(night: Night, calls: tuple[ScoredCall, ...]) -> CallTable:
    """The table of these calls."""
    criteria = criteria_of(night)
    names = {c.scorecard.call.agent_id: c.scorecard.call.agent_name for c in calls}
    place = {agent: i for i, agent in enumerate(names)}
    return CallTable(
        [[agent, agent_word(agent, name), page_name(agent)] for agent, name in names.items()],
        [list(criterion) for criterion in criteria],
        [list(band) for band in night.bands],
        [_row(c.scorecard, place[c.scorecard.call.agent_id], criteria) for c in calls],
    )
