"""``scorecards.jsonl``: one line of JSON a call, for other programs."""

from __future__ import annotations

import json
from pathlib import Path

from qa.model.night import Night
from qa.model.rubric import Json
from qa.reports.card_json import card_json

SCORECARDS = "scorecards.jsonl"
_LINE_BREAKS = {ord(character): f"\\u{ord(character):04x}" for character in "\x85\u2028\u2029"}
"""Characters that JSON allows in a string but that many readers break lines at: written as escapes."""


def json_line(value: Json) -> str:
    """One line of JSON without a line break inside, whatever reader splits it."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).translate(_LINE_BREAKS)


class ScorecardLines:
    """Writes ``scorecards.jsonl``, in the order of the night's calls."""

    def write(self, night: Night, folder: Path) -> None:
        """Write below ``folder``. Raises `OSError` where the file cannot be written."""
        with (folder / SCORECARDS).open("w", encoding="utf-8", newline="\n") as lines:
            for call in night.calls:
                lines.write(json_line(card_json(call.scorecard)) + "\n")
