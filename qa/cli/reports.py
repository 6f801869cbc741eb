"""Report formats picked by name, and what is said of a finished run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from qa.cli.console import counted, json_line, say
from qa.model.night import Night, RunFacts
from qa.model.scorecard import CallFailure, Tally

if TYPE_CHECKING:
    from qa.batch.pipeline import CallDone
    from qa.model.contracts import ReportFormat


def formats() -> tuple[ReportFormat, ...]:
    """Every format of the report folder."""
    from qa.reports.html import HtmlReport
    from qa.reports.jsonl import ScorecardLines
    from qa.reports.run_json import RunJson
    from qa.reports.scores_csv import FailuresCsv, ScoresCsv
    from qa.reports.summary_text import SummaryText
    from qa.reports.xlsx import Workbook

    return HtmlReport(), ScorecardLines(), ScoresCsv(), FailuresCsv(), Workbook(), RunJson(), SummaryText()


def require_report_folder(folder: Path) -> None:
    """Raise `UsageError` where the report could not take this folder's place: asked before hours of work."""
    from qa.reports.folder import refuse_foreign

    refuse_foreign(folder.resolve())


def write(night: Night, folder: Path) -> Path:
    """The whole report folder, or none."""
    from qa.reports.folder import write_report

    return write_report(night, folder, formats())


def summarise_run(
    facts: RunFacts, done: Iterable[CallDone], failures: tuple[CallFailure, ...], folder: Path, as_json: bool
) -> None:
    """What a run did, and which page to open."""
    cards = [call.card for call in done if call.card is not None]
    tally = sum((card.counted for card in cards), Tally(0, 0))
    if as_json:
        for failure in failures:
            json_line("error", _failure_values(failure))
        json_line("summary", _values(facts, len(cards), tally, failures, folder))
        return
    score = "–" if tally.percent is None else f"{tally.percent:.0f} %"
    heard = f"{facts.new} heard now, {len(cards) - facts.new} heard before"
    say(f"{counted(len(cards), 'call')} scored ({heard}), {facts.failed} failed")
    best_first = sorted(cards, key=lambda card: -(card.score or 0.0))
    bands = Counter(card.band for card in best_first if card.band)
    say(f"score {score}; bands: " + (", ".join(f"{count} {band}" for band, count in bands.items()) or "none"))
    waiting = sum(bool(card.needs_review) for card in cards)
    say(f"{counted(waiting, 'call')} with a verdict that is left to a person")
    say(*(_told(failure) for failure in failures))
    if facts.draft:
        say("DRAFT: some words were heard by the embedded draft recogniser; do not use these scores for pay.")
    say(f"open {folder / 'index.html'}")


def _told(failure: CallFailure) -> str:
    mark = "note" if failure.notice else "failed"
    parts = f"{failure.wrong}; expected {failure.expected}; {failure.do}"
    return f"{mark}: call {failure.call_id}, {failure.where}: {parts}"


def _failure_values(failure: CallFailure) -> dict[str, object]:
    parts = {"where": failure.where, "wrong": failure.wrong, "expected": failure.expected, "do": failure.do}
    state = {"attempts": failure.attempts, "notice": failure.notice}
    return {"call_id": failure.call_id, "kind": failure.kind.value, **parts, **state}


def _values(
    facts: RunFacts, scored: int, tally: Tally, failures: tuple[CallFailure, ...], folder: Path
) -> dict[str, object]:
    return {
        "run_id": facts.run_id,
        "scored": scored,
        "new": facts.new,
        "known": facts.known,
        "failed": facts.failed,
        "notices": sum(failure.notice for failure in failures),
        "score": tally.percent,
        "audio_seconds": round(facts.audio_seconds, 3),
        "draft": facts.draft,
        "engines": list(facts.engines),
        "rubric": {"id": facts.rubric_id, "version": facts.rubric_version, "sha256": facts.rubric_sha256},
        "out": str(folder),
    }
