"""Which calls are asked for, and in which order: the same on every database, whatever its collation."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Row, Select, select

from qa.store.session import Session
from qa.store.tables import calls

BATCH = 200
"""Calls in memory at once while reading: about 10 MB of decoded conversations."""


@dataclass(frozen=True, slots=True)
class Period:
    """Calls that started in [since, until), of one agent, among these ids; an absent part asks for all.

    A bound without a zone means the call's own clock; a call without a zone is taken to be in the bound's.
    A call without a start is in no period, but it is among all calls.
    """

    since: datetime | None = None
    until: datetime | None = None
    agent_id: str | None = None
    call_ids: Collection[str] | None = None

    def holds(self, call_id: str, started_at: datetime | None) -> bool:
        """Whether a call is asked for by its id and start; the agent is the database's part."""
        if self.call_ids is not None and call_id not in self.call_ids:
            return False
        if started_at is None:
            return self.since is None and self.until is None
        late_enough = self.since is None or not _before(started_at, self.since)
        return late_enough and (self.until is None or _before(started_at, self.until))


def _before(started_at: datetime, bound: datetime) -> bool:
    if bound.tzinfo is None:
        return started_at.replace(tzinfo=None) < bound
    if started_at.tzinfo is None:
        return started_at.replace(tzinfo=bound.tzinfo) < bound
    return started_at < bound


def order(call_id: str, started_at: datetime | None) -> tuple[bool, datetime, str]:
    """The key to sort calls by: start (a clock without a zone counts as UTC), unknown starts last, then id."""
    if started_at is None:
        return True, datetime.max.replace(tzinfo=UTC), call_id
    return False, started_at if started_at.tzinfo else started_at.replace(tzinfo=UTC), call_id


def in_order(session: Session, query: Select[Any], period: Period) -> Iterator[Row[Any]]:
    """The rows of ``query`` (which selects ``calls.call_id``) for these calls, fetched in batches.

    No cursor stays open between two batches: whoever reads may write in between.
    """
    ids = iter(_wanted(session, period))
    while batch := tuple(islice(ids, BATCH)):
        rows = {row.call_id: row for row in session.rows(query.where(calls.c.call_id.in_(batch)))}
        yield from (rows[call_id] for call_id in batch if call_id in rows)


def _wanted(session: Session, period: Period) -> tuple[str, ...]:
    query = select(calls.c.call_id, calls.c.started_at)
    if period.agent_id is not None:
        query = query.where(calls.c.agent_id == period.agent_id)
    found = [(row.call_id, _moment(row.started_at)) for row in session.rows(query)]
    return tuple(
        call_id for call_id, start in sorted(found, key=lambda one: order(*one)) if period.holds(call_id, start)
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
