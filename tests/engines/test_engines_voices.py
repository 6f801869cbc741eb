"""Voices told apart on one channel: the right number of people, the right one at every moment, doubt where due."""

from __future__ import annotations

import pickle
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from qa.audio.activity import detect_activity
from qa.engines import voice_prints
from qa.engines.voice_prints import make_grid
from qa.engines.voices import Voices
from qa.model.sound import SAMPLE_RATE, Activity, Audio, ChannelLayout, Diarisation
from qa.model.span import Span, intersect, merge, subtract, total

Sound = NDArray[np.float32]

Usual = tuple[Audio, dict[str, tuple[Span, ...]], Diarisation]

LINES = (
    "thank you for calling, my name is Anna, how can I help you today",
    "hello, my order has not arrived and I am getting a bit worried about it",
    "I am sorry to hear that, could I have your order number please",
    "yes, it is four five nine two seven, and I ordered it three weeks ago",
    "thank you, the parcel was sent on Monday and should arrive by Friday",
    "that is later than I was told in the shop, to be honest with you",
    "I understand that is annoying, I can offer you a refund of the delivery charge",
    "that would be great, thank you very much for your help",
)


@cache
def line(voice: str, text: str) -> Sound:
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed, so there is nobody to speak")
    spoken = subprocess.run(
        ["flite", "-voice", voice, "-t", text, "-o", "/dev/stdout"], check=True, capture_output=True
    ).stdout
    start = spoken.index(b"data") + 8
    rate = int.from_bytes(spoken[24:28], "little")
    pcm = np.frombuffer(spoken[start : start + (len(spoken) - start) // 2 * 2], dtype="<i2") / 32_768
    resampled = np.interp(np.arange(0, len(pcm), rate / SAMPLE_RATE), np.arange(len(pcm)), pcm)
    levelled: Sound = (0.06 * resampled / np.sqrt(np.mean(resampled**2))).astype(np.float32)
    return levelled


def call(
    *turns: tuple[str, str], pause: float = 0.35, hiss: float = 0.001
) -> tuple[Audio, dict[str, tuple[Span, ...]]]:
    """A mono call of (voice, text) turns, and when each voice speaks."""
    parts, at = [np.zeros(SAMPLE_RATE // 2, dtype=np.float32)], 0.5
    truth: dict[str, tuple[Span, ...]] = {}
    for voice, text in turns:
        sound = line(voice, text)
        truth[voice] = (*truth.get(voice, ()), Span(at, at + len(sound) / SAMPLE_RATE))
        parts += [sound, np.zeros(round(pause * SAMPLE_RATE), dtype=np.float32)]
        at += len(sound) / SAMPLE_RATE + round(pause * SAMPLE_RATE) / SAMPLE_RATE
    samples = np.concatenate(parts)
    samples += hiss * np.random.default_rng(1).standard_normal(len(samples)).astype(np.float32)
    return Audio(samples[None], 8_000, "pcm_s16le", "wav"), truth


def alternate(*voices: str, n: int = 8) -> tuple[tuple[str, str], ...]:
    return tuple((voices[i % len(voices)], LINES[i % len(LINES)]) for i in range(n))


def listen(audio: Audio) -> Diarisation:
    return Voices().diarise(audio, detect_activity(audio))


def confused(heard: Diarisation, truth: dict[str, tuple[Span, ...]]) -> float:
    """Share of the found speech that lies on the wrong voice; each label stands for the voice it covers most."""
    wrong = 0.0
    for label in heard.speakers:
        spans = merge(s.span for s in heard.spans if s.speaker == label)
        own = max(truth.values(), key=lambda said: total(intersect(spans, said)))
        others = merge(span for said in truth.values() if said is not own for span in said)
        wrong += total(intersect(spans, others))
    return wrong / total(s.span for s in heard.spans)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """As in a worker: on a busy machine more threads wait for each other, and take ten times as long."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def usual() -> Usual:
    """A call of two people, the truth, and what was heard."""
    audio, truth = call(*alternate("slt", "rms", n=6))
    return audio, truth, listen(audio)


@pytest.mark.parametrize("voices", [("rms", "awb"), ("kal16", "slt")], ids=str)
def test_two_people_in_turn_are_told_apart(voices: tuple[str, str]) -> None:
    audio, truth = call(*alternate(*voices))
    heard = listen(audio)

    assert heard.speakers == ("voice-0", "voice-1")
    assert confused(heard, truth) < 0.03
    assert 0.5 <= heard.confidence <= 0.95


def test_all_speech_is_given_to_somebody_and_nothing_else_is() -> None:
    audio, _ = call(*alternate("slt", "rms", n=4))
    activity = detect_activity(audio)
    heard = Voices().diarise(audio, activity)
    spans = [s.span for s in heard.spans]

    assert subtract(activity.speech[0], spans) == ()
    assert subtract(spans, activity.speech[0]) == ()
    assert all(left.end <= right.start for left, right in pairwise(spans))


def test_an_agent_who_says_nearly_everything_leaves_room_for_the_customer() -> None:
    turns = [("slt", text) for text in LINES] + [("rms", LINES[7])] + [("slt", text) for text in LINES[:3]]
    audio, truth = call(*turns, ("rms", LINES[1]))
    heard = listen(audio)

    assert len(heard.speakers) == 2
    assert confused(heard, truth) < 0.03


def test_a_far_end_that_is_much_quieter_is_still_the_same_person() -> None:
    audio, truth = call(*alternate("slt", "rms"))
    quieter = audio.samples.copy()
    for span in truth["rms"]:
        quieter[:, round(span.start * SAMPLE_RATE) : round(span.end * SAMPLE_RATE)] *= 0.25
    heard = listen(Audio(quieter, 8_000, "pcm_s16le", "wav"))

    assert len(heard.speakers) == 2
    assert confused(heard, truth) < 0.03


@pytest.mark.parametrize(
    "voice", ["slt", pytest.param("rms", marks=pytest.mark.slow), "awb", pytest.param("kal16", marks=pytest.mark.slow)]
)
def test_one_person_is_one_voice(voice: str) -> None:
    audio, _ = call(*alternate(voice))
    heard = listen(audio)

    assert heard.speakers == ("voice-0",)
    assert heard.notes == ("only one voice was found",)


@pytest.mark.slow
def test_a_third_voice_is_found_where_it_is_clearly_another() -> None:
    audio, truth = call(*alternate("slt", "rms", "kal16", n=12))
    heard = listen(audio)

    assert len(heard.speakers) == 3
    assert confused(heard, truth) < 0.05
    assert heard.notes == ("3 voices were found",)


def test_little_speech_earns_little_trust(usual: Usual) -> None:
    short, _ = call(*alternate("slt", "rms", n=2))

    assert listen(short).confidence < usual[2].confidence


def test_a_single_word_is_one_voice_and_silence_is_nobody() -> None:
    word, _ = call(("slt", "hello"))
    silence = Audio(np.zeros((1, 32_000), dtype=np.float32), 8_000, "pcm_s16le", "wav")

    assert listen(word).speakers == ("voice-0",)
    assert listen(word).confidence < 0.2
    assert listen(silence) == Diarisation((), 0.0, ("nobody speaks",))


def test_the_channel_that_speaks_is_the_one_that_is_heard(
    usual: Usual,
) -> None:
    audio, _, heard = usual
    one_sided = Audio(np.vstack((np.zeros_like(audio.samples), audio.samples)), 8_000, "pcm_s16le", "wav")

    assert listen(one_sided) == heard


def test_two_channels_are_mixed_where_somebody_asks_for_it() -> None:
    audio, truth = call(*alternate("slt", "rms"))
    sides = np.zeros((2, audio.samples.shape[1]), dtype=np.float32)
    for side, voice in enumerate(("slt", "rms")):
        for span in truth[voice]:
            here = slice(round(span.start * SAMPLE_RATE), round(span.end * SAMPLE_RATE))
            sides[side, here] = audio.samples[0, here]
    activity = Activity(ChannelLayout.TWO_CHANNEL, (truth["slt"], truth["rms"]))
    heard = Voices().diarise(Audio(sides, 8_000, "pcm_s16le", "wav"), activity)

    assert len(heard.speakers) == 2
    assert confused(heard, truth) < 0.03


def test_the_same_call_is_heard_the_same_twice(usual: Usual, tmp_path: Path) -> None:
    audio, _, heard = usual
    np.save(tmp_path / "call.npy", audio.samples)
    mapped = Audio(np.load(tmp_path / "call.npy", mmap_mode="r"), 8_000, "pcm_s16le", "wav")

    assert listen(mapped) == heard


def test_a_long_call_is_looked_at_less_often_not_with_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_prints, "MOST_WINDOWS", 150)
    audio, truth = call(*alternate("slt", "rms"))
    activity = detect_activity(audio)

    assert len(make_grid(activity.speech[0]).instants) <= 160
    assert confused(Voices().diarise(audio, activity), truth) < 0.06


def test_it_travels_to_a_worker_and_names_its_model() -> None:
    assert pickle.loads(pickle.dumps(Voices())) == Voices()
    assert Voices().description.model == "resemblyzer"
