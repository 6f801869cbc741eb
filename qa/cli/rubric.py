"""``qa rubric check``, ``test`` and ``diff``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qa.batch.judge import Judge
from qa.cli.console import json_line, say
from qa.cli.exits import Exit
from qa.cli.rubrics import load
from qa.cli.stores import existing_store
from qa.criteria import check_kinds
from qa.languages import languages
from qa.rubric.diff import CardChange, diff_cards
from qa.rubric.examples import run_examples
from qa.rubric.lint import lint


def check(path: Path, as_json: bool) -> Exit:
    """Validate and lint a rubric; errors are raised, warnings told."""
    rubric = load(path)
    warnings = lint(rubric, check_kinds(), languages())
    for warning in warnings:
        placed = replace(warning, where=f"{path} {warning.where}")
        if as_json:
            json_line("warning", {"where": placed.where, "wrong": placed.wrong, "do": placed.do})
        else:
            say(f"warning: {placed}")
    facts = {"id": rubric.stamp.id, "version": rubric.stamp.version, "sha256": rubric.stamp.sha256}
    if as_json:
        json_line("summary", {**facts, "criteria": len(rubric.criteria), "warnings": len(warnings)})
    else:
        stamp = f"sha256 {rubric.stamp.sha256[:12]}…"
        say(f"{path}: valid; {len(rubric.criteria)} criteria, {len(warnings)} warnings, {stamp}")
    return Exit.ALL_SCORED


def test(path: Path, as_json: bool) -> Exit:
    """Run the examples written in a rubric; status 1 where one gets another verdict than it must."""
    judge = Judge.of(load(path))
    results = run_examples(judge.rubric, judge.example)
    failed = [result for result in results if not result.passed]
    for result in failed:
        place = f"{result.criterion.id}: {result.example.name}"
        expected, got = result.example.verdict.value, result.finding.verdict.value
        if as_json:
            json_line("failed", {"where": place, "expected": expected, "got": got, "why": str(result.finding.reason)})
        else:
            say(f"failed: {place}: expected {expected}, got {got} ({result.finding.reason})")
    if as_json:
        json_line("summary", {"examples": len(results), "failed": len(failed)})
    else:
        say(f"{len(results) - len(failed)} of {len(results)} examples get their verdict")
    return Exit.SOME_FAILED if failed else Exit.ALL_SCORED


def diff(old: Path, new: Path, store_url: str, as_json: bool) -> Exit:
    """Which stored calls change their score between two rubrics, by how much and why. Stores nothing."""
    before, after = Judge.of(load(old)), Judge.of(load(new))
    with existing_store(store_url) as store:
        pairs = [(c.recording.metadata, c.conversation) for c in store.heard_calls()]
    changes = diff_cards([before.card(*pair) for pair in pairs], [after.card(*pair) for pair in pairs])
    for change in changes:
        _tell(change, as_json)
    if as_json:
        json_line("summary", {"calls": len(pairs), "changed": len(changes)})
    else:
        say(f"{len(changes)} of {len(pairs)} stored calls change")
    return Exit.ALL_SCORED


def _tell(change: CardChange, as_json: bool) -> None:
    why = [f"{criterion.id}: {'; '.join(criterion.why)}" for criterion in change.criteria]
    before, after = (card.score if card else None for card in (change.before, change.after))
    if as_json:
        json_line("change", {"call_id": change.call_id, "before": before, "after": after, "why": why})
    else:
        say(f"{change.call_id}: {_percent(before)} → {_percent(after)}", *(f"  {line}" for line in why))


def _percent(score: float | None) -> str:
    return "no score" if score is None else f"{score:.1f}"
