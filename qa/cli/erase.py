"""``qa forget`` and ``qa purge``: calls leave the store, and the reports that show them, with a receipt."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from qa.cli import options as o
from qa.cli.console import counted, json_line, note, say
from qa.cli.exits import Exit, errors_told
from qa.cli.settings import store_setting
from qa.errors import Problem, UsageError

if TYPE_CHECKING:
    from qa.store.erase import ErasedRows
    from qa.store.store import Store

REPORTS = Path("reports")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall go: the ids of calls, stored or not; ``undated`` counts what stays for want of a start."""

    call_ids: tuple[str, ...]
    undated: int = 0


@dataclass(frozen=True, slots=True)
class Erasure:
    """How an erasure is to be done; ``now`` is the receipt's time."""

    store: str
    reports: Path
    yes: bool
    dry_run: bool
    as_json: bool
    now: datetime


def forget(  # noqa: PLR0917 - the options of a command
    call: o.CallIds = None,
    customer: o.CustomerIds = None,
    store: o.Store = None,
    reports: o.Reports = REPORTS,
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    as_json: o.Json = False,
) -> None:
    """Erase a call, or every call of a customer: words, cards, failures, and the reports that show them.

    No byte stays in an SQLite store. Report folders below --reports that show such a call go whole; qa report
    builds them again without it. Recordings and manifests are not touched: remove them too, or the next qa run
    hears the call again. Ids that are not there are no error.
    """
    with errors_told(as_json):
        if not call and not customer:
            problem = Problem("qa forget", "nobody is named", "a call or a customer", "give --call ID or --customer ID")
            raise UsageError((problem,))
        erasure = _erasure(store, reports, yes, dry_run, as_json)
        sys.exit(_carry_out(erasure, lambda opened: _named(opened, tuple(call or ()), tuple(customer or ()))))


def purge(  # noqa: PLR0917 - the options of a command
    older_than: o.OlderThan,
    store: o.Store = None,
    reports: o.Reports = REPORTS,
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    as_json: o.Json = False,
) -> None:
    """Erase every call that started more than so many days ago, as qa forget does.

    Calls without a start stay, and are counted: name them with qa forget --call.
    """
    with errors_told(as_json):
        erasure = _erasure(store, reports, yes, dry_run, as_json)
        moment = erasure.now - timedelta(days=older_than)
        sys.exit(_carry_out(erasure, lambda opened: _aged(opened, moment)))


def _erasure(store: str | None, reports: Path, yes: bool, dry_run: bool, as_json: bool) -> Erasure:
    return Erasure(store_setting(store), reports, yes, dry_run, as_json, datetime.now().astimezone())


def _named(store: Store, call_ids: tuple[str, ...], customer_ids: tuple[str, ...]) -> Wanted:
    return Wanted(tuple(sorted({*call_ids, *store.calls_of_customers(customer_ids)})))


def _aged(store: Store, moment: datetime) -> Wanted:
    aged = store.calls_before(moment)
    return Wanted(aged.call_ids, aged.undated)


def _carry_out(erasure: Erasure, ask: Callable[[Store], Wanted]) -> Exit:
    """Reports first: were it interrupted, the store still knows whose reports are left to erase."""
    from qa.cli.stores import existing_store
    from qa.store.lock import hold_store

    _require_consent(erasure)
    with existing_store(erasure.store) as store:
        if erasure.dry_run or not erasure.yes:
            wanted = ask(store)
            found, folders = store.belongings(wanted.call_ids), tuple(showing(erasure.reports, wanted.call_ids))
            if erasure.dry_run:
                return _receipt(erasure, wanted, found, folders)
            if not _agreed(found, folders):
                note("nothing was erased")
                return Exit.TRY_AGAIN
        with hold_store(erasure.store):
            wanted = ask(store)
            folders = tuple(showing(erasure.reports, wanted.call_ids))
            for folder in folders:
                _remove(folder)
            return _receipt(erasure, wanted, store.erase(wanted.call_ids), folders)


def _require_consent(erasure: Erasure) -> None:
    if erasure.yes or erasure.dry_run or sys.stdin.isatty():
        return
    wrong, do = "nobody can be asked whether to erase", "look with --dry-run, then give --yes"
    raise UsageError((Problem("--yes", wrong, "a terminal, or --yes", do),))


def _agreed(found: ErasedRows, folders: Collection[Path]) -> bool:
    note(f"this erases for good: {_counts(found, folders)}", *(f"  {folder}" for folder in folders))
    sys.stderr.write("go on? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


def _counts(found: ErasedRows, folders: Collection[Path]) -> str:
    rows = (found.calls, "call"), (found.conversations, "conversation"), (found.scorecards, "card")
    kinds = (*rows, (found.failures, "failure"), (len(folders), "report folder"))
    return ", ".join(counted(count, noun) for count, noun in kinds)


def _receipt(erasure: Erasure, wanted: Wanted, gone: ErasedRows, folders: tuple[Path, ...]) -> Exit:
    at = erasure.now.isoformat(timespec="seconds")
    if erasure.as_json:
        values = {**asdict(gone), "report_folders": [str(folder) for folder in folders], "undated": wanted.undated}
        json_line("summary", {**values, "dry_run": erasure.dry_run, "at": at})
        return Exit.ALL_SCORED
    did = "would be erased" if erasure.dry_run else "erased"
    say(f"{did}: {_counts(gone, folders)} ({at})", *(f"  {folder}" for folder in folders))
    if wanted.undated:
        say(f"{counted(wanted.undated, 'call')} without a start left alone")
    if folders and not erasure.dry_run:
        say("next: qa report builds reports of what is left")
    note("note: recordings and manifests are not touched; remove them too, or the next qa run hears them again")
    return Exit.ALL_SCORED


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
    from qa.reports.run_json import RUN

    if _is_own(folder / BUILDING):
        return _is_left(folder / BUILDING)
    return _is_own(folder / RUN) and any(call_id in ids for call_id in _shown(folder))


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


def _remove(folder: Path) -> None:
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
