"""Calls that failed: tried again on the next nights, then parked until somebody asks or the file changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Row, delete, select

from qa.model.scorecard import CallFailure
from qa.store.rows import body, readable
from qa.store.session import Session
from qa.store.tables import failures

MAX_ATTEMPTS = 3
"""Nights on which a failing call is tried before it is parked: enough for a passing fault (house rule)."""

PARKED = (failures.c.attempts >= MAX_ATTEMPTS, failures.c.notice.is_(False))
"""What makes a row a parked call; a notice costs no call and is never parked."""


def keep(session: Session, failure: CallFailure, run_id: str, recording_sha256: str | None) -> CallFailure:
    """Keep a failure and return it with its attempts counted: once a run, anew for other content."""
    query = select(failures).where(failures.c.call_id == failure.call_id, failures.c.place == failure.where)
    with session.transaction():
        before = session.rows(query)
        kept = replace(failure, attempts=_attempts(before[0] if before else None, run_id, recording_sha256))
        values: dict[str, object] = {
            "attempts": kept.attempts,
            "notice": kept.notice,
            "recording_sha256": recording_sha256,
            "run_id": run_id,
            "body": body(kept, failure.call_id),
        }
        session.upsert(failures, {"call_id": failure.call_id, "place": failure.where}, values)
    return kept


def _attempts(before: Row[Any] | None, run_id: str, recording_sha256: str | None) -> int:
    if before is None or before.recording_sha256 != recording_sha256:
        return 1
    return int(before.attempts) + int(before.run_id != run_id)


def of_run(session: Session, run_id: str | None) -> tuple[CallFailure, ...]:
    """What failed in this run, or what fails still; by call id and place."""
    query = select(failures.c.body)
    if run_id is not None:
        query = query.where(failures.c.run_id == run_id)
    found = (readable(stored, CallFailure) for stored in session.column(query))
    return tuple(sorted((one for one in found if one is not None), key=lambda one: (one.call_id, one.where)))


def is_parked(session: Session, call_id: str, recording_sha256: str | None) -> bool:
    """Whether the call failed too often; not where its content is known to be another now."""
    refused = set(session.column(select(failures.c.recording_sha256).where(failures.c.call_id == call_id, *PARKED)))
    return bool(refused) and (recording_sha256 is None or bool(refused & {None, recording_sha256}))


def clear(session: Session, call_id: str, notices_too: bool) -> None:
    """Forget the failures of a call that could be scored, or that shall be tried again."""
    statement = delete(failures).where(failures.c.call_id == call_id)
    session.execute(statement if notices_too else statement.where(failures.c.notice.is_(False)))
