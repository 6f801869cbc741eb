"""What the person at the keyboard sees: progress on stderr, results on stdout, JSON lines for programs."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

    from qa.batch.pipeline import CallDone


class Watcher(Protocol):
    """Is told of every call as it ends."""

    def done(self, call: CallDone) -> None:
        """One more call has ended."""
        ...


def say(*lines: str) -> None:
    """Results, on stdout."""
    for line in lines:
        sys.stdout.write(line + "\n")


def note(*lines: str) -> None:
    """Talk, on stderr."""
    for line in lines:
        sys.stderr.write(line + "\n")


def json_line(message_type: str, values: Mapping[str, object]) -> None:
    """One JSON line of a type, on stdout; in ASCII, so that it is the same line whatever the terminal's encoding."""
    sys.stdout.write(json.dumps({"message_type": message_type, **values}) + "\n")
    sys.stdout.flush()


def writable_streams() -> None:
    """Let no character stop a message: what the terminal's encoding has not is written as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def hush_libraries() -> None:
    """Keep what libraries log off the user's terminal: it may hold a caller's words, or a traceback of what we tell."""
    logging.getLogger().addHandler(logging.NullHandler())


def counted(count: int, noun: str) -> str:
    """A number with its noun: "1 call", "2 calls"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


@dataclass
class Silent:
    """Says nothing while calls end: not a terminal, or told to be quiet."""

    def done(self, call: CallDone) -> None:
        """Nothing."""


@dataclass
class JsonStatus:
    """One JSON line of type ``status`` for each call."""

    total: int
    finished: int = 0

    def done(self, call: CallDone) -> None:
        """Tell which call ended, and how."""
        self.finished += 1
        state = "failed" if call.card is None else "heard" if call.heard_anew else "known"
        values: dict[str, object] = {"call_id": call.recording.metadata.call_id, "state": state}
        if call.card is None and call.failure is not None:
            values["kind"] = call.failure.kind.value
        json_line("status", {"done": self.finished, "total": self.total, **values})


class Bar:
    """A progress bar with calls done, hours of sound per hour, and the time left."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._task = progress.add_task("calls", total=total, speed="")
        self._heard_seconds = 0.0

    def done(self, call: CallDone) -> None:
        """Advance by one call."""
        if call.heard_anew and call.card is not None:
            self._heard_seconds += call.card.duration
        elapsed = self._progress.tasks[0].elapsed or 0.0
        speed = f"{self._heard_seconds / elapsed:.0f} h of sound per hour" if self._heard_seconds and elapsed else ""
        self._progress.update(self._task, advance=1, speed=speed)


def _columns() -> tuple[ProgressColumn, ...]:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

    speed = TextColumn("{task.fields[speed]}")
    return TextColumn("hearing and scoring"), BarColumn(), MofNCompleteColumn(), speed, TimeRemainingColumn()


@contextmanager
def _bar(total: int) -> Iterator[Bar]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(*_columns(), console=Console(stderr=True)) as progress:
        yield Bar(progress, total)


@contextmanager
def watching(total: int, as_json: bool, quiet: bool) -> Iterator[Watcher]:
    """The watcher that fits: JSON lines, a bar on a terminal, else nothing."""
    if as_json:
        yield JsonStatus(total)
    elif quiet or not sys.stderr.isatty():
        yield Silent()
    else:
        with _bar(total) as bar:
            yield bar
