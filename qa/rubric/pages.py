"""A page about the criteria of a rubric, made from the rubric and the kinds of checks, so that it cannot go stale.

The ``note`` of a criterion says what it asks; what follows ``Limits:`` in it are its known limits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from qa.model.rubric import CheckKind, Criterion, Example, Json, Rubric

LIMITS = "Limits:"
"""Parts what a criterion asks from what it cannot hear."""


def criteria_page(rubric: Rubric, kinds: Mapping[str, CheckKind]) -> str:
    """The whole page, as Markdown: one section per criterion, in the rubric's order."""
    lines = [*_heading(rubric)]
    for criterion in rubric.criteria:
        lines += _section(criterion, kinds[criterion.check])
    if rubric.not_measured:
        lines += ["## Not measured", "", *(f"- {what}" for what in rubric.not_measured), ""]
    return "\n".join(lines)


def _heading(rubric: Rubric) -> Iterator[str]:
    total = sum(criterion.weight for criterion in rubric.criteria)
    yield from (f"# {rubric.title}", "")
    yield f"Made by `make docs` from the rubric `{rubric.stamp.id}` and the kinds of checks; a test keeps it so."
    yield f"It has {len(rubric.criteria)} criteria worth {total:g} points. A criterion whose situation never arose is"
    yield from ("left out of the score; one whose evidence is too weak goes to a human.", "")


def _section(criterion: Criterion, kind: CheckKind) -> Iterator[str]:
    asks, _, limits = criterion.note.partition(LIMITS)
    yield from (f"## {criterion.title} (`{criterion.id}`)", "")
    yield from (_sentence(asks) or kind.purpose, "")
    critical = " (critical: missing it makes the score 0)" if criterion.critical else ""
    yield f"**Weight**: {criterion.weight:g}{critical}. {_asked(criterion)}"
    yield from ("", f"**How it is judged** (`{criterion.check}`): {kind.purpose}", "")
    yield from _parameters(criterion.parameters, kind)
    if limits.strip():
        yield from (f"**Known limits**: {_sentence(limits)}", "")
    if criterion.examples:
        yield from ("**Examples**", "", *(_example(example) for example in criterion.examples), "")


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:]


def _asked(criterion: Criterion) -> str:
    applies = criterion.applies
    named = (("direction", applies.directions), ("queue", applies.queues), ("language", applies.languages))
    asked = [f"{name} {' or '.join(values)}" for name, values in named if values]
    return f"Asked only of calls with {'; '.join(asked)}." if asked else "Asked of every call."


def _parameters(parameters: Mapping[str, Json], kind: CheckKind) -> Iterator[str]:
    properties = kind.schema.get("properties")
    known = properties if isinstance(properties, dict) else {}
    for name, value in parameters.items():
        schema = known.get(name)
        words = schema.get("description") if isinstance(schema, dict) else None
        yield f"- `{name}`: {_shown(value)}{f' ({words})' if words else ''}"
    if parameters:
        yield ""


def _shown(value: Json) -> str:
    """A parameter as a reader takes it in: lists of names as names, the rest as JSON."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(f"`{item}`" for item in value)
    if isinstance(value, list):
        return "; ".join(_shown(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(item)}" for name, item in value.items())
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _example(example: Example) -> str:
    said = " / ".join(f"{line.role} {line.start:g}–{line.end:g} s: “{line.text}”" for line in example.dialogue)
    return f"- *{example.name}* ({example.language}) → **{example.verdict.value}**: {said}"
