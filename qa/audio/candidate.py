"""Which file is a call, and which says something about one: NAME.wav, NAME.json, NAME.transcript.json."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from qa.audio.folder import JSON_ENDING, TRANSCRIPT_ENDING, Listing, plain_stem
from qa.model.recording import Medium


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be a call, with the JSON files that lie beside it.

    ``named`` says that the operator named this very file.
    """

    path: Path
    medium: Medium
    named: bool = False
    metadata: Path | None = None
    transcript: Path | None = None


def candidates(listing: Listing) -> tuple[Candidate, ...]:
    """The calls of a listing, in its order; a file that belongs to another is not a call of its own."""
    sound = [candidate(path, path in listing.named) for path in listing.files if not is_json(path)]
    texts = [candidate(path, path in listing.named) for path in listing.files if is_json(path)]
    theirs = {beside for call in sound for beside in (call.metadata, call.transcript)}
    texts = [text for text in texts if text.path not in theirs]
    theirs = {text.metadata for text in texts}
    own_texts = [text for text in texts if text.path not in theirs]
    return tuple(sorted(sound + own_texts, key=lambda call: call.path))


def candidate(path: Path, named: bool = False) -> Candidate:
    """One file as a call, with what lies beside it on disk."""
    folder, stem = path.parent, plain_stem(path)
    metadata = _if_there(folder / (stem + JSON_ENDING))
    if not is_json(path):
        return Candidate(path, Medium.AUDIO, named, metadata, _if_there(folder / (stem + TRANSCRIPT_ENDING)))
    return Candidate(path, Medium.TRANSCRIPT, named, metadata if is_transcript_name(path) else None)


def is_json(path: Path) -> bool:
    """Whether the name says that this is JSON."""
    return path.name.lower().endswith(JSON_ENDING)


def is_transcript_name(path: Path) -> bool:
    """Whether the name says that this is a transcript."""
    return path.name.lower().endswith(TRANSCRIPT_ENDING)


def _if_there(path: Path) -> Path | None:
    return path if os.path.lexists(path) else None
