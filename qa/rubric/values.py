"""A valid rubric document to the `Rubric` value: the door where JSON ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NotRequired, TypedDict, cast

from qa.model.finding import Verdict
from qa.model.recording import Direction
from qa.model.rubric import (
    Applicability,
    Band,
    CompanyFacts,
    Criterion,
    Example,
    ExampleLine,
    Json,
    Rubric,
)
from qa.model.scorecard import RubricStamp
from qa.rubric.examples import read_line


class _Band(TypedDict):
    id: str
    title: str
    at_least: float


class _Example(TypedDict):
    name: str
    language: str
    dialogue: list[str]
    verdict: str
    direction: NotRequired[str]


class _Applies(TypedDict, total=False):
    directions: list[str]
    queues: list[str]
    languages: list[str]


class _Settings(TypedDict, total=False):
    critical: bool
    partly_share: float
    min_confidence: float
    note: str


class _Criterion(_Settings):
    id: str
    title: str
    weight: float
    check: dict[str, Json]
    applies: NotRequired[_Applies]
    examples: NotRequired[list[_Example]]


class _Company(TypedDict, total=False):
    names: list[str]
    departments: list[str]
    jargon: dict[str, str]
    products: list[str]
    benefit_words: list[str]


class _Notes(TypedDict, total=False):
    note: str
    language_note: str


class _Thresholds(TypedDict, total=False):
    min_role_confidence: float
    draft_confidence: float
    min_word_confidence: float
    min_judged_share: float


class _Rubric(_Notes):
    title: str
    bands: list[_Band]
    criteria: list[_Criterion]
    company: NotRequired[_Company]
    thresholds: NotRequired[_Thresholds]
    not_measured: NotRequired[list[str]]


def rubric_of(document: Mapping[str, Json], stamp: RubricStamp) -> Rubric:
    """The value of a document that the schema has found valid."""
    valid = cast("_Rubric", document)
    return Rubric(
        stamp,
        valid["title"],
        tuple(_criterion(criterion) for criterion in valid["criteria"]),
        _bands(valid["bands"]),
        _company(valid.get("company", {})),
        not_measured=tuple(valid.get("not_measured", ())),
        note=valid.get("note", ""),
        language_note=valid.get("language_note", ""),
        **valid.get("thresholds", {}),
    )


def _bands(bands: list[_Band]) -> tuple[Band, ...]:
    """From best to worst."""
    return tuple(Band(**band) for band in sorted(bands, key=lambda band: -band["at_least"]))


def _company(company: _Company) -> CompanyFacts:
    return CompanyFacts(
        tuple(company.get("names", ())),
        tuple(company.get("departments", ())),
        tuple(company.get("jargon", {}).items()),
        tuple(company.get("products", ())),
        tuple(company.get("benefit_words", ())),
    )


def _criterion(criterion: _Criterion) -> Criterion:
    """A criterion; settings that are not written keep the defaults of the value."""
    written = cast("dict[str, Json]", criterion)
    settings = cast("_Settings", {key: written[key] for key in _Settings.__annotations__ if key in written})
    parameters = {key: value for key, value in criterion["check"].items() if key != "type"}
    return Criterion(
        criterion["id"],
        criterion["title"],
        criterion["weight"],
        str(criterion["check"]["type"]),
        parameters,
        _applicability(criterion.get("applies", {})),
        examples=tuple(_example(example) for example in criterion.get("examples", ())),
        **settings,
    )


def _applicability(applies: _Applies) -> Applicability:
    return Applicability(
        tuple(Direction(direction) for direction in applies.get("directions", ())),
        tuple(applies.get("queues", ())),
        tuple(applies.get("languages", ())),
    )


def _example(example: _Example) -> Example:
    lines = (read_line(line) for line in example["dialogue"])
    direction = example.get("direction")
    return Example(
        example["name"],
        example["language"],
        tuple(line for line in lines if isinstance(line, ExampleLine)),
        Verdict(example["verdict"]),
        Direction(direction) if direction else None,
    )
