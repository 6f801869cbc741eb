"""The report folder: whole or absent. Built aside, brought to disk, renamed into place.

reports/.tmp-<run id>/    everything is written here first
reports/2026-03-02/       then takes this name, in the place of the report that was here
reports/latest            points to the newest date
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from qa.errors import Problem, TryAgainError, UsageError
from qa.model.contracts import ReportFormat
from qa.model.night import Night
from qa.reports.run_json import RUN, is_run_json

BUILDING = ".building"
"""The locked file in a folder that is being built; who can lock it has found what a killed run left."""
LATEST = "latest"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_OWN = re.compile(r"\.tmp-\d{8}T\d{6}Z")
"""The name of a folder in which a run builds its report: `run_id` of the command line."""
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def refuse_foreign(folder: Path) -> None:
    """Only a report, an empty folder or nothing is replaced: never somebody's documents (`UsageError`)."""
    if not folder.exists() or is_run_json(folder / RUN):
        return
    if folder.is_dir() and not any(folder.iterdir()):
        return
    expected = f"a new or empty folder, or a report (with {RUN}) to replace"
    raise UsageError((Problem(str(folder), "exists and is not a report", expected, "name another folder"),))


def _sweep(parent: Path) -> None:
    """Remove what killed runs left half built: folders that are ours by their mark, and locked by nobody.

    A folder that is still empty was left before its mark was; only our own names are looked at.
    """
    for name in filter(_OWN.fullmatch, (path.name for path in parent.glob(".tmp-*"))):
        with suppress(OSError):
            (parent / name).rmdir()
    for left in parent.glob(f".tmp-*/{BUILDING}"):
        lock = FileLock(left, timeout=0)
        with suppress(Timeout):
            with lock:
                pass
            shutil.rmtree(left.parent, ignore_errors=True)


def _settle(folder: Path, old: Path) -> None:
    """Finish the swap in which a run was killed: put the old report back if no new one came."""
    if not old.exists():
        return
    if folder.exists():
        shutil.rmtree(old)
    else:
        old.rename(folder)


def _to_disk(path: Path) -> None:
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _all_to_disk(folder: Path) -> None:
    """Every file and folder below, files first: after this a power cut loses nothing of it."""
    for root, _, names in os.walk(folder, topdown=False):
        for name in sorted(names):
            _to_disk(Path(root, name))
        _folder_to_disk(Path(root))


def _folder_to_disk(folder: Path) -> None:
    """The names in a folder; not every system lets a folder be synchronised."""
    with suppress(PermissionError):
        _to_disk(folder)


def _build(night: Night, formats: Sequence[ReportFormat], aside: Path) -> None:
    """Write everything into ``aside``, which holds a locked mark until all of it is on disk."""
    mark = aside / BUILDING
    with FileLock(mark, timeout=0):
        for made in formats:
            made.write(night, aside)
        _all_to_disk(aside)
        with suppress(PermissionError):  # a system that keeps locked files: removed below
            mark.unlink(missing_ok=True)
    mark.unlink(missing_ok=True)
    _folder_to_disk(aside)


def _swap(aside: Path, folder: Path, old: Path) -> None:
    """The new report takes the place of the old one; if it cannot, the old one stays."""
    if folder.exists():
        folder.rename(old)
    try:
        aside.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    _folder_to_disk(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def _point(pointer: Path, name: str) -> None:
    """A relative link that replaces the one before in one step; a file with the name where links do not work."""
    aside = pointer.with_name(f".{pointer.name}.new")
    aside.unlink(missing_ok=True)
    try:
        aside.symlink_to(name, target_is_directory=True)
    except (OSError, NotImplementedError):
        aside.write_text(f"{name}\n", encoding="utf-8", newline="\n")
    aside.replace(pointer)


def _point_to_newest(folder: Path) -> None:
    """``latest`` among dated folders names the newest of them, whichever was written now."""
    if not _DATE.fullmatch(folder.name):
        return
    dated = [beside.name for beside in folder.parent.iterdir() if _DATE.fullmatch(beside.name) and beside.is_dir()]
    pointer = folder.parent / LATEST
    try:
        _point(pointer, max(dated))
    except OSError as error:
        wrong = f"the report is written, but not the pointer to it: {error.strerror or error}"
        do = f"open {folder}, and move away what is in the pointer's place"
        raise TryAgainError((Problem(str(pointer), wrong, "a link or file that may be replaced", do),)) from error


def _not_written(folder: Path, error: OSError) -> TryAgainError:
    wrong = f"the report could not be written: {error.strerror or error}"
    expected = "a folder on a disk with room, which may be written and renamed"
    do = "make room or name another folder, then run `qa report`; the report that was there is untouched"
    return TryAgainError((Problem(str(folder), wrong, expected, do),))


def _replace(night: Night, folder: Path, formats: Sequence[ReportFormat], old: Path) -> None:
    aside = folder.with_name(f".tmp-{_UNSAFE.sub('-', night.run.run_id)}")
    with suppress(OSError):
        aside.rmdir()  # empty: of a run that was killed before it left its mark
    aside.mkdir(parents=True)
    try:
        _build(night, formats, aside)
        _swap(aside, folder, old)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def write_report(night: Night, folder: Path, formats: Sequence[ReportFormat]) -> Path:
    """Write the night's report folder and return its path; a report of the same name is replaced whole.

    Beside dated folders (``2026-03-02``) the pointer ``latest`` follows the newest. Raises
    `qa.errors.UsageError` where ``folder`` holds something that is not a report, and
    `qa.errors.TryAgainError` where the disk refuses: nothing half built stays, the old report does.
    """
    folder = folder.resolve()
    old = folder.with_name(f".qa-replaced-{folder.name}")
    try:
        _settle(folder, old)
        refuse_foreign(folder)
        _sweep(folder.parent)
        _replace(night, folder, formats, old)
    except OSError as error:
        raise _not_written(folder, error) from error
    _point_to_newest(folder)
    return folder
