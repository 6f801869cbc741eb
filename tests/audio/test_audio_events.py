"""Sound events: hold music, ringing and noise are heard; speech, breath and line hiss raise none."""

from __future__ import annotations

import numpy as np
import pytest
from made_sounds import AGENT, CUSTOMER, Sound, audio, music, noise, note, silence, spoken, talk, tone

from qa.audio.activity import detect_activity
from qa.model.sound import SoundEvent, SoundKind
from qa.model.span import Span, intersect, total


def heard_in(*channels: Sound) -> tuple[SoundEvent, ...]:
    return detect_activity(audio(*channels)).events


def kinds(*channels: Sound) -> list[SoundKind]:
    return [event.kind for event in heard_in(*channels)]


def test_hold_music_in_a_mono_call_is_found_where_it_plays() -> None:
    before = np.concatenate((spoken(AGENT), silence(0.5)))
    call = np.concatenate((before, music(15.0), silence(0.5), spoken(CUSTOMER, "rms")))
    (event,) = heard_in(call)
    played = Span(len(before) / 16_000, len(before) / 16_000 + 15.0)

    assert event.kind is SoundKind.MUSIC
    assert total(intersect([event.span], [played])) > 13.0
    assert event.span.duration < 16.0
    assert 0.5 < event.confidence <= 0.95


def test_music_on_one_of_two_channels_is_one_event() -> None:
    agent, customer = talk(4)
    waiting = silence(12.0)

    assert kinds(np.concatenate((agent, waiting)), np.concatenate((customer, music(12.0)))) == [SoundKind.MUSIC]
    assert kinds(np.concatenate((agent, music(12.0))), np.concatenate((customer, music(12.0)))) == [SoundKind.MUSIC]


def test_a_jingle_below_three_seconds_is_no_hold() -> None:
    assert kinds(np.concatenate((spoken(AGENT), silence(0.5), music(2.0), silence(0.5), spoken(CUSTOMER, "rms")))) == []


@pytest.mark.parametrize(
    ("frequencies", "on", "off"),
    [((425.0,), 1.0, 4.0), ((440.0, 480.0), 2.0, 4.0), ((400.0, 450.0), 0.4, 0.2), ((425.0,), 0.5, 0.5)],
    ids=["Central Europe", "North America", "Great Britain", "busy"],
)
def test_ringing_is_one_event_from_first_to_last_burst(frequencies: tuple[float, ...], on: float, off: float) -> None:
    (event,) = heard_in(np.concatenate((tone(12.0, *frequencies, on=on, off=off), silence(1.0), spoken(AGENT))))

    assert event.kind is SoundKind.RING
    assert event.span.start < 0.5
    assert event.span.end > 12.0 - off - on - 0.5
    assert event.confidence == 0.9


def test_a_beep_is_no_ringing_and_a_melody_at_its_pitch_is_music() -> None:
    beep = np.concatenate((silence(3.0), tone(0.25, 440.0), silence(3.0)))
    melody = np.concatenate(
        [note((f,), 0.5, 1.0) for f in (440.0, 494.0, 523.0, 587.0, 659.0, 587.0, 523.0, 494.0) * 2]
    )

    assert kinds(beep) == []
    assert SoundKind.RING not in kinds(melody)


def test_a_burst_of_noise_is_an_event_but_the_hiss_of_the_line_is_not() -> None:
    line = noise(14.0, -48.0)
    sentence = spoken(AGENT)
    line[: len(sentence)] += sentence
    burst = line.copy()
    burst[8 * 16_000 : 12 * 16_000] += noise(4.0, -25.0, seed=3)

    assert kinds(line) == []
    assert kinds(burst) == [SoundKind.NOISE]


def test_a_hum_is_noise_and_never_music() -> None:
    hum = tone(10.0, 200.0, 300.0, 650.0, 1200.0)

    assert kinds(hum) == [SoundKind.NOISE]


@pytest.mark.parametrize("sound", [silence(10.0), noise(10.0, -60.0)], ids=["silence", "quiet line"])
def test_nothing_is_heard_in_nothing(sound: Sound) -> None:
    assert kinds(sound) == []


@pytest.mark.parametrize("voice", ["slt", "rms", "awb", "kal16"])
def test_speech_is_never_an_event(voice: str) -> None:
    call = np.concatenate([spoken(AGENT, voice), silence(1.0), spoken(CUSTOMER, voice), silence(4.0)])

    assert kinds(call) == []


def test_one_side_that_leaks_into_a_silent_one_is_no_event() -> None:
    agent, customer = talk(6)

    assert kinds(agent, customer + agent * np.float32(0.05)) == []


def test_an_announcement_that_repeats_between_music_is_nobodys_speech() -> None:
    announcement = np.concatenate(
        (silence(0.3), spoken("All our agents are busy, please stay on the line.", "awb"), silence(0.3))
    )
    wait = np.concatenate((music(6.0), announcement))
    call = np.concatenate((wait, wait, music(6.0), silence(0.5), spoken(CUSTOMER, "rms")))
    heard = detect_activity(audio(call))
    said = [e.span for e in heard.events if e.kind is SoundKind.ANNOUNCEMENT]

    assert len(said) == 2
    assert intersect(said, heard.speech[0]) == ()
    assert heard.speech[0]
    assert any("announcement" in words for words in heard.notes)


def test_a_sentence_said_twice_in_talk_is_no_announcement() -> None:
    twice = np.concatenate([spoken(AGENT), silence(1.0), spoken(CUSTOMER, "rms"), silence(1.0)] * 2)
    heard = detect_activity(audio(twice))

    assert heard.events == ()
    assert total(heard.speech[0]) > 10.0


def test_what_is_said_once_next_to_music_stays_speech() -> None:
    call = np.concatenate(
        (music(6.0), silence(0.3), spoken(AGENT), silence(0.3), music(6.0), silence(0.3), spoken(CUSTOMER))
    )
    heard = detect_activity(audio(call))

    assert [e.kind for e in heard.events] == [SoundKind.MUSIC, SoundKind.MUSIC]
    assert total(heard.speech[0]) > 6.0
