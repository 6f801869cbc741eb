"""docs/criteria.md is made from the rubric; the rubric holds every standard, with acts that the languages know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from qa.batch.judge import Judge
from qa.cli.criteria_page import page
from qa.cli.rubrics import load
from qa.cli.settings import rubric_folder
from qa.criteria import check_kinds
from qa.dialogue.selection import named
from qa.languages import language
from qa.model.finding import Verdict
from qa.model.rubric import Json, Rubric
from qa.rubric.examples import run_examples
from qa.rubric.lint import lint
from qa.rubric.pages import criteria_page

ROOT = Path(__file__).parents[2]
FIVE = ("greeting", "empathy", "no_interruptions", "promise_keeping", "polite_closing")
OTHERS = (
    "purpose_stated",
    "polite_forms",
    "active_listening",
    "open_questions",
    "paraphrase",
    "plain_language",
    "explains_process",
    "steady_pace",
    "fluency",
    "dead_air",
    "apology",
    "complaint_expectation",
    "questions_answered",
    "no_blame",
    "insults_boundary",
    "hold_permission",
    "hold_time",
    "hold_thanks",
    "deadline_given",
    "no_third_party_promise",
    "reasoned_refusal",
    "transfer_etiquette",
    "escalation",
    "initiative",
    "benefit_language",
    "personal_treatment",
    "identity_check",
    "reference_to_earlier_contact",
    "customer_hangs_up_first",
)
ACT_LISTS = ("acts", "unless", "wanted", "unwanted", "unwanted_unless", "not_after", "opportunity", "answer", "never")
MORE_ACT_LISTS = ("ahead_of", "ahead_of_unless", "takes_up", "refers", "asks")
BY_METADATA = ("customer_hangs_up_first",)
"""An example has no metadata: only stories of the check itself can tell who hung up."""


@pytest.fixture(scope="module")
def standards() -> Rubric:
    return load(rubric_folder() / "service_standards.json")


def acts_of(node: Json | Mapping[str, Json]) -> Iterator[str]:
    """Every name of an act in the parameters of a check."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key in (*ACT_LISTS, *MORE_ACT_LISTS) and isinstance(value, list):
                yield from (str(name) for name in value)
            else:
                yield from acts_of(value)
    elif isinstance(node, list):
        for item in node:
            yield from acts_of(item)


def test_the_page_is_what_the_rubric_says_today() -> None:
    assert (ROOT / "docs" / "criteria.md").read_text(encoding="utf-8") == page()


def test_every_standard_stands_in_the_rubric_under_its_id(standards: Rubric) -> None:
    assert [criterion.id for criterion in standards.criteria] == [*FIVE, *OTHERS]
    assert standards.not_measured


def test_the_five_are_judged_as_in_the_small_rubric(standards: Rubric) -> None:
    small = {c.id: (c.check, c.parameters, c.weight) for c in load(rubric_folder() / "standard.json").criteria}
    assert {c.id: (c.check, c.parameters, c.weight) for c in standards.criteria if c.id in FIVE} == small


def test_every_act_of_the_rubric_is_one_that_the_languages_know(standards: Rubric) -> None:
    english = language("en")
    assert english is not None
    asked = {name for criterion in standards.criteria for name in acts_of(criterion.parameters)}
    unknown = [name for name in sorted(asked) if not any(named(act, (name,)) for act in english.acts)]
    assert unknown == []


def test_every_criterion_says_its_limits_and_shows_both_verdicts(standards: Rubric) -> None:
    for criterion in standards.criteria:
        assert "Limits:" in criterion.note, criterion.id
        verdicts = {example.verdict for example in criterion.examples}
        assert criterion.id in BY_METADATA or {Verdict.MET, Verdict.MISSED} & verdicts, criterion.id
        assert criterion.id in BY_METADATA or len(verdicts) > 1 or criterion.id == "reference_to_earlier_contact"


def test_nothing_in_the_rubric_looks_like_a_mistake(standards: Rubric) -> None:
    warned = [problem.where for problem in lint(standards, check_kinds(), ("en", "hu", "pl", "sk"))]
    index = [criterion.id for criterion in standards.criteria].index(BY_METADATA[0])
    assert warned == [f"$.criteria[{index}].examples"]


def test_every_example_gets_its_verdict(standards: Rubric) -> None:
    failed = [r for r in run_examples(standards, Judge.of(standards).example) if not r.passed]
    assert [(r.criterion.id, r.example.name, r.finding.verdict.value) for r in failed] == []


def test_a_note_without_limits_and_a_criterion_without_one_still_have_their_section(standards: Rubric) -> None:
    bare = replace(standards.criteria[0], note="", examples=(), critical=True)
    text = criteria_page(replace(standards, criteria=(bare,), not_measured=()), check_kinds())
    assert "Counts which of the named parts" in text
    assert "critical" in text
    assert "Known limits" not in text
    assert "Not measured" not in text
