"""``qa run``: the nightly batch."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import qa
from qa.batch.local import LocalExecutor
from qa.batch.pipeline import Batch, CallDone, Plan
from qa.cli.assemble import build_ears
from qa.cli.console import json_line, note, say, watching
from qa.cli.exits import Exit
from qa.cli.reports import summarise_run, write
from qa.cli.settings import HearingSettings
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
    return BASE_SECONDS + SECONDS_PER_MEGABYTE * recording.path.stat().st_size / 1e6


def run_batch(settings: RunSettings, now: datetime) -> Exit:
    """Find, hear, score and report; returns the exit status."""
    from qa.audio.find import find
    from qa.batch.judge import Judge
    from qa.cli.rubrics import judges_for, load
    from qa.store.lock import hold_store
    from qa.store.store import Store

    judge = Judge.of(load(settings.rubric))
    found = find(settings.paths, settings.manifest, fetched_folder(), settings.limit)
    if not settings.quiet:
        note(*(f"note: {line}" for line in found.notes))
    judges = judges_for(judge, found.recordings, settings.rubric)
    ears = build_ears(settings.hearing, judge.rubric.company, found.recordings)
    with hold_store(settings.store), Store.open(settings.store) as store:
        night = _Night(settings, Batch(ears, judges, store, run_id(now)), judge, found, now)
        return night.planned() if settings.dry_run else night.carried_out()


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
        if self.settings.as_json:
            json_line("summary", {"dry_run": True, **counts})
            return Exit.ALL_SCORED
        for state, calls in (("new", todo.new), ("known", todo.known), ("parked", todo.parked)):
            say(*(f"{state}\t{recording.metadata.call_id}\t{recording.path}" for recording in calls))
        say(*(f"refused\t{failure.call_id}\t{failure.wrong}" for failure in self.found.failures))
        say(", ".join(f"{count} {state}" for state, count in counts.items()))
        return Exit.ALL_SCORED

    def carried_out(self) -> Exit:
        """Hear, score, store and report."""
        todo = self.batch.plan(self.found.recordings, self.settings.retry_parked)
        refused = tuple(self.batch.store.keep_failure(f, self.batch.run_id) for f in self.found.failures)
        done = self._calls_done(todo)
        failures = refused + tuple(call.failure for call in done if call.failure) + self._parked(todo)
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
        return tuple(failure for failure in self.batch.store.failures() if failure.call_id in ids)

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


def available_cores() -> int:
    """The cores this process may use: one recogniser thread each is the fastest arrangement on a CPU."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
