"""People's verdicts from a CSV file with the columns ``call_id``, ``criterion`` and ``verdict``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.errors import Problem, UsageError
from qa.model.finding import Verdict
from qa.reports.plain_text import unguarded

COLUMNS = ("call_id", "criterion", "verdict")
_SPELLINGS = {"n/a": Verdict.NOT_APPLICABLE, "na": Verdict.NOT_APPLICABLE}
_VERDICTS = ", ".join(verdict.value for verdict in Verdict)


@dataclass(frozen=True, slots=True)
class HumanVerdict:
    """What a person decided on one criterion of one call."""

    call_id: str
    criterion: str
    verdict: Verdict


def _text_of(path: Path) -> str:
    """The file as text; a byte order mark is dropped."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        wrong, do = f"cannot be read ({error.strerror})", "check the path and its permissions"
    except UnicodeDecodeError as error:
        wrong, do = f"is not UTF-8 (byte {error.start})", 'save it as "CSV UTF-8"'
    raise UsageError((Problem(str(path), wrong, "a CSV file in UTF-8", do),))


def _verdict(text: str) -> Verdict | None:
    name = text.strip().lower()
    if name in _SPELLINGS:
        return _SPELLINGS[name]
    name = name.replace(" ", "_").replace("-", "_")
    return next((verdict for verdict in Verdict if verdict.value == name), None)


def _row(cells: dict[str, str], where: str) -> HumanVerdict | Problem:
    call_id, criterion, text = (unguarded(cells[column]).strip() for column in COLUMNS)
    verdict = _verdict(text)
    if not call_id or not criterion:
        return Problem(where, "call_id or criterion is empty", "both filled in", "fill them in or delete the row")
    if verdict is None:
        return Problem(where, f"'{text}' is not a verdict", f"one of {_VERDICTS}", "correct the verdict")
    return HumanVerdict(call_id, criterion, verdict)


def _rows(text: str, where: str) -> Iterator[HumanVerdict | Problem]:
    """Every row as a value or as what is wrong with it; commas, or semicolons where the header has them."""
    header = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if ";" in header else ",", restval="")
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    reader.fieldnames = names
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        do = f"add {', '.join(missing)} to the first line"
        yield Problem(f"{where}: line 1", f"no column {', '.join(missing)}", ", ".join(COLUMNS), do)
        return
    for cells in reader:
        if any(cells[column].strip() for column in COLUMNS):
            yield _row(cells, f"{where}: line {reader.line_num}")


def _contradictions(rows: list[HumanVerdict], where: str) -> Iterator[Problem]:
    seen: dict[tuple[str, str], Verdict] = {}
    for row in rows:
        before = seen.setdefault((row.call_id, row.criterion), row.verdict)
        if before is not row.verdict:
            wrong = f"call '{row.call_id}', criterion '{row.criterion}' is both {before} and {row.verdict}"
            yield Problem(where, wrong, "one verdict for each call and criterion", "keep the row that holds")


def read_human_verdicts(path: Path) -> tuple[HumanVerdict, ...]:
    """The verdicts of a CSV file, further columns ignored, equal rows once.

    ``scores.csv`` with its ``verdict`` column corrected is such a file. Raises `qa.errors.UsageError` with
    every row that is wrong.
    """
    try:
        rows = list(_rows(_text_of(path), str(path)))
    except csv.Error as error:
        do = "write the file again from the spreadsheet"
        raise UsageError((Problem(str(path), f"is not CSV ({error})", "a CSV file", do),)) from None
    verdicts = [row for row in rows if isinstance(row, HumanVerdict)]
    problems = [row for row in rows if isinstance(row, Problem)]
    problems += _contradictions(verdicts, str(path))
    if problems:
        raise UsageError(tuple(problems))
    return tuple(dict.fromkeys(verdicts))
