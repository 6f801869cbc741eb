"""The nightly batch, each stage once and in order: find, hear, store, score, report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from qa.batch.ears import Ears
from qa.batch.hear import hear
from qa.batch.judge import Judge
from qa.errors import CallError, TryAgainError, call_error
from qa.model.contracts import Executor
from qa.model.conversation import Conversation
from qa.model.recording import Recording
from qa.model.scorecard import CallFailure, FailureKind, Scorecard
from qa.store.store import HeardCall, Store


@dataclass(frozen=True, slots=True)
class CallDone:
    """One call's end, for the progress bar and the counts: a card or a failure."""

    recording: Recording
    card: Scorecard | None
    failure: CallFailure | None
    heard_anew: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do: calls to hear, calls heard before, calls that failed too often."""

    new: tuple[Recording, ...]
    known: tuple[Recording, ...]
    parked: tuple[Recording, ...]


class Judges(Protocol):
    """Finds the judge for a call: its own rubric where the manifest names one, else the run's."""

    def __call__(self, recording: Recording) -> Judge:
        """The judge for this call."""
        ...


def plan(recordings: Iterable[Recording], ears: Ears, store: Store, retry_parked: bool = False) -> Plan:
    """Sort the calls of a run into new, known and parked."""
    new: list[Recording] = []
    known: list[Recording] = []
    parked: list[Recording] = []
    for recording in recordings:
        if store.heard(ears.key(recording)) is not None:
            known.append(recording)
        elif not retry_parked and store.is_parked(recording.metadata.call_id, recording.sha256):
            parked.append(recording)
        else:
            new.append(recording)
    return Plan(tuple(new), tuple(known), tuple(parked))


def run(todo: Plan, ears: Ears, judges: Judges, store: Store, executor: Executor, run_id: str) -> Iterator[CallDone]:
    """Score the known calls, hear and score the new ones; each is stored whole before it is yielded."""
    for recording in todo.known:
        yield _known(recording, ears, judges, store, run_id)
    for recording, result in executor.run(partial(hear, ears=ears), todo.new):
        if isinstance(result, BaseException):
            yield _failed(recording, as_call_error(recording, result), store, run_id)
        else:
            yield _heard(recording, result, ears, judges, store, run_id)


def _known(recording: Recording, ears: Ears, judges: Judges, store: Store, run_id: str) -> CallDone:
    judge, call_id = judges(recording), recording.metadata.call_id
    key = ears.key(recording)
    card = store.scorecard(call_id, judge.rubric.stamp.sha256)
    same = store.recording_of(call_id) == recording and store.heard_key_of(call_id) == key
    conversation = store.heard(key)
    if conversation is None:  # the row was there when the run was planned
        raise _vanished(recording)
    fresh = judge.card(recording.metadata, conversation)
    if not (same and card == fresh):
        _keep(recording, key, fresh, store)
    return CallDone(recording, fresh, None, heard_anew=False)


def _vanished(recording: Recording) -> CallError:
    return call_error(
        FailureKind.STORAGE, str(recording.path), "its stored conversation is gone", "one run at a time", "run it again"
    )


def _heard(
    recording: Recording, conversation: Conversation, ears: Ears, judges: Judges, store: Store, run_id: str
) -> CallDone:
    key = ears.key(recording)
    card = judges(recording).card(recording.metadata, conversation)
    try:
        with store.transaction():
            store.keep_heard(key, conversation)
            _keep(recording, key, card, store)
    except CallError as error:
        return _failed(recording, error, store, run_id)
    return CallDone(recording, card, None, heard_anew=True)


def _keep(recording: Recording, key: str, card: Scorecard, store: Store) -> None:
    with store.transaction():
        store.keep_call(recording, key)
        store.keep_scorecard(card, card.rubric.sha256)


def as_call_error(recording: Recording, error: BaseException) -> CallError:
    """Any error of a worker as the failure of its call; the text of unknown errors may hold a caller's words."""
    if isinstance(error, CallError):
        return error
    if isinstance(error, TryAgainError):
        raise error
    return call_error(
        FailureKind.ENGINE,
        str(recording.path),
        f"hearing this call failed with {type(error).__name__}",
        "a recording that the engines can process",
        "run it again; if it fails again, report it with this line and the file's format",
    )


def failure_of(recording: Recording, error: CallError) -> CallFailure:
    """The failure that travels into every report."""
    problem = error.problems[0]
    more = f" (and {len(error.problems) - 1} more)" if len(error.problems) > 1 else ""
    return CallFailure(
        call_id=recording.metadata.call_id,
        kind=error.kind,
        where=problem.where,
        wrong=problem.wrong + more,
        expected=problem.expected,
        do=problem.do,
        agent_id=recording.metadata.agent_id,
        started_at=recording.metadata.started_at,
    )


def _failed(recording: Recording, error: CallError, store: Store, run_id: str) -> CallDone:
    kept = store.keep_failure(failure_of(recording, error), run_id, recording.sha256)
    return CallDone(recording, None, kept, heard_anew=False)


def rescore(store: Store, judges: Judges, heard: Iterable[HeardCall]) -> Iterator[Scorecard]:
    """New cards for stored calls, without touching sound; kept as the calls' current cards."""
    for call in heard:
        card = judges(call.recording).card(call.recording.metadata, call.conversation)
        if store.scorecard(call.recording.metadata.call_id) != card:
            store.keep_scorecard(card, card.rubric.sha256)
        yield card
