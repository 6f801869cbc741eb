"""Exit statuses, and how errors become them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from qa.errors import Problem, QaError, TryAgainError


class Exit(IntEnum):
    """What a nightly job reads. Any other status is a defect of this program."""

    ALL_SCORED = 0
    SOME_FAILED = 1
    WRONG_USE = 2
    TRY_AGAIN = 3
    INTERRUPTED = 130


def exit_of(error: QaError) -> Exit:
    """3 where the same command may work later, 2 where it has to change."""
    return Exit.TRY_AGAIN if isinstance(error, TryAgainError) else Exit.WRONG_USE


def report_error(error: QaError, as_json: bool) -> None:
    """Tell every problem on stderr: as lines to read, or as JSON lines of type ``error``."""
    for problem in error.problems:
        if as_json:
            line = {
                "message_type": "error",
                "code": int(exit_of(error)),
                "where": problem.where,
                "wrong": problem.wrong,
                "expected": problem.expected,
                "do": problem.do,
            }
            sys.stderr.write(json.dumps(line, ensure_ascii=False) + "\n")
        else:
            sys.stderr.write(told(problem))


def told(problem: Problem) -> str:
    """A problem's four parts on four lines."""
    parts = ("error: ", problem.where), ("  wrong:    ", problem.wrong), ("  expected: ", problem.expected)
    return "".join(f"{label}{text}\n" for label, text in (*parts, ("  do:       ", problem.do)))


@contextmanager
def errors_told(as_json: bool = False) -> Iterator[None]:
    """Turn the errors of this package into messages and exit statuses."""
    try:
        yield
    except QaError as error:
        report_error(error, as_json)
        sys.exit(exit_of(error))
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; everything finished is stored; run the same command to go on\n")
        sys.exit(Exit.INTERRUPTED)
