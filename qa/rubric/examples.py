"""Examples of a rubric: short dialogues that must get their verdict, and the lines they are written in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from qa.model.conversation import Role
from qa.model.finding import Finding, Reason, Verdict
from qa.model.rubric import Criterion, Example, ExampleLine, Rubric

LINE_EXAMPLE = "agent 0-3 thanks for calling"
MAX_SECONDS = 36_000
"""Ten hours: an example that long is a slip of the keyboard."""

SECONDS = r"\d{1,9}(?:\.\d{1,9})?"
LINE = re.compile(rf"(?P<role>\S+)\s+(?P<start>{SECONDS})\s?[-–]\s?(?P<end>{SECONDS})\s+(?P<text>\S.*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """What became of one example: the finding it got, beside the verdict it must get."""

    criterion: Criterion
    example: Example
    finding: Finding

    @property
    def passed(self) -> bool:
        """Whether the example got its verdict."""
        return self.finding.verdict is self.example.verdict


def read_line(text: str) -> ExampleLine | str:
    """One line of an example dialogue, or what is wrong with it.

    >>> read_line("agent 0-3 thanks for calling")
    ExampleLine(role='agent', start=0.0, end=3.0, text='thanks for calling')
    >>> read_line("agent 3-2 bye")
    'it ends (2) before it has begun (3)'
    """
    found = LINE.fullmatch(text.strip())
    if not found:
        return "this is not: role, start-end in seconds, words"
    role, start, end = found["role"].casefold(), float(found["start"]), float(found["end"])
    if role not in tuple(Role):
        return f"{found['role']!r} is nobody: the roles are {', '.join(Role)}"
    if end <= start:
        return f"it ends ({end:g}) before it has begun ({start:g})"
    if end > MAX_SECONDS:
        return f"it ends after {MAX_SECONDS:,} seconds"
    return ExampleLine(role, start, end, " ".join(found["text"].split()))


def run_examples(rubric: Rubric, judge: Callable[[Criterion, Example], Finding]) -> tuple[ExampleResult, ...]:
    """Every example of the rubric, in its order, with the finding that ``judge`` comes to.

    ``judge`` hears the dialogue as a call is heard and answers as a card would, after applicability and
    thresholds. A judge that breaks on one example does not hide the others: its finding is unsure and
    names the error.
    """
    return tuple(
        ExampleResult(criterion, example, _found(judge, criterion, example))
        for criterion in rubric.criteria
        for example in criterion.examples
    )


def _found(judge: Callable[[Criterion, Example], Finding], criterion: Criterion, example: Example) -> Finding:
    try:
        return judge(criterion, example)
    except Exception as error:  # any error of a check is an answer about that check
        values = (("error", type(error).__name__),)
        return Finding(Verdict.UNSURE, Reason("the example could not be judged ({error})", values), confidence=0.0)
