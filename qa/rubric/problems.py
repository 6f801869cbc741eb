"""What a JSON Schema objects to, said to a QA specialist: where, what is wrong, what was expected, what to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeAlias, cast

from qa.errors import Problem
from qa.rubric.decode import member

if TYPE_CHECKING:
    from jsonschema import ValidationError

    from qa.model.rubric import Json

SHOWN_CHARACTERS = 60
"""Characters of a wrong value that a message repeats; the place says the rest."""

TYPE_NAMES = {
    "array": "an array",
    "object": "an object",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}

Message: TypeAlias = tuple[str, str]
"""What is wrong, and what to do."""


@dataclass(frozen=True, slots=True)
class Objection:
    """One objection of the schema: the keyword that objects, what it wants, and what it found where."""

    keyword: str
    wanted: Json
    found: Json
    path: str
    schema: Mapping[str, Json]

    @property
    def properties(self) -> Mapping[str, Mapping[str, Json]]:
        """The keys that the schema knows at this place."""
        return cast("Mapping[str, Mapping[str, Json]]", self.schema.get("properties", {}))

    @property
    def choices(self) -> tuple[str, ...]:
        """What is wanted, as a list of words."""
        wanted = self.wanted if isinstance(self.wanted, list) else [self.wanted]
        return tuple(str(word) for word in wanted)


def problems_of(errors: Iterable[ValidationError], source: str) -> Iterator[Problem]:
    """One problem per thing to mend: every unknown and every missing key is a problem of its own."""
    for error in errors:
        objection = Objection(
            str(error.validator),
            cast("Json", error.validator_value),
            cast("Json", error.instance),
            f"{source} {json_path(error.absolute_path)}",
            error.schema if isinstance(error.schema, Mapping) else {},
        )
        if objection.keyword == "additionalProperties":
            yield from _unknown_keys(objection)
        elif objection.keyword == "required":
            yield _missing_key(objection, error.message)
        else:
            wrong, do = MESSAGES.get(objection.keyword, _otherwise)(objection)
            yield Problem(objection.path, wrong, expectation(objection), do)


def json_path(steps: Iterable[str | int]) -> str:
    """The path as messages write it.

    >>> json_path(["criteria", 2, "check", "phrases"])
    '$.criteria[2].check.phrases'
    """
    path = "$"
    for step in steps:
        path = f"{path}[{step}]" if isinstance(step, int) else member(path, step)
    return path


def shown(value: Json) -> str:
    """A value as a message repeats it: short, and on one line.

    >>> shown("hello"), shown(True), shown({"a": 1})
    ("'hello'", 'true', '{"a": 1}')
    """
    text = repr(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question about the nearest known word, or nothing.

    >>> did_you_mean("greting", ["greeting", "promise"])
    "did you mean 'greeting'? "
    """
    near = get_close_matches(word[:SHOWN_CHARACTERS], list(known), n=1)
    return f"did you mean {near[0]!r}? " if near else ""


def listed(words: Iterable[str]) -> str:
    """Words of a closed list, as an expectation reads.

    >>> listed(["met", "missed"])
    'one of met, missed'
    """
    return "one of " + ", ".join(words)


def expectation(objection: Objection) -> str:
    """What the schema wanted here: the words of a closed list, its own description, else its keyword."""
    if objection.keyword == "enum":
        return listed(objection.choices)
    return str(objection.schema.get("description") or f"{objection.keyword} {shown(objection.wanted)}")


def _missing_key(objection: Objection, message: str) -> Problem:
    """The validator objects once per missing key, and names it only at the start of its message."""
    missing = next(key for key in objection.choices if message.startswith(repr(key)))
    wanted = objection.properties.get(missing, {})
    expected = str(wanted.get("description", "this key"))
    if isinstance(choices := wanted.get("enum"), list):
        expected += ": " + listed(str(word) for word in choices)
    return Problem(objection.path, f"{missing!r} is missing", expected, f'add "{missing}" here')


def _unknown_keys(objection: Objection) -> Iterator[Problem]:
    known = sorted(objection.properties)
    for key in sorted(set(cast("Mapping[str, Json]", objection.found)) - set(known)):
        do = did_you_mean(key, known) + "rename or remove it"
        yield Problem(member(objection.path, key), f"{shown(key)} is not a key of this object", listed(known), do)


def _wrong_type(objection: Objection) -> Message:
    names = " or ".join(TYPE_NAMES[name] for name in objection.choices)
    return f"{shown(objection.found)} is not {names}", _retyped(objection.found, objection.choices[0])


def _retyped(value: Json, wanted: str) -> str:
    """The likeliest slip: brackets forgotten around one text, or quotation marks around a number."""
    if wanted == "array" and isinstance(value, str):
        return f"put it in square brackets, as in [{json.dumps(value[:SHOWN_CHARACTERS], ensure_ascii=False)}]"
    if wanted in ("number", "integer", "boolean") and isinstance(value, str):
        return "write it without quotation marks, as in 2, 0.5 or true"
    if wanted == "string" and isinstance(value, int | float):
        return f'put it in quotation marks, as in "{shown(value)}"'
    return f"write {TYPE_NAMES[wanted]} here"


def _not_listed(objection: Objection) -> Message:
    near = did_you_mean(objection.found, objection.choices) if isinstance(objection.found, str) else ""
    return f"{shown(objection.found)} is not known here", near + "choose one of these"


def _too_small(objection: Objection) -> Message:
    return f"{shown(objection.found)} is too small", f"write a number of at least {shown(objection.wanted)}"


def _not_above(objection: Objection) -> Message:
    return f"{shown(objection.found)} is too small", f"write a number above {shown(objection.wanted)}"


def _too_large(objection: Objection) -> Message:
    return f"{shown(objection.found)} is too large", f"write a number of at most {shown(objection.wanted)}"


def _too_short(objection: Objection) -> Message:
    if objection.found:
        return f"{shown(objection.found)} is too short", f"write at least {shown(objection.wanted)} of them"
    return f"{shown(objection.found)} is empty", "fill it or remove the key"


def _too_long(objection: Objection) -> Message:
    return f"{shown(objection.found)} is too long", f"keep it to {shown(objection.wanted)}"


def _pattern(objection: Objection) -> Message:
    return f"{shown(objection.found)} is not written as it must be", "write it as expected"


def _repeated(objection: Objection) -> Message:
    return f"{shown(objection.found)} holds the same value twice", "keep one of them"


def _otherwise(objection: Objection) -> Message:
    wrong = f"{shown(objection.found)} does not fit the rule {objection.keyword!r}"
    return wrong, "change it to what is expected"


MESSAGES: Mapping[str, Callable[[Objection], Message]] = {
    "type": _wrong_type,
    "enum": _not_listed,
    "minimum": _too_small,
    "exclusiveMinimum": _not_above,
    "maximum": _too_large,
    "minLength": _too_short,
    "minItems": _too_short,
    "minProperties": _too_short,
    "maxLength": _too_long,
    "maxItems": _too_long,
    "maxProperties": _too_long,
    "pattern": _pattern,
    "uniqueItems": _repeated,
}
