"""Bytes to a JSON tree that is safe to walk: finite numbers, no key twice, clean texts, limited size and depth."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from qa.errors import Problem
from qa.model.rubric import Json
from qa.text.clean import clean_text

MAX_BYTES = 4_000_000
"""Bytes. The largest rubric we can imagine (34 criteria, 20 examples each, 4 languages) is near 1 MB."""
MAX_DEPTH = 32
"""Levels of brackets; a rubric needs 8. Deeper nesting would only exhaust the stack of whoever walks it."""
MAX_DIGITS = 300
"""Digits of a whole number: more do not fit a float, and Python refuses to read above 4,300."""

Report: TypeAlias = Callable[[str, str, str, str], None]


@dataclass(frozen=True, slots=True)
class _NotANumber:
    """What JSON has no place for, kept until its path is known: NaN, Infinity, 1e999, 400 digits."""

    text: str


class _Object(dict[str, "Json | _NotANumber"]):
    """An object that remembers which of its keys were written more than once."""

    def __init__(self, pairs: list[tuple[str, Json | _NotANumber]]) -> None:
        super().__init__(pairs)
        self.repeated = sorted(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)


def member(path: str, key: str) -> str:
    """The JSON path of a key below ``path``.

    >>> member("$", "bands"), member("$", "two words")
    ('$.bands', '$["two words"]')
    """
    return f"{path}.{key}" if key.isidentifier() else f"{path}[{json.dumps(key, ensure_ascii=False)}]"


def decode(content: bytes, source: str) -> tuple[Json, tuple[Problem, ...]]:
    """The JSON tree of a file's bytes and everything that is wrong with it as JSON.

    The tree is None where the text cannot be read as JSON at all; texts in it are clean.
    """
    text = _text(content, source)
    if isinstance(text, Problem):
        return None, (text,)
    tree = _parse(text, source)
    if isinstance(tree, Problem):
        return None, (tree,)
    problems: list[Problem] = []

    def report(path: str, wrong: str, expected: str, do: str) -> None:
        problems.append(Problem(f"{source} {path}", wrong, expected, do))

    return _plain(tree, "$", 0, report), tuple(problems)


def _text(content: bytes, source: str) -> str | Problem:
    if len(content) > MAX_BYTES:
        wrong = f"the file is larger than {MAX_BYTES:,} bytes"
        return Problem(source, wrong, "a rubric, which is far smaller", "name the right file")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Problem(source, "the text is UTF-16", "UTF-8 text", 'save the file again with the encoding "UTF-8"')
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        wrong = f"line {line} is not UTF-8 text"
        return Problem(source, wrong, "UTF-8 text", 'save the file again with the encoding "UTF-8"')


def _parse(text: str, source: str) -> Json | _NotANumber | Problem:
    try:
        tree: Json | _NotANumber = json.loads(
            text, object_pairs_hook=_Object, parse_constant=_NotANumber, parse_float=_fraction, parse_int=_whole
        )
    except json.JSONDecodeError as error:
        where = f"{source} line {error.lineno} column {error.colno}"
        wrong = f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        return Problem(where, wrong, "JSON", _advice(text, error.pos))
    except RecursionError:
        return _too_deep(source)
    return tree


def _advice(text: str, position: int) -> str:
    before, rest = text[:position].rstrip(), text[position:].lstrip()
    if not text.strip():
        return "the file is empty: start from a copy of a rubric that works"
    if before.endswith(",") and rest[:1] in ("}", "]"):
        return "remove the comma before the closing bracket"
    if rest[:1] == "'":
        return 'write texts in double quotation marks: "text"'
    if rest[:2] in ("//", "/*") or rest[:1] == "#":
        return 'JSON has no comments: use the key "note" instead'
    return "look at this place and just before it for a missing comma, quotation mark or bracket"


def _fraction(digits: str) -> float | _NotANumber:
    value = float(digits)
    return value if math.isfinite(value) else _NotANumber(digits)


def _whole(digits: str) -> int | _NotANumber:
    return int(digits) if len(digits) <= MAX_DIGITS else _NotANumber(digits)


def _too_deep(where: str) -> Problem:
    wrong = f"brackets are nested deeper than {MAX_DEPTH} levels"
    return Problem(where, wrong, "a rubric, which is far flatter", "name the right file")


def _plain(node: Json | _NotANumber, path: str, depth: int, report: Report) -> Json:
    """The same tree in plain values; what JSON forbids is reported and becomes None."""
    if isinstance(node, str):
        return clean_text(node)[0]
    if isinstance(node, _NotANumber):
        report(path, f"{node.text[:20]} is no number of JSON", "a finite number", "write a number such as 0.5")
        return None
    if not isinstance(node, dict | list):
        return node
    if depth >= MAX_DEPTH:
        problem = _too_deep(path)
        report(path, problem.wrong, problem.expected, problem.do)
        return None
    if isinstance(node, dict):
        return _plain_object(node, path, depth, report)
    return [_plain(item, f"{path}[{index}]", depth + 1, report) for index, item in enumerate(node)]


def _plain_object(node: dict[str, Json], path: str, depth: int, report: Report) -> Json:
    for key in node.repeated if isinstance(node, _Object) else ():
        wrong = f"the key {clean_text(key)[0]!r} is written more than once"
        report(member(path, clean_text(key)[0]), wrong, "every key once", "keep one of them and remove the others")
    return {
        clean_text(key)[0]: _plain(value, member(path, clean_text(key)[0]), depth + 1, report)
        for key, value in node.items()
    }
