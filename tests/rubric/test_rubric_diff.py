"""Comparing cards: which calls change, by how much, and why."""

from __future__ import annotations

from dataclasses import replace

from qa.model.finding import Finding, Reason, Verdict
from qa.model.recording import CallMetadata
from qa.model.scorecard import CallMetrics, CriterionResult, Provenance, RubricStamp, Scorecard, Tally
from qa.model.sound import ChannelLayout
from qa.model.transcript import Grade
from qa.rubric.diff import diff_cards

METRICS = CallMetrics(0.0, 0.0, None, 0.0, 0.0, 0.0, None, (), ())
ORIGIN = Provenance("ab" * 32, "w", "d", ChannelLayout.MONO, Grade.FULL, "manifest", 1.0, "1")


def result(
    id_: str, verdict: str = "met", weight: float = 1, why: str = "so", critical: bool = False
) -> CriterionResult:
    kind = Verdict(verdict)
    earned = weight if kind is Verdict.MET else 0
    tally = Tally(earned, weight if kind.counts else 0)
    return CriterionResult(id_, id_.title(), Finding(kind, Reason(why)), tally, critical)


def card(call_id: str, *results: CriterionResult, band: str | None = "good") -> Scorecard:
    stamp = RubricStamp("r", "1", "f" * 64)
    return Scorecard(CallMetadata(call_id), "en", 9.0, stamp, results, band, METRICS, (), ORIGIN)


def test_cards_that_judge_alike_are_no_change_whatever_the_rubric_is_called() -> None:
    old = card("c1", result("a"), result("b", "missed"))
    new = replace(old, rubric=RubricStamp("r", "2", "e" * 64), results=old.results[::-1])
    assert diff_cards([old], [new]) == ()


def test_a_verdict_that_changes_says_why_and_by_how_much() -> None:
    old = card("c1", result("a"), result("b"))
    new = card("c1", result("a"), result("b", "missed", why="no goodbye"))
    (change,) = diff_cards([old], [new])
    (criterion,) = change.criteria
    assert (change.call_id, change.points) == ("c1", -50.0)
    assert (criterion.id, criterion.why) == ("b", ("met became missed: no goodbye",))


def test_a_weight_that_changes_is_told_in_points() -> None:
    (change,) = diff_cards([card("c1", result("a"))], [card("c1", result("a", weight=3))])
    assert (change.points, change.criteria[0].why) == (0.0, ("1 of 1 became 3 of 3 points",))


def test_criteria_that_come_go_or_become_critical_are_told() -> None:
    old = card("c1", result("a"), result("b", "missed"))
    new = card("c1", result("b", "missed", critical=True), result("c", why="said"))
    (change,) = diff_cards([old], [new])
    assert {c.id: c.why for c in change.criteria} == {
        "a": ("criterion removed: it was met",),
        "b": ("critical now",),
        "c": ("new criterion: met, said",),
    }
    assert change.points == -50.0


def test_a_band_that_moved_is_a_change_even_where_no_criterion_is() -> None:
    (change,) = diff_cards([card("c1", result("a"))], [card("c1", result("a"), band="excellent")])
    assert (change.criteria, change.points) == ((), 0.0)


def test_calls_on_one_side_only_come_first_then_the_largest_change() -> None:
    old = [card("small", result("a"), result("b", "missed", 9)), card("large", result("a")), card("gone", result("a"))]
    new = [card("small", result("a", "missed"), result("b", "missed", 9)), card("large", result("a", "missed"))]
    changes = diff_cards(old, new)
    assert [(c.call_id, c.points) for c in changes] == [("gone", None), ("large", -100.0), ("small", -10.0)]


def test_two_recordings_with_one_call_id_are_two_calls() -> None:
    old = card("c1", result("a"))
    other = replace(old, provenance=replace(ORIGIN, recording_sha256="cd" * 32), results=(result("a", "missed"),))
    assert diff_cards([old, other], [other, old]) == ()
