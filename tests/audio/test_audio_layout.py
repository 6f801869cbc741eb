"""Layout: what the channels carry, whatever the header says; a leak is nobody's speech, a quiet "mhm" is somebody's."""

from __future__ import annotations

import numpy as np
import pytest
from made_sounds import AGENT, CUSTOMER, audio, later, music, noise, sides, silence, spoken, talk

from qa.audio.activity import detect_activity
from qa.audio.layout import mono_channel
from qa.model.sound import ChannelLayout
from qa.model.span import intersect, total


def test_two_people_on_two_channels() -> None:
    agent, customer = talk()
    heard = detect_activity(audio(agent, customer))

    assert heard.layout is ChannelLayout.TWO_CHANNEL
    assert total(intersect(*heard.speech)) < 0.5
    assert heard.notes == ()
    assert heard.bleed_seconds == 0.0


def test_one_channel_is_mono() -> None:
    agent, customer = talk(2)

    assert detect_activity(audio(agent + customer)).layout is ChannelLayout.MONO


@pytest.mark.parametrize("gain", [1.0, 0.5, -1.0, 0.1])
def test_a_copy_is_dual_mono_however_loud(gain: float) -> None:
    mixed = np.add(*talk(4))
    heard = detect_activity(audio(mixed, mixed * np.float32(gain) + noise(len(mixed) / 16_000, -75)))

    assert heard.layout is ChannelLayout.DUAL_MONO
    assert [bool(spans) for spans in heard.speech] == [True, False]
    assert any("same sound" in note for note in heard.notes)


def test_the_louder_copy_is_kept() -> None:
    mixed = np.add(*talk(2))
    call = audio(mixed * np.float32(0.3), mixed)
    heard = detect_activity(call)

    assert heard.layout is ChannelLayout.DUAL_MONO
    assert mono_channel(call, heard) == heard.mono_channel == 1


def test_copies_through_different_coders_are_dual_mono() -> None:
    mixed = np.add(*talk(4))
    eight_bits = (np.round(mixed * 127) / 127 + noise(len(mixed) / 16_000, -60)).astype(np.float32)
    late = later(mixed, 0.002, -3.0)

    assert detect_activity(audio(late, eight_bits)).layout is ChannelLayout.DUAL_MONO


@pytest.mark.parametrize("speaking", [0, 1])
@pytest.mark.parametrize("floor", [None, -60.0])
def test_an_empty_channel_makes_the_call_one_sided(speaking: int, floor: float | None) -> None:
    mixed = np.add(*talk(4))
    empty = silence(len(mixed) / 16_000) if floor is None else noise(len(mixed) / 16_000, floor)
    call = audio(*((mixed, empty) if speaking == 0 else (empty, mixed)))
    heard = detect_activity(call)

    assert heard.layout is ChannelLayout.ONE_SIDED
    assert heard.speech[1 - speaking] == ()
    assert mono_channel(call, heard) == speaking
    assert heard.notes == (f"only channel {speaking} carries speech: the call is treated as mono",)


def test_music_on_the_other_channel_is_no_second_speaker() -> None:
    agent, _ = talk(4)

    assert detect_activity(audio(agent, music(len(agent) / 16_000))).layout is ChannelLayout.ONE_SIDED


def test_a_customer_of_few_words_is_still_a_second_speaker() -> None:
    lines = [(0, spoken(AGENT)), (1, spoken("Yes, please.", "rms")), (0, spoken(AGENT)), (1, spoken("Okay.", "rms"))]

    assert detect_activity(audio(*sides(*lines))).layout is ChannelLayout.TWO_CHANNEL


def test_a_call_in_which_nobody_speaks_says_so() -> None:
    heard = detect_activity(audio(noise(5.0, -50), noise(5.0, -60, seed=2)))

    assert heard.speech == ((), ())
    assert heard.notes == ("no channel carries speech",)


@pytest.mark.parametrize(("decibels", "delay"), [(-15.0, 0.0), (-20.0, 0.04), (-30.0, 0.12)])
def test_what_leaks_into_the_other_channel_is_not_its_speech(decibels: float, delay: float) -> None:
    agent, customer = talk(8)
    clean = detect_activity(audio(agent, customer))
    floor = noise(len(agent) / 16_000, -70)
    leaky = audio(agent + later(customer, delay, decibels) + floor, customer + later(agent, delay, decibels) + floor)
    heard = detect_activity(leaky)

    assert heard.layout is ChannelLayout.TWO_CHANNEL
    assert heard.bleed_seconds > 1.0
    assert len(heard.notes) == 2
    for own, kept in zip(clean.speech, heard.speech, strict=True):
        assert total(intersect(own, kept)) > 0.93 * total(own)
        assert total(kept) < 1.07 * total(own)


def test_a_quiet_backchannel_under_the_other_ones_words_stays() -> None:
    listening = spoken("Aha, I see.", "rms") * np.float32(10 ** (-14 / 20))
    agent = np.concatenate([spoken(AGENT), silence(0.3)] * 6)
    customer = silence(len(agent) / 16_000)
    starts = [round(len(agent) / 6 * k + 16_000) for k in range(6)]
    for start in starts:
        customer[start : start + len(listening)] += listening
    customer = np.concatenate((customer, spoken(CUSTOMER, "rms")))
    heard = detect_activity(audio(np.concatenate((agent, silence(len(spoken(CUSTOMER, "rms")) / 16_000))), customer))

    assert heard.bleed_seconds == 0.0
    assert all(any(s.covers(start / 16_000 + 0.4) for s in heard.speech[1]) for start in starts)


def test_more_than_two_channels_are_one_speaker_each() -> None:
    agent, customer = talk(2)
    heard = detect_activity(audio(agent, customer, noise(len(agent) / 16_000, -60)))

    assert heard.layout is ChannelLayout.TWO_CHANNEL
    assert any("3 channels" in note for note in heard.notes)
