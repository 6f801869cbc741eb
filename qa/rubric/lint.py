"""What is valid in a rubric and still a mistake, most likely: warnings, never errors."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping

from qa.errors import Problem
from qa.model.finding import Verdict
from qa.model.rubric import CheckKind, Criterion, Example, Json, Rubric
from qa.rubric.decode import member
from qa.rubric.problems import shown

SMALLEST_SHARE = 0.001
"""Share of all points under which a criterion cannot move a score by the one decimal that reports show."""
CERTAIN = 0.95
"""A confidence that hardly any verdict reaches; a threshold above it makes nearly all verdicts unsure."""


def lint(rubric: Rubric, kinds: Mapping[str, CheckKind], languages: Collection[str] = ()) -> tuple[Problem, ...]:
    """Warnings on a valid rubric, in the order of the file.

    ``languages`` are the codes that the house has data for; without them nothing is said on languages.
    """
    return tuple(_warnings(rubric, kinds, languages))


def _warnings(rubric: Rubric, kinds: Mapping[str, CheckKind], languages: Collection[str]) -> Iterator[Problem]:
    yield from _thresholds(rubric)
    yield from _twins(rubric.criteria)
    for index, criterion in enumerate(rubric.criteria):
        where = f"$.criteria[{index}]"
        yield from _titles(criterion, rubric, where)
        yield from _weight(criterion, rubric, where)
        yield from _confidence(criterion, rubric, where)
        yield from _reach(criterion, kinds[criterion.check], languages, where)
        yield from _examples(criterion, where)
        for key, value in criterion.parameters.items():
            yield from _phrases(value, member(f"{where}.check", key))
    yield from _company(rubric)


def _thresholds(rubric: Rubric) -> Iterator[Problem]:
    where = "$.thresholds.min_role_confidence"
    if rubric.min_role_confidence == 0:
        expected, do = "a doubt about who is the agent to make verdicts unsure", "raise it, 0.6 is usual"
        yield Problem(where, "0 never doubts who is the agent", expected, do)
    elif rubric.min_role_confidence > CERTAIN:
        wrong = f"{rubric.min_role_confidence:g} doubts nearly every call without an agent channel"
        yield Problem(where, wrong, "a confidence that calls can reach", "lower it, 0.6 is usual")


def _twins(criteria: tuple[Criterion, ...]) -> Iterator[Problem]:
    """Two criteria that are the same question on the same calls count one thing twice."""
    first: dict[str, int] = {}
    for index, criterion in enumerate(criteria):
        question = json.dumps([criterion.check, dict(criterion.parameters), repr(criterion.applies)], sort_keys=True)
        if question in first:
            wrong = f"this asks exactly what $.criteria[{first[question]}] asks"
            do = "remove one, or change its check or its calls"
            yield Problem(f"$.criteria[{index}].check", wrong, "every question once", do)
        first.setdefault(question, index)


def _titles(criterion: Criterion, rubric: Rubric, where: str) -> Iterator[Problem]:
    if not criterion.title.strip():
        yield Problem(f"{where}.title", "the title is blank", "a title that reports can show", "write one")
    elif [c.title.casefold() for c in rubric.criteria].count(criterion.title.casefold()) > 1:
        wrong = f"{shown(criterion.title)} is the title of another criterion too"
        yield Problem(f"{where}.title", wrong, "titles that tell criteria apart", "make it say what is asked")


def _weight(criterion: Criterion, rubric: Rubric, where: str) -> Iterator[Problem]:
    weights = [other.weight for other in rubric.criteria]
    if criterion.weight < SMALLEST_SHARE * sum(weights):
        wrong = f"{criterion.weight:g} of {sum(weights):g} points cannot change a score that is shown with one decimal"
        yield Problem(f"{where}.weight", wrong, "a weight that matters", "raise it or remove the criterion")
    if criterion.critical and criterion.weight < sum(weights) / len(weights):
        wrong = f"missing it makes the score 0, yet it weighs {criterion.weight:g}, less than the average"
        do = "raise the weight, or remove the mark if it is not critical"
        yield Problem(f"{where}.critical", wrong, "a critical criterion to weigh at least the average", do)
    if criterion.partly_share in (0, 1):
        same = "missed" if criterion.partly_share == 0 else "met"
        wrong = f"with {criterion.partly_share:g}, partly earns what {same} earns"
        yield Problem(f"{where}.partly_share", wrong, "a share between 0 and 1", "0.5 is usual")


def _confidence(criterion: Criterion, rubric: Rubric, where: str) -> Iterator[Problem]:
    path, level = f"{where}.min_confidence", criterion.min_confidence
    if level == 0:
        expected, do = "weak evidence to go to a human", "raise it, 0.5 is usual"
        yield Problem(path, "0 takes every verdict, however weak its evidence", expected, do)
    elif level > CERTAIN:
        wrong = f"{level:g} makes nearly every verdict unsure"
        yield Problem(path, wrong, "a confidence that verdicts can reach", "lower it, 0.5 is usual")
    elif level > rubric.draft_confidence:
        wrong = f"{level:g} is above draft_confidence ({rubric.draft_confidence:g}): drafts are always unsure"
        yield Problem(path, wrong, "a confidence that draft transcripts can reach", "lower it, if that is not meant")


def _reach(criterion: Criterion, kind: CheckKind, languages: Collection[str], where: str) -> Iterator[Problem]:
    wanted = criterion.applies.languages
    if languages and wanted and kind.needs_words and not set(wanted) & set(languages):
        wrong = f"there is no data for {', '.join(wanted)}: this criterion is never judged"
        expected = f"one of {', '.join(sorted(languages))}"
        yield Problem(f"{where}.applies.languages", wrong, expected, "name another language or remove the criterion")


def _examples(criterion: Criterion, where: str) -> Iterator[Problem]:
    path = f"{where}.examples"
    verdicts = {example.verdict for example in criterion.examples}
    if not verdicts:
        expected = "at least one dialogue that meets the criterion and one that misses it"
        yield Problem(path, "there are no examples", expected, "write two short dialogues, then run them")
    elif len(verdicts) == 1:
        wrong = f"every example is {next(iter(verdicts))}: a check that always says so would pass"
        yield Problem(path, wrong, "examples of at least two verdicts", "add the opposite case")
    for index, example in enumerate(criterion.examples):
        if example.verdict not in (Verdict.NOT_APPLICABLE, Verdict.UNSURE) and _outside(example, criterion):
            wrong = f"{shown(example.name)} is a call that this criterion is not asked of"
            do = "change the direction or language of the example"
            yield Problem(f"{path}[{index}]", wrong, "a call to which the criterion applies", do)


def _outside(example: Example, criterion: Criterion) -> bool:
    applies = criterion.applies
    wrong_direction = bool(applies.directions) and example.direction not in applies.directions
    return wrong_direction or bool(applies.languages and example.language not in applies.languages)


def _company(rubric: Rubric) -> Iterator[Problem]:
    facts = rubric.company
    yield from _phrases(list(facts.names), "$.company.names")
    yield from _phrases(list(facts.departments), "$.company.departments")
    yield from _phrases([term for term, _ in facts.jargon], "$.company.jargon")
    yield from _phrases(list(facts.products), "$.company.products")
    yield from _phrases(list(facts.benefit_words), "$.company.benefit_words")


def _phrases(node: Json, path: str) -> Iterator[Problem]:
    """Texts of lists, at any depth: a text that can never match, and a text that stands there twice."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _phrases(value, member(path, key))
    if not isinstance(node, list):
        return
    texts = [(index, item) for index, item in enumerate(node) if isinstance(item, str)]
    for index, text in texts:
        if not any(character.isalnum() for character in text):
            wrong = f"{shown(text)} can never match: it has neither letter nor digit"
            yield Problem(f"{path}[{index}]", wrong, "words that can be heard", "remove it")
    yield from _heard_twice(texts, path)
    for index, item in enumerate(node):
        yield from _phrases(item, f"{path}[{index}]")


def _heard_twice(texts: Iterable[tuple[int, str]], path: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, text in texts:
        heard = " ".join(text.casefold().split())
        if heard in first:
            wrong = f"{shown(text)} is heard as {path}[{first[heard]}] is"
            yield Problem(f"{path}[{index}]", wrong, "every phrase once", "remove one of them")
        first.setdefault(heard, index)
