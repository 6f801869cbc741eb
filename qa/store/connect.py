"""From a store URL to a database that keeps its word.

SQLite: WAL with ``synchronous=FULL`` (a commit survives a crash and a power cut), foreign keys held, deleted text
overwritten, and writers that take the write lock at once, so that two of them wait instead of failing halfway.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from qa.errors import Problem, TryAgainError, UsageError
from qa.store import tables
from qa.store.spoken import masked, spoken_errors

READ_ONLY = "qa_read_only"
"""Execution option of connections that only read: they need no write lock."""

POSTGRESQL_CONNECT_SECONDS = 10
"""Time for a PostgreSQL server to answer; a nightly job should learn of an absent one at once (house rule)."""

CREATION_LOCK = 0x7161_5374
"""Advisory lock of PostgreSQL that is held while tables are made; any constant that is ours."""

WAL_RETRY_SECONDS = 0.05
"""Pause between two attempts to switch a new file to WAL, which does not heed the busy timeout."""


def store_url(text_url: str) -> URL:
    """The URL as SQLAlchemy takes it; a bare path is an SQLite file. Raises `UsageError`."""
    try:
        url = make_url(text_url if "://" in text_url else f"sqlite:///{text_url}")
    except ArgumentError:
        raise _wrong_url("the store URL", "it cannot be read as a URL") from None
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise _wrong_url(masked(url), f"{url.drivername!r} is no kind of store")
    if (url.database or "").startswith("file:"):
        raise _wrong_url(masked(url), "SQLite's own URIs are not taken")
    return url


def _wrong_url(where: str, wrong: str) -> UsageError:
    expected = "sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE"
    return UsageError((Problem(where, wrong, expected, "correct --store"),))


def sqlite_file(url: URL) -> Path | None:
    """The SQLite file of the store; None for PostgreSQL and for a store in memory."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(url.database or "")


def connect(url: URL, wait_seconds: float) -> Engine:
    """An engine whose tables exist and are of this version.

    Raises `UsageError` (no database, not ours, newer, driver missing) or `TryAgainError` (locked, out of reach).
    """
    file = sqlite_file(url)
    if file is not None and not file.parent.is_dir():
        do = "mount or make the folder, or correct --store"
        raise TryAgainError((Problem(masked(url), "its folder does not exist", "a folder that can be written", do),))
    with spoken_errors(url):
        engine = _engine(url, wait_seconds)
        try:
            _prepare(engine, url, wait_seconds)
        except BaseException:
            engine.dispose()
            raise
    return engine


def _engine(url: URL, wait_seconds: float) -> Engine:
    sqlite = url.get_backend_name() == "sqlite"
    arguments = {"timeout": wait_seconds} if sqlite else {"connect_timeout": POSTGRESQL_CONNECT_SECONDS}
    try:
        engine = create_engine(url, connect_args=arguments, hide_parameters=True, pool_pre_ping=not sqlite)
    except (ImportError, NoSuchModuleError) as error:
        do = "pip install 'qa[postgresql]'"
        raise UsageError((Problem(masked(url), f"its driver is missing ({error})", "psycopg 3", do),)) from None
    if sqlite:
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # sqlite3 would otherwise begin late, and fail instead of waiting
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _prepare(engine: Engine, url: URL, wait_seconds: float) -> None:
    """Make the tables of a new store, bring an old one up to date, refuse a newer or a foreign one."""
    if url.get_backend_name() == "sqlite":
        _refuse_foreign_file(engine, url)
        _switch_to_wal(engine, wait_seconds)
    if _is_current(engine):
        return
    with engine.begin() as connection:
        if url.get_backend_name() == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CREATION_LOCK})
        version = _version(connection)
        if version is None:
            tables.metadata.create_all(connection)
            connection.execute(tables.meta.insert().values(name="schema_version", value=str(tables.SCHEMA_VERSION)))
        elif version > tables.SCHEMA_VERSION:
            raise _too_new(url, version)
        else:
            _migrate(connection, version)


def _refuse_foreign_file(engine: Engine, url: URL) -> None:
    with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
        names = set(inspect(connection).get_table_names())
    if names and tables.meta.name not in names:
        do = "name another file with --store"
        raise UsageError((Problem(masked(url), "another program's database", "a store of qa or a new file", do),))


def _switch_to_wal(engine: Engine, wait_seconds: float) -> None:
    """Switch once (the file remembers); two programs that open a new store at once take turns."""
    deadline = time.monotonic() + wait_seconds
    raw = engine.raw_connection()
    try:
        while raw.cursor().execute("PRAGMA journal_mode").fetchone()[0] == "delete":
            try:
                raw.cursor().execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(WAL_RETRY_SECONDS)
    finally:
        raw.close()


def _is_current(engine: Engine) -> bool:
    """Whether nothing has to be written: opening to read must not wait for a writer."""
    with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
        return _version(connection) == tables.SCHEMA_VERSION


def _version(connection: Connection) -> int | None:
    if not inspect(connection).has_table(tables.meta.name):
        return None
    query = select(tables.meta.c.value).where(tables.meta.c.name == "schema_version")
    value = connection.execute(query).scalar_one_or_none()
    return None if value is None else int(value)


def _migrate(connection: Connection, version: int) -> None:
    for step in range(version, tables.SCHEMA_VERSION):
        tables.MIGRATIONS[step](connection)
    query = tables.meta.update().where(tables.meta.c.name == "schema_version")
    connection.execute(query.values(value=str(tables.SCHEMA_VERSION)))


def _too_new(url: URL, version: int) -> UsageError:
    wrong = f"it was made by a newer qa (schema {version})"
    do = "install that version of qa, or name another store with --store"
    return UsageError((Problem(masked(url), wrong, f"schema {tables.SCHEMA_VERSION} or older", do),))
