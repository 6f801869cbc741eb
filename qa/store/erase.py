"""Erasure: what is told to go goes with everything that hangs on it, and SQLite's files keep no byte of it.

A report folder is not the store's; whoever erases calls here has to see to the reports that show them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Column, ColumnElement, delete, func, select
from sqlalchemy.pool import PoolProxiedConnection

from qa.errors import Problem, TryAgainError
from qa.model.conversation import Conversation
from qa.model.scorecard import CallFailure
from qa.store.connect import sqlite_file
from qa.store.period import Period
from qa.store.rows import readable
from qa.store.session import Session
from qa.store.spoken import masked, spoken_errors
from qa.store.tables import calls, failures, heard, scorecards

IDS_AT_ONCE = 500
"""Values in one statement: SQLite before 3.32 takes 999 (https://sqlite.org/limits.html)."""


@dataclass(frozen=True, slots=True)
class ErasedRows:
    """How many rows went, or would go."""

    calls: int
    conversations: int
    scorecards: int
    failures: int


@dataclass(frozen=True, slots=True)
class Aged:
    """The ids of what started before a moment, sorted; ``undated``: how many calls and failures tell no start."""

    call_ids: tuple[str, ...]
    undated: int


def of_customers(session: Session, customer_ids: Collection[str]) -> tuple[str, ...]:
    """The ids of these customers' stored calls, sorted."""
    found: list[str] = []
    for some in _among(calls.c.customer_id, customer_ids):
        found += session.column(select(calls.c.call_id).where(some))
    return tuple(sorted(found))


def before(session: Session, moment: datetime) -> Aged:
    """The stored calls, and the failures of calls that are not stored, that started before ``moment``."""
    known: dict[str, datetime | None] = {}
    for stored in session.column(select(failures.c.body)):
        failure = readable(stored, CallFailure)
        if failure is not None:
            known[failure.call_id] = known.get(failure.call_id) or failure.started_at
    for row in session.rows(select(calls.c.call_id, calls.c.started_at)):
        known[row.call_id] = None if row.started_at is None else datetime.fromisoformat(row.started_at)
    aged = (call_id for call_id, start in known.items() if Period(until=moment).holds(call_id, start))
    return Aged(tuple(sorted(aged)), sum(start is None for start in known.values()))


def belongings(session: Session, call_ids: Collection[str]) -> ErasedRows:
    """What `erase` would remove for these calls; nothing is changed."""
    return ErasedRows(
        sum(_count(session, calls.c.call_id, some) for some in _among(calls.c.call_id, call_ids)),
        len(_conversations(session, call_ids)),
        sum(_count(session, scorecards.c.call_id, some) for some in _among(scorecards.c.call_id, call_ids)),
        sum(_count(session, failures.c.call_id, some) for some in _among(failures.c.call_id, call_ids)),
    )


def erase(session: Session, call_ids: Collection[str]) -> ErasedRows:
    """Remove these calls, their cards and failures, and what was heard in them, all or nothing.

    A conversation that another call uses stays. On SQLite the bytes are gone only after `drop_bytes`.
    """
    with session.transaction():
        gone = belongings(session, call_ids)
        conversations = _conversations(session, call_ids)
        for column in (scorecards.c.call_id, failures.c.call_id, calls.c.call_id):
            for some in _among(column, call_ids):
                session.execute(delete(column.table).where(some))
        for some in _among(heard.c.key, conversations):
            session.execute(delete(heard).where(some))
    return gone


def drop_bytes(session: Session) -> None:
    """Make SQLite's files forget what was deleted: the file is written anew, the write-ahead log is emptied.

    PostgreSQL sees to it by itself (autovacuum). Raises `TryAgainError` where another program holds the log.
    """
    if sqlite_file(session.url) is None:
        return
    with spoken_errors(session.url):
        raw = session.engine.raw_connection()
        try:
            _checkpoint(session, raw)
            raw.cursor().execute("VACUUM")
            _checkpoint(session, raw)
        finally:
            raw.close()


def _checkpoint(session: Session, raw: PoolProxiedConnection) -> None:
    row = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if row[0]:  # somebody reads what was there before
        wrong = "the rows are erased, but another program reads the store and keeps their bytes in the log"
        do = "end that program and run the same command again"
        raise TryAgainError((Problem(masked(session.url), wrong, "a store nobody else uses", do),))


def _conversations(session: Session, call_ids: Collection[str]) -> frozenset[str]:
    """The keys of what was heard in these calls and in no other: by the calls themselves or by their recordings."""
    own: set[str] = set()
    recordings: set[str] = set()
    for some in _among(calls.c.call_id, call_ids):
        for row in session.rows(select(calls.c.heard_key, calls.c.recording_sha256).where(some)):
            own.add(row.heard_key)
            recordings.add(row.recording_sha256)
    going = frozenset(call_ids)
    kept = [row for row in _users(session, own, recordings) if row.call_id not in going]
    own -= {row.heard_key for row in kept}
    recordings -= {row.recording_sha256 for row in kept}
    return frozenset(own | set(_left_over(session, recordings)))


def _users(session: Session, keys: Collection[str], recordings: Collection[str]) -> Iterator[Any]:
    """Every call that uses one of these conversations or recordings."""
    query = select(calls.c.call_id, calls.c.heard_key, calls.c.recording_sha256)
    for column, values in ((calls.c.heard_key, keys), (calls.c.recording_sha256, recordings)):
        for some in _among(column, values):
            yield from session.rows(query.where(some))


def _left_over(session: Session, recordings: Collection[str]) -> Iterator[str]:
    """Conversations that no call uses any more (heard with other engines before), of these recordings."""
    if not recordings:
        return
    unused = select(heard.c.key).where(~select(calls.c.call_id).where(calls.c.heard_key == heard.c.key).exists())
    for key in session.column(unused):
        words = readable(session.scalar(select(heard.c.body).where(heard.c.key == key)), Conversation)
        if words is None or words.recording_sha256 in recordings:  # what nobody can read serves nobody
            yield key


def _among(column: Column[Any], values: Collection[str]) -> Iterator[ColumnElement[bool]]:
    """Conditions that together mean: the column has one of these values."""
    rest = iter(sorted(values))
    while some := tuple(islice(rest, IDS_AT_ONCE)):
        yield column.in_(some)


def _count(session: Session, column: Column[Any], condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(column.table).where(condition)) or 0
