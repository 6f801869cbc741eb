"""A rubric: data that names checks, with weights, bands and thresholds. Every number a QA specialist set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from qa.model.finding import Verdict
from qa.model.recording import Direction
from qa.model.scorecard import RubricStamp

if TYPE_CHECKING:
    from qa.model.contracts import Check

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""Any JSON value; a name for the door, not for the road."""

SCORE_NOISE_DIGITS = 6
"""Decimals kept before a score is laid against the bands: three times 0.8 of 3 points is 80, not 79.99999999."""


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
    below which a verdict becomes ``unsure``; ``check`` the name of a kind of check, ``parameters`` its own
    (a plain dict, because a read-only proxy cannot travel to a worker process; nobody writes to it).
    ``note`` is for people: JSON has no comments.
    """

    id: str
    title: str
    weight: float
    check: str
    parameters: Mapping[str, Json] = field(default_factory=dict)
    applies: Applicability = Applicability()
    critical: bool = False
    partly_share: float = 0.5
    min_confidence: float = 0.5
    examples: tuple[Example, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A name for scores from ``at_least`` (0 to 100) up to the next band."""

    id: str
    title: str
    at_least: float


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What the rubric knows of the company: names (and their misrecognitions), departments, its own words.

    ``jargon`` are (term, plain word) pairs; ``products`` are product features, ``benefit_words`` the
    words of the sales list that name a benefit.
    """

    names: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    jargon: tuple[tuple[str, str], ...] = ()
    products: tuple[str, ...] = ()
    benefit_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckKind:
    """A kind of check as rubrics name it: what it asks, which parameters it takes, how it is made.

    ``schema`` is the JSON Schema (2020-12) of the parameters object: ``properties``, ``required`` and
    ``additionalProperties: false``, self-contained (no ``$ref``); the ``description`` of a property is
    a noun phrase, because error messages say "expected <description>". ``build`` takes parameters that
    are valid by that schema; what a schema cannot say it may refuse with a ValueError.
    ``needs_words`` is False for a check that can judge a language the house has no data for.
    """

    name: str
    purpose: str
    schema: Mapping[str, Json]
    build: Callable[[Mapping[str, Json], CompanyFacts], Check]
    needs_words: bool = True


@dataclass(frozen=True, slots=True)
class Rubric:
    """A whole rubric, valid and hashed; bands are sorted from best to worst.

    ``min_role_confidence`` (0 to 1): below it, who is the agent is in doubt, and every verdict is ``unsure``.
    ``draft_confidence`` (0 to 1) multiplies the confidence of verdicts on draft-grade transcripts;
    ``min_word_confidence`` (0 to 1): below it, a recogniser's own doubt lowers the confidence of verdicts.
    ``min_judged_share`` (0 to 1): with a smaller share of a call's points judged, the rest being unsure, one
    certain point would read as praise or blame: the call gets no band.
    ``language_note`` and ``note`` are for people.
    """

    stamp: RubricStamp
    title: str
    criteria: tuple[Criterion, ...]
    bands: tuple[Band, ...]
    company: CompanyFacts = CompanyFacts()
    min_role_confidence: float = 0.6
    draft_confidence: float = 0.7
    not_measured: tuple[str, ...] = ()
    min_word_confidence: float = 0.6
    min_judged_share: float = 0.5
    language_note: str = ""
    note: str = ""

    def band_of(self, score: float | None) -> str | None:
        """The id of the band a score falls into; None where there is no score."""
        if score is None:
            return None
        level = round(score, SCORE_NOISE_DIGITS)
        return next((band.id for band in self.bands if level >= band.at_least), None)
