"""``qa forget`` and ``qa purge``: calls leave the store, and the reports that show them, with a receipt."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from qa.cli import options as o
from qa.cli.console import counted, json_line, note, say
from qa.cli.erase_reports import remove, showing
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
            found, folders = store.belongings(wanted.call_ids), _folders(erasure, wanted)
            if erasure.dry_run:
                return _receipt(erasure, wanted, found, folders)
            if not _agreed(found, folders):
                note("nothing was erased")
                return Exit.TRY_AGAIN
        with hold_store(erasure.store):
            wanted = ask(store)
            folders = _folders(erasure, wanted)
            for folder in folders:
                remove(folder)
            return _receipt(erasure, wanted, store.erase(wanted.call_ids), folders)


def _require_consent(erasure: Erasure) -> None:
    if erasure.yes or erasure.dry_run or sys.stdin.isatty():
        return
    wrong, do = "nobody can be asked whether to erase", "look with --dry-run, then give --yes"
    raise UsageError((Problem("--yes", wrong, "a terminal, or --yes", do),))


def _folders(erasure: Erasure, wanted: Wanted) -> tuple[Path, ...]:
    """The report folders to remove; raises `UsageError` where the store lies in one of them."""
    from qa.store.connect import sqlite_file, store_url

    folders = tuple(showing(erasure.reports, wanted.call_ids))
    file = sqlite_file(store_url(erasure.store))
    for folder in folders:
        if file is not None and file.resolve().is_relative_to(folder.resolve()):
            wrong, do = "the store lies in this report folder, which has to go", "move the store out of it"
            raise UsageError((Problem(str(folder), wrong, "reports and store side by side", do),))
    return folders


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
