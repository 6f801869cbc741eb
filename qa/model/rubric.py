"""A rubric: data that names checks, with weights, bands and thresholds. Every number a QA specialist set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from qa.model.finding import Verdict
from qa.model.recording import Direction
from qa.model.scorecard import RubricStamp

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""Any JSON value; a name for the door, not for the road."""


@dataclass(frozen=True, slots=True)
class Applicability:
    """When a criterion is asked at all; an empty field asks it always."""

    directions: tuple[Direction, ...] = ()
    queues: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExampleLine:
    """One line of an example dialogue: role name, start and end in seconds, text."""

    role: str
    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """A short dialogue and the verdict its criterion must give: a unit test written by a QA specialist."""

    name: str
    language: str
    dialogue: tuple[ExampleLine, ...]
    verdict: Verdict
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the rubric: a service standard, its weight in points and the check that judges it.

    ``partly_share`` is the share of the points that ``partly`` earns; ``min_confidence`` the confidence
    below which a verdict becomes ``unsure``; ``check`` the name of a kind of check, ``parameters`` its own.
    """

    id: str
    title: str
    weight: float
    check: str
    parameters: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    applies: Applicability = Applicability()
    critical: bool = False
    partly_share: float = 0.5
    min_confidence: float = 0.5
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """A name for scores from ``at_least`` (0 to 100) up to the next band."""

    id: str
    title: str
    at_least: float


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What the rubric knows of the company: names (and their misrecognitions), departments."""

    names: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rubric:
    """A whole rubric, valid and hashed; bands are sorted from best to worst.

    ``min_role_confidence`` (0 to 1): below it, who is the agent is in doubt, and every verdict is ``unsure``.
    ``draft_confidence`` (0 to 1) multiplies the confidence of verdicts on draft-grade transcripts.
    """

    stamp: RubricStamp
    title: str
    criteria: tuple[Criterion, ...]
    bands: tuple[Band, ...]
    company: CompanyFacts = CompanyFacts()
    min_role_confidence: float = 0.6
    draft_confidence: float = 0.7
    not_measured: tuple[str, ...] = ()

    def band_of(self, score: float | None) -> str | None:
        """The id of the band a score falls into; None where there is no score."""
        if score is None:
            return None
        return next((band.id for band in self.bands if score >= band.at_least), None)
