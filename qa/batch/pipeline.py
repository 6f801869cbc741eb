"""The nightly batch, each stage once and in order: find, hear, store, score, report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from traceback import extract_tb
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
    """One call's end, for the progress bar and the counts: a card, perhaps with a notice, or a failure."""

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


@dataclass(frozen=True)
class Batch:
    """One run over a store: what it hears with, what it judges by, and the run its failures belong to."""

    ears: Ears
    judges: Judges
    store: Store
    run_id: str

    def plan(self, recordings: Iterable[Recording], retry_parked: bool = False) -> Plan:
        """Sort the calls of a run into new, known and parked."""
        new: list[Recording] = []
        known: list[Recording] = []
        parked: list[Recording] = []
        for recording in recordings:
            if self.store.heard(self.ears.key(recording)) is not None:
                known.append(recording)
            elif not retry_parked and self.store.is_parked(recording.metadata.call_id, recording.sha256):
                parked.append(recording)
            else:
                new.append(recording)
        return Plan(tuple(new), tuple(known), tuple(parked))

    def run(self, todo: Plan, executor: Executor) -> Iterator[CallDone]:
        """Score the known calls, hear and score the new ones; each is stored whole before it is yielded."""
        for recording in todo.known:
            yield self._guarded(recording, None)
        for recording, result in executor.run(partial(hear, ears=self.ears), todo.new):
            if isinstance(result, BaseException):
                yield self._failed(recording, as_call_error(recording, result))
            else:
                yield self._guarded(recording, result)

    def _guarded(self, recording: Recording, heard: Conversation | None) -> CallDone:
        """Judge and keep one call; what breaks on one call must not stop the night."""
        try:
            return self._known(recording) if heard is None else self._heard(recording, heard)
        except TryAgainError:
            raise
        except Exception as error:
            return self._failed(recording, as_call_error(recording, error))

    def _known(self, recording: Recording) -> CallDone:
        key, call_id = self.ears.key(recording), recording.metadata.call_id
        conversation = self.store.heard(key)
        if conversation is None:  # the row was there when the run was planned
            raise _vanished(recording)
        fresh = self.judges(recording).card(recording.metadata, conversation)
        before = self.store.recording_of(call_id)
        same = before == recording and self.store.heard_key_of(call_id) == key
        if not (same and self.store.scorecard(call_id) == fresh):
            self._keep(recording, key, fresh)
        return CallDone(recording, fresh, replaced(before, recording), heard_anew=False)

    def _heard(self, recording: Recording, conversation: Conversation) -> CallDone:
        key = self.ears.key(recording)
        card = self.judges(recording).card(recording.metadata, conversation)
        before = self.store.recording_of(recording.metadata.call_id)
        with self.store.transaction():
            self.store.keep_heard(key, conversation)
            self._keep(recording, key, card)
        return CallDone(recording, card, replaced(before, recording), heard_anew=True)

    def _keep(self, recording: Recording, key: str, card: Scorecard) -> None:
        with self.store.transaction():
            self.store.keep_call(recording, key)
            self.store.forget_other_ids(recording)
            self.store.keep_scorecard(card, card.rubric.sha256)

    def _failed(self, recording: Recording, error: CallError) -> CallDone:
        kept = self.store.keep_failure(failure_of(recording, error), self.run_id, recording.sha256)
        return CallDone(recording, None, kept, heard_anew=False)


def replaced(before: Recording | None, recording: Recording) -> CallFailure | None:
    """The notice that another recording took a call's place: exported again, or a name that comes every night."""
    if before is None or before.sha256 == recording.sha256:
        return None
    return CallFailure(
        call_id=recording.metadata.call_id,
        kind=FailureKind.DUPLICATE_CALL_ID,
        where=str(recording.path),
        wrong=f"another recording was stored under this call id ({before.path}); its card was replaced",
        expected="an id of its own for each call",
        do="if these are two calls, give them ids of their own in the manifest and run both again",
        agent_id=recording.metadata.agent_id,
        started_at=recording.metadata.started_at,
        notice=True,
    )


def _vanished(recording: Recording) -> CallError:
    where = str(recording.path)
    return call_error(FailureKind.STORAGE, where, "what was heard of it is gone", "one run at a time", "run it again")


def as_call_error(recording: Recording, error: BaseException) -> CallError:
    """Any error of a worker as the failure of its call; the text of unknown errors may hold a caller's words."""
    if isinstance(error, CallError):
        return error
    if isinstance(error, TryAgainError):
        raise error
    return call_error(
        FailureKind.ENGINE,
        str(recording.path),
        f"this call met a mistake of the program: {type(error).__name__}{_place(error)}",
        "a recording that the engines can process",
        "run it again; if it fails again, report it with this line and the file's format",
    )


def _place(error: BaseException) -> str:
    """Where it was raised: by its own trace, or by the note that a worker left on it."""
    own = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in extract_tb(error.__traceback__)]
    told = [line for note in getattr(error, "__notes__", ()) for line in note.splitlines()[1:]]
    places = told or own
    return f" at {places[-1].rpartition('/')[2]}" if places else ""


def failure_of(recording: Recording, error: CallError) -> CallFailure:
    """The failure that travels into every report."""
    problem = error.problems[0]
    file = str(recording.path)
    # An engine names itself or its option; whoever reads the list of failures looks for the recording.
    where = problem.where if file in problem.where else f"{file} ({problem.where})"
    more = f" (and {len(error.problems) - 1} more)" if len(error.problems) > 1 else ""
    return CallFailure(
        call_id=recording.metadata.call_id,
        kind=error.kind,
        where=where,
        wrong=problem.wrong + more,
        expected=problem.expected,
        do=problem.do,
        agent_id=recording.metadata.agent_id,
        started_at=recording.metadata.started_at,
    )


def rescore(store: Store, judges: Judges, heard: Iterable[HeardCall]) -> Iterator[Scorecard]:
    """New cards for stored calls, without touching sound; kept as the calls' current cards."""
    for call in heard:
        card = judges(call.recording).card(call.recording.metadata, call.conversation)
        if store.scorecard(call.recording.metadata.call_id) != card:
            store.keep_scorecard(card, card.rubric.sha256)
        yield card
