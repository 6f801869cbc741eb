"""A night's groups as pandas tables: agents, criteria, bands. Percentages come from tallies, here and last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from qa.model.finding import Verdict
from qa.reports.card_json import percent
from qa.reports.frames import Value, frame
from qa.reports.plain_text import writable

if TYPE_CHECKING:
    from qa.model.night import GroupSummary, Night

AGENT_COLUMNS = ("agent_id", "agent_name", "team", "calls", "percent", "auto_fails", "needs_review", "worst")
VERDICT_COLUMNS = ("criterion", "title", *(verdict.value for verdict in Verdict), "percent")
BAND_COLUMNS = ("band", "title", "calls")
NO_BAND = ("none", "no score")
"""The row for calls in which nothing was possible: they are counted, not hidden."""


def _group(group: GroupSummary) -> tuple[Value, ...]:
    head = (group.id, group.name, group.team, len(group.calls), percent(group.tally.percent))
    return (*head, group.auto_fails, group.needs_review, group.worst)


def _criterion_percentages(night: Night) -> pd.DataFrame:
    """Rows as ``night.agents``, columns as the team's criteria; missing where nothing was possible.

    Rows and columns are numbered: ids come from outside, and may differ in ways that a table does not see.
    """
    column = {criterion.id: i for i, criterion in enumerate(night.team.criteria)}
    cells = [
        (row, column[criterion.id], percent(criterion.tally.percent))
        for row, agent in enumerate(night.agents)
        for criterion in agent.criteria
    ]
    wide = pd.DataFrame(cells, columns=["row", "column", "percent"]).pivot(
        index="row", columns="column", values="percent"
    )
    return wide.reindex(index=range(len(night.agents)), columns=range(len(column)))


def agents_frame(night: Night) -> pd.DataFrame:
    """One row an agent: `AGENT_COLUMNS`, then ``percent:<id>`` for each criterion of the team.

    A criterion that never counted for an agent is missing: neither 0 nor 100.
    """
    figures = _criterion_percentages(night).itertuples(index=False, name=None)
    rows = ((*_group(agent), *row) for agent, row in zip(night.agents, figures, strict=True))
    return frame(rows, (*AGENT_COLUMNS, *(f"percent:{writable(criterion.id)}" for criterion in night.team.criteria)))


def verdicts_frame(night: Night) -> pd.DataFrame:
    """One row a criterion: title, how often each verdict was given, and the team's percentage."""
    rows = (
        (c.id, c.title, *(getattr(c.counts, verdict.value) for verdict in Verdict), percent(c.tally.percent))
        for c in night.team.criteria
    )
    return frame(rows, VERDICT_COLUMNS)


def bands_frame(night: Night) -> pd.DataFrame:
    """One row a band of the rubric, best first, with its calls; a last row for calls without a score."""
    bands = pd.Series([call.scorecard.band for call in night.calls], dtype=object)
    counts = bands.value_counts()
    rows: list[tuple[Value, ...]] = [(band, title, int(counts.get(band, 0))) for band, title in night.bands]
    return frame([*rows, (*NO_BAND, int(bands.isna().sum()))], BAND_COLUMNS)
