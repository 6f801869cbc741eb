"""The report folders that show a call: found by what they list, removed whole."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path


def showing(reports: Path, call_ids: Collection[str]) -> Iterator[Path]:
    """The report folders at or below ``reports`` that show one of these calls, sorted; links are not followed.

    A folder that a killed run left half built counts as well: nothing says whom it shows.
    """
    from qa.reports.plain_text import writable

    ids = {*call_ids, *map(writable, call_ids)}
    for root, names, _ in os.walk(reports, onerror=_refused) if ids else ():
        names.sort()
        if _shows(Path(root), ids):
            names.clear()  # it goes whole
            yield Path(root)


def _refused(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):  # no folder, no reports; but a closed one may show the call
        raise error


def _shows(folder: Path, ids: Collection[str]) -> bool:
    from qa.reports.folder import BUILDING
    from qa.reports.run_json import RUN, is_run_json

    if _is_own(folder / BUILDING):
        return _is_left(folder / BUILDING)
    report = _is_own(folder / RUN) and is_run_json(folder / RUN)
    return report and any(call_id in ids for call_id in _shown(folder))


def _is_own(file: Path) -> bool:
    return file.is_file() and not file.is_symlink()


def _is_left(mark: Path) -> bool:
    from filelock import FileLock, Timeout

    try:
        with FileLock(mark, timeout=0, preserve_lock_file=True):
            return True
    except Timeout:
        return False


def _shown(folder: Path) -> Iterator[str]:
    """The ids of the calls in a report, scored and failed."""
    from qa.reports.jsonl import SCORECARDS
    from qa.reports.plain_text import unguarded
    from qa.reports.scores_csv import FAILURES

    if _is_own(folder / SCORECARDS):
        with (folder / SCORECARDS).open(encoding="utf-8", errors="replace") as lines:
            yield from map(_call_id, lines)
    if _is_own(folder / FAILURES):
        with (folder / FAILURES).open(encoding="utf-8-sig", errors="replace", newline="") as rows:
            yield from (unguarded(row.get("call_id") or "") for row in csv.DictReader(rows))


def _call_id(line: str) -> str:
    """The id on a line of ``scorecards.jsonl``; nothing where somebody has cut the line."""
    try:
        card = json.loads(line)
    except ValueError:
        return ""
    return str(card.get("call_id", "")) if isinstance(card, dict) else ""


def remove(folder: Path) -> None:
    """Remove a report; what makes it known as one that shows the call goes last, should this be interrupted."""
    from qa.reports.folder import BUILDING, LATEST
    from qa.reports.jsonl import SCORECARDS
    from qa.reports.run_json import RUN
    from qa.reports.scores_csv import FAILURES

    marks = (FAILURES, SCORECARDS, RUN, BUILDING)
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name not in marks:
            entry.unlink()
    for name in marks:
        (folder / name).unlink(missing_ok=True)
    folder.rmdir()
    pointer = folder.parent / LATEST
    if pointer.is_symlink() and not pointer.exists():
        pointer.unlink()
