"""PATHs that are addresses (s3://...): copied by fsspec into the work folder, then treated like any other.

Only the operator names addresses, on the command line; nothing that lies in a file is ever taken for one.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from qa.audio.folder import JSON_ENDING, failure_at
from qa.audio.formats import is_audio_name
from qa.audio.manifest import MANIFEST_NAMES
from qa.model.scorecard import CallFailure, FailureKind
from qa.text.clean import clean_text

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(::[A-Za-z][A-Za-z0-9+.-]*)*://")


@dataclass(frozen=True, slots=True)
class Fetched:
    """Where the copies lie: one folder or file, or nothing; and what could not be copied."""

    path: Path | None
    failures: tuple[CallFailure, ...] = ()


def is_address(path: str) -> bool:
    """Whether a PATH of the command line is an address, such as ``s3://bucket/night/``."""
    return _ADDRESS.match(path) is not None


def fetch(address: str, work_dir: Path) -> Fetched:
    """Copy the recordings, transcripts and manifests at an address below ``work_dir``."""
    folder = work_dir / "fetched" / hashlib.sha256(address.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    try:
        return _fetch(address, folder)
    except Exception as error:  # every file system of fsspec has errors of its own
        return Fetched(None, (_failure(address, error),))


def _fetch(address: str, folder: Path) -> Fetched:
    import fsspec

    files, root = fsspec.core.url_to_fs(address)
    if not files.exists(root):
        raise FileNotFoundError
    shutil.rmtree(folder, ignore_errors=True)  # what is gone there must not be found here
    if not files.isdir(root):
        target = folder / PurePosixPath(root).name
        _copy(files, root, target)
        return Fetched(target)
    failures = []
    folder.mkdir(parents=True)
    for name in sorted(files.find(root)):
        inside = PurePosixPath(name).relative_to(PurePosixPath(root))
        if not _is_wanted(inside):
            continue
        try:
            _copy(files, name, folder / inside)
        except Exception as error:  # one object that cannot be had is one call
            failures.append(_failure(f"{address.rstrip('/')}/{inside}", error))
    return Fetched(folder, tuple(failures))


def _is_wanted(inside: PurePosixPath) -> bool:
    """Whether an object is worth copying; names that would leave the folder are not."""
    if ".." in inside.parts or inside.is_absolute():
        return False
    return is_audio_name(inside.name) or inside.name.lower().endswith(JSON_ENDING) or inside.name in MANIFEST_NAMES


def _copy(files: Any, name: str, target: Path) -> None:  # noqa: ANN401 - fsspec has no types
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    files.get_file(name, str(part))
    part.replace(target)


def _failure(address: str, error: Exception) -> CallFailure:
    where = clean_text(address)[0]
    name = PurePosixPath(where)
    if isinstance(error, FileNotFoundError):
        wrong, do = "there is nothing at this address", "check the address"
        failure = failure_at(Path(name), FailureKind.MISSING_FILE, wrong, "recordings", do)
    else:
        wrong = f"it cannot be fetched: {type(error).__name__}: {clean_text(str(error))[0][:200]}"
        do = "check the address, the credentials, and that the fsspec package for this protocol is installed"
        failure = failure_at(Path(name), FailureKind.UNREADABLE, wrong, "an address that fsspec can open", do)
    return CallFailure(failure.call_id, failure.kind, where, failure.wrong, failure.expected, failure.do)
