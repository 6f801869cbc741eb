"""Cells of the workbook: columns with real types, text that is never a formula, links to pages of the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote

from qa.reports.names import page_name
from qa.reports.plain_text import cell_text

if TYPE_CHECKING:
    import pandas as pd
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_575
"""Rows below the header (Excel specifications and limits: 1,048,576 in all)."""
MOST_LINKS = 65_000
"""Links on one sheet: Excel takes 65,530, the writer warns and drops what is over."""
FIRST_YEAR = 1900
"""The first year that a workbook's date can be in."""
NOT_THERE = "n/a"


class Kind(StrEnum):
    """What a column holds, and so how its cells are written."""

    TEXT = "text"
    LONG_TEXT = "long text"
    COUNT = "count"
    POINTS = "points"
    PERCENT = "percent"
    SHARE = "share"
    SECONDS = "seconds"
    MOMENT = "moment"
    ZONE = "zone"
    FLAG = "flag"
    CALL = "call"
    AGENT = "agent"
    LISTEN = "listen"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: where its values come from, what people read above them, what they are.

    ``width`` is in characters. A ``PERCENT`` comes as 0 to 100, a ``SHARE`` as 0 to 1; both are written as 0 to 1.
    """

    source: str
    header: str
    kind: Kind = Kind.TEXT
    width: int = 14


Styles: TypeAlias = Mapping[str, "Format"]
"""Cell formats by name: a `Kind`, or ``header``, ``title``, ``missing``, ``good``, ``fair``, ``poor``, ``doubt``."""
Value: TypeAlias = "str | bool | int | float | None"
Writer: TypeAlias = "Callable[[Worksheet, Styles, int, int, Value], None]"

_LOOKS: Mapping[str, Mapping[str, str | int | bool]] = {
    Kind.TEXT: {"valign": "top"},
    Kind.LONG_TEXT: {"valign": "top", "text_wrap": True},
    Kind.COUNT: {"valign": "top", "num_format": "0"},
    Kind.POINTS: {"valign": "top", "num_format": "0.##"},
    Kind.PERCENT: {"valign": "top", "num_format": "0.0%"},
    Kind.SHARE: {"valign": "top", "num_format": "0.0%"},
    Kind.SECONDS: {"valign": "top", "num_format": "0.0"},
    Kind.MOMENT: {"valign": "top", "num_format": "yyyy-mm-dd hh:mm:ss"},
    Kind.FLAG: {"valign": "top"},
    "link": {"valign": "top", "font_color": "#0B5394", "underline": 1},
    "header": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#EDEDED"},
    "title": {"bold": True, "font_size": 14},
    "missing": {"valign": "top", "font_color": "#6B6B6B", "align": "right"},
    "good": {"bg_color": "#D9EAD3", "font_color": "#1E4D16"},
    "fair": {"bg_color": "#FFF2CC", "font_color": "#5C4400"},
    "poor": {"bg_color": "#F4CCCC", "font_color": "#701010"},
    "doubt": {"bg_color": "#D9E2F3", "font_color": "#1F3864"},
}
"""Colours with a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3); a colour only repeats what a word says."""


def styles_of(workbook: Workbook) -> Styles:
    """The formats that every sheet shares."""
    return {name: workbook.add_format(dict(look)) for name, look in _LOOKS.items()}


def is_missing(value: object) -> bool:
    """Whether there is no value: None, or a table's NaN."""
    return value is None or value != value  # noqa: PLR0124 - NaN is what differs from itself


def write_text(sheet: Worksheet, row: int, column: int, text: str, style: Format | None = None) -> None:
    """A text cell, whatever the text looks like."""
    if text:
        sheet.write_string(row, column, cell_text(text), style)


def _text(style: str) -> Writer:
    def write(sheet: Worksheet, styles: Styles, row: int, column: int, value: Value) -> None:
        if not is_missing(value):
            write_text(sheet, row, column, str(value), styles[style])

    return write


def _number(style: str, divisor: float = 1) -> Writer:
    """Numbers as numbers; a word in a number's place ("unsure") as text, and no number as ``n/a``, never 0."""

    def write(sheet: Worksheet, styles: Styles, row: int, column: int, value: Value) -> None:
        if isinstance(value, str) or value is None or is_missing(value):
            sheet.write_string(row, column, value if isinstance(value, str) else NOT_THERE, styles["missing"])
        else:
            sheet.write_number(row, column, value / divisor, styles[style])

    return write


def _moment(sheet: Worksheet, styles: Styles, row: int, column: int, value: Value) -> None:
    """A date and time of the place where the call was; a workbook knows no zones, they stand beside it."""
    if not isinstance(value, str):
        sheet.write_string(row, column, NOT_THERE, styles["missing"])
        return
    moment = datetime.fromisoformat(value).replace(tzinfo=None)
    if moment.year < FIRST_YEAR:
        write_text(sheet, row, column, value, styles[Kind.TEXT])
    else:
        sheet.write_datetime(row, column, moment, styles[Kind.MOMENT])


def _zone(sheet: Worksheet, styles: Styles, row: int, column: int, value: Value) -> None:
    if isinstance(value, str):
        zone = datetime.fromisoformat(value).tzname() or "not given"
        write_text(sheet, row, column, zone, styles[Kind.TEXT])


def _flag(sheet: Worksheet, styles: Styles, row: int, column: int, value: Value) -> None:
    sheet.write_boolean(row, column, bool(value), styles[Kind.FLAG])


def _page_link(folder: str) -> Writer:
    """Links a call's or agent's id to its page, as long as the sheet takes links (one link a row)."""

    def write(sheet: Worksheet, styles: Styles, row: int, column: int, value: Value) -> None:
        text = cell_text(str(value))
        if row <= MOST_LINKS:
            sheet.write_url(row, column, f"external:{folder}/{page_name(str(value))}.html", styles["link"], text)
        else:
            write_text(sheet, row, column, text, styles[Kind.TEXT])

    return write


def _listen(sheet: Worksheet, styles: Styles, row: int, column: int, value: Value) -> None:
    """A deep link, made by `listen_link`; empty where there is none or the sheet takes no more."""
    if isinstance(value, str):
        sheet.write_url(row, column, value, styles["link"], "listen")


_WRITERS: Mapping[Kind, Writer] = {
    Kind.TEXT: _text(Kind.TEXT),
    Kind.LONG_TEXT: _text(Kind.LONG_TEXT),
    Kind.COUNT: _number(Kind.COUNT),
    Kind.POINTS: _number(Kind.POINTS),
    Kind.PERCENT: _number(Kind.PERCENT, divisor=100),
    Kind.SHARE: _number(Kind.SHARE),
    Kind.SECONDS: _number(Kind.SECONDS),
    Kind.MOMENT: _moment,
    Kind.ZONE: _zone,
    Kind.FLAG: _flag,
    Kind.CALL: _page_link("calls"),
    Kind.AGENT: _page_link("agents"),
    Kind.LISTEN: _listen,
}


def write_header(sheet: Worksheet, styles: Styles, row: int, columns: Sequence[Column]) -> None:
    """The names above the columns, and the columns' widths."""
    for i, column in enumerate(columns):
        sheet.set_column(i, i, column.width)
        write_text(sheet, row, i, column.header, styles["header"])


def write_rows(sheet: Worksheet, styles: Styles, top: int, columns: Sequence[Column], frame: pd.DataFrame) -> int:
    """The rows of a table from row ``top`` down; how many were written (a sheet holds `MOST_ROWS`)."""
    writers = [_WRITERS[column.kind] for column in columns]
    rows = frame[[column.source for column in columns]].head(MOST_ROWS)
    for i, values in enumerate(rows.itertuples(index=False, name=None), start=top):
        for j, (write, value) in enumerate(zip(writers, values, strict=True)):
            write(sheet, styles, i, j, value)
    return len(rows)


def listen_link(call_id: str, second: float, criterion: str) -> str:
    """The deep link into a call's page: that second, that criterion."""
    return f"external:calls/{page_name(call_id)}.html#t={second:.1f}&c={quote(criterion, safe='')}"
