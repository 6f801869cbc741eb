"""Level: dBFS of what lies within the spans, and nothing invented where nothing is."""

from __future__ import annotations

import numpy as np
import pytest
from made_sounds import noise, silence, tone

from qa.audio.measure import level_dbfs, levels_dbfs
from qa.model.span import Span


def test_a_sine_is_three_decibels_below_its_peak() -> None:
    assert level_dbfs(tone(2.0, 400.0), [Span(0.0, 2.0)]) == pytest.approx(-23.0, abs=0.05)


def test_only_what_lies_within_the_spans_counts() -> None:
    sound = np.concatenate((noise(2.0, -20.0), noise(2.0, -40.0)))

    assert levels_dbfs(sound, [Span(0.0, 2.0), Span(2.0, 4.0)]) == pytest.approx((-20.0, -40.0), abs=0.2)
    assert level_dbfs(sound, [Span(0.0, 2.0), Span(2.0, 4.0)]) == pytest.approx(-23.0, abs=0.2)


def test_a_long_span_is_measured_like_its_parts() -> None:
    sound = noise(70.0, -30.0)

    assert level_dbfs(sound, [Span(0.0, 70.0)]) == pytest.approx(level_dbfs(sound, [Span(0.0, 35.0), Span(35.0, 70.0)]))


def test_silence_has_a_floor_and_nothing_has_no_level() -> None:
    assert level_dbfs(silence(1.0), [Span(0.0, 1.0)]) == -100.0
    assert level_dbfs(silence(1.0), []) is None
    assert level_dbfs(silence(1.0), [Span(5.0, 6.0)]) is None


def test_a_span_shorter_than_a_frame_and_one_beyond_the_end_are_measured() -> None:
    assert level_dbfs(noise(1.0, -30.0), [Span(0.5, 0.505)]) == pytest.approx(-30.0, abs=2.0)
    assert level_dbfs(noise(1.0, -30.0), [Span(0.5, 9.0)]) == pytest.approx(-30.0, abs=0.5)
