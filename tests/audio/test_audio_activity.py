"""Voice activity: words are speech; silence, noise and music are not; loudness and length do not matter."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_sounds import AGENT, Sound, audio, music, noise, silence, spoken, talk

from qa.audio import activity as activity_module
from qa.audio.activity import detect_activity, detect_speech, speech_probabilities, speech_spans
from qa.errors import EngineUnavailableError
from qa.model.sound import Audio, ChannelLayout
from qa.model.span import intersect, total


def test_a_sentence_between_silences_is_found_where_it_is() -> None:
    sentence = spoken(AGENT)
    heard = detect_speech(np.concatenate((silence(2.0), sentence, silence(2.0))))

    assert heard[0].start == pytest.approx(2.0, abs=0.25)
    assert heard[-1].end == pytest.approx(2.0 + len(sentence) / 16_000, abs=0.35)


@pytest.mark.parametrize("sound", [silence(4.0), noise(4.0), music(4.0)], ids=["silence", "noise", "music"])
def test_what_is_no_voice_is_no_speech(sound: Sound) -> None:
    assert detect_speech(sound) == ()


@pytest.mark.parametrize("decibels", [0, -20, -40])
def test_a_quiet_recording_has_the_same_speech(decibels: int) -> None:
    sentence = np.concatenate((silence(1.0), spoken(AGENT), silence(1.0)))
    loud = detect_activity(audio(sentence)).speech[0]
    quiet = detect_activity(audio(sentence * np.float32(10 ** (decibels / 20)))).speech[0]

    assert total(intersect(loud, quiet)) > 0.95 * total(loud)
    assert total(quiet) < 1.05 * total(loud)


def test_a_recording_without_samples_has_no_speech() -> None:
    heard = detect_activity(audio(silence(0.0)))

    assert heard.speech == ((),)
    assert heard.layout is ChannelLayout.MONO


@pytest.mark.parametrize("samples", [1, 511, 512, 513, 16_000])
def test_there_is_one_probability_for_every_32_milliseconds(samples: int) -> None:
    assert speech_probabilities(noise(1.0)[:samples]).shape == (-(-samples // 512),)


def test_reading_in_blocks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = np.concatenate((spoken(AGENT), silence(0.5)))
    whole = speech_probabilities(sound)
    monkeypatch.setattr(activity_module, "BLOCK", 7)

    np.testing.assert_allclose(speech_probabilities(sound), whole, atol=1e-5)


def test_a_memory_mapped_call_is_heard_the_same(tmp_path: Path) -> None:
    agent, customer = talk(2)
    stacked = np.stack((agent, customer))
    np.save(tmp_path / "call.npy", stacked)
    mapped = np.load(tmp_path / "call.npy", mmap_mode="r")

    assert detect_activity(Audio(mapped, 8_000, "pcm", "wav")) == detect_activity(Audio(stacked, 8_000, "pcm", "wav"))


@given(st.lists(st.floats(0, 1, width=32), max_size=200))
def test_spans_are_sorted_disjoint_and_inside_the_call(probabilities: list[float]) -> None:
    duration = len(probabilities) * 0.032
    spans = speech_spans(np.array(probabilities, dtype=np.float32), duration)

    assert all(0 <= s.start < s.end <= round(duration, 3) for s in spans)
    assert all(left.end < right.start for left, right in pairwise(spans))


def test_a_click_is_no_speech_but_a_short_answer_is() -> None:
    click, answer = np.zeros(100, dtype=np.float32), np.zeros(100, dtype=np.float32)
    click[50:53], answer[50:58] = 0.9, 0.9

    assert speech_spans(click, 3.2) == ()
    assert len(speech_spans(answer, 3.2)) == 1


def test_a_missing_model_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity_module, "find_spec", lambda name: None)
    activity_module._silero.cache_clear()

    with pytest.raises(EngineUnavailableError, match="silero-vad"):
        detect_speech(noise(1.0))
    activity_module._silero.cache_clear()
