"""Exit statuses, and how errors become them."""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum
from pathlib import Path

from qa.errors import Problem, QaError, TryAgainError


class Exit(IntEnum):
    """What a nightly job reads.

    ``DEFECT`` (EX_SOFTWARE of sysexits.h) is a mistake of this program, not of its user; Python's own status for it
    would be 1, which means something else here. ``NOBODY_READS`` is what a shell makes of SIGPIPE.
    """

    ALL_SCORED = 0
    SOME_FAILED = 1
    WRONG_USE = 2
    TRY_AGAIN = 3
    DEFECT = 70
    INTERRUPTED = 130
    NOBODY_READS = 141


TRACEBACK_VARIABLE = "QA_TRACEBACK"
"""Set it to see where this program made a mistake; what is shown may hold a caller's words."""

INTERRUPTION = Problem(
    "qa",
    "it was interrupted",
    "an end by itself",
    "run the same command to go on: everything finished is stored",
)


def exit_of(error: QaError) -> Exit:
    """3 where the same command may work later, 2 where it has to change."""
    return Exit.TRY_AGAIN if isinstance(error, TryAgainError) else Exit.WRONG_USE


def report(problem: Problem, code: Exit, as_json: bool) -> None:
    """Tell a problem that ends the command: four lines on stderr, or a JSON line of type ``error``.

    The JSON line goes to both streams: stdout is what a program reads, stderr what a log keeps.
    """
    if not as_json:
        sys.stderr.write(told(problem))
        return
    parts = {"where": problem.where, "wrong": problem.wrong, "expected": problem.expected, "do": problem.do}
    line = json.dumps({"message_type": "error", "code": int(code), **parts}) + "\n"
    for stream in (sys.stdout, sys.stderr):
        stream.write(line)


def told(problem: Problem) -> str:
    """A problem's four parts on four lines."""
    parts = ("error: ", problem.where), ("  wrong:    ", problem.wrong), ("  expected: ", problem.expected)
    return "".join(f"{label}{text}\n" for label, text in (*parts, ("  do:       ", problem.do)))


def refusal(error: OSError) -> Problem:
    """What the system refused: a full disk, a file that may not be read."""
    where = str(error.filename) if error.filename else "qa"
    do = "make room or give access, then run it again: everything finished is stored"
    return Problem(where, error.strerror or type(error).__name__, "a system that lets it be read and written", do)


def defect(error: Exception) -> Problem:
    """An error that this program did not expect, by kind and place; its text may hold a caller's words."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno} in {last.name}"
    wrong = f"this program made a mistake: {type(error).__name__} at {place}"
    do = "run it again; if it comes again, report this line and what qa doctor says"
    return Problem("qa", wrong, "no such error", do)


@contextmanager
def errors_told(as_json: bool = False) -> Iterator[None]:
    """Turn what is raised into messages and exit statuses; nobody is shown a traceback."""
    try:
        with _sigterm_like_ctrl_c():
            try:
                yield
            finally:
                sys.stdout.flush()
    except QaError as error:
        for problem in error.problems:
            report(problem, exit_of(error), as_json)
        sys.exit(exit_of(error))
    except KeyboardInterrupt:
        report(INTERRUPTION, Exit.INTERRUPTED, as_json)
        sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:
        _let_go_of_stdout()
        sys.exit(Exit.NOBODY_READS)
    except OSError as error:
        report(refusal(error), Exit.TRY_AGAIN, as_json)
        sys.exit(Exit.TRY_AGAIN)
    except Exception as error:
        if TRACEBACK_VARIABLE in os.environ:
            raise
        report(defect(error), Exit.DEFECT, as_json)
        sys.exit(Exit.DEFECT)


@contextmanager
def _sigterm_like_ctrl_c() -> Iterator[None]:
    """A service that is stopped ends like one that is interrupted: it cleans up and says so."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def end_of(end: SystemExit | KeyboardInterrupt) -> None:
    """End the process with its status, whatever became of an interruption on its way.

    Python dies of SIGINT instead of exiting where Ctrl-C came while an extension module was being imported, even
    if the interruption was caught and told afterwards; a caller would read another status than a moment later.
    """
    if isinstance(end, KeyboardInterrupt) or end.code == Exit.INTERRUPTED:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(Exit.INTERRUPTED)
    raise end


def _let_go_of_stdout() -> None:
    """Nobody reads what is written any more (``qa promises | head -1``): what is left goes nowhere, without a word."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
