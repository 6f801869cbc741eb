"""``scores.csv`` and ``failures.csv``: for programs. UTF-8 without a byte order mark, RFC 4180.

A text cell that a spreadsheet would run as a formula carries a leading apostrophe; an empty cell means
that there is no such value. The columns are documented in ``docs/report-formats.md``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qa.model.night import Night
from qa.reports.plain_text import guarded

if TYPE_CHECKING:
    import pandas as pd

SCORES = "scores.csv"
FAILURES = "failures.csv"


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return guarded(value) if isinstance(value, str) else value


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV, every text guarded. Raises `OSError` where the file cannot be written.

    Lines end in CR LF: with LF alone the writer leaves a lone CR in a text unquoted, and readers end a line there.
    """
    frame.map(_cell).to_csv(path, index=False, encoding="utf-8", lineterminator="\r\n")


class ScoresCsv:
    """Writes ``scores.csv``: one row a call and criterion."""

    def write(self, night: Night, folder: Path) -> None:
        """Write below ``folder``. Raises `OSError` where the file cannot be written."""
        from qa.reports.frames import scores_frame

        write_csv(scores_frame(night), folder / SCORES)


class FailuresCsv:
    """Writes ``failures.csv``: one row a call that could not be scored, or a notice."""

    def write(self, night: Night, folder: Path) -> None:
        """Write below ``folder``. Raises `OSError` where the file cannot be written."""
        from qa.reports.frames import failures_frame

        write_csv(failures_frame(night), folder / FAILURES)
