"""Words with times: what a recogniser heard, before anybody knows who said it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa.model.span import Span


class Grade(StrEnum):
    """How far an engine's words may be trusted: ``draft`` lowers the confidence of every verdict."""

    FULL = "full"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class EngineDescription:
    """An engine as provenance names it, e.g. ``whisper large-v3-turbo 20250625``.

    ``settings`` is a short canonical text of everything that can change the result;
    together they are part of the key under which a heard call is stored.
    """

    name: str
    model: str
    version: str
    grade: Grade = Grade.FULL
    settings: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.name, self.model, self.version) if part)


@dataclass(frozen=True, slots=True)
class Word:
    """One word as written, with its time. A word without a time does not exist.

    ``confidence`` is the recogniser's own, 0 to 1; None where the engine gave none.
    """

    text: str
    span: Span
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of words as the engine delivered it.

    ``speaker`` is the label the transcript came with, ``channel`` the channel it was heard on;
    both None where the source does not say.
    """

    words: tuple[Word, ...]
    span: Span
    speaker: str | None = None
    channel: int | None = None

    @property
    def text(self) -> str:
        """The words as one line."""
        return " ".join(word.text for word in self.words)


class WordTiming(StrEnum):
    """Where word times come from: the engine, or shared out over a segment by word length."""

    MEASURED = "measured"
    INTERPOLATED = "interpolated"


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said. ``language`` is an ISO 639-1 code; ``language_confidence`` is 0 to 1."""

    language: str
    segments: tuple[Segment, ...]
    engine: EngineDescription
    timing: WordTiming = WordTiming.MEASURED
    language_confidence: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[Word, ...]:
        """Every word of every segment, in order of start time."""
        return tuple(sorted((w for s in self.segments for w in s.words), key=lambda w: w.span))
