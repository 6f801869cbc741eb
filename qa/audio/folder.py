"""What lies in the folders that were named: files by kind, found in one order on every machine."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from qa.audio.formats import is_audio_name
from qa.audio.manifest import MANIFEST_NAMES
from qa.model.scorecard import CallFailure, FailureKind
from qa.text.clean import clean_text

TRANSCRIPT_ENDING = ".transcript.json"
JSON_ENDING = ".json"


@dataclass(frozen=True, slots=True)
class Listing:
    """Files (absolute, sorted, each once), the folders they were looked for in, and what went wrong.

    ``named`` are the files that were named one by one: of these, none may be passed over in silence.
    """

    files: tuple[Path, ...]
    named: frozenset[Path]
    folders: tuple[Path, ...]
    manifests: tuple[Path, ...]
    failures: tuple[CallFailure, ...] = ()
    notes: tuple[str, ...] = ()


def shown(path: Path) -> str:
    """A path as text that any report can hold."""
    return clean_text(str(path))[0]


def plain_stem(path: PurePath) -> str:
    """The name of a call's file without its endings: "a" of "a.wav", "a.json" and "a.transcript.json"."""
    name = path.name
    return name[: -len(TRANSCRIPT_ENDING)] if name.lower().endswith(TRANSCRIPT_ENDING) else path.stem


def failure_at(path: Path, kind: FailureKind, wrong: str, expected: str, do: str) -> CallFailure:
    """A failure of a file whose call is known by its name only."""
    return CallFailure(clean_text(plain_stem(path))[0] or shown(path), kind, shown(path), wrong, expected, do)


def unreadable(path: Path, error: OSError | ValueError) -> CallFailure:
    """The failure of a file or folder that the system will not open."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        wrong, do = "there is no such file", "check the path and, for a link, what it points to"
        return failure_at(path, FailureKind.MISSING_FILE, wrong, "a recording", do)
    reason = error.strerror if isinstance(error, OSError) else str(error)
    do = "check the permissions of the file and of its folder"
    return failure_at(path, FailureKind.UNREADABLE, f"it cannot be read: {reason}", "a readable file", do)


def list_files(paths: Iterable[Path]) -> Listing:
    """Everything below ``paths`` that may be a call or say something about one."""
    starts = sorted({Path(os.path.abspath(path)) for path in paths})  # noqa: PTH100 - resolve() follows links
    folders = tuple(path for path in starts if path.is_dir())
    named = frozenset(starts) - frozenset(folders)
    entries = list(_walk(folders))
    failures = tuple(entry for entry in entries if isinstance(entry, CallFailure))
    found = frozenset(entry for entry in entries if isinstance(entry, Path))
    wanted = frozenset(path for path in found if _is_of_interest(path))
    manifests = [folder / name for folder in folders for name in MANIFEST_NAMES if (folder / name).is_file()]
    manifests += sorted(path for path in named if path.name in MANIFEST_NAMES)
    files = tuple(sorted(path for path in wanted | named if path.name not in MANIFEST_NAMES))
    return Listing(files, named, folders, tuple(manifests), failures, _note(found - wanted))


def _note(passed_over: Iterable[Path]) -> tuple[str, ...]:
    endings = Counter(shown(Path(path.suffix.lower() or "none")) for path in passed_over)
    kinds = ", ".join(f"{ending} ({times})" for ending, times in sorted(endings.items())[:20])
    return (f"files that are neither sound nor transcript were left alone, by ending: {kinds}",) if kinds else ()


def _is_of_interest(path: Path) -> bool:
    return is_audio_name(path.name) or path.name.lower().endswith(JSON_ENDING) or path.name in MANIFEST_NAMES


def _walk(folders: Iterable[Path]) -> Iterator[Path | CallFailure]:
    """The files below the folders. Each real folder is entered once, under its own name rather than a link's."""
    entered: set[tuple[int, int]] = set()
    pending, links = list(folders), list[Path]()
    while pending or links:
        folder = pending.pop() if pending else links.pop()
        try:
            status = folder.stat()
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield unreadable(folder, error)
            continue
        if (status.st_dev, status.st_ino) in entered:
            continue
        entered.add((status.st_dev, status.st_ino))
        for entry in entries:
            path = folder / entry.name
            if _is_hidden(entry.name):
                continue
            if not _is_folder(entry):
                yield path
            elif is_audio_name(entry.name):
                yield _misnamed(path)
            else:
                (links if entry.is_symlink() else pending).append(path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether an entry leads to a folder; what cannot be followed (a link to itself) is told of as a file is."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_hidden(name: str) -> bool:
    """Hidden files are passed over: "._call.wav" is what a Mac leaves beside "call.wav"."""
    return name.startswith(".")


def _misnamed(folder: Path) -> CallFailure:
    wrong, do = "this is a folder with the name of a recording", "rename the folder, or name it as a PATH of its own"
    return failure_at(folder, FailureKind.UNREADABLE, wrong, "a file", do)
