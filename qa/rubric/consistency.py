"""What a JSON Schema cannot say of a rubric: ids once, bands that reach 0, example lines that can be read."""

from __future__ import annotations

from collections.abc import Iterator

from qa.errors import Problem
from qa.model.rubric import Json
from qa.rubric.examples import LINE_EXAMPLE, read_line
from qa.rubric.problems import shown


def inconsistencies(document: Json, source: str) -> Iterator[Problem]:
    """Problems between the parts of a rubric; parts of a wrong type are left to the schema."""
    for key in ("criteria", "bands"):
        yield from _written_twice(document, key, "id", f"{source} $.{key}")
    yield from _band_edges(document, f"{source} $.bands")
    for index, criterion in _objects(document, "criteria"):
        where = f"{source} $.criteria[{index}].examples"
        yield from _written_twice(criterion, "examples", "name", where)
        for number, example in _objects(criterion, "examples"):
            yield from _unreadable_lines(example, f"{where}[{number}].dialogue")


def _objects(node: Json, key: str) -> Iterator[tuple[int, dict[str, Json]]]:
    """The objects of a list below ``node``, with their indices; none where there is no such list."""
    items = node.get(key) if isinstance(node, dict) else None
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield index, item


def _written_twice(node: Json, key: str, name: str, where: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, item in _objects(node, key):
        value = item.get(name)
        if not isinstance(value, str):
            continue
        if value in first:
            wrong = f"{shown(value)} is already the {name} of {where.rpartition(' ')[2]}[{first[value]}]"
            yield Problem(f"{where}[{index}].{name}", wrong, f"every {name} once", "choose another one")
        first.setdefault(value, index)


def _band_edges(document: Json, where: str) -> Iterator[Problem]:
    first: dict[float, int] = {}
    for index, band in _objects(document, "bands"):
        edge = band.get("at_least")
        if isinstance(edge, bool) or not isinstance(edge, int | float):
            continue
        if edge in first:
            wrong = f"{shown(edge)} is already where $.bands[{first[edge]}] begins"
            do = "give one of the two another value, or remove it"
            yield Problem(f"{where}[{index}].at_least", wrong, "bands that begin at different scores", do)
        first.setdefault(edge, index)
    if first and min(first) > 0:
        wrong = f"scores below {shown(min(first))} fall into no band"
        yield Problem(where, wrong, 'a lowest band with "at_least": 0', "lower the lowest band or add one at 0")


def _unreadable_lines(example: dict[str, Json], where: str) -> Iterator[Problem]:
    lines = example.get("dialogue")
    for index, line in enumerate(lines if isinstance(lines, list) else ()):
        if isinstance(line, str) and line and isinstance(wrong := read_line(line), str):
            do = "write who speaks, from which to which second, and the words"
            yield Problem(f"{where}[{index}]", f"{shown(line)}: {wrong}", f'a line such as "{LINE_EXAMPLE}"', do)
