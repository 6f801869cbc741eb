"""``report.xlsx``: the workbook that QA teams filter, pivot and mail."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qa.model.night import Night

if TYPE_CHECKING:
    import xlsxwriter

WORKBOOK = "report.xlsx"
LARGE = 20_000
"""Calls from which rows go through a temporary file instead of memory."""


def _options(night: Night, folder: Path) -> dict[str, bool | str]:
    """Text is text whatever it looks like; scratch files lie in the report's own folder, with the rest of it."""
    return {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "constant_memory": len(night.calls) >= LARGE,
        "tmpdir": str(folder),
    }


def _fill(book: xlsxwriter.Workbook, night: Night) -> None:
    from qa.reports.xlsx_cells import styles_of
    from qa.reports.xlsx_overview import clock, write_about, write_summary
    from qa.reports.xlsx_sheets import SHEETS, write_sheet

    book.set_properties({"title": "Call quality", "created": clock(night.run.started_at)})
    styles = styles_of(book)
    write_summary(book, styles, night)
    left_out = [(sheet.name, write_sheet(book, styles, night, sheet)) for sheet in SHEETS]
    write_about(book, styles, night, [(name, rows) for name, rows in left_out if rows])


class Workbook:
    """Writes ``report.xlsx``."""

    def write(self, night: Night, folder: Path) -> None:
        """Write below ``folder``. Raises `OSError` where the file cannot be written."""
        import xlsxwriter
        from xlsxwriter.exceptions import FileCreateError

        try:
            with xlsxwriter.Workbook(folder / WORKBOOK, _options(night, folder)) as book:
                _fill(book, night)
        except FileCreateError as error:
            raise error.args[0] from None
