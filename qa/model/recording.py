"""What is known of a call before anybody listens to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

UNKNOWN_AGENT = "unknown"


class Direction(StrEnum):
    """Who dialled: ``inbound`` the customer, ``outbound`` the agent."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Party(StrEnum):
    """A side of the call, as telephony knows it."""

    AGENT = "agent"
    CUSTOMER = "customer"


class Medium(StrEnum):
    """What a PATH holds: sound to be heard, or a transcript that stands for it."""

    AUDIO = "audio"
    TRANSCRIPT = "transcript"


@dataclass(frozen=True, slots=True)
class CallMetadata:
    """One row of the manifest: everything the telephony side says about a call.

    ``started_at`` carries its time zone, or none where the source gave none;
    ``extra`` keeps the manifest's further columns as sorted (name, value) pairs.
    """

    call_id: str
    agent_id: str = UNKNOWN_AGENT
    agent_name: str | None = None
    customer_id: str | None = None
    queue: str | None = None
    team: str | None = None
    direction: Direction | None = None
    started_at: datetime | None = None
    language: str | None = None
    agent_channel: int | None = None
    disconnected_by: Party | None = None
    wait_seconds: float | None = None
    outcome: str | None = None
    csat: float | None = None
    rubric: str | None = None
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """A call that can be heard: identified by what it contains, never by how its file is called.

    ``sha256`` is the hex digest of the file's bytes; ``path`` is a local file;
    ``transcript`` is the sidecar transcript that lies beside it, if any, and
    ``transcript_sha256`` the digest of that.
    """

    path: Path
    sha256: str
    medium: Medium
    metadata: CallMetadata
    transcript: Path | None = None
    transcript_sha256: str | None = None
