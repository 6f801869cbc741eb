from __future__ import annotations

import pytest

from qa.engines.guard import compression_ratio, guard, voice_share, without_loops
from qa.engines.words import segment_of
from qa.model.span import Span
from qa.model.transcript import Segment, Word


def said(text: str, start: float = 0.0, pace: float = 0.4, pause: float = 0.0) -> Segment:
    """The words one after the other, each ``pace`` seconds long."""
    spans = (Span(start + i * (pace + pause), start + i * (pace + pause) + pace) for i in range(10_000))
    return segment_of([Word(word, span) for word, span in zip(text.split(), spans, strict=False)])


EVERYWHERE = (Span(0, 10_000),)


def text_of(segments: tuple[Segment, ...]) -> str:
    return " ".join(segment.text for segment in segments)


def test_a_thank_you_under_which_nobody_speaks_is_dropped_and_counted() -> None:
    closing = said("Thank you for calling.", 100)
    real = said("I can help with that.", 0)
    kept = guard([real, closing], (Span(0, 10),))
    assert kept.segments == (real,)
    assert kept.notes == ("4 recognised words dropped: no voice was heard under them",)


def test_a_goodbye_with_voice_beneath_it_stays_although_its_times_are_a_little_off() -> None:
    closing = said("Thank you for calling.", 100)
    kept = guard([closing], (Span(101.0, 102.0),))
    assert kept.segments == (closing,)
    assert kept.notes == ()


def test_share_of_voice_is_taken_under_the_words_not_under_their_pauses() -> None:
    spread = segment_of([Word("so", Span(0, 1)), Word("yes", Span(9, 10))])
    assert voice_share(spread, (Span(1, 9),)) == 0.0
    assert voice_share(spread, (Span(0, 1),)) == 0.5


def test_a_subtitle_credit_is_dropped_however_it_is_written() -> None:
    credit = said("Thanks for Watching!")
    kept = guard([credit], EVERYWHERE, ("thanks for watching",))
    assert kept.segments == ()
    assert "known to invent" in kept.notes[0]


def test_the_same_words_inside_a_real_sentence_stay() -> None:
    sentence = said("Thanks for watching over my account.")
    assert guard([sentence], EVERYWHERE, ("thanks for watching",)).segments == (sentence,)


@pytest.mark.parametrize(
    ("loop", "left"),
    [
        ("I will call you back I will call you back I will call you back", "I will call you back"),
        ("so thank you, Thank you. thank you! thank you thank you bye", "so thank you, bye"),
        ("the " * 9 + "end", "the end"),
    ],
)
def test_a_loop_is_reduced_to_its_first_round(loop: str, left: str) -> None:
    assert text_of(guard([said(loop)], EVERYWHERE).segments) == left


@pytest.mark.parametrize(
    "real",
    [
        "no no no that is wrong",
        "my number is five five five five zero zero zero",
        "bye bye bye bye bye",
        "I want to cancel I want to cancel",
        "thank you thank you very much thank you",
    ],
)
def test_what_people_do_repeat_stays(real: str) -> None:
    assert text_of(guard([said(real)], EVERYWHERE).segments) == real


def test_a_loop_across_segments_is_one_loop() -> None:
    segments = [said("thanks for your call", start=i * 1.6) for i in range(6)]
    left = without_loops(segments)
    assert left == (segments[0],)


def test_yes_said_ten_times_in_a_call_is_no_loop() -> None:
    segments = [said("yes", start=i * 20.0) for i in range(10)]
    assert without_loops(segments) == tuple(segments)


def test_text_that_goes_in_circles_without_an_exact_round_is_dropped() -> None:
    verse = "and we look at this and then we look at that and this and that and then we look "
    circling = said(" ".join(f"{verse}{i}" for i in range(8)))
    assert compression_ratio(circling.text) > 2.4
    kept = guard([circling], EVERYWHERE)
    assert kept.segments == ()
    assert "loop" in kept.notes[0]


def test_ordinary_long_speech_is_not_taken_for_a_loop() -> None:
    text = (
        "Good morning, you are through to the service desk, my name is Anna. I see that your order left our house "
        "on Tuesday and that the parcel waits at the depot near you. Shall I have it brought to your door tomorrow "
        "between nine and twelve, or would you rather fetch it yourself on the way home from work?"
    )
    assert guard([said(text)], EVERYWHERE).notes == ()


def test_nothing_in_nothing_out() -> None:
    assert guard([], EVERYWHERE).segments == ()
    assert compression_ratio("") == 0.0
