"""The store: what was heard, how it was judged, what could not be; one transaction for what belongs together.

with Store.open("sqlite:///qa.sqlite") as store:
    with store.transaction():
        store.keep_heard(key, conversation)
        store.keep_call(recording, key)
        store.keep_scorecard(card, rubric_sha256)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Row, and_, delete, select

from qa.errors import Problem
from qa.model.conversation import Conversation
from qa.model.night import RunFacts, ScoredCall
from qa.model.recording import Recording
from qa.model.scorecard import CallFailure, Scorecard
from qa.store import erase as erasure
from qa.store import refused
from qa.store.checkup import StoreStats, check, stats
from qa.store.connect import connect, store_url
from qa.store.period import Period, in_order, order
from qa.store.rows import body, readable
from qa.store.session import Session
from qa.store.tables import calls, heard, runs, scorecards

BUSY_SECONDS = 5.0
"""How long a writer waits for another one before it gives up; transactions here last milliseconds."""


@dataclass(frozen=True, slots=True)
class HeardCall:
    """A stored call before any judgement: what scoring with another rubric starts from."""

    recording: Recording
    heard_key: str
    conversation: Conversation


class Store:
    """One database. Safe to use from several threads, each with its own transaction.

    Every method raises `TryAgainError` where the database is locked, full or out of reach, and `CallError`
    (kind ``storage``) where a value cannot be stored.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @classmethod
    def open(cls, url: str, wait_seconds: float = BUSY_SECONDS) -> Self:
        """Open the store at this URL or path; a new one is made where there is none.

        Raises `UsageError` where it cannot be used as it is, `TryAgainError` where it is locked or out of reach.
        """
        where = store_url(url)
        return cls(Session(connect(where, wait_seconds), where))

    def close(self) -> None:
        """Let go of the database."""
        self._session.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One unit of work: everything kept inside is stored together or not at all; inner ones join the outer."""
        with self._session.transaction():
            yield

    def heard(self, key: str) -> Conversation | None:
        """What was heard under this key; None where nothing was, or where the row cannot be read any more."""
        return readable(self._session.scalar(select(heard.c.body).where(heard.c.key == key)), Conversation)

    def keep_heard(self, key: str, conversation: Conversation) -> None:
        """Keep a heard (and redacted) conversation; one under the same key is replaced."""
        self._session.upsert(heard, {"key": key}, {"body": body(conversation, key)})

    def keep_call(self, recording: Recording, heard_key: str) -> None:
        """Keep a call and what was heard in it; the call's earlier metadata are replaced, its cards stay."""
        call = recording.metadata
        values: dict[str, object] = {
            "agent_id": call.agent_id,
            "customer_id": call.customer_id,
            "started_at": None if call.started_at is None else call.started_at.isoformat(),
            "recording_sha256": recording.sha256,
            "heard_key": heard_key,
            "body": body(recording, call.call_id),
        }
        self._session.upsert(calls, {"call_id": call.call_id}, values)

    def forget_other_ids(self, recording: Recording) -> tuple[str, ...]:
        """Forget this recording's calls under other ids, which somebody has named anew; returns those ids, sorted."""
        same = calls.c.recording_sha256 == recording.sha256
        other = and_(same, calls.c.call_id != recording.metadata.call_id)
        with self._session.transaction():
            ids = tuple(sorted(self._session.column(select(calls.c.call_id).where(other))))
            if ids:
                self._session.execute(delete(calls).where(other))  # and their cards with them
        return ids

    def call_ids(self) -> tuple[str, ...]:
        """The ids of every stored call, sorted."""
        return tuple(sorted(self._session.column(select(calls.c.call_id))))

    def recording_of(self, call_id: str) -> Recording | None:
        """Where the call's sound lies and what the manifest said of it."""
        return readable(self._session.scalar(select(calls.c.body).where(calls.c.call_id == call_id)), Recording)

    def heard_key_of(self, call_id: str) -> str | None:
        """The key under which the call's conversation is stored."""
        key: str | None = self._session.scalar(select(calls.c.heard_key).where(calls.c.call_id == call_id))
        return key

    def conversation_of(self, call_id: str) -> Conversation | None:
        """What was heard in this call."""
        query = select(heard.c.body).join(calls).where(calls.c.call_id == call_id)
        return readable(self._session.scalar(query), Conversation)

    def heard_calls(
        self,
        since: datetime | None = None,
        until: datetime | None = None,
        agent_id: str | None = None,
        call_ids: Collection[str] | None = None,
    ) -> Iterator[HeardCall]:
        """Every readable call, with a card or without; arguments and order are those of `scored_calls`."""
        query = select(calls.c.call_id, calls.c.heard_key, calls.c.body, heard.c.body.label("words")).join(heard)
        for row in in_order(self._session, query, Period(since, until, agent_id, call_ids)):
            recording, conversation = readable(row.body, Recording), readable(row.words, Conversation)
            if recording is not None and conversation is not None:
                yield HeardCall(recording, row.heard_key, conversation)

    def keep_scorecard(self, card: Scorecard, rubric_sha256: str) -> None:
        """Keep a card as the current one of its call (which must be stored) and forget the call's failures."""
        call_id = card.call.call_id
        with self._session.transaction():
            key = {"call_id": call_id, "rubric_sha256": rubric_sha256}
            self._session.upsert(scorecards, key, {"body": body(card, call_id)})
            current = calls.update().where(calls.c.call_id == call_id)
            self._session.execute(current.values(current_rubric_sha256=rubric_sha256))
            refused.clear(self._session, call_id, notices_too=False)

    def scorecard(self, call_id: str, rubric_sha256: str | None = None) -> Scorecard | None:
        """The call's card by this rubric, or its current one."""
        wanted = calls.c.current_rubric_sha256 if rubric_sha256 is None else rubric_sha256
        query = select(scorecards.c.body).join(calls).where(calls.c.call_id == call_id)
        return readable(self._session.scalar(query.where(scorecards.c.rubric_sha256 == wanted)), Scorecard)

    def scored_calls(
        self,
        since: datetime | None = None,
        until: datetime | None = None,
        agent_id: str | None = None,
        call_ids: Collection[str] | None = None,
    ) -> Iterator[ScoredCall]:
        """Every call with a current card that started in [since, until), by (start, call id), read in batches.

        What a time without a zone means, and where calls without a start go: `qa.store.period.Period`.
        Rows that cannot be read are left out here, and named by `check`.
        """
        current = and_(
            scorecards.c.call_id == calls.c.call_id, scorecards.c.rubric_sha256 == calls.c.current_rubric_sha256
        )
        columns = (calls.c.call_id, calls.c.body, heard.c.body.label("words"), scorecards.c.body.label("card"))
        query = select(*columns).join_from(calls, heard).join(scorecards, current)
        for row in in_order(self._session, query, Period(since, until, agent_id, call_ids)):
            call = _scored(row)
            if call is not None:
                yield call

    def keep_failure(self, failure: CallFailure, run_id: str, recording_sha256: str | None = None) -> CallFailure:
        """Keep a failure and return it with its attempts counted: once a run, anew for other content."""
        return refused.keep(self._session, failure, run_id, recording_sha256)

    def failures(self, run_id: str | None = None) -> tuple[CallFailure, ...]:
        """What failed in this run, or what fails still; by call id and place."""
        return refused.of_run(self._session, run_id)

    def is_parked(self, call_id: str, recording_sha256: str | None = None) -> bool:
        """Whether this call failed too often to be tried again; not where its content is known to be another now."""
        return refused.is_parked(self._session, call_id, recording_sha256)

    def clear_failures(self, call_id: str) -> None:
        """Forget the failures of a call, e.g. to try a parked one again."""
        refused.clear(self._session, call_id, notices_too=True)

    def calls_of_customers(self, customer_ids: Collection[str]) -> tuple[str, ...]:
        """The ids of these customers' stored calls, sorted."""
        return erasure.of_customers(self._session, customer_ids)

    def calls_before(self, moment: datetime) -> erasure.Aged:
        """The ids of what started before this moment, and how much tells no start."""
        return erasure.before(self._session, moment)

    def belongings(self, call_ids: Collection[str]) -> erasure.ErasedRows:
        """What `erase` would remove for these calls."""
        return erasure.belongings(self._session, call_ids)

    def erase(self, call_ids: Collection[str]) -> erasure.ErasedRows:
        """Remove these calls with all that hangs on them, all or nothing, so that no byte stays in SQLite's files."""
        gone = erasure.erase(self._session, call_ids)
        erasure.drop_bytes(self._session)
        return gone

    def keep_run(self, facts: RunFacts) -> None:
        """Keep the facts of a run; those kept earlier under its id are replaced."""
        values: dict[str, object] = {"started_at": facts.started_at.isoformat(), "body": body(facts, facts.run_id)}
        self._session.upsert(runs, {"run_id": facts.run_id}, values)

    def runs(self) -> tuple[RunFacts, ...]:
        """The facts of every run, by start and id."""
        found = (readable(stored, RunFacts) for stored in self._session.column(select(runs.c.body)))
        return tuple(
            sorted((one for one in found if one is not None), key=lambda one: order(one.run_id, one.started_at))
        )

    def stats(self) -> StoreStats:
        """How much the store holds, for `qa doctor`."""
        return stats(self._session)

    def check(self) -> tuple[Problem, ...]:
        """Everything that is wrong with the store; reads every row (about 5 ms a call)."""
        return check(self._session)


def _scored(row: Row[Any]) -> ScoredCall | None:
    recording, words = readable(row.body, Recording), readable(row.words, Conversation)
    card = readable(row.card, Scorecard)
    if recording is None or words is None or card is None:
        return None
    return ScoredCall(card, words, recording.path, recording.medium)
