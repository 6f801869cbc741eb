"""One database and, per thread, at most one transaction on it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, Executable, Row, Select, Table
from sqlalchemy.dialects import postgresql, sqlite

from qa.store.connect import READ_ONLY
from qa.store.spoken import spoken_errors

Value = TypeVar("Value")


class _Ambient(threading.local):
    """The transaction this thread is in, and whether a statement of it failed."""

    connection: Connection | None = None
    failed: bool = False


class Session:
    """Runs statements: in this thread's transaction where there is one, else each for itself."""

    def __init__(self, engine: Engine, url: URL) -> None:
        self.engine = engine
        self.url = url
        self._ambient = _Ambient()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what is done inside at the end of the outermost ``with``; undo all of it where anything fails."""
        if self._ambient.connection is not None:
            yield
            return
        with spoken_errors(self.url), self.engine.begin() as connection:
            self._ambient.connection, self._ambient.failed = connection, False
            try:
                yield
            finally:
                self._ambient.connection = None
            if self._ambient.failed:  # PostgreSQL would otherwise undo it without a word
                raise RuntimeError("an error inside this transaction was caught inside it: nothing was stored")

    def execute(self, statement: Executable) -> None:
        """Run a statement that writes."""
        with self.transaction(), spoken_errors(self.url, unicode_too=True):
            self._run(self._ambient.connection, statement)

    def rows(self, query: Executable) -> Sequence[Row[Any]]:
        """Every row of the query."""
        with spoken_errors(self.url, unicode_too=True):
            if self._ambient.connection is not None:
                return self._run(self._ambient.connection, query)
            with self.engine.connect().execution_options(**{READ_ONLY: True}) as connection:
                return connection.execute(query).all()

    def column(self, query: Executable) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self.rows(query)]

    def scalar(self, query: Select[Value]) -> Value | None:
        """The first column of the only row, or None where there is no row."""
        found: list[Value] = self.column(query)
        return found[0] if found else None

    def upsert(self, table: Table, key: dict[str, str], values: dict[str, object]) -> None:
        """Insert the row, or replace these columns of the one that has this key."""
        insert = postgresql.insert if self.engine.dialect.name == "postgresql" else sqlite.insert
        statement = insert(table).values(**key, **values)
        self.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))

    def _run(self, connection: Connection | None, statement: Executable) -> Sequence[Row[Any]]:
        assert connection is not None, "only inside a transaction"  # noqa: S101 - narrows the type
        try:
            result = connection.execute(statement)
            return result.all() if result.returns_rows else ()
        except BaseException:
            self._ambient.failed = True
            raise
