"""What is written beside the recordings: the manifest, the true verdicts, who spoke when, and the transcripts."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from qa.model.span import Span
    from voicing.script import Script, Utterance

CRITERIA = ("greeting", "empathy", "no_interruptions", "promise_keeping", "polite_closing")
MANIFEST = (
    *("recording", "call_id", "agent_id", "agent_name", "customer_id", "queue", "team", "direction", "started_at"),
    *("language", "agent_channel", "disconnected_by", "wait_seconds", "outcome", "csat"),
)
HEARD_FOR_REAL = "en"
"""The one language with a recogniser in the package; calls in any other come with their transcript."""


def write_manifest(scripts: Iterable[Script], path: Path) -> None:
    """One row a call, columns as `qa run --manifest` reads them."""
    _write(path, MANIFEST, ([row[column] for column in MANIFEST] for row in map(_manifest_row, scripts)))


def _manifest_row(script: Script) -> dict[str, object]:
    follows = {"recording": script.file_name, "call_id": script.call_id, "language": script.language}
    return {**asdict(script.facts), **follows}


def write_verdicts(scripts: Iterable[Script], path: Path) -> None:
    """One row a call and criterion, the verdict that is true by the script's design."""
    rows = ([s.call_id, criterion, s.verdicts[criterion]] for s in scripts for criterion in CRITERIA)
    _write(path, ("call_id", "criterion", "verdict"), rows)


def write_utterances(said: Iterable[tuple[Script, Sequence[tuple[Utterance, Span]]]], path: Path) -> None:
    """One row an utterance: true speaker, true words, true times in seconds, for every call."""
    rows = (
        [script.call_id, f"{span.start:.3f}", f"{span.end:.3f}", line.speaker, line.say]
        for script, utterances in said
        for line, span in utterances
    )
    _write(path, ("call_id", "start", "end", "speaker", "text"), rows)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_transcript(script: Script, utterances: Iterable[tuple[Utterance, Span]], folder: Path) -> None:
    """The sidecar transcript of a call that no packaged engine can hear; none for English."""
    if script.language == HEARD_FOR_REAL:
        return
    segments = [
        {"start": span.start, "end": span.end, "speaker": line.speaker.value, "text": line.say}
        for line, span in utterances
    ]
    text = json.dumps({"language": script.language, "segments": segments}, ensure_ascii=False, indent=1)
    (folder / f"{script.call_id}.transcript.json").write_text(text + "\n", "utf-8")
