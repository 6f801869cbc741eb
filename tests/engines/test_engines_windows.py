from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.engines.windows import KEPT_PAUSE, PADDING, WHISPER_WINDOW, pack, stretches
from qa.model.sound import SAMPLE_RATE
from qa.model.span import Span, intersect, merge, total


def silence(seconds: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.zeros(round(seconds * SAMPLE_RATE), dtype=np.float32)


def test_neighbouring_speech_shares_a_window_and_a_long_pause_is_cut_out() -> None:
    (window,) = pack((Span(5, 10), Span(60, 70)), silence(100))
    assert [piece.source for piece in window.pieces] == [Span(4.8, 10.2), Span(59.8, 70.2)]
    assert window.duration == pytest.approx(15.8)


def test_a_short_pause_is_kept_so_that_sentences_keep_their_rhythm() -> None:
    (window,) = pack((Span(5, 10), Span(10.9 + 2 * PADDING, 12)), silence(20))
    assert [piece.source for piece in window.pieces] == [Span(4.8, 12.2)]


def test_what_does_not_fit_begins_a_new_window() -> None:
    windows = pack((Span(0, 20), Span(25, 40)), silence(60))
    assert [len(window.pieces) for window in windows] == [1, 1]


def test_no_speech_is_no_window() -> None:
    assert pack((), silence(10)) == ()
    assert pack((Span(20, 30),), silence(10)) == (), "speech behind the end of the sound"


def test_times_come_back_to_where_they_were_in_the_recording() -> None:
    (window,) = pack((Span(5, 10), Span(60, 70)), silence(100))
    assert window.to_recording(Span(1.0, 2.0)) == Span(5.8, 6.8)
    second = window.to_recording(Span(6.4, 7.4))
    assert (second.start, second.end) == pytest.approx((60.8, 61.8))


def test_a_word_across_a_cut_stays_on_the_side_of_its_middle() -> None:
    (window,) = pack((Span(5, 10), Span(60, 70)), silence(100))
    assert window.to_recording(Span(5.0, 5.6)).end == 10.2


def test_a_time_in_the_silence_behind_the_window_is_held_at_its_end() -> None:
    (window,) = pack((Span(5, 10),), silence(100))
    assert window.to_recording(Span(20.0, 21.0)) == Span(10.2, 10.2)


def test_a_monologue_is_divided_where_it_is_quietest() -> None:
    sound = np.ones(50 * SAMPLE_RATE, dtype=np.float32)
    sound[27 * SAMPLE_RATE : 27 * SAMPLE_RATE + 4000] = 0.01
    first, second = stretches((Span(0, 50),), sound, WHISPER_WINDOW)
    assert 27.0 <= first.end <= 27.25
    assert second == Span(first.end, 50.0)


def test_the_sound_of_a_window_is_the_sound_of_its_pieces() -> None:
    sound = np.arange(20 * SAMPLE_RATE, dtype=np.float32)
    (window,) = pack((Span(1, 2), Span(10, 11)), sound)
    cut = window.cut(sound)
    assert len(cut) == round(window.duration * SAMPLE_RATE)
    for piece in window.pieces:
        assert cut[round(piece.offset * SAMPLE_RATE)] == round(piece.source.start * SAMPLE_RATE)


def test_a_memory_map_of_a_long_call_is_read_only_where_somebody_speaks(tmp_path: Path) -> None:
    long_call = np.memmap(tmp_path / "long.f32", dtype=np.float32, mode="w+", shape=(7200 * SAMPLE_RATE,))
    long_call[3600 * SAMPLE_RATE] = 1.0
    (window,) = pack((Span(3600, 3601),), long_call)
    cut = window.cut(long_call)
    assert not isinstance(cut, np.memmap)
    assert cut[round(PADDING * SAMPLE_RATE)] == 1.0
    assert len(cut) == round((1 + 2 * PADDING) * SAMPLE_RATE)


starts = st.lists(st.tuples(st.floats(0, 200), st.floats(0.05, 50)), max_size=12)


@given(starts)
def test_windows_hold_all_speech_in_order_and_none_is_too_long(raw: list[tuple[float, float]]) -> None:
    sound = silence(240)
    speech = merge(Span(start, start + length) for start, length in raw)
    windows = pack(speech, sound)
    pieces = [piece.source for window in windows for piece in window.pieces]
    assert all(window.duration <= WHISPER_WINDOW + 1e-6 for window in windows)
    assert all(left.end <= right.start for left, right in pairwise(pieces))
    covered = intersect(speech, [Span(0, 240)])
    assert total(intersect(covered, pieces)) == pytest.approx(total(covered), abs=1e-3)
    near = merge(Span(s.start - PADDING - KEPT_PAUSE, s.end + PADDING + KEPT_PAUSE) for s in speech)
    assert total(intersect(pieces, near)) == pytest.approx(total(pieces), abs=1e-3)
