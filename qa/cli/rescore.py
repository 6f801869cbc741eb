"""``qa score``, ``qa report``, ``qa promises``, ``qa coach``: everything that starts from the store."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import qa
from qa.batch.judge import Judge
from qa.batch.pipeline import rescore
from qa.cli.console import counted, json_line, note, say
from qa.cli.exits import Exit
from qa.cli.reports import require_report_folder, write
from qa.cli.rubrics import judges_for, load
from qa.cli.run import run_id
from qa.cli.stores import existing_store
from qa.model.night import RunFacts, ScoredCall
from qa.model.promise import Promise, PromiseState
from qa.model.recording import CallMetadata
from qa.model.rubric import Rubric
from qa.model.scorecard import CallFailure, Tally
from qa.model.transcript import Grade
from qa.reports.plain_text import guarded
from qa.store.lock import hold_store
from qa.store.period import Period
from qa.store.store import Store
from qa.summary import night_of


@dataclass(frozen=True, slots=True)
class Selection:
    """Which stored calls: from ``since``, before ``until``, of one agent; None means no limit."""

    store: str
    since: datetime | None = None
    until: datetime | None = None
    agent: str | None = None

    def holds(self, failure: CallFailure) -> bool:
        """Whether a failure belongs to this selection; one without a start belongs to no period."""
        asked_for = self.agent in (None, failure.agent_id)
        return asked_for and Period(self.since, self.until).holds(failure.call_id, failure.started_at)

    def scored(self, store: Store) -> Iterator[ScoredCall]:
        """The scored calls of this selection, in order of start."""
        return store.scored_calls(self.since, self.until, self.agent)


def score_again(selection: Selection, rubric: Path, as_json: bool) -> Exit:
    """Score stored calls with a rubric, without touching audio."""
    judge = Judge.of(load(rubric))
    with existing_store(selection.store) as store, hold_store(selection.store):
        heard = tuple(store.heard_calls(selection.since, selection.until, selection.agent))
        judges = judges_for(judge, (call.recording for call in heard), rubric)
        cards = tuple(rescore(store, judges, heard))
    tally = sum((card.counted for card in cards), Tally(0, 0))
    if as_json:
        json_line("summary", {"scored": len(cards), "score": tally.percent, "rubric": judge.rubric.stamp.id})
    else:
        score = "–" if tally.percent is None else f"{tally.percent:.0f} %"
        stamp = judge.rubric.stamp
        say(f"{counted(len(cards), 'stored call')} scored with {stamp.id} {stamp.version}: {score}")
        say("next: qa report")
    _nothing_fits(selection, cards)
    return Exit.ALL_SCORED


def _nothing_fits(selection: Selection, found: Sized) -> None:
    if not found:
        asked = {"since": selection.since, "until": selection.until, "agent": selection.agent}
        given = ", ".join(f"--{name} {value}" for name, value in asked.items() if value is not None)
        note(f"note: no call in {selection.store} fits" + (f" {given}" if given else ""))


def facts_of(calls: tuple[ScoredCall, ...], rubric: Rubric, now: datetime) -> RunFacts:
    """The facts of a report that is built from the store: nothing heard, everything known."""
    return RunFacts(
        run_id=run_id(now),
        started_at=now,
        qa_version=qa.__version__,
        rubric_id=rubric.stamp.id,
        rubric_version=rubric.stamp.version,
        rubric_sha256=rubric.stamp.sha256,
        new=0,
        known=len(calls),
        failed=0,
        audio_seconds=0.0,
        draft=any(call.scorecard.provenance.grade is Grade.DRAFT for call in calls),
        engines=tuple(sorted({call.scorecard.provenance.transcriber for call in calls})),
    )


def report_again(selection: Selection, rubric: Path, out: Path, now: datetime, as_json: bool) -> Exit:
    """Build the report folder from the store."""
    loaded = load(rubric)
    require_report_folder(out)
    with existing_store(selection.store) as store:
        calls = tuple(selection.scored(store))
        failures = tuple(failure for failure in store.failures() if selection.holds(failure))
        folder = write(night_of(facts_of(calls, loaded, now), calls, failures, loaded), out)
    if as_json:
        json_line("summary", {"calls": len(calls), "failures": len(failures), "out": str(folder)})
    else:
        say(f"{counted(len(calls), 'call')} reported", f"open {folder / 'index.html'}")
    _nothing_fits(selection, calls)
    return Exit.ALL_SCORED


PROMISE_COLUMNS = (
    "call_id",
    "agent_id",
    "customer_id",
    "state",
    "act",
    "due",
    "due_text",
    "start",
    "end",
    "quote",
)


@dataclass(frozen=True, slots=True)
class Owed:
    """A promise and the call it was made in."""

    call: CallMetadata
    promise: Promise

    def values(self) -> dict[str, object]:
        """The promise as programs read it."""
        promise = self.promise
        return {
            "call_id": self.call.call_id,
            "agent_id": self.call.agent_id,
            "customer_id": self.call.customer_id,
            "state": promise.state.value,
            "act": promise.act.value,
            "due": promise.due.isoformat() if promise.due else None,
            "due_text": promise.due_text,
            "start": round(promise.span.start, 3),
            "end": round(promise.span.end, 3),
            "quote": promise.quote,
        }


def promises(selection: Selection, due_before: datetime | None, state: PromiseState | None) -> Iterator[Owed]:
    """The promises of the selected calls; with ``due_before`` only those whose due time is known and earlier."""
    with existing_store(selection.store) as store:
        for call in selection.scored(store):
            for promise in call.scorecard.promises:
                if state not in (None, promise.state):
                    continue
                if due_before is None or (promise.due is not None and promise.due < _aware(due_before)):
                    yield Owed(call.scorecard.call, promise)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.astimezone()


def tell_promises(owed: Iterable[Owed], as_json: bool, as_csv: bool) -> Exit:
    """Promises as lines, JSON lines or CSV."""
    rows = [one.values() for one in owed]
    if as_json:
        for row in rows:
            json_line("promise", row)
        json_line("summary", {"promises": len(rows)})
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(PROMISE_COLUMNS)
        writer.writerows([_cell(row[column]) for column in PROMISE_COLUMNS] for row in rows)
    else:
        for row in rows:
            due = row["due"] or row["due_text"] or "no time said"
            say(f"{row['state']}\t{due}\t{row['agent_id']}\t{row['call_id']} {row['start']} s\t“{row['quote']}”")
        say(counted(len(rows), "promise"))
    return Exit.ALL_SCORED


def _cell(value: object) -> object:
    return guarded(value) if isinstance(value, str) else value


def coach(selection: Selection, as_json: bool) -> Exit:
    """The calls worth a conversation, per agent."""
    from qa.coaching import coaching_picks

    with existing_store(selection.store) as store:
        picks = coaching_picks(selection.scored(store))
    for pick in picks:
        if as_json:
            values = {"agent_id": pick.agent_id, "call_id": pick.call_id, "criterion": pick.criterion, "at": pick.at}
            json_line("pick", {**values, "why": pick.why, "positive": pick.positive})
        else:
            mark = "good" if pick.positive else "talk"
            say(f"{pick.agent_id}\t{mark}\t{pick.call_id} from {pick.at:.1f} s\t{pick.criterion}: {pick.why}")
    if as_json:
        json_line("summary", {"picks": len(picks)})
    elif not picks:
        say("no call stands out")
    return Exit.ALL_SCORED
