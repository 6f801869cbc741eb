"""What the store holds, and whether all of it is sound: for `qa doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Table, and_, func, select, text

from qa.errors import Problem
from qa.model.conversation import Conversation
from qa.model.night import RunFacts
from qa.model.recording import Recording
from qa.model.scorecard import CallFailure, Scorecard
from qa.store.codec import CodecError, decode
from qa.store.connect import sqlite_file
from qa.store.refused import PARKED
from qa.store.session import Session
from qa.store.spoken import masked
from qa.store.tables import calls, failures, heard, meta, metadata, runs, scorecards

_BODIES: tuple[tuple[Table, Column[Any], type], ...] = (
    (heard, heard.c.key, Conversation),
    (calls, calls.c.call_id, Recording),
    (scorecards, scorecards.c.call_id, Scorecard),
    (failures, failures.c.call_id, CallFailure),
    (runs, runs.c.run_id, RunFacts),
)


@dataclass(frozen=True, slots=True)
class StoreStats:
    """The store in figures. ``where`` is the URL without its password, ``bytes`` what it takes on disk."""

    where: str
    schema: int
    heard: int
    calls: int
    scorecards: int
    failures: int
    parked: int
    runs: int
    bytes: int


def stats(session: Session) -> StoreStats:
    """Count everything."""

    def count(table: Table, *conditions: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0

    return StoreStats(
        where=masked(session.url),
        schema=int(session.scalar(select(meta.c.value).where(meta.c.name == "schema_version")) or 0),
        heard=count(heard),
        calls=count(calls),
        scorecards=count(scorecards),
        failures=count(failures),
        parked=count(failures, *PARKED),
        runs=count(runs),
        bytes=_bytes(session),
    )


def _bytes(session: Session) -> int:
    if session.engine.dialect.name == "postgresql":
        sizes = [func.pg_total_relation_size(name, type_=BigInteger) for name in metadata.tables]
        return sum(session.scalar(select(size)) or 0 for size in sizes)
    file = sqlite_file(session.url)
    parts = () if file is None else (file, Path(f"{file}-wal"), Path(f"{file}-shm"))
    return sum(part.stat().st_size for part in parts if part.exists())


def check(session: Session) -> tuple[Problem, ...]:
    """Everything that is wrong: the file itself, rows without the row they belong to, rows that do not decode."""
    where = masked(session.url)
    found = chain(_damage(session, where), _orphans(session, where), _undecodable(session, where))
    return tuple(sorted(found, key=lambda problem: (problem.where, problem.wrong)))


def _damage(session: Session, where: str) -> Iterator[Problem]:
    if session.engine.dialect.name == "sqlite":
        for line in session.column(text("PRAGMA integrity_check")):
            if line != "ok":
                yield Problem(where, f"the file is damaged: {line}", "a sound file", "restore it from a backup")


def _orphans(session: Session, where: str) -> Iterator[Problem]:
    """The database forbids them; they appear when rows are edited by hand or foreign keys are switched off."""
    unheard = select(calls.c.call_id).outerjoin(heard).where(heard.c.key.is_(None))
    for call_id in session.column(unheard):
        yield _row_problem(where, calls, call_id, "what was heard in it is missing")
    callless = select(scorecards.c.call_id).outerjoin(calls).where(calls.c.call_id.is_(None))
    for call_id in session.column(callless):
        yield _row_problem(where, scorecards, call_id, "its call is missing")
    mine = and_(scorecards.c.call_id == calls.c.call_id, scorecards.c.rubric_sha256 == calls.c.current_rubric_sha256)
    cardless = select(calls.c.call_id).outerjoin(scorecards, mine)
    lost = calls.c.current_rubric_sha256.is_not(None) & scorecards.c.call_id.is_(None)
    for call_id in session.column(cardless.where(lost)):
        yield _row_problem(where, calls, call_id, "its current card is missing")


def _undecodable(session: Session, where: str) -> Iterator[Problem]:
    for table, key, kind in _BODIES:
        for name in sorted(set(session.column(select(key)))):
            for stored in session.column(select(table.c.body).where(key == name)):
                try:
                    decode(stored, kind)
                except CodecError as error:
                    yield _row_problem(where, table, name, str(error))


def _row_problem(where: str, table: Table, key: str, wrong: str) -> Problem:
    do = "run qa run on the recording: what is missing is heard and scored again"
    return Problem(f"{where}, {table.name} {key!r}", wrong, "a whole row", do)
