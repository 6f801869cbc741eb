"""The contracts between rooms: what an engine, a check, a report format and an executor must do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from qa.model.dialogue import Dialogue
    from qa.model.finding import Finding
    from qa.model.night import Night
    from qa.model.sound import Activity, Audio, Diarisation, Samples
    from qa.model.span import Span
    from qa.model.transcript import EngineDescription, Transcript

Task = TypeVar("Task")
Result = TypeVar("Result")


class Transcriber(Protocol):
    """Words from one channel of sound."""

    @property
    def description(self) -> EngineDescription:
        """Name, model, version and settings, for provenance and for the key of what was heard."""
        ...

    def transcribe(self, samples: Samples, speech: tuple[Span, ...], language: str | None) -> Transcript:
        """The words of one channel.

        ``samples``: float32, shape ``(n_samples,)``, 16 kHz. ``speech``: sorted disjoint spans with voice;
        nothing outside them needs to be listened to. ``language``: ISO 639-1, or None to detect.
        Raises `qa.errors.CallError` where this call cannot be transcribed.
        """
        ...


class Diariser(Protocol):
    """Who spoke when."""

    @property
    def description(self) -> EngineDescription:
        """Name, model, version and settings."""
        ...

    def diarise(self, audio: Audio, activity: Activity) -> Diarisation:
        """Speaker spans of the whole recording; labels are arbitrary strings.

        Raises `qa.errors.CallError` where this call cannot be diarised.
        """
        ...


class Check(Protocol):
    """A kind of check with its parameters: a frozen value with one method."""

    def judge(self, dialogue: Dialogue) -> Finding:
        """The verdict on one dialogue; pure: no sound, disk, clock, network, model or other criterion."""
        ...


class ReportFormat(Protocol):
    """Writes one kind of file of the report folder. Computes nothing, hides nothing."""

    def write(self, night: Night, folder: Path) -> None:
        """Write below ``folder`` (which exists). Same night, same bytes."""
        ...


class Executor(Protocol):
    """Runs a function over many calls; yields (task, result) pairs as they finish.

    A task whose worker dies or overruns its time yields a `CallFailure` in place of the result.
    """

    def run(
        self, work: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Iterator[tuple[Task, Result | BaseException]]:
        """Apply ``work`` to every task, in any order; exceptions are returned, never raised."""
        ...
