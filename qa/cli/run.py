"""``qa run``: the nightly batch."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import qa
from qa.audio.folder import shown
from qa.batch.local import LocalExecutor
from qa.batch.pipeline import Batch, CallDone, Plan
from qa.cli.assemble import build_ears
from qa.cli.console import json_line, note, say, watching
from qa.cli.exits import Exit
from qa.cli.reports import require_report_folder, summarise_run, write
from qa.cli.settings import HearingSettings
from qa.errors import Problem, UsageError
from qa.model.night import RunFacts
from qa.model.scorecard import CallFailure
from qa.model.transcript import Grade
from qa.summary import night_of

if TYPE_CHECKING:
    from qa.audio.find import Found
    from qa.batch.judge import Judge
    from qa.model.recording import Recording

BASE_SECONDS = 900.0
"""s; what the smallest call may take in a worker, model loading included."""

SECONDS_PER_MEGABYTE = 3600.0
"""s; ten minutes of compressed speech are about a megabyte, so a worker may be six times slower than real time."""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Everything ``qa run`` was asked for."""

    paths: tuple[str, ...]
    rubric: Path
    manifest: Path | None
    out: Path
    store: str
    hearing: HearingSettings
    workers: int | None = None
    limit: int | None = None
    dry_run: bool = False
    as_json: bool = False
    quiet: bool = False
    retry_parked: bool = False


def allowed_seconds(recording: Recording) -> float:
    """How long a worker may take for one recording before it is taken for hanging, in seconds."""
    try:
        size = recording.path.stat().st_size
    except OSError:  # it was there when it was found: hearing it will tell what is wrong
        size = 0
    return BASE_SECONDS + SECONDS_PER_MEGABYTE * size / 1e6


def run_batch(settings: RunSettings, now: datetime) -> Exit:
    """Find, hear, score and report; returns the exit status."""
    from qa.audio.find import find
    from qa.batch.judge import Judge
    from qa.cli.rubrics import judges_for, load
    from qa.cli.stores import store_to_read
    from qa.store.lock import hold_store
    from qa.store.store import Store

    judge = Judge.of(load(settings.rubric))
    require_a_path(settings.paths)
    require_report_folder(settings.out)
    found = find(settings.paths, settings.manifest, fetched_folder(), settings.limit)
    if not settings.quiet:
        note(*(f"note: {line}" for line in (*found.notes, *_nothing_found(found, settings.paths))))
    judges = judges_for(judge, found.recordings, settings.rubric)
    ears = build_ears(settings.hearing, judge.rubric.company, found.recordings)
    if settings.dry_run:
        with store_to_read(settings.store) as store:
            return _Night(settings, Batch(ears, judges, store, run_id(now)), judge, found, now).planned()
    with hold_store(settings.store), Store.open(settings.store) as store:
        return _Night(settings, Batch(ears, judges, store, run_id(now)), judge, found, now).carried_out()


def require_a_path(paths: tuple[str, ...]) -> None:
    """Raise `UsageError` where not one PATH is there: a wrong command, or a disk that is not mounted.

    Where some are there, the others become failures of the run, which goes on.
    """
    from qa.audio.remote import is_address

    if all(not is_address(path) and not os.path.lexists(path) for path in paths):
        do = "check the name, and whether its disk is mounted"
        expected = "a recording, a transcript or a folder of them"
        raise UsageError(tuple(Problem(path, "there is no such file or folder", expected, do) for path in paths))


def _nothing_found(found: Found, paths: tuple[str, ...]) -> tuple[str, ...]:
    if found.recordings or found.failures:
        return ()
    return (f"no recording and no transcript was found in {', '.join(paths)}",)


def run_id(now: datetime) -> str:
    """The run's name: its start in UTC, to the second."""
    return now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def fetched_folder() -> Path:
    """Where recordings fetched by URL lie."""
    from platformdirs import user_cache_path

    return user_cache_path("qa") / "fetched"


@dataclass(frozen=True)
class _Night:
    """A run on its way: what it was asked, what it found, and the batch that does it."""

    settings: RunSettings
    batch: Batch
    judge: Judge
    found: Found
    now: datetime

    def planned(self) -> Exit:
        """Tell what a run would do, and do nothing."""
        todo = self.batch.plan(self.found.recordings, self.settings.retry_parked)
        counts = {
            "new": len(todo.new),
            "known": len(todo.known),
            "parked": len(todo.parked),
            "refused": len(self.found.failures),
        }
        for state, calls in (("new", todo.new), ("known", todo.known), ("parked", todo.parked)):
            for recording in calls:
                self._planned_call(state, recording.metadata.call_id, shown(recording.path))
        for failure in self.found.failures:
            self._planned_call("refused", failure.call_id, f"{failure.where}: {failure.wrong}")
        if self.settings.as_json:
            json_line("summary", {"dry_run": True, **counts})
        else:
            say(", ".join(f"{count} {state}" for state, count in counts.items()))
        return Exit.ALL_SCORED

    def _planned_call(self, state: str, call_id: str, what: str) -> None:
        if self.settings.as_json:
            json_line("status", {"call_id": call_id, "state": state, "what": what})
        else:
            say(f"{state}\t{call_id}\t{what}")

    def carried_out(self) -> Exit:
        """Hear, score, store and report."""
        todo = self.batch.plan(self.found.recordings, self.settings.retry_parked)
        refused = tuple(self.batch.store.keep_failure(f, self.batch.run_id) for f in self.found.failures)
        done = self._calls_done(todo)
        failed = (*refused, *(call.failure for call in done if call.failure), *self._parked(todo))
        failures = tuple(sorted(failed, key=lambda failure: (failure.notice, failure.call_id, failure.where)))
        facts = self._facts(todo, done, failures)
        self.batch.store.keep_run(facts)
        folder = self._report(facts, done, failures)
        summarise_run(facts, done, failures, folder, self.settings.as_json)
        return Exit.SOME_FAILED if facts.failed else Exit.ALL_SCORED

    def _calls_done(self, todo: Plan) -> tuple[CallDone, ...]:
        workers = self.settings.workers or available_cores()
        executor = LocalExecutor(min(workers, max(1, len(todo.new))), allowed_seconds)
        total = len(todo.new) + len(todo.known)
        finished: list[CallDone] = []
        with _stopped_by_sigterm(executor), watching(total, self.settings.as_json, self.settings.quiet) as watcher:
            for call in self.batch.run(todo, executor):
                watcher.done(call)
                finished.append(call)
        if len(finished) < total:
            raise KeyboardInterrupt
        return tuple(finished)

    def _parked(self, todo: Plan) -> tuple[CallFailure, ...]:
        ids = {recording.metadata.call_id for recording in todo.parked}
        found = (failure for failure in self.batch.store.failures() if failure.call_id in ids and not failure.notice)
        return tuple(replace(failure, do=f"{failure.do}; {left_alone(failure.attempts)}") for failure in found)

    def _facts(self, todo: Plan, done: tuple[CallDone, ...], failures: tuple[CallFailure, ...]) -> RunFacts:
        cards = [call.card for call in done if call.card is not None]
        stamp = self.judge.rubric.stamp
        return RunFacts(
            run_id=self.batch.run_id,
            started_at=self.now,
            qa_version=qa.__version__,
            rubric_id=stamp.id,
            rubric_version=stamp.version,
            rubric_sha256=stamp.sha256,
            new=sum(call.heard_anew for call in done),
            known=len(todo.known),
            failed=sum(not failure.notice for failure in failures),
            audio_seconds=sum(call.card.duration for call in done if call.heard_anew and call.card),
            draft=any(card.provenance.grade is Grade.DRAFT for card in cards),
            engines=tuple(sorted({card.provenance.transcriber for card in cards})),
        )

    def _report(self, facts: RunFacts, done: tuple[CallDone, ...], failures: tuple[CallFailure, ...]) -> Path:
        ids = frozenset(call.recording.metadata.call_id for call in done if call.card)
        calls = self.batch.store.scored_calls(call_ids=ids) if ids else ()
        return write(night_of(facts, calls, failures, self.judge.rubric), self.settings.out)


@contextmanager
def _stopped_by_sigterm(executor: LocalExecutor) -> Iterator[None]:
    """While the block runs, SIGTERM lets the running calls finish and starts no more."""
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: executor.stop())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def left_alone(attempts: int) -> str:
    """What is said of a call that is not tried any more."""
    return f"it failed in {attempts} runs and is left alone until its file changes or --retry-parked is given"


def available_cores() -> int:
    """The cores this process may use: one recogniser thread each is the fastest arrangement on a CPU."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
