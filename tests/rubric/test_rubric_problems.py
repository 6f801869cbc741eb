"""The wording of messages: every keyword a schema of ours uses has its own words."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from qa.rubric.problems import json_path, problems_of, shown


def told(schema: dict[str, object], instance: object) -> list[tuple[str, str, str, str]]:
    errors = Draft202012Validator(schema).iter_errors(instance)
    return [(p.where, p.wrong, p.expected, p.do) for p in problems_of(errors, "x")]


@pytest.mark.parametrize(
    ("schema", "instance", "wrong", "do"),
    [
        ({"type": "array"}, "hello", "'hello' is not an array", 'put it in square brackets, as in ["hello"]'),
        ({"type": "number"}, "2", "'2' is not a number", "write it without quotation marks, as in 2, 0.5 or true"),
        ({"type": "number"}, True, "true is not a number", "write a number here"),
        ({"type": "string"}, 3, "3 is not a text", 'put it in quotation marks, as in "3"'),
        ({"type": ["array", "null"]}, 3, "3 is not an array or null", "write an array here"),
        ({"enum": ["met"]}, "mett", "'mett' is not known here", "did you mean 'met'? choose one of these"),
        ({"enum": ["met"]}, 3, "3 is not known here", "choose one of these"),
        ({"minimum": 1}, 0, "0 is too small", "write a number of at least 1"),
        ({"exclusiveMinimum": 0}, 0, "0 is too small", "write a number above 0"),
        ({"maximum": 1}, 2, "2 is too large", "write a number of at most 1"),
        ({"minLength": 1}, "", "'' is empty", "fill it or remove the key"),
        ({"minItems": 2}, [1], "[1] is too short", "write at least 2 of them"),
        ({"maxLength": 1}, "ab", "'ab' is too long", "keep it to 1"),
        ({"pattern": "^a"}, "b", "'b' is not written as it must be", "write it as expected"),
        ({"uniqueItems": True}, [1, 1], "[1, 1] holds the same value twice", "keep one of them"),
        ({"multipleOf": 2}, 3, "3 does not fit the rule 'multipleOf'", "change it to what is expected"),
    ],
)
def test_each_keyword_has_its_words(schema: dict[str, object], instance: object, wrong: str, do: str) -> None:
    ((where, *said),) = told({"description": "what is wanted", **schema}, instance)
    expected = "one of met" if "enum" in schema else "what is wanted"
    assert (where, *said) == ("x $", wrong, expected, do)


def test_without_a_description_the_keyword_says_what_is_expected() -> None:
    assert told({"minimum": 1}, 0)[0][2] == "minimum 1"


def test_a_schema_that_allows_nothing_still_gives_a_message() -> None:
    ((where, wrong, *_),) = told({"properties": {"a": False}}, {"a": 1})
    assert (where, "does not fit" in wrong) == ("x $", True)


def test_a_missing_key_whose_name_begins_another_is_told_apart() -> None:
    found = told({"required": ["min", "minimum"]}, {"min": 1})
    assert [wrong for _, wrong, *_ in found] == ["'minimum' is missing"]


def test_long_values_are_cut() -> None:
    assert shown("x" * 500).endswith("…")
    assert len(shown(["x" * 500])) == 60


def test_paths_quote_what_is_no_word() -> None:
    assert json_path(["a", 0, "b c"]) == '$.a[0]["b c"]'
