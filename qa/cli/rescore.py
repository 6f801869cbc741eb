"""``qa score``, ``qa report``, ``qa promises``, ``qa coach``: everything that starts from the store."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import qa
from qa.batch.judge import Judge
from qa.batch.pipeline import rescore
from qa.cli.console import json_line, say
from qa.cli.exits import Exit
from qa.cli.reports import write
from qa.cli.rubrics import judges_for, load
from qa.cli.run import run_id
from qa.model.night import RunFacts, ScoredCall
from qa.model.promise import Promise
from qa.model.recording import CallMetadata
from qa.model.rubric import Rubric
from qa.model.scorecard import Tally
from qa.model.transcript import Grade
from qa.store.lock import hold_store
from qa.store.store import Store
from qa.summary import night_of


@dataclass(frozen=True, slots=True)
class Selection:
    """Which stored calls: from ``since``, before ``until``, of one agent; None means no limit."""

    store: str
    since: datetime | None = None
    until: datetime | None = None
    agent: str | None = None

    def scored(self, store: Store) -> Iterator[ScoredCall]:
        """The scored calls of this selection, in order of start."""
        return store.scored_calls(self.since, self.until, self.agent)


def score_again(selection: Selection, rubric: Path, as_json: bool) -> Exit:
    """Score stored calls with a rubric, without touching audio."""
    judge = Judge.of(load(rubric))
    with hold_store(selection.store), Store.open(selection.store) as store:
        heard = tuple(store.heard_calls(selection.since, selection.until, selection.agent))
        judges = judges_for(judge, (call.recording for call in heard), rubric)
        cards = tuple(rescore(store, judges, heard))
    tally = sum((card.counted for card in cards), Tally(0, 0))
    if as_json:
        json_line("summary", {"scored": len(cards), "score": tally.percent, "rubric": judge.rubric.stamp.id})
    else:
        score = "–" if tally.percent is None else f"{tally.percent:.0f} %"
        say(f"{len(cards)} stored calls scored with {judge.rubric.stamp.id} {judge.rubric.stamp.version}: {score}")
        say("next: qa report")
    return Exit.ALL_SCORED


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
    with Store.open(selection.store) as store:
        calls = tuple(selection.scored(store))
        failures = tuple(f for f in store.failures() if selection.agent in (None, f.agent_id))
        folder = write(night_of(facts_of(calls, loaded, now), calls, failures, loaded), out)
    if as_json:
        json_line("summary", {"calls": len(calls), "failures": len(failures), "out": str(folder)})
    else:
        say(f"{len(calls)} calls reported", f"open {folder / 'index.html'}")
    return Exit.ALL_SCORED


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


def promises(selection: Selection, due_before: datetime | None, state: str | None) -> Iterator[Owed]:
    """The promises of the selected calls; with ``due_before`` only those whose due time is known and earlier."""
    with Store.open(selection.store) as store:
        for call in selection.scored(store):
            for promise in call.scorecard.promises:
                if state is not None and promise.state != state:
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
        writer = csv.DictWriter(sys.stdout, list(rows[0]) if rows else ["call_id"])
        writer.writeheader()
        writer.writerows(rows)
    else:
        for row in rows:
            due = row["due"] or row["due_text"] or "no time said"
            say(f"{row['state']}\t{due}\t{row['agent_id']}\t{row['call_id']} {row['start']} s\t“{row['quote']}”")
        say(f"{len(rows)} promises")
    return Exit.ALL_SCORED


def coach(selection: Selection, as_json: bool) -> Exit:
    """The calls worth a conversation, per agent."""
    from qa.coaching import coaching_picks

    with Store.open(selection.store) as store:
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
    return Exit.ALL_SCORED
