"""One writer of a night at a time, by locks that die with their process: nobody ever has to clear a stale one.

Beside an SQLite store lies ``NAME.qa-lock``, held by ``flock``; on PostgreSQL the lock is the server's, held by
a connection of its own (so not through a pooler that shares connections between transactions).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import Problem, TryAgainError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy import URL

LOCK_SUFFIX = ".qa-lock"
"""Added to the name of the SQLite file."""

SERVER_KEY = "hashtextextended('qa:' || current_schema(), 0)"
"""The advisory lock of PostgreSQL, in SQL: one per schema, since one schema holds one store."""

HOLDER_BYTES = 200
"""At most this much of a lock file is read to say who holds it."""


def hold_store(url: str) -> AbstractContextManager[None]:
    """Be the only batch that writes to the store at this URL, or fail at once with `TryAgainError`."""
    from qa.store.connect import sqlite_file, store_url

    where = store_url(url)
    if where.get_backend_name() == "postgresql":
        return _hold_on_server(where)
    file = sqlite_file(where)
    return nullcontext() if file is None else hold_lock(file.with_name(file.name + LOCK_SUFFIX))


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Hold the lock file ``path`` while inside; raises `TryAgainError` where another process holds it."""
    from filelock import FileLock, Timeout

    if not path.parent.is_dir():  # filelock would make it, on the wrong side of a mount that is missing
        do = "mount or make the folder, or correct --store"
        raise TryAgainError((Problem(str(path), "its folder does not exist", "a folder that can be written", do),))
    # No fallback to a lock by mere existence: that one would survive a killed process.
    lock = FileLock(path, timeout=0, fallback_to_soft=False, preserve_lock_file=True, on_acquired=_sign)
    try:
        lock.acquire()
    except Timeout:
        raise _held(str(path), _holder(path)) from None
    except OSError as error:
        wrong, do = f"cannot be locked ({type(error).__name__}: {error.strerror})", "keep the store on a local disk"
        raise TryAgainError((Problem(str(path), wrong, "a folder whose files can be locked", do),)) from None
    try:
        yield
    finally:
        lock.release()


def _sign(descriptor: int) -> None:
    """Leave word of who holds the lock; the lock itself is the operating system's."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"process {os.getpid()} on {socket.gethostname()}".encode(), 0)


def _holder(path: Path) -> str:
    with suppress(OSError):
        return path.read_bytes()[:HOLDER_BYTES].decode(errors="replace") or "another process"
    return "another process"


def _held(where: str, holder: str) -> TryAgainError:
    do = "wait until it has finished, or name another store with --store"
    return TryAgainError((Problem(where, f"{holder} is using the store", "one batch at a time", do),))


@contextmanager
def _hold_on_server(url: URL) -> Iterator[None]:
    from sqlalchemy import create_engine, text
    from sqlalchemy.pool import NullPool

    from qa.store.connect import POSTGRESQL_CONNECT_SECONDS
    from qa.store.spoken import masked, spoken_errors

    arguments = {"connect_timeout": POSTGRESQL_CONNECT_SECONDS}
    engine = create_engine(url, poolclass=NullPool, connect_args=arguments, isolation_level="AUTOCOMMIT")
    with spoken_errors(url):
        connection = engine.connect()
    with connection:
        with spoken_errors(url):
            got = connection.execute(
                text("SELECT pg_try_advisory_lock(hashtextextended('qa:' || current_schema(), 0))")
            )
            if not got.scalar_one():
                raise _held(masked(url), "another process")
        yield  # closing the connection lets go of the lock, whatever happened
