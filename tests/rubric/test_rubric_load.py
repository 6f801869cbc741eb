"""Loading a rubric: what a good file becomes, and what is said of a bad one."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from qa.errors import Problem, RubricError
from qa.model.finding import Verdict
from qa.model.recording import Direction
from qa.model.rubric import CheckKind, Rubric
from qa.rubric.load import build_checks, canonical_hash, load_rubric

Change = Callable[[dict[str, Any]], None]
Kinds = Mapping[str, CheckKind]
Read = Callable[[Change], Rubric]
Problems = Callable[[bytes | Change], tuple[Problem, ...]]


def test_a_good_file_becomes_a_value(tmp_path: Path, document: dict[str, Any], kinds: Kinds) -> None:
    path = tmp_path / "small.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    rubric = load_rubric(path, kinds)
    greeting, dead_air = rubric.criteria
    assert (rubric.stamp.id, rubric.stamp.version, rubric.title) == ("small", "1.0.0", "A small rubric")
    assert (greeting.check, greeting.parameters) == ("phrases", {"phrases": ["good morning", "hello"]})
    assert greeting.applies.directions == (Direction.INBOUND,)
    assert greeting.critical
    assert [example.verdict for example in greeting.examples] == [Verdict.MET, Verdict.MISSED]
    assert greeting.examples[0].dialogue[1].end == 7.0
    assert (dead_air.critical, dead_air.partly_share, dead_air.min_confidence) == (False, 0.5, 0.5)
    assert (rubric.company.names, rubric.company.jargon) == (("Harbour Bank",), (("APR", "yearly cost"),))
    assert rubric.not_measured == ("dress",)


def test_thresholds_that_are_not_written_keep_their_defaults(rubric: Rubric) -> None:
    assert (rubric.min_role_confidence, rubric.draft_confidence, rubric.min_word_confidence) == (0.7, 0.7, 0.6)


def test_bands_are_sorted_from_best_to_worst(rubric: Rubric) -> None:
    assert [band.id for band in rubric.bands] == ["good", "poor"]
    assert [rubric.band_of(score) for score in (100, 75, 74.9999999999, 74.9, 0, None)] == [
        "good",
        "good",
        "good",
        "poor",
        "poor",
        None,
    ]


def test_checks_are_built_once_per_criterion_with_the_company_facts(rubric: Rubric, kinds: Kinds) -> None:
    checks = build_checks(rubric, kinds)
    assert list(checks) == ["greeting", "dead_air"]
    assert "Harbour Bank" in repr(checks["greeting"])


def test_a_rubric_can_travel_to_a_worker_process(rubric: Rubric) -> None:
    assert pickle.loads(pickle.dumps(rubric)) == rubric


def test_the_stamp_does_not_change_with_spaces_key_order_or_number_style(read: Read, rubric: Rubric) -> None:
    def restyle(document: dict[str, Any]) -> None:
        document["criteria"][0]["weight"] = 2.0
        document["$schema"] = "../rubric.schema.json"
        document["title"] = document.pop("title")

    assert read(restyle).stamp == rubric.stamp


def test_the_stamp_changes_with_any_number_or_word(read: Read, rubric: Rubric) -> None:
    def heavier(document: dict[str, Any]) -> None:
        document["criteria"][0]["weight"] = 2.5

    assert read(heavier).stamp.sha256 != rubric.stamp.sha256


def test_the_hash_is_of_canonical_json() -> None:
    assert canonical_hash({"b": 1.0, "a": ["ł"]}) == canonical_hash({"a": ["ł"], "b": 1})
    assert canonical_hash({"a": True}) != canonical_hash({"a": 1})


def test_unseen_characters_are_taken_out_of_texts(read: Read) -> None:
    def dirty(document: dict[str, Any]) -> None:
        document["criteria"][0]["check"]["phrases"] = ["hello\u200b", "dzie\u0301n\ud800 dobry"]

    assert read(dirty).criteria[0].parameters["phrases"] == ["hello", "dzién dobry"]


@pytest.mark.parametrize(
    ("prepare", "wrong"),
    [
        (lambda path: None, "there is no such file"),
        (lambda path: path.mkdir(), "this is a folder"),
        (lambda path: path.write_bytes(b" " * 4_000_001), "the file is larger than 4,000,000 bytes"),
        (lambda path: path.write_bytes(b""), "this is not JSON: expecting value"),
    ],
)
def test_a_file_that_cannot_be_a_rubric_is_named(
    tmp_path: Path, kinds: Kinds, prepare: Callable[[Path], object], wrong: str
) -> None:
    path = tmp_path / "r.json"
    prepare(path)
    with pytest.raises(RubricError) as caught:
        load_rubric(path, kinds)
    (problem,) = caught.value.problems
    assert problem.wrong == wrong
    assert problem.where.startswith(str(path))


def test_a_name_that_no_system_can_open_is_refused_with_words(kinds: Kinds) -> None:
    with pytest.raises(RubricError, match="cannot be read"):
        load_rubric(Path("a\0b.json"), kinds)


def test_a_text_where_a_list_belongs_is_said_at_its_place(problems: Problems) -> None:
    def slip(document: dict[str, Any]) -> None:
        document["criteria"][0]["check"]["phrases"] = "hello"

    (problem,) = problems(slip)
    assert str(problem) == (
        "small.json $.criteria[0].check.phrases: 'hello' is not an array; expected a list of phrases; "
        'put it in square brackets, as in ["hello"]'
    )


def test_an_unknown_kind_of_check_is_answered_with_the_nearest_known_one(problems: Problems) -> None:
    def slip(document: dict[str, Any]) -> None:
        document["criteria"][1]["check"]["type"] = "silense"

    (problem,) = problems(slip)
    assert problem.where == "small.json $.criteria[1].check.type"
    assert problem.expected == "one of phrases, silence"
    assert "did you mean 'silence'?" in problem.do


def test_an_unknown_key_is_answered_with_the_nearest_known_one(problems: Problems) -> None:
    def slip(document: dict[str, Any]) -> None:
        document["criteria"][1]["wieght"] = document["criteria"][1].pop("weight")

    missing, unknown = problems(slip)
    assert (missing.where, missing.wrong) == ("small.json $.criteria[1]", "'weight' is missing")
    assert unknown.where == "small.json $.criteria[1].wieght"
    assert "did you mean 'weight'?" in unknown.do


def test_every_error_is_reported_at_once(problems: Problems) -> None:
    def wreck(document: dict[str, Any]) -> None:
        document["bands"][0]["at_least"] = 10
        document["criteria"][0]["check"]["phrases"] = []
        document["criteria"][0]["examples"][0]["dialogue"][0] = "boss 0-3 hi"
        document["criteria"][1]["id"] = "greeting"
        document["criteria"][1]["weight"] = 0
        document["thresholds"]["draft_confidence"] = 7
        del document["version"]

    found = {problem.where.removeprefix("small.json ") for problem in problems(wreck)}
    assert found == {
        "$",
        "$.bands",
        "$.criteria[0].check.phrases",
        "$.criteria[0].examples[0].dialogue[0]",
        "$.criteria[1].id",
        "$.criteria[1].weight",
        "$.thresholds.draft_confidence",
    }


def test_what_only_the_check_can_refuse_is_refused_at_its_place(problems: Problems) -> None:
    def slip(document: dict[str, Any]) -> None:
        document["criteria"][0]["check"]["phrases"] = ["forbidden"]

    (problem,) = problems(slip)
    assert (problem.where, problem.wrong) == ("small.json $.criteria[0].check", "the phrase 'forbidden' is forbidden")


@pytest.mark.parametrize("name", ["(open", "???", "[bank]", "a | b)", "   ", "<bank>"])
def test_a_company_name_that_no_call_could_be_searched_for_is_an_error(problems: Problems, name: str) -> None:
    def slip(document: dict[str, Any]) -> None:
        document["company"] = {"names": ["Harbour Bank", name], "departments": [name]}

    found = problems(slip)
    assert [p.where for p in found] == ["small.json $.company.names[1]", "small.json $.company.departments[0]"]
    assert all(problem.wrong and problem.expected and problem.do for problem in found)


@pytest.mark.parametrize("name", ["O2", "A*B", "AT&T", "A/B", "T-Mobile", "(Harbour|Harbor) Bank", "ČSOB", "1&1", "#1"])
def test_a_company_name_with_signs_in_it_is_taken(read: Callable[[Change], Rubric], name: str) -> None:
    def change(document: dict[str, Any]) -> None:
        document["company"] = {"names": [name]}

    assert read(change).company.names == (name,)


@pytest.mark.parametrize("value", [[], "text", 3, None, True])
def test_a_file_of_another_shape_is_one_error(problems: Problems, value: object) -> None:
    (problem,) = problems(json.dumps(value).encode())
    assert problem.where == "small.json $"
    assert problem.wrong.endswith("is not an object")


def test_the_same_rubric_gives_the_same_messages(problems: Problems) -> None:
    def wreck(document: dict[str, Any]) -> None:
        document["zebra"] = document["apple"] = 1
        document["criteria"][1] = {"check": 3}

    assert problems(wreck) == problems(wreck)


def test_a_valid_rubric_stays_valid_when_optional_parts_are_left_out(read: Callable[[Change], Rubric]) -> None:
    def strip(document: dict[str, Any]) -> None:
        for key in ("thresholds", "company", "not_measured"):
            del document[key]
        document["criteria"] = document["criteria"][1:]

    assert [criterion.id for criterion in read(strip).criteria] == ["dead_air"]
