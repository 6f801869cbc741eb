"""Rows of a manifest and files on disk, put together. A row names files relative to known folders only."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.audio.candidate import Candidate, candidate
from qa.audio.folder import Listing, plain_stem, shown
from qa.audio.manifest import Manifest, ManifestRow
from qa.audio.metadata import call_metadata, clean_cell
from qa.model.scorecard import CallFailure, FailureKind

_OUTSIDE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[/\\~]")
"""How a name begins that is no relative file name: an address, a Windows drive, the root, a home folder."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Candidates, each with its row or none; rows that came to nothing; notes."""

    assigned: tuple[tuple[Candidate, ManifestRow | None], ...]
    failures: tuple[CallFailure, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Match:
    """Where one row led: to a candidate, to a failure, or outside of what was asked for."""

    row: ManifestRow
    candidate: Candidate | None = None
    failure: CallFailure | None = None


def assign_rows(manifests: Sequence[Manifest], found: Iterable[Candidate], listing: Listing) -> Rows:
    """Every candidate with its row. Of two rows for one file the first counts, and the second is a notice."""
    by_path = {_key(call.path): call for call in found}
    rows_of: dict[str, ManifestRow] = {}
    failures: list[CallFailure] = []
    outside = 0
    for match in (_match(row, each, by_path, listing) for each in manifests for row in each.rows):
        if match.failure:
            failures.append(match.failure)
        elif match.candidate is None:
            outside += 1
        else:
            key = _key(match.candidate.path)
            by_path.setdefault(key, match.candidate)
            if rows_of.setdefault(key, match.row) is not match.row:
                failures.append(_second_row(match.row, rows_of[key]))
    notes = (f"rows of the manifest that name recordings outside of the given PATHs: {outside}",) if outside else ()
    assigned = tuple((call, rows_of.get(key)) for key, call in by_path.items())
    return Rows(assigned, tuple(failures), notes)


def _key(path: Path) -> str:
    """A path for comparison: a Mac writes "ż" as two characters, a spreadsheet as one."""
    return unicodedata.normalize("NFC", os.path.normpath(path))


def _match(row: ManifestRow, manifest: Manifest, by_path: dict[str, Candidate], listing: Listing) -> _Match:
    places = list(_places(row.recording, manifest, listing))
    for place in places:
        if call := by_path.get(_key(place)):
            return _Match(row, call)
    if _OUTSIDE.match(row.recording) or ".." in Path(row.recording.replace("\\", "/")).parts:
        return _Match(row, failure=_refused(row))
    asked_for = [place for place in places if _is_below(place, listing.folders)]
    for place in asked_for:
        if os.path.lexists(place):
            return _inside(row, place, manifest, listing)
    return _Match(row, failure=_missing(row, asked_for[0]) if asked_for else None)


def _places(recording: str, manifest: Manifest, listing: Listing) -> Iterator[Path]:
    """Where the file may lie: below the manifest's folder, or below a PATH when the manifest lies elsewhere."""
    elsewhere = (folder for folder in listing.folders if not folder.is_relative_to(manifest.folder))
    for folder in (manifest.folder, *elsewhere):
        for name in dict.fromkeys((recording, recording.replace("\\", "/"))):
            yield Path(os.path.normpath(folder / name))


def _is_below(path: Path, folders: Iterable[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def _inside(row: ManifestRow, place: Path, manifest: Manifest, listing: Listing) -> _Match:
    """A file that no PATH brought up (its ending is unknown), unless a link leads out of the folders."""
    real = Path(os.path.realpath(place))
    roots = [Path(os.path.realpath(folder)) for folder in (manifest.folder, *listing.folders)]
    return _Match(row, candidate(place)) if _is_below(real, roots) else _Match(row, failure=_refused(row))


def _failure(row: ManifestRow, kind: FailureKind, wrong: str, expected: str, do: str) -> CallFailure:
    call, _ = call_metadata((row.layer,), clean_cell(plain_stem(Path(row.recording))) or row.layer.where)
    where = f"{row.layer.where}, column recording"
    return CallFailure(call.call_id, kind, where, wrong, expected, do, call.agent_id, call.started_at)


def _refused(row: ManifestRow) -> CallFailure:
    wrong = f"{row.recording[:200]!r} leads out of the manifest's folder and was not opened"
    expected, do = "a relative name below the manifest's folder", "move the recording there, or name it as a PATH"
    return _failure(row, FailureKind.BAD_METADATA, wrong, expected, do)


def _missing(row: ManifestRow, place: Path) -> CallFailure:
    wrong = f"there is no file {shown(place)[:300]}"
    do = "check whether the export is complete, and correct the name"
    return _failure(row, FailureKind.MISSING_FILE, wrong, "the recording of this call", do)


def _second_row(row: ManifestRow, first: ManifestRow) -> CallFailure:
    wrong = f"{row.recording[:200]!r} has a row already: {first.layer.where}, which was taken"
    do = "remove one of the two rows"
    failure = _failure(row, FailureKind.SAME_RECORDING, wrong, "one row for a recording", do)
    return replace(failure, notice=True)
