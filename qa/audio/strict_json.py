"""The door for JSON that others wrote: bounded in size, depth and digits, and without NaN."""

from __future__ import annotations

import json
import math

from qa.errors import Problem, QaError

MAX_JSON_BYTES = 64 * 1024 * 1024
"""A transcript with every word's time is about 100 bytes a word; a day of speech stays below 20 MB."""

MAX_DIGITS = 19
"""Digits of the largest 64-bit integer; nothing in a call is counted higher."""


class BadJsonError(QaError):
    """The text is not JSON that this house reads; carries one problem."""


def parse_json(data: bytes, where: str) -> object:
    """The value that ``data`` (UTF-8, -16 or -32, with or without byte order mark) holds.

    Raises `BadJsonError`, never anything else.

    >>> parse_json(b'{"csat": 4}', "call.json")
    {'csat': 4}
    >>> parse_json(b"[NaN]", "call.json")
    Traceback (most recent call last):
    ...
    qa.audio.strict_json.BadJsonError: call.json: NaN is not a number of JSON; expected JSON as RFC 8259 has it; \
correct the file or export it again
    """
    if len(data) > MAX_JSON_BYTES:
        raise _bad(where, f"it has {len(data):,} bytes", f"at most {MAX_JSON_BYTES:,} bytes")
    try:
        return json.loads(data, parse_int=_integer, parse_float=_number, parse_constant=_constant)
    except json.JSONDecodeError as error:
        wrong = f"{error.msg} (line {error.lineno}, column {error.colno})"
        raise _bad(where, wrong[:1].lower() + wrong[1:]) from error
    except UnicodeDecodeError as error:
        raise _bad(where, f"byte {error.start} is not valid {error.encoding}", "text in UTF-8") from error
    except RecursionError as error:
        raise _bad(where, "values are nested too deeply", "a few levels of nesting") from error
    except ValueError as error:
        raise _bad(where, str(error)) from error


def _bad(where: str, wrong: str, expected: str = "JSON as RFC 8259 has it") -> BadJsonError:
    return BadJsonError((Problem(where, wrong, expected, "correct the file or export it again"),))


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise ValueError(f"a number has {len(digits)} digits")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"the number {digits[:MAX_DIGITS]} is too large")
    return number


def _constant(name: str) -> float:
    raise ValueError(f"{name} is not a number of JSON")
