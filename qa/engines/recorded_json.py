"""The JSON door of transcripts: what is read, how much of it, and how a user hears what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from qa.errors import CallError, Problem, call_error
from qa.model.scorecard import FailureKind
from qa.text.clean import clean_text

JsonObject: TypeAlias = Mapping[str, object]

MAX_BYTES = 64 * 2**20
"""Bytes. Six hours of words with times and scores take about 20 MB."""
MAX_SECONDS = 24 * 3600.0
"""Seconds. No call lasts longer than a day; a later time is a slip of unit, such as milliseconds."""
MAX_PROBLEMS = 10
"""Problems told one by one; the rest is counted."""


@dataclass(slots=True)
class Door:
    """Takes values out of one file's JSON and gathers what is wrong, until `close` raises it all at once."""

    path: Path
    text_cleaned: int = 0
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, at: str, wrong: str, expected: str, do: str = "correct the transcript") -> None:
        """Note a problem at a JSON path."""
        self.problems.append(Problem(f"{self.path}: {at}", wrong, expected, do))

    def text(self, value: object, at: str) -> str:
        """A text, cleaned; empty where the value is none, and a problem where it is something else."""
        if value is None:
            return ""
        if not isinstance(value, str):
            self.refuse(at, f"it is {kind_of(value)}", "a text")
            return ""
        cleaned, removed = clean_text(value)
        self.text_cleaned += removed
        return cleaned

    def number(self, value: object, at: str, highest: float, what: str) -> float | None:
        """A number from 0 to ``highest``; None where the value is none, and a problem where it is something else."""
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(at, f"it is {kind_of(value)}", what)
            return None
        if not 0 <= value <= highest:
            self.refuse(at, "it is below zero" if value < 0 else "it is too large", what)
            return None
        return float(value)

    def rows(self, value: object, at: str) -> tuple[tuple[str, JsonObject], ...]:
        """(JSON path, object) for every object of a list; a problem for everything that is none."""
        if not isinstance(value, list):
            self.refuse(at, f"it is {kind_of(value)}", "a list of objects")
            return ()
        placed = tuple((f"{at}[{i}]", row) for i, row in enumerate(value))
        for place, row in placed:
            if not isinstance(row, dict):
                self.refuse(place, f"it is {kind_of(row)}", "an object in braces")
        return tuple((place, row) for place, row in placed if isinstance(row, dict))

    def close(self) -> None:
        """Raise `CallError` where anything was wrong."""
        told, more = self.problems[:MAX_PROBLEMS], len(self.problems) - MAX_PROBLEMS
        if more > 0:
            told.append(
                Problem(str(self.path), f"{more} more problems", "a valid transcript", "correct the first ones")
            )
        if told:
            raise CallError(tuple(told), FailureKind.BAD_TRANSCRIPT)


def read_object(path: Path) -> JsonObject:
    """The one JSON object in a file.

    Raises `CallError`: ``missing_file``, ``unreadable``, or ``bad_transcript`` for what is too large, not UTF-8,
    not JSON (NaN and Infinity are not), nested without end, or not an object.
    """
    try:
        content = json.loads(_text(path), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        wrong = "it is nested too deeply" if isinstance(error, RecursionError) else f"it is not valid JSON: {error}"
        raise _bad(path, wrong, "the JSON that whisper or WhisperX writes") from error
    if not isinstance(content, dict):
        raise _bad(path, f"it holds {kind_of(content)}", "one object with 'segments'")
    return content


def kind_of(value: object) -> str:
    """What a JSON value is, in words that give away nothing of what was said in the call."""
    names = {str: "a text", bool: "true or false", list: "a list", dict: "an object", type(None): "null"}
    return names.get(type(value), "a number")


def _text(path: Path) -> str:
    if not path.exists():
        raise call_error(
            FailureKind.MISSING_FILE, str(path), "there is no such file", "a transcript", "correct the path"
        )
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            raise _bad(path, "it is no ordinary file, or too large", f"a file of at most {MAX_BYTES // 2**20} MiB")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _bad(path, f"it is not UTF-8 (byte {error.start})", "text saved as UTF-8") from error
    except OSError as error:
        raise call_error(
            FailureKind.UNREADABLE,
            str(path),
            f"it cannot be read: {error.strerror}",
            "a file that may be read",
            "check its permissions and the disk",
        ) from error


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _bad(path: Path, wrong: str, expected: str) -> CallError:
    return call_error(FailureKind.BAD_TRANSCRIPT, str(path), wrong, expected, "write the transcript again")
