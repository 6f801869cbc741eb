"""The card of one call, and the value that stands for a call that could not be scored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qa.model.conversation import Role
from qa.model.finding import Finding, Verdict
from qa.model.promise import Promise
from qa.model.recording import CallMetadata
from qa.model.sound import ChannelLayout
from qa.model.span import Span
from qa.model.transcript import Grade


@dataclass(frozen=True, slots=True)
class Tally:
    """Points earned of points possible. Tallies add; percentages never do.

    >>> Tally(2, 2) + Tally(0, 1)
    Tally(earned=2, possible=3)
    >>> Tally(0, 0).percent is None
    True
    """

    earned: float
    possible: float

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.earned + other.earned, self.possible + other.possible)

    @property
    def percent(self) -> float | None:
        """0 to 100, or None where nothing was possible."""
        return 100 * self.earned / self.possible if self.possible else None


@dataclass(frozen=True, slots=True)
class RubricStamp:
    """Which rubric a card was made with; ``sha256`` is of the canonical JSON."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One line of a card: the check's finding, after applicability and threshold, in points."""

    id: str
    title: str
    finding: Finding
    tally: Tally
    critical: bool = False

    @property
    def verdict(self) -> Verdict:
        """The finding's verdict."""
        return self.finding.verdict


@dataclass(frozen=True, slots=True)
class Interruption:
    """One speaker starting over the other: when (s), who, how long both spoke (s).

    ``competitive`` where the interrupted side fell silent within 1 s of the start of the overlap.
    """

    at: float
    by: Role
    overlap: float
    competitive: bool


@dataclass(frozen=True, slots=True)
class CallMetrics:
    """Figures of the conversation, never points. Seconds and counts; shares are 0 to 1 or None."""

    talk_seconds_agent: float
    talk_seconds_customer: float
    talk_share_agent: float | None
    silence_seconds: float
    hold_seconds: float
    overlap_seconds: float
    words_per_minute_agent: float | None
    interruptions: tuple[Interruption, ...]
    dead_air: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where every number of a card comes from."""

    recording_sha256: str
    transcriber: str
    diariser: str
    layout: ChannelLayout
    grade: Grade
    role_source: str
    role_confidence: float
    qa_version: str
    notes: tuple[str, ...] = ()
    text_cleaned: int = 0
    redactions: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The judgement of one call by one rubric.

    ``tally.percent`` is the score unless ``auto_fail``: a critical criterion was missed, the score is 0.
    """

    call: CallMetadata
    language: str
    duration: float
    rubric: RubricStamp
    results: tuple[CriterionResult, ...]
    band: str | None
    metrics: CallMetrics
    promises: tuple[Promise, ...]
    provenance: Provenance

    @property
    def tally(self) -> Tally:
        """The sum of the criteria's tallies."""
        return sum((result.tally for result in self.results), Tally(0, 0))

    @property
    def auto_fail(self) -> bool:
        """Whether a critical criterion was missed."""
        return any(r.critical and r.verdict is Verdict.MISSED for r in self.results)

    @property
    def score(self) -> float | None:
        """0 to 100; None where nothing was possible; 0 on auto-fail."""
        return 0.0 if self.auto_fail else self.tally.percent

    @property
    def counted(self) -> Tally:
        """The tally as groups add it up: an auto-failed call earns nothing of what was possible."""
        return Tally(0.0, self.tally.possible) if self.auto_fail else self.tally

    @property
    def needs_review(self) -> tuple[str, ...]:
        """The ids of the criteria that a human has to decide."""
        return tuple(r.id for r in self.results if r.verdict is Verdict.UNSURE)


class FailureKind(StrEnum):
    """The fixed list of what can befall a call; reports and dashboards group by it."""

    UNREADABLE = "unreadable"
    EMPTY = "empty"
    NOT_AUDIO = "not_audio"
    TRUNCATED = "truncated"
    TOO_LONG = "too_long"
    NO_SPEECH = "no_speech"
    BAD_TRANSCRIPT = "bad_transcript"
    DUPLICATE_CALL_ID = "duplicate_call_id"
    SAME_RECORDING = "same_recording"
    MISSING_FILE = "missing_file"
    BAD_METADATA = "bad_metadata"
    ENGINE = "engine"
    CRASHED = "crashed"
    TIMED_OUT = "timed_out"
    STORAGE = "storage"


@dataclass(frozen=True, slots=True)
class CallFailure:
    """A call that could not be scored: a value that travels beside the cards into every report.

    ``where`` names the file (and place in it), ``wrong`` what is wrong, ``expected`` what was expected,
    ``do`` what the reader can do. ``notice`` marks a row that costs no call, e.g. a second copy.
    """

    call_id: str
    kind: FailureKind
    where: str
    wrong: str
    expected: str
    do: str
    agent_id: str | None = None
    started_at: datetime | None = None
    attempts: int = 1
    notice: bool = False
