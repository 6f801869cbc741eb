"""What the telephony side says of a call: texts of a manifest or sidecar become `CallMetadata`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from qa.model.recording import UNKNOWN_AGENT, CallMetadata, Direction, Party
from qa.model.scorecard import CallFailure, FailureKind
from qa.text.clean import clean_text

EARLIEST_YEAR, LATEST_YEAR = 1970, 2200
"""Years outside are slips of a spreadsheet (1899-12-30 is Excel's zero), and overflow when zones are applied."""

TRUE_AGENT_CHANNELS = ("0", "1")


@dataclass(frozen=True, slots=True)
class Layer:
    """Columns from one source; ``where`` names it (and its line) in messages. A later layer wins."""

    where: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """How a column is read: a parser that raises ValueError, and what it expects, in words."""

    parse: Callable[[str], object]
    expected: str


def clean_cell(text: str) -> str:
    """A cell on one line: cleaned, and without spaces around it."""
    if not (text.isascii() and text.isprintable()):
        text = " ".join(clean_text(text)[0].split())
    return text.strip()


def _started_at(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise ValueError
    return moment


def _language(text: str) -> str:
    """The ISO 639 code of a tag: "pl" of "pl-PL"."""
    code = re.split("[-_]", text.lower())[0]
    if not re.fullmatch("[a-z]{2,3}", code):
        raise ValueError
    return code


def _agent_channel(text: str) -> int:
    return TRUE_AGENT_CHANNELS.index(text)


def _finite(text: str) -> float:
    number = float(text.replace(",", "."))
    if not math.isfinite(number):
        raise ValueError
    return number


def _seconds(text: str) -> float:
    seconds = _finite(text)
    if seconds < 0:
        raise ValueError
    return seconds


_TEXT = _Column(str, "text")
COLUMNS: Mapping[str, _Column] = MappingProxyType(
    {
        "call_id": _TEXT,
        "agent_id": _TEXT,
        "agent_name": _TEXT,
        "customer_id": _TEXT,
        "queue": _TEXT,
        "team": _TEXT,
        "direction": _Column(lambda text: Direction(text.casefold()), "inbound or outbound"),
        "started_at": _Column(_started_at, "ISO 8601, e.g. 2026-03-02T09:15:00+01:00"),
        "language": _Column(_language, "a language code, e.g. pl"),
        "agent_channel": _Column(_agent_channel, "0 or 1"),
        "disconnected_by": _Column(lambda text: Party(text.casefold()), "agent or customer"),
        "wait_seconds": _Column(_seconds, "seconds, e.g. 12.5"),
        "outcome": _TEXT,
        "csat": _Column(_finite, "a number"),
        "rubric": _TEXT,
    }
)
"""The columns that mean something here, as the contract lists them; all others are kept as they are."""


def call_metadata(layers: Iterable[Layer], default_call_id: str) -> tuple[CallMetadata, tuple[CallFailure, ...]]:
    """The metadata of one call, and a notice for every value that was left out because it cannot be read."""
    said = {name: (value, layer.where) for layer in layers for name, value in layer.values if value}
    known: dict[str, object] = {}
    unread: list[tuple[str, str, str]] = []
    for name, (value, where) in said.items():
        if name in COLUMNS:
            try:
                known[name] = COLUMNS[name].parse(value)
            except ValueError:
                unread.append((name, value, where))
    extra = tuple(sorted((name, value) for name, (value, _) in said.items() if name not in COLUMNS))
    known = {"call_id": default_call_id, "agent_id": UNKNOWN_AGENT, **known}
    metadata = CallMetadata(**known, extra=extra)  # type: ignore[arg-type]  # each parser returns its field's type
    return metadata, tuple(_notice(metadata, *slip) for slip in unread)


def _notice(metadata: CallMetadata, name: str, value: str, where: str) -> CallFailure:
    return CallFailure(
        metadata.call_id,
        FailureKind.BAD_METADATA,
        f"{where}, column {name}",
        f"{value[:80]!r} cannot be read; the call was scored without it",
        COLUMNS[name].expected,
        "correct the value and run again",
        agent_id=metadata.agent_id,
        started_at=metadata.started_at,
        notice=True,
    )
