"""What a call is heard with: the engines, chosen once per run, and the key under which their work is stored."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from qa.dialogue.understand import Listener
from qa.errors import CallError, call_error
from qa.model.contracts import Diariser, Transcriber
from qa.model.recording import Medium, Recording
from qa.model.scorecard import FailureKind

HEARING_VERSION = 1
"""Counts changes of the steps between the engines and the stored conversation; part of every key."""


@dataclass(frozen=True)
class Ears:
    """The engines of one run.

    ``transcriber`` is None where only recorded transcripts are read; ``use_recorded`` takes the transcript
    that lies beside a recording; ``language`` is asked of every call whose metadata name none.
    """

    transcriber: Transcriber | None
    channels: Diariser
    mono: Diariser
    listener: Listener
    use_recorded: bool
    language: str | None = None

    def reads_transcript(self, recording: Recording) -> bool:
        """Whether the call's words are read and not recognised."""
        if recording.medium is Medium.TRANSCRIPT:
            return True
        return recording.transcript is not None and (self.use_recorded or self.transcriber is None)

    def require_words(self, recording: Recording) -> Transcriber:
        """The recogniser for a call without a transcript; raises `CallError` where there is none."""
        if self.transcriber is None:
            raise _no_transcript(recording)
        return self.transcriber

    def key(self, recording: Recording) -> str:
        """Names everything that can change what is heard in a call: its content, the engines, the hints."""
        reads = self.reads_transcript(recording)
        words = "recorded" if reads else [str(self.transcriber and self.transcriber.description), self._settings()]
        call = recording.metadata
        parts = [
            HEARING_VERSION,
            recording.sha256,
            recording.transcript_sha256 if reads else None,
            words,
            [str(self.channels.description), self.channels.description.settings],
            [str(self.mono.description), self.mono.description.settings],
            call.language or self.language,
            call.direction,
            call.agent_channel,
        ]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def _settings(self) -> str:
        return self.transcriber.description.settings if self.transcriber else ""


def _no_transcript(recording: Recording) -> CallError:
    return call_error(
        FailureKind.BAD_TRANSCRIPT,
        str(recording.path),
        "no transcript lies beside this recording, and this run only reads recorded transcripts",
        f"{recording.path.stem}.transcript.json in the same folder",
        "add the transcript, or name a recogniser with --engine",
    )
