"""docs/rubrics.md: its JSON works, its messages are the real ones, and no kind of check is left out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from qa.criteria import check_kinds
from qa.errors import RubricError
from qa.rubric.load import read_rubric
from qa.rubric.schema import base_schema

GUIDE = (Path(__file__).parents[2] / "docs" / "rubrics.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(<!-- refused -->\n)?```json\n(.*?)```", GUIDE, re.DOTALL)
GOOD = [text for refused, text in BLOCKS if not refused]
REFUSED = [text for refused, text in BLOCKS if refused]
SMALLEST: dict[str, Any] = json.loads(GOOD[0])


def whole(block: dict[str, Any]) -> dict[str, Any]:
    """A block as a whole rubric: a criterion or a part is put into the smallest one."""
    return SMALLEST | ({"criteria": [block]} if "check" in block else block)


@pytest.mark.parametrize("text", GOOD)
def test_every_block_of_the_guide_is_valid(text: str) -> None:
    block = json.loads(text)
    rubric = read_rubric(json.dumps(whole(block)).encode(), check_kinds(), "guide")
    assert rubric.criteria


def test_the_messages_of_the_guide_are_the_real_ones() -> None:
    shown = re.findall(r"```text\n(.*?)\n```", GUIDE, re.DOTALL)
    assert len(shown) == len(REFUSED) == 1
    with pytest.raises(RubricError) as caught:
        read_rubric(REFUSED[0].encode(), check_kinds(), "first_steps.json")
    assert str(caught.value) == shown[0]


def test_every_kind_of_check_has_its_line_in_the_guide() -> None:
    rows = [
        f"| `{kind.name}` | {kind.purpose} | {'yes' if kind.needs_words else 'no'} |" for kind in check_kinds().values()
    ]
    assert [row for row in rows if row not in GUIDE] == []


def test_every_key_of_a_rubric_is_in_the_guide() -> None:
    schema: Any = base_schema()
    parts = (schema, schema["$defs"]["criterion"], schema["$defs"]["company"], schema["$defs"]["thresholds"])
    keys = {key for part in parts for key in part["properties"]}
    assert [key for key in sorted(keys) if f"`{key}`" not in GUIDE and f'"{key}"' not in GUIDE] == []


def test_the_defaults_of_the_guide_are_the_real_ones() -> None:
    plain = read_rubric(json.dumps(SMALLEST).encode(), check_kinds())
    thresholds = next(json.loads(text)["thresholds"] for text in GOOD if "thresholds" in text)
    assert {key: getattr(plain, key) for key in thresholds} == thresholds
