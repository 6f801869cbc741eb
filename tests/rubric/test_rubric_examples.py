"""Examples: how their lines are read, and what running them tells."""

from __future__ import annotations

import pytest

from qa.model.finding import Finding, Reason, Verdict
from qa.model.rubric import Criterion, Example, ExampleLine, Rubric
from qa.rubric.examples import read_line, run_examples


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("agent 0-3 thanks for calling", ExampleLine("agent", 0, 3, "thanks for calling")),
        ("customer 12.5-14 dzień dobry", ExampleLine("customer", 12.5, 14, "dzień dobry")),
        ("  Other  3 – 4.25   please   hold ", ExampleLine("other", 3, 4.25, "please hold")),
        ("agent 3-4 5-6 working days", ExampleLine("agent", 3, 4, "5-6 working days")),
    ],
)
def test_lines_that_can_be_read(line: str, value: ExampleLine) -> None:
    assert read_line(line) == value


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("agent thanks", "this is not: role, start-end in seconds, words"),
        ("agent 0-3", "this is not: role, start-end in seconds, words"),
        ("agent -1-3 hello", "this is not: role, start-end in seconds, words"),
        ("agent 0-3 hello\nagent 4-5 bye", "this is not: role, start-end in seconds, words"),
        ("boss 0-3 hello", "'boss' is nobody: the roles are agent, customer, other"),
        ("agent 3-3 hello", "it ends (3) before it has begun (3)"),
        ("agent 0-99999 hello", "it ends after 36,000 seconds"),
    ],
)
def test_lines_that_cannot(line: str, wrong: str) -> None:
    assert read_line(line) == wrong


def judge_hello(criterion: Criterion, example: Example) -> Finding:
    said = any("hello" in line.text.casefold() for line in example.dialogue if line.role == "agent")
    return Finding(Verdict.MET if said else Verdict.MISSED, Reason("hello"))


def judge_nothing(criterion: Criterion, example: Example) -> Finding:
    if example.verdict is Verdict.MISSED:
        raise LookupError("secret words of a caller")
    return Finding(Verdict.MET, Reason("always"))


def test_examples_that_get_their_verdict_pass(rubric: Rubric) -> None:
    results = run_examples(rubric, judge_hello)
    assert [(r.criterion.id, r.example.name, r.passed) for r in results] == [
        ("greeting", "says hello", True),
        ("greeting", "says nothing of the kind", True),
    ]


def test_a_judge_that_breaks_fails_its_example_and_no_other(rubric: Rubric) -> None:
    good, broken = run_examples(rubric, judge_nothing)
    assert (good.passed, broken.passed) == (True, False)
    assert (broken.finding.verdict, str(broken.finding.reason)) == (
        Verdict.UNSURE,
        "the example could not be judged (LookupError)",
    )
