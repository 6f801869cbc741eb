"""The script of a sample call: who says what, when, in which voice, and what a careful listener would judge."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import cattrs

from qa.errors import Problem, UsageError
from qa.model.finding import Verdict
from qa.model.recording import Direction, Party

if TYPE_CHECKING:
    from collections.abc import Iterator

USUAL_GAP = 0.45
"""Seconds between two turns of a calm telephone talk, longer than the 0.2 s of face-to-face talk."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A synthetic voice: ``name`` as the engine knows it; with a ``stretch`` above 1 it speaks slower."""

    engine: Literal["flite", "espeak-ng"]
    name: str
    stretch: float = 1.0


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing said in one breath.

    It starts ``gap`` seconds after everything before it has ended, or, where ``into`` is given,
    that many seconds after the line before it began: so people talk over each other.
    """

    speaker: Party
    say: str
    gap: float = USUAL_GAP
    into: float | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """The customer waits: music on the agent's channel, or nothing at all, for ``seconds``."""

    hold: Literal["music", "silence"]
    seconds: float
    gap: float = USUAL_GAP
    into: float | None = None


Line: TypeAlias = Utterance | Hold


@dataclass(frozen=True, slots=True)
class Format:
    """How the call was recorded: ``rate`` in Hz; ``kind`` names codec and container together."""

    kind: Literal["flac", "opus", "mulaw", "mp3"]
    rate: Literal[8000, 16000]
    channels: Literal[1, 2]


@dataclass(frozen=True, slots=True)
class Facts:
    """The manifest row of the call, without the columns that follow from the rest of the script."""

    agent_id: str
    agent_name: str
    customer_id: str
    queue: str
    team: str
    direction: Direction
    started_at: str
    agent_channel: Literal[0, 1] | None
    disconnected_by: Party
    wait_seconds: int
    outcome: str = ""
    csat: int | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """One sample call. ``verdicts`` are true by design; ``shows`` says what the call is there for."""

    call_id: str
    shows: str
    language: Literal["en", "pl", "sk", "hu"]
    recorded: Format
    facts: Facts
    voices: dict[Party, Voice]
    lines: tuple[Line, ...]
    verdicts: dict[str, Verdict]

    @property
    def file_name(self) -> str:
        """The recording's name; the extension is the container's."""
        return f"{self.call_id}.{ {'flac': 'flac', 'opus': 'ogg', 'mulaw': 'wav', 'mp3': 'mp3'}[self.recorded.kind] }"

    def channel_of(self, party: Party) -> int:
        """The channel a side is recorded on; 0 for both where there is only one."""
        agent = self.facts.agent_channel or 0
        return agent if self.recorded.channels == 1 or party is Party.AGENT else 1 - agent


def load_script(path: Path) -> Script:
    """The script in ``path``; raises `qa.errors.UsageError` naming each key that is wrong."""
    converter = cattrs.Converter(forbid_extra_keys=True)
    try:
        return converter.structure(json.loads(path.read_text("utf-8")), Script)
    except ValueError as error:
        raise UsageError((_not_a_script(path, str(error)),)) from error
    except cattrs.BaseValidationError as error:
        faults = cattrs.transform_error(error, path="$")
        raise UsageError(tuple(_not_a_script(path, fault) for fault in faults)) from error


def _not_a_script(path: Path, fault: str) -> Problem:
    return Problem(path.name, fault, "a script as audio_samples/voicing/script.py describes it", "mend it there")


def load_scripts(folder: Path) -> Iterator[Script]:
    """Every script of a folder, in order of name."""
    yield from (load_script(path) for path in sorted(folder.glob("*.json")))
