"""What a database driver raises, said so that a user can act on it; the SQL and its values stay out of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError

from qa.errors import Problem, QaError, TryAgainError, UsageError, call_error
from qa.model.scorecard import FailureKind


def masked(url: URL) -> str:
    """The URL without its password, in the address or among the options, for messages."""
    shown = url.set(query={k: "***" if "pass" in k.lower() else v for k, v in url.query.items()})
    return shown.render_as_string(hide_password=True)


@contextmanager
def spoken_errors(url: URL, unicode_too: bool = False) -> Iterator[None]:
    """Turn what a driver raises into a message a user can act on; ``unicode_too``: an id it cannot encode as well."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        raise _spoken(masked(url), error, url) from None
    except UnicodeError:
        if not unicode_too:
            raise
        wrong, do = "an id that is not Unicode text", "correct the id in the manifest"
        raise call_error(FailureKind.STORAGE, masked(url), wrong, "Unicode text", do) from None


def _spoken(where: str, error: Exception, url: URL) -> QaError:
    original = (error.orig if isinstance(error, DBAPIError) else error) or error
    said = str(original).lower()
    for part, answer in _ANSWERS:
        if part in said:
            return answer(where)
    kind = type(original).__name__
    if isinstance(error, (DataError, IntegrityError)):
        do = "run qa doctor, and report this with the call's id"
        return call_error(FailureKind.STORAGE, where, f"the row was refused ({kind})", "a row it can hold", do)
    if isinstance(error, (OperationalError, sqlite3.OperationalError)):  # speaks of the connection, never of a row
        line = (str(original).splitlines() or [""])[0]
        kind = f"{kind}: {line.replace(str(url.password), '***') if url.password else line}"
    do = "see that the database runs and can be written, then run again: nothing that was finished is lost"
    return TryAgainError((Problem(where, f"it is out of reach ({kind})", "a database that answers", do),))


def _again(wrong: str, expected: str, do: str) -> Callable[[str], QaError]:
    return lambda where: TryAgainError((Problem(where, wrong, expected, do),))


def _usage(wrong: str, expected: str, do: str) -> Callable[[str], QaError]:
    return lambda where: UsageError((Problem(where, wrong, expected, do),))


_FULL = _again("the disk is full", "room to write", "free some space and run again: nothing that was finished is lost")

_ANSWERS: tuple[tuple[str, Callable[[str], QaError]], ...] = (
    ("disk is full", _FULL),
    ("no space left", _FULL),
    ("is locked", _again("it is locked by another program", "a store nobody else writes", "run again when it is free")),
    ("not a database", _usage("the file is not a database", "a store of qa or a new file", "correct --store")),
    ("malformed", _usage("the database is damaged", "a sound file", "run qa doctor, and restore it from a backup")),
    ("readonly", _again("it cannot be written", "write permission on file and folder", "give it and run again")),
    ("permission denied", _usage("this user may not use it", "read and write rights", "have them granted")),
)
"""What SQLite (https://sqlite.org/rescode.html) and PostgreSQL say, and what that means to the person who reads it."""
