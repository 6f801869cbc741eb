"""A rubric file to a `Rubric` value: everything that is wrong with it is said at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import Problem, RubricError
from qa.model.rubric import CheckKind, Json, Rubric
from qa.model.scorecard import RubricStamp
from qa.rubric.consistency import inconsistencies
from qa.rubric.decode import MAX_BYTES, decode
from qa.rubric.problems import problems_of
from qa.rubric.schema import compose_schema
from qa.rubric.values import rubric_of
from qa.text.patterns import PatternError, compile_pattern

if TYPE_CHECKING:
    from qa.model.contracts import Check

UNHASHED_KEYS = frozenset({"$schema"})
"""Keys that editors read and nobody judges by; leaving them out keeps the stamp when a file moves."""


def load_rubric(path: Path, kinds: Mapping[str, CheckKind]) -> Rubric:
    """The rubric of a file.

    Raises `qa.errors.RubricError` with every problem of the file, each at its JSON path.
    """
    return read_rubric(_content(path), kinds, str(path))


def read_rubric(content: bytes, kinds: Mapping[str, CheckKind], source: str = "rubric") -> Rubric:
    """The rubric of a file's bytes; ``source`` names the file in messages.

    Raises `qa.errors.RubricError` as `load_rubric` does.
    """
    document, unreadable = decode(content, source)
    if document is None and unreadable:
        raise RubricError(unreadable)
    problems = dict.fromkeys((*unreadable, *_objections(document, kinds, source, unreadable)))
    if problems or not isinstance(document, dict):
        raise RubricError(tuple(problems))
    rubric = rubric_of(document, RubricStamp(str(document["id"]), str(document["version"]), canonical_hash(document)))
    if refused := tuple(_refusals(rubric, kinds, source)):
        raise RubricError(refused)
    return rubric


def build_checks(rubric: Rubric, kinds: Mapping[str, CheckKind]) -> Mapping[str, Check]:
    """The check of every criterion, by criterion id; built once, used for every call."""
    return {
        criterion.id: kinds[criterion.check].build(criterion.parameters, rubric.company)
        for criterion in rubric.criteria
    }


def canonical_hash(document: Mapping[str, Json]) -> str:
    """Hex sha256 of the document as canonical JSON: sorted keys, no spaces, whole numbers without a point."""
    judged = {key: _canonical(value) for key, value in document.items() if key not in UNHASHED_KEYS}
    text = json.dumps(judged, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(node: Json) -> Json:
    if isinstance(node, dict):
        return {key: _canonical(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_canonical(item) for item in node]
    return int(node) if isinstance(node, float) and node.is_integer() else node


def _content(path: Path) -> bytes:
    """The file's bytes; one more than the limit shows that there are too many."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        wrong, do = "there is no such file", "check the name; rubrics lie in the folder rubrics/"
    except IsADirectoryError:
        wrong, do = "this is a folder", "name a rubric file in it"
    except (OSError, ValueError) as error:
        wrong = f"the file cannot be read ({getattr(error, 'strerror', None) or type(error).__name__})"
        do = "check the name and the permissions of the file"
    raise RubricError((Problem(str(path), wrong, "a rubric file (JSON)", do),))


def _objections(
    document: Json, kinds: Mapping[str, CheckKind], source: str, known: tuple[Problem, ...]
) -> Iterator[Problem]:
    """What schema and consistency say, but for places where the JSON itself is already reported."""
    from jsonschema import Draft202012Validator

    reported = {problem.where for problem in known}
    errors = sorted(Draft202012Validator(compose_schema(kinds)).iter_errors(document), key=_place)
    for problem in (*problems_of(errors, source), *inconsistencies(document, source)):
        if problem.where not in reported:
            yield problem


def _place(error: object) -> list[tuple[bool, int, str]]:
    """In order of the file: indices by number, keys by name."""
    steps = getattr(error, "absolute_path", ())
    return [(isinstance(s, str), s if isinstance(s, int) else 0, str(s)) for s in steps]


def _refusals(rubric: Rubric, kinds: Mapping[str, CheckKind], source: str) -> Iterator[Problem]:
    """What the phrase reader, or a kind of check, refuses although the schema allows it."""
    yield from _unheard(rubric.company.names, f"{source} $.company.names")
    yield from _unheard(rubric.company.departments, f"{source} $.company.departments")
    for index, criterion in enumerate(rubric.criteria):
        try:
            kinds[criterion.check].build(criterion.parameters, rubric.company)
        except Exception as error:  # a kind that breaks on valid parameters is a problem of this place as well
            broken = f"the check cannot be made ({type(error).__name__})"
            wrong = str(error) if isinstance(error, ValueError) else broken
            expected = f"parameters that a check of type {criterion.check!r} can work with"
            yield Problem(f"{source} $.criteria[{index}].check", wrong, expected, "change the parameter that is named")


def _unheard(names: Iterable[str], where: str) -> Iterator[Problem]:
    """Names that every call would be searched for and that no pattern can be made of."""
    for index, name in enumerate(names):
        try:
            compile_pattern(name, {})
        except PatternError as error:
            wrong, _, expected = str(error).partition("; expected ")
            do = "write the words as they are heard; ( ) [ ] | < > ^ $ * are signs of patterns"
            yield Problem(f"{where}[{index}]", wrong, expected, do)
