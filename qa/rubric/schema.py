"""The JSON Schema of rubrics: one base, and what each kind of check adds to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import cast

from qa.model.rubric import CheckKind, Json

BASE_SCHEMA = "rubric.schema.json"


def base_schema() -> dict[str, Json]:
    """The schema of everything but the parameters of checks, as shipped beside this file."""
    text = files("qa.rubric").joinpath(BASE_SCHEMA).read_text(encoding="utf-8")
    return cast("dict[str, Json]", json.loads(text))


def compose_schema(kinds: Mapping[str, CheckKind]) -> Mapping[str, Json]:
    """The schema of a whole rubric, draft 2020-12, for these kinds of checks.

    Composed with if/then per kind, never oneOf: an error then names the parameter that is wrong
    instead of saying that nothing matched. References are written out, so that the schema an error
    comes from carries its description. Kinds stand in order of name: same kinds, same bytes.
    """
    names = sorted(kinds)
    schema = base_schema()
    definitions = cast("dict[str, Json]", schema.pop("$defs"))
    definitions["check"] = {
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"description": "the name of a kind of check", "enum": cast("list[Json]", names)}},
        "allOf": [_parameters_rule(kinds[name]) for name in names],
    }
    return cast("Mapping[str, Json]", _written_out(schema, definitions))


def _written_out(node: Json, definitions: Mapping[str, Json]) -> Json:
    """The same schema with every ``$ref`` replaced by what it names; its neighbours win over that."""
    if isinstance(node, list):
        return [_written_out(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    named = definitions[reference.rpartition("/")[2]] if isinstance(reference, str) else {}
    whole = {**cast("dict[str, Json]", named), **node}
    return {key: _written_out(value, definitions) for key, value in whole.items() if key != "$ref"}


def _parameters_rule(kind: CheckKind) -> Json:
    """If the type is this kind, then the rest of the check are this kind's parameters."""
    properties = cast("Mapping[str, Json]", kind.schema.get("properties", {}))
    return {
        "if": {"required": ["type"], "properties": {"type": {"const": kind.name}}},
        "then": {**kind.schema, "properties": {"type": True, **properties}},
    }
