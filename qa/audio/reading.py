"""One candidate becomes a recording: its bytes fingerprinted, and what lies beside it read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from qa.audio.candidate import Candidate, is_transcript_name
from qa.audio.folder import plain_stem, shown, unreadable
from qa.audio.manifest import ManifestRow, scalars
from qa.audio.metadata import COLUMNS, Layer, call_metadata, clean_cell
from qa.audio.regular import open_regular, size_of
from qa.audio.strict_json import MAX_JSON_BYTES, BadJsonError, parse_json
from qa.model.recording import CallMetadata, Medium, Recording
from qa.model.scorecard import CallFailure, FailureKind

SEGMENTS = "segments"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one candidate: a recording, or none; failures and notices; notes."""

    recording: Recording | None
    failures: tuple[CallFailure, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Text:
    """A JSON file: its digest and value; or what is wrong with it."""

    sha256: str = ""
    value: object = None
    failure: CallFailure | None = None


def read(candidate: Candidate, row: ManifestRow | None) -> Reading:
    """Read one candidate; whatever is wrong with it is a failure, nothing is raised."""
    row_layers = (row.layer,) if row else ()
    reader = _read_sound if candidate.medium is Medium.AUDIO else _read_transcript
    return reader(candidate, row_layers)


def _read_sound(call: Candidate, row_layers: tuple[Layer, ...]) -> Reading:
    transcript = _read_json(call.transcript, FailureKind.BAD_TRANSCRIPT) if call.transcript else None
    beside = _read_json(call.metadata, FailureKind.BAD_METADATA) if call.metadata else None
    # What language a transcript is in does not bind whoever hears the call again.
    layers = (*_layers(call.transcript, transcript, without=("language",)), *_layers(call.metadata, beside))
    metadata, notices = call_metadata((*layers, *row_layers), _default_id(call.path))
    slips = tuple(_of(text.failure, metadata, notice=True) for text in (transcript, beside) if text and text.failure)
    notes = _unused_transcript(call) if beside and _is_transcript(beside) and not call.transcript else ()
    sha256, failure = _fingerprint(call.path)
    if failure:
        return Reading(None, (_of(failure, metadata), *slips, *notices), notes)
    recording = Recording(call.path, sha256, Medium.AUDIO, metadata)
    if transcript and not transcript.failure:
        recording = replace(recording, transcript=call.transcript, transcript_sha256=transcript.sha256)
    return Reading(recording, (*slips, *notices), notes)


def _layers(path: Path | None, text: _Text | None, without: tuple[str, ...] = ()) -> tuple[Layer, ...]:
    """The columns in a JSON file. A transcript's unknown keys are left out: they may hold what was said."""
    if path is None or text is None or not isinstance(text.value, dict):
        return ()
    columns = (pair for pair in scalars(text.value) if pair[0] not in without)
    return (Layer(shown(path), tuple(pair for pair in columns if pair[0] in COLUMNS or not _is_transcript(text))),)


def _is_transcript(text: _Text) -> bool:
    return isinstance(text.value, dict) and SEGMENTS in text.value


def _unused_transcript(call: Candidate) -> tuple[str, ...]:
    """Whisper itself writes NAME.json; here that name means metadata."""
    stem, path = clean_cell(plain_stem(call.path)), shown(call.metadata or call.path)
    return (f"{path} holds a transcript; it is used only under the name {stem}.transcript.json",)


def _read_transcript(call: Candidate, row_layers: tuple[Layer, ...]) -> Reading:
    text = _read_json(call.path, FailureKind.BAD_TRANSCRIPT)
    beside = _read_json(call.metadata, FailureKind.BAD_METADATA) if call.metadata else None
    layers = (*_layers(call.path, text), *_layers(call.metadata, beside), *row_layers)
    metadata, notices = call_metadata(layers, _default_id(call.path))
    if beside and beside.failure:
        notices = (_of(beside.failure, metadata, notice=True), *notices)
    if text.failure:
        return Reading(None, (_of(text.failure, metadata), *notices))
    if not _is_transcript(text):
        return _no_transcript(call, metadata, bool(row_layers))
    return Reading(Recording(call.path, text.sha256, Medium.TRANSCRIPT, metadata), notices)


def _no_transcript(call: Candidate, metadata: CallMetadata, in_manifest: bool) -> Reading:
    """JSON that is no transcript: a failure where somebody said that it is one, else passed over with a note."""
    where, wrong = shown(call.path), "this JSON is no transcript: it has no 'segments'"
    if not (call.named or in_manifest or is_transcript_name(call.path)):
        # One note for a folder, however many such files lie in it: `find` tells each note once.
        folder = shown(call.path.parent)
        note = f"JSON in {folder} that holds no 'segments' and lies beside no recording of its name was left alone"
        return Reading(None, (), (note,))
    expected = "a transcript as whisper writes it, or a recording"
    do = "name the recording that this file belongs to, or write the transcript again"
    failure = CallFailure("", FailureKind.BAD_TRANSCRIPT, where, wrong, expected, do)
    return Reading(None, (_of(failure, metadata),))


def _default_id(path: Path) -> str:
    return clean_cell(plain_stem(path)) or "unnamed"


def _of(failure: CallFailure, metadata: CallMetadata, notice: bool = False) -> CallFailure:
    """The failure with what is known of its call."""
    return replace(
        failure,
        call_id=metadata.call_id,
        agent_id=metadata.agent_id,
        started_at=metadata.started_at,
        notice=notice,
    )


def _empty(path: Path) -> CallFailure:
    do = "check the recorder; export the recording again"
    return CallFailure("", FailureKind.EMPTY, shown(path), "the file is empty", "a recorded call", do)


def _fingerprint(path: Path) -> tuple[str, CallFailure | None]:
    """The SHA-256 of a regular file, in hexadecimal, or why there is none."""
    try:
        with open_regular(path) as file:
            if size_of(file) == 0:
                return "", _empty(path)
            return hashlib.file_digest(file, "sha256").hexdigest(), None
    except (OSError, ValueError) as error:
        return "", unreadable(path, error)


def _read_json(path: Path, kind: FailureKind) -> _Text:
    try:
        with open_regular(path) as file:
            data = file.read(MAX_JSON_BYTES + 1)
        if not data:
            return _Text(failure=_empty(path))
        return _Text(hashlib.sha256(data).hexdigest(), parse_json(data, shown(path)))
    except (OSError, ValueError) as error:
        return _Text(failure=unreadable(path, error))
    except BadJsonError as error:
        problem = error.problems[0]
        return _Text(failure=CallFailure("", kind, problem.where, problem.wrong, problem.expected, problem.do))
