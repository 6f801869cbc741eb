"""What a report is made of: the calls of a batch, what failed, and the clock it was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qa.model.conversation import Conversation
from qa.model.recording import Medium
from qa.model.scorecard import CallFailure, Scorecard, Tally


@dataclass(frozen=True, slots=True)
class ScoredCall:
    """A call as reports show it: its card, its words, and where its sound lies (if it has any)."""

    scorecard: Scorecard
    conversation: Conversation
    media: Path
    medium: Medium


@dataclass(frozen=True, slots=True)
class VerdictCounts:
    """How often each verdict was given."""

    met: int = 0
    partly: int = 0
    missed: int = 0
    not_applicable: int = 0
    unsure: int = 0


@dataclass(frozen=True, slots=True)
class CriterionSummary:
    """One criterion over a group of calls: verdict counts, and points that add."""

    id: str
    title: str
    counts: VerdictCounts
    tally: Tally


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """An agent's or the team's calls in figures; percentages are computed last, from tallies.

    ``calls`` are call ids in order of start; ``worst`` the criterion id where most points were lost.
    """

    id: str
    name: str | None
    team: str | None
    calls: tuple[str, ...]
    tally: Tally
    criteria: tuple[CriterionSummary, ...]
    auto_fails: int
    needs_review: int
    worst: str | None


@dataclass(frozen=True, slots=True)
class CoachingPick:
    """A call worth a conversation: for whom, why, and the second to listen from."""

    agent_id: str
    call_id: str
    criterion: str
    at: float
    why: str
    positive: bool


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The counts, versions and clock of one run, as ``run.json`` tells them.

    ``new``, ``known`` and ``failed`` count calls; ``audio_seconds`` is what was heard in this run.
    ``draft`` is True where any card rests on a draft-grade recogniser.
    """

    run_id: str
    started_at: datetime
    qa_version: str
    rubric_id: str
    rubric_version: str
    rubric_sha256: str
    new: int
    known: int
    failed: int
    audio_seconds: float
    draft: bool
    engines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Night:
    """Everything the reports show; reports compute nothing beyond it."""

    run: RunFacts
    calls: tuple[ScoredCall, ...]
    failures: tuple[CallFailure, ...]
    team: GroupSummary
    agents: tuple[GroupSummary, ...]
    coaching: tuple[CoachingPick, ...]
    not_measured: tuple[str, ...] = ()
    bands: tuple[tuple[str, str], ...] = ()
