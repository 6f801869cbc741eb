"""Lint: each warning fires on its mistake, and the rubric without mistakes is quiet."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from qa.model.rubric import CheckKind, Rubric
from qa.rubric.lint import lint

Change = Callable[[dict[str, Any]], None]
Kinds = Mapping[str, CheckKind]
Read = Callable[[Change], Rubric]


def complete(document: dict[str, Any]) -> None:
    """The examples that the small rubric lacks."""
    dialogue = ["agent 0-3 one moment", "customer 20-21 hello?"]
    silent = {"name": "silent", "language": "en", "dialogue": dialogue, "verdict": "missed"}
    document["criteria"][1]["examples"] = [silent, {**silent, "name": "n/a", "verdict": "not_applicable"}]


def warned(read: Read, kinds: Kinds, change: Change, languages: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    def both(document: dict[str, Any]) -> None:
        complete(document)
        change(document)

    return [(problem.where, problem.wrong) for problem in lint(read(both), kinds, languages)]


def test_a_rubric_without_mistakes_is_quiet(read: Read, kinds: Kinds) -> None:
    assert lint(read(complete), kinds, ("en", "pl")) == ()


def criterion(**values: object) -> Change:
    return lambda document: document["criteria"][0].update(values)


MISTAKES: list[tuple[Change, str, str]] = [
    (criterion(examples=[]), "examples", "there are no examples"),
    (lambda d: d["criteria"][0]["examples"].pop(), "examples", "every example is met"),
    (criterion(weight=0.0009), "weight", "cannot change a score"),
    (criterion(weight=0.5), "critical", "makes the score 0, yet it weighs 0.5"),
    (criterion(partly_share=0), "partly_share", "partly earns what missed earns"),
    (criterion(partly_share=1), "partly_share", "partly earns what met earns"),
    (criterion(min_confidence=0), "min_confidence", "takes every verdict"),
    (criterion(min_confidence=0.99), "min_confidence", "nearly every verdict unsure"),
    (criterion(min_confidence=0.8), "min_confidence", "drafts are always unsure"),
    (criterion(title=" "), "title", "the title is blank"),
    (criterion(title="Dead AIR"), "title", "is the title of another criterion too"),
    (criterion(check={"type": "phrases", "phrases": ["hello", "?!"]}), "check.phrases[1]", "can never match"),
    (criterion(check={"type": "phrases", "phrases": ["hello", "Hello "]}), "check.phrases[1]", "is heard as"),
    (criterion(applies={"directions": ["outbound"]}), "examples[0]", "not asked of"),
    (criterion(applies={"languages": ["pl"]}), "examples[1]", "not asked of"),
    (criterion(applies={"languages": ["xx"]}), "applies.languages", "never judged"),
]


@pytest.mark.parametrize(("change", "where", "wrong"), MISTAKES)
def test_each_mistake_is_warned_of_at_its_place(
    read: Read, kinds: Kinds, change: Change, where: str, wrong: str
) -> None:
    found = warned(read, kinds, change, ("en", "pl"))
    assert [w for path, w in found if path == f"$.criteria[0].{where}" and wrong in w], found


def test_the_same_question_twice_is_warned_of_unless_it_is_asked_of_other_calls(read: Read, kinds: Kinds) -> None:
    def twin(document: dict[str, Any]) -> None:
        second = copy.deepcopy(document["criteria"][0])
        document["criteria"].append({**second, "id": "again", "title": "Again"})

    def cousin(document: dict[str, Any]) -> None:
        twin(document)
        document["criteria"][2]["applies"]["queues"] = ["loans"]

    wrong = ("$.criteria[2].check", "this asks exactly what $.criteria[0] asks")
    assert wrong in warned(read, kinds, twin)
    assert wrong not in warned(read, kinds, cousin)


@pytest.mark.parametrize(("level", "warns"), [(0, True), (0.6, False), (0.99, True)])
def test_a_role_threshold_that_never_or_always_fires_is_warned_of(
    read: Read, kinds: Kinds, level: float, warns: bool
) -> None:
    def change(document: dict[str, Any]) -> None:
        document["thresholds"]["min_role_confidence"] = level

    assert ("$.thresholds.min_role_confidence" in [w for w, _ in warned(read, kinds, change)]) is warns


def test_a_wordless_check_is_never_out_of_reach_of_a_language(read: Read, kinds: Kinds) -> None:
    def change(document: dict[str, Any]) -> None:
        document["criteria"][1]["applies"] = {"languages": ["xx"]}
        for example in document["criteria"][1]["examples"]:
            example["language"] = "xx"

    assert warned(read, kinds, change, ("en",)) == []


def test_company_facts_are_looked_at_too(read: Read, kinds: Kinds) -> None:
    def change(document: dict[str, Any]) -> None:
        document["company"] = {"names": ["Harbour Bank", "harbour  bank"], "products": ["..."]}

    assert [where for where, _ in warned(read, kinds, change)] == ["$.company.names[1]", "$.company.products[0]"]
