"""The composed schema: valid by its own standard, one rule per kind of check, made for messages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from jsonschema import Draft202012Validator

from qa.model.rubric import CheckKind
from qa.rubric.schema import base_schema, compose_schema

Kinds = Mapping[str, CheckKind]


def nodes(schema: Any) -> list[dict[str, Any]]:
    if isinstance(schema, list):
        return [found for item in schema for found in nodes(item)]
    if not isinstance(schema, dict):
        return []
    return [schema, *(found for value in schema.values() for found in nodes(value))]


def test_base_and_composed_schema_are_valid_by_draft_2020_12(kinds: Kinds) -> None:
    Draft202012Validator.check_schema(base_schema())
    Draft202012Validator.check_schema(cast("dict[str, Any]", compose_schema(kinds)))


def test_kinds_are_composed_by_if_then_and_never_by_one_of(kinds: Kinds) -> None:
    text = json.dumps(compose_schema(kinds))
    assert text.count('"if"') == len(kinds)
    assert '"oneOf"' not in text
    assert '"$ref"' not in text


def test_the_same_kinds_give_the_same_schema_in_any_order(kinds: Kinds) -> None:
    backwards = dict(reversed(list(kinds.items())))
    assert json.dumps(compose_schema(kinds)) == json.dumps(compose_schema(backwards))


def test_every_key_of_a_rubric_says_what_is_expected(kinds: Kinds) -> None:
    for node in nodes(compose_schema(kinds)):
        for name, schema in node.get("properties", {}).items() if isinstance(node.get("properties"), dict) else ():
            if isinstance(schema, dict) and "const" not in schema and name != "type":
                assert schema.get("description"), name
