"""Folders of calls, for the tests of finding."""

from __future__ import annotations

import json
from pathlib import Path

from qa.audio.find import Found, find

TRANSCRIPT = {"language": "pl", "segments": [{"start": 0.0, "end": 1.0, "text": "halo"}]}


def put(folder: Path, name: str, content: str | bytes | dict[str, object] | None = None) -> Path:
    """A file with content of its own; sound need not be sound to be found."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if content is None:
        content = f"the sound of {name}"
    text = json.dumps(content) if isinstance(content, dict) else content
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def look(*paths: Path | str, manifest: Path | None = None, limit: int | None = None) -> Found:
    first = Path(paths[0]) if not str(paths[0]).count("://") else Path("/nowhere")
    return find([str(path) for path in paths], manifest, first.parent / "work", limit)


def ids(found: Found) -> list[str]:
    return [recording.metadata.call_id for recording in found.recordings]


def kinds(found: Found) -> list[tuple[str, str, bool]]:
    return [(failure.call_id, failure.kind.value, failure.notice) for failure in found.failures]
