"""The first and the last sheet of the workbook: Summary with its charts, and About."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from qa.model.finding import Verdict
from qa.reports.group_frames import bands_frame, verdicts_frame
from qa.reports.xlsx_cells import NOT_THERE, Column, Kind, Styles, write_header, write_rows, write_text

if TYPE_CHECKING:
    import pandas as pd
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from qa.model.night import Night

Fact: TypeAlias = "tuple[str, str | float | None, str]"
"""A label, a value, and the style it is written in."""

SUMMARY = "Summary"
LABELS = {"not_applicable": NOT_THERE}
CRITERIA = (
    Column("title", "Criterion", width=36),
    *(Column(v.value, LABELS.get(v.value, v.value), Kind.COUNT, 10) for v in Verdict),
    Column("percent", "Points earned", Kind.PERCENT, 12),
)
BANDS = (Column("title", "Band", width=36), Column("calls", "Calls", Kind.COUNT, 10))
DRAFT = "DRAFT: some words come from a recogniser that must not be relied on. Use no figure against anybody."
_TABLES_TOP = 12
"""The row where the tables begin: below the title and the facts."""

READING = (
    "Points are added up and divided last: no percentage here is a mean of percentages.",
    "n/a: the situation never arose, or nothing was possible; it counts neither for nor against anybody.",
    "unsure: the tool could not tell; no points count, and a person has to listen.",
    "An auto-failed call (a critical criterion was missed) scores 0: it counts 0 of its possible points.",
    "Seconds are counted from the start of the recording. Dates are in the zone that stands beside them.",
    "Texts longer than 32,767 characters are cut and end in …; scorecards.jsonl has them whole.",
    "Links lead to pages that lie beside this workbook; from row 65,001 on there are none.",
)


def _facts(night: Night) -> tuple[Fact, ...]:
    run, team = night.run, night.team
    score = team.tally.percent
    failed = sum(not failure.notice for failure in night.failures)
    return (
        ("Rubric", f"{run.rubric_id} {run.rubric_version}", Kind.TEXT),
        ("Calls", len(night.calls), Kind.COUNT),
        ("Agents", len(night.agents), Kind.COUNT),
        ("Score of all calls", None if score is None else score / 100, Kind.PERCENT),
        ("Auto-failed calls", team.auto_fails, Kind.COUNT),
        ("Calls to review", team.needs_review, Kind.COUNT),
        ("Calls that could not be scored", failed, Kind.COUNT),
    )


def _about(night: Night) -> tuple[Fact, ...]:
    run = night.run
    return (
        ("Run", run.run_id, Kind.TEXT),
        ("Started", run.started_at.isoformat(), Kind.TEXT),
        ("Version of qa", run.qa_version, Kind.TEXT),
        ("Rubric", f"{run.rubric_id} {run.rubric_version}", Kind.TEXT),
        ("Rubric, sha256", run.rubric_sha256, Kind.TEXT),
        ("Engines", ", ".join(run.engines) or NOT_THERE, Kind.TEXT),
        ("Heard in this run, hours", run.audio_seconds / 3600, Kind.POINTS),
        ("Calls heard in this run", run.new, Kind.COUNT),
        ("Calls known before", run.known, Kind.COUNT),
        ("Calls that could not be scored", run.failed, Kind.COUNT),
        ("Draft", DRAFT if run.draft else "no", Kind.TEXT),
    )


def _write_facts(sheet: Worksheet, styles: Styles, top: int, facts: Sequence[Fact]) -> int:
    """Labels and values from row ``top`` down; the first row below them."""
    for row, (label, value, style) in enumerate(facts, start=top):
        write_text(sheet, row, 0, label, styles[Kind.TEXT])
        if isinstance(value, (int, float)):
            sheet.write_number(row, 1, value, styles[style])
        else:
            write_text(sheet, row, 1, NOT_THERE if value is None else value, styles[Kind.TEXT])
    return top + len(facts)


def _write_table(
    sheet: Worksheet, styles: Styles, top: int, columns: Sequence[Column], table: pd.DataFrame
) -> tuple[int, int]:
    """A header and its rows; the first and the last row of values."""
    write_header(sheet, styles, top, columns)
    rows = write_rows(sheet, styles, top + 1, columns, table)
    return top + 1, top + rows


@dataclass(frozen=True, slots=True)
class _Chart:
    """A native chart of one column of figures, named by the first column; ``at`` is its top left cell."""

    kind: str
    title: str
    column: int
    at: str


def _add_chart(book: Workbook, sheet: Worksheet, made: _Chart, rows: tuple[int, int]) -> None:
    first, last = rows
    if last < first:
        return
    chart = book.add_chart({"type": made.kind})
    categories, values = [SUMMARY, first, 0, last, 0], [SUMMARY, first, made.column, last, made.column]
    chart.add_series({"categories": categories, "values": values, "name": made.title, "data_labels": {"value": True}})
    chart.set_title({"name": made.title})
    chart.set_legend({"none": True})
    if made.kind == "bar":
        chart.set_x_axis({"min": 0, "max": 1, "num_format": "0%"})
        chart.set_y_axis({"reverse": True})
    sheet.insert_chart(made.at, chart, {"description": made.title})


def write_summary(book: Workbook, styles: Styles, night: Night) -> None:
    """The team in figures: facts, criteria, bands, and a chart of each."""
    sheet = book.add_worksheet(SUMMARY)
    write_text(sheet, 0, 0, f"Call quality, {night.run.started_at.date().isoformat()}", styles["title"])
    if night.run.draft:
        write_text(sheet, 1, 0, DRAFT, styles["poor"])
    _write_facts(sheet, styles, 3, _facts(night))
    criteria = _write_table(sheet, styles, _TABLES_TOP, CRITERIA, verdicts_frame(night))
    bands = _write_table(sheet, styles, criteria[1] + 3, BANDS, bands_frame(night))
    _add_chart(book, sheet, _Chart("bar", "Points earned by criterion", len(CRITERIA) - 1, "J2"), criteria)
    _add_chart(book, sheet, _Chart("column", "Calls by band", 1, "J18"), bands)


def write_about(book: Workbook, styles: Styles, night: Night, left_out: Sequence[tuple[str, int]]) -> None:
    """Where the figures come from, how to read them, what is not measured, and what did not fit."""
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 1, 90)
    row = _write_facts(sheet, styles, 0, _about(night)) + 1
    lines = [("How to read this", text) for text in READING]
    lines += [("Not measured", text) for text in night.not_measured]
    lines += [(f"Sheet {name}", f"{rows} more rows do not fit; scores.csv has them") for name, rows in left_out]
    _write_facts(sheet, styles, row, [(label, text, Kind.TEXT) for label, text in lines])


def clock(moment: datetime) -> datetime:
    """The time that the workbook says it was made at: the run's, so that the same night gives the same bytes."""
    utc = moment.astimezone(UTC) if moment.tzinfo else moment
    return utc.replace(tzinfo=None, microsecond=0)
