"""The drawing of a call: what is heard is drawn where it was heard."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.model.night import Night
from qa.model.span import Span
from qa.reports.html_words import clock, day, length, percent
from qa.reports.svg import MAX_TICKS, lanes, speech_path, tick_marks


def test_speech_of_each_role_lies_in_its_own_lane(night: Night) -> None:
    drawn = lanes(night.calls[0])
    assert drawn.agent.startswith("M0.8 0h")
    assert drawn.customer.startswith("M6 0h")
    assert drawn.other == ""


def test_overlap_interruption_hold_and_dead_air_are_drawn_with_their_times(night: Night) -> None:
    drawn = lanes(night.calls[0])
    assert [block.title for block in drawn.overlaps] == ["Both speak, 0:24 to 0:24 (0.3 s)"]
    assert "Agent speaks over the customer, 0:24" in drawn.interruptions[0].title
    assert [(b.left, b.label) for b in drawn.events] == [("50%", "Hold music")]
    assert [b.title for b in drawn.dead_air] == ["Dead air, 0:28 to 0:43 (16 s)"]


def test_a_silence_that_is_dead_air_is_drawn_once(night: Night) -> None:
    call = night.calls[0]
    assert [b.start for b in lanes(call).silences] == [pytest.approx(48.58, abs=0.1)]
    quiet = replace(call.scorecard.metrics, dead_air=())
    undecided = replace(call, scorecard=replace(call.scorecard, metrics=quiet))
    assert len(lanes(undecided).silences) == 2


def test_evidence_is_marked_by_verdict_and_not_for_what_was_not_asked(night: Night) -> None:
    assert {mark.kind for mark in lanes(night.calls[5]).evidence} == {"unsure"}


def test_nothing_is_drawn_beyond_the_call(night: Night) -> None:
    call = night.calls[0]
    late = replace(call.scorecard.metrics, dead_air=(Span(50.0, 900.0),))
    block = lanes(replace(call, scorecard=replace(call.scorecard, metrics=late))).dead_air[0]
    assert (block.left, block.width) == ("83.33%", "16.67%")


@pytest.mark.parametrize("seconds", [0.4, 59.0, 61.0, 754.0, 3600.0, 86400.0])
def test_the_axis_is_never_crowded(seconds: float) -> None:
    ticks = tick_marks(seconds)
    assert 1 <= len(ticks) <= MAX_TICKS + 1
    assert ticks[0].title == "0:00"


def test_a_lane_without_speech_is_empty() -> None:
    assert speech_path(()) == ""


def test_figures_are_told_as_a_reader_expects() -> None:
    assert (clock(0.99), clock(59.99), clock(3600)) == ("0:00", "0:59", "1:00:00")
    assert (length(0), length(9.96), length(60), length(3661)) == ("0 s", "10 s", "1 min", "1 h 1 min")
    assert (percent(0.0), percent(99.96), percent(None)) == ("0%", "100%", "–")
    assert day(None) == "–"
