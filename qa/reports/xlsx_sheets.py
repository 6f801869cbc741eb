"""The sheets of rows: Agents, Calls, Criteria, Evidence, Promises, Failures; one table each, with filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from qa.model.finding import Verdict
from qa.reports.frames import calls_frame, evidence_frame, failures_frame, promises_frame, results_frame
from qa.reports.group_frames import agents_frame
from qa.reports.plain_text import cell_text
from qa.reports.xlsx_cells import MOST_LINKS, NOT_THERE, Column, Kind, Styles, listen_link, write_header, write_rows

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from qa.model.night import Night

LONGEST_LITERAL = 255
"""Characters of a text in a formula (Excel specifications and limits): a longer band name stays uncoloured."""
NOT_COUNTED = {Verdict.NOT_APPLICABLE.value: NOT_THERE, Verdict.UNSURE.value: "unsure"}
"""What stands in the place of points where none count: words, so that no pivot averages them as 0."""
VERDICT_STYLES = {"met": "good", "partly": "fair", "missed": "poor", "unsure": "doubt"}
PROMISE_STYLES = {"kept": "good", "late": "fair", "broken": "poor", "unknown": "doubt"}

AGENTS = (
    Column("agent_id", "Agent", Kind.AGENT, 18),
    Column("agent_name", "Name", width=22),
    Column("team", "Team"),
    Column("calls", "Calls", Kind.COUNT, 8),
    Column("percent", "Score", Kind.PERCENT, 9),
    Column("auto_fails", "Auto-failed calls", Kind.COUNT, 10),
    Column("needs_review", "Calls to review", Kind.COUNT, 10),
    Column("worst", "Most points lost on", width=20),
)
CALLS = (
    Column("call_id", "Call", Kind.CALL, 24),
    Column("agent_id", "Agent", width=16),
    Column("agent_name", "Agent's name", width=20),
    Column("team", "Team"),
    Column("queue", "Queue"),
    Column("direction", "Direction", width=10),
    Column("started_at", "Started (local time)", Kind.MOMENT, 20),
    Column("started_at", "Zone", Kind.ZONE, 11),
    Column("language", "Language", width=9),
    Column("duration", "Seconds", Kind.SECONDS, 9),
    Column("score", "Score", Kind.PERCENT, 9),
    Column("band", "Band", width=12),
    Column("auto_fail", "Auto-fail", Kind.FLAG, 9),
    Column("needs_review", "Criteria to review", Kind.COUNT, 10),
    Column("counted_earned", "Points", Kind.POINTS, 9),
    Column("counted_possible", "Possible", Kind.POINTS, 9),
    Column("talk_share_agent", "Agent's share of talk", Kind.SHARE, 11),
    Column("words_per_minute_agent", "Agent's words a minute", Kind.SECONDS, 11),
    Column("interruptions_agent", "Interruptions by agent", Kind.COUNT, 12),
    Column("interruptions_customer", "Interruptions by customer", Kind.COUNT, 12),
    Column("dead_air_seconds", "Dead air, seconds", Kind.SECONDS, 9),
    Column("hold_seconds", "Hold, seconds", Kind.SECONDS, 9),
    Column("grade", "Transcript", width=10),
    Column("transcriber", "Recogniser", width=30),
)
CRITERIA = (
    Column("call_id", "Call", Kind.CALL, 24),
    Column("agent_id", "Agent", width=16),
    Column("criterion", "Criterion", width=20),
    Column("title", "Title", width=28),
    Column("verdict", "Verdict", width=11),
    Column("earned", "Points", Kind.POINTS, 9),
    Column("possible", "Possible", Kind.POINTS, 9),
    Column("critical", "Critical", Kind.FLAG, 9),
    Column("confidence", "Confidence", Kind.SHARE, 11),
    Column("start", "From second", Kind.SECONDS, 9),
    Column("end", "To second", Kind.SECONDS, 9),
    Column("quote", "Words", Kind.LONG_TEXT, 50),
    Column("explanation", "Why", Kind.LONG_TEXT, 50),
)
EVIDENCE = (
    Column("call_id", "Call", width=24),
    Column("agent_id", "Agent", width=16),
    Column("criterion", "Criterion", width=20),
    Column("verdict", "Verdict", width=11),
    Column("kind", "What", width=10),
    Column("speaker", "Speaker", width=10),
    Column("start", "From second", Kind.SECONDS, 9),
    Column("end", "To second", Kind.SECONDS, 9),
    Column("listen", "Listen", Kind.LISTEN, 8),
    Column("quote", "Words", Kind.LONG_TEXT, 60),
    Column("explanation", "Why", Kind.LONG_TEXT, 50),
)
PROMISES = (
    Column("call_id", "Call", Kind.CALL, 24),
    Column("agent_id", "Agent", width=16),
    Column("speaker", "By", width=10),
    Column("start", "From second", Kind.SECONDS, 9),
    Column("end", "To second", Kind.SECONDS, 9),
    Column("quote", "Words", Kind.LONG_TEXT, 60),
    Column("act", "What", width=11),
    Column("due_text", "By when, as said", width=22),
    Column("due", "Due (local time)", Kind.MOMENT, 20),
    Column("due", "Zone", Kind.ZONE, 11),
    Column("state", "State", width=10),
    Column("state_reason", "How that is known", Kind.LONG_TEXT, 36),
    Column("third_party", "Depends on others", Kind.FLAG, 10),
    Column("confidence", "Confidence", Kind.SHARE, 11),
)
FAILURES = (
    Column("call_id", "Call", width=24),
    Column("kind", "Kind", width=18),
    Column("agent_id", "Agent", width=16),
    Column("started_at", "Started (local time)", Kind.MOMENT, 20),
    Column("started_at", "Zone", Kind.ZONE, 11),
    Column("where", "Where", Kind.LONG_TEXT, 44),
    Column("wrong", "What is wrong", Kind.LONG_TEXT, 44),
    Column("expected", "What was expected", Kind.LONG_TEXT, 36),
    Column("do", "What to do", Kind.LONG_TEXT, 44),
    Column("attempts", "Attempts", Kind.COUNT, 9),
    Column("notice", "Notice only", Kind.FLAG, 9),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of rows: its name, its columns, and the table they come from."""

    name: str
    columns: Callable[[Night], Sequence[Column]]
    table: Callable[[Night], pd.DataFrame]


def _agent_columns(night: Night) -> tuple[Column, ...]:
    criteria = agents_frame(night).columns[len(AGENTS) :]
    titles = (criterion.title for criterion in night.team.criteria)
    return (*AGENTS, *(Column(str(c), t, Kind.PERCENT, 12) for c, t in zip(criteria, titles, strict=True)))


def _texts(values: Iterable[str | None]) -> pd.Series[str]:
    """A column of Python strings: pandas would turn them into Arrow's, which refuse a lone surrogate."""
    return pd.Series(list(values), dtype=object)


def _agents(night: Night) -> pd.DataFrame:
    table = agents_frame(night)
    titles = {criterion.id: criterion.title for criterion in night.team.criteria}
    return table.assign(worst=_texts(titles.get(agent.worst or "") for agent in night.agents))


def _calls(night: Night) -> pd.DataFrame:
    table = calls_frame(night)
    titles = dict(night.bands)
    return table.assign(band=_texts(titles.get(band, band) if band else NOT_THERE for band in table["band"]))


def _results(night: Night) -> pd.DataFrame:
    table = results_frame(night)
    for verdict, word in NOT_COUNTED.items():
        table.loc[table["verdict"] == verdict, ["earned", "possible"]] = word
    return table.assign(verdict=table["verdict"].replace(Verdict.NOT_APPLICABLE.value, NOT_THERE))


def _evidence(night: Night) -> pd.DataFrame:
    table = evidence_frame(night)
    linked = table.head(MOST_LINKS)
    of = zip(linked["call_id"], linked["start"], linked["criterion"], strict=True)
    return table.assign(listen=_texts(listen_link(*place) for place in of))


SHEETS = (
    Sheet("Agents", _agent_columns, _agents),
    Sheet("Calls", lambda _: CALLS, _calls),
    Sheet("Criteria", lambda _: CRITERIA, _results),
    Sheet("Evidence", lambda _: EVIDENCE, _evidence),
    Sheet("Promises", lambda _: PROMISES, promises_frame),
    Sheet("Failures", lambda _: FAILURES, failures_frame),
)


def colour_words(sheet: Worksheet, styles: Styles, column: int, rows: int, words: Sequence[tuple[str, str]]) -> None:
    """Colours the cells of a column by the word they hold: pairs of word and style."""
    for word, style in words:
        if len(word) > LONGEST_LITERAL:
            continue
        value = '"' + word.replace('"', '""') + '"'
        rule = {"type": "cell", "criteria": "==", "value": value, "format": styles[style]}
        sheet.conditional_format(1, column, rows, column, rule)


def band_styles(night: Night) -> tuple[tuple[str, str], ...]:
    """The best band good, the worst poor, what lies between fair."""
    titles = [cell_text(title) for _, title in night.bands]
    styles = ["good", *["fair"] * (len(titles) - 2), "poor"]
    return tuple(zip(titles, styles, strict=False))


def _colour(sheet: Worksheet, styles: Styles, night: Night, columns: Sequence[Column], rows: int) -> None:
    rules: dict[str, Sequence[tuple[str, str]]] = {
        "verdict": tuple(VERDICT_STYLES.items()),
        "state": tuple(PROMISE_STYLES.items()),
        "band": band_styles(night),
    }
    for i, column in enumerate(columns):
        colour_words(sheet, styles, i, rows, rules.get(column.source, ()))
        if column.source == "auto_fail":
            failed = {"type": "cell", "criteria": "==", "value": "TRUE", "format": styles["poor"]}
            sheet.conditional_format(1, i, rows, i, failed)


def write_sheet(book: Workbook, styles: Styles, night: Night, made: Sheet) -> int:
    """One sheet of rows, header frozen, filters on; how many rows did not fit."""
    sheet = book.add_worksheet(made.name)
    columns, table = made.columns(night), made.table(night)
    write_header(sheet, styles, 0, columns)
    rows = write_rows(sheet, styles, 1, columns, table)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, rows, len(columns) - 1)
    _colour(sheet, styles, night, columns, max(rows, 1))
    return len(table) - rows
