"""From the PATHs of the command line to recordings: what is there, what is known of it, what cannot be used.

PATHs ─> listing ─> candidates ─┐
manifest ─────────> rows ───────┴─ read ─> distinct ─> Found
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from qa.audio.candidate import candidates
from qa.audio.folder import list_files, shown
from qa.audio.formats import AUDIO_SUFFIXES
from qa.audio.manifest import read_manifest
from qa.audio.reading import Reading, read
from qa.audio.remote import fetch, is_address
from qa.audio.rows import Rows, assign_rows
from qa.model.recording import Recording
from qa.model.scorecard import CallFailure, FailureKind

__all__ = ["AUDIO_SUFFIXES", "Found", "find"]

READERS = 4
"""Files fingerprinted at once: hashing lets other threads run, and a network disk answers several at a time."""

BATCH = 64
"""Files read before the limit is looked at again."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a batch will work on: recordings sorted by path, each content once; failures; notes for the console."""

    recordings: tuple[Recording, ...]
    failures: tuple[CallFailure, ...]
    notes: tuple[str, ...]


def find(paths: Sequence[str], manifest: Path | None, work_dir: Path, limit: int | None = None) -> Found:
    """The recordings at ``paths`` (files, folders, addresses), with what the manifest says of them.

    ``work_dir`` takes copies of what lies at addresses; ``limit`` is the largest number of recordings, those that
    the manifest names first. Raises `ManifestError` where the manifest as a whole cannot be used.
    """
    fetched = [fetch(path, work_dir) for path in paths if is_address(path)]
    local = [Path(path) for path in paths if not is_address(path)]
    listing = list_files([*local, *(copy.path for copy in fetched if copy.path)])
    manifests = [read_manifest(path) for path in ([manifest] if manifest else listing.manifests)]
    rows = assign_rows(manifests, candidates(listing), listing)
    choice = _choose(_readings(rows), limit)
    return Found(
        tuple(sorted(choice.recordings, key=lambda recording: recording.path)),
        (
            *(failure for copy in fetched for failure in copy.failures),
            *listing.failures,
            *(failure for each in manifests for failure in each.failures),
            *rows.failures,
            *choice.failures,
        ),
        tuple(
            dict.fromkeys(
                (*listing.notes, *(note for each in manifests for note in each.notes), *rows.notes, *choice.notes)
            )
        ),
    )


def _readings(rows: Rows) -> Iterator[Reading]:
    """Every candidate read, those with a row of the manifest first: of two copies, that one is kept."""
    ordered = iter(sorted(rows.assigned, key=lambda pair: (pair[1] is None, pair[0].path)))
    with ThreadPoolExecutor(READERS) as readers:
        while batch := list(islice(ordered, BATCH)):
            yield from readers.map(lambda pair: read(*pair), batch)


def _choose(readings: Iterable[Reading], limit: int | None) -> Found:
    """Each content and each call id once, up to the limit."""
    by_content: dict[str, Recording] = {}
    by_call: dict[str, Recording] = {}
    failures: list[CallFailure] = []
    notes: list[str] = []
    for reading in readings:
        if limit is not None and len(by_content) >= limit:
            break
        failures.extend(reading.failures)
        notes.extend(reading.notes)
        if (recording := reading.recording) is None:
            continue
        if twin := by_content.get(recording.sha256):
            failures.append(_same_recording(recording, twin))
        elif namesake := by_call.get(recording.metadata.call_id):
            failures.append(_same_call_id(recording, namesake))
        else:
            by_content[recording.sha256] = by_call[recording.metadata.call_id] = recording
    return Found(tuple(by_content.values()), tuple(failures), tuple(notes))


def _same_recording(recording: Recording, twin: Recording) -> CallFailure:
    wrong = f"it holds the same bytes as {shown(twin.path)} (call {twin.metadata.call_id}), which was taken"
    do = "remove one of the two; if the calls differ, export this one again"
    failure = _of(recording, FailureKind.SAME_RECORDING, wrong, "every call once", do)
    return replace(failure, notice=True)


def _same_call_id(recording: Recording, namesake: Recording) -> CallFailure:
    wrong = f"{shown(namesake.path)} is another recording with the same call id, and was taken"
    do = "give each call an id of its own in the manifest"
    return _of(recording, FailureKind.DUPLICATE_CALL_ID, wrong, "one recording for a call id", do)


def _of(recording: Recording, kind: FailureKind, wrong: str, expected: str, do: str) -> CallFailure:
    call = recording.metadata
    where = shown(recording.path)
    return CallFailure(call.call_id, kind, where, wrong, expected, do, call.agent_id, call.started_at)
