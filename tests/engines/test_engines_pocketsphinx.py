from __future__ import annotations

import pickle
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from qa.engines.pocketsphinx import PocketSphinx
from qa.errors import CallError
from qa.model.scorecard import FailureKind
from qa.model.sound import SAMPLE_RATE
from qa.model.span import Span
from qa.model.transcript import Grade

Sound = NDArray[np.float32]
Speaker = Callable[[str], Sound]


@pytest.fixture(scope="module")
def engine() -> PocketSphinx:
    return PocketSphinx()


def after(silence: float, sound: Sound) -> tuple[Sound, Span]:
    """The sound after so many seconds of silence, and where it lies."""
    quiet = np.zeros(round(silence * SAMPLE_RATE), dtype=np.float32)
    return np.concatenate([quiet, sound, quiet]), Span(silence, silence + len(sound) / SAMPLE_RATE)


def test_it_hears_a_greeting_at_its_place_in_the_call(engine: PocketSphinx, voiced: Speaker) -> None:
    sound, where = after(3.0, voiced("thank you for calling. my name is anna. how can i help you today"))
    transcript = engine.transcribe(sound, (where,), "en-US")
    text = " ".join(word.text for word in transcript.words)
    assert "thank you for calling" in text
    assert "how can i help you" in text
    assert "(" not in text, "no second pronunciations"
    assert "<" not in text, "no marks of silence"
    assert where.start - 0.25 <= transcript.words[0].span.start <= where.start + 0.6
    assert all(0.0 <= word.confidence <= 1.0 for word in transcript.words if word.confidence is not None)
    assert all(word.confidence is not None for word in transcript.words)


def test_everything_it_hears_is_a_draft_and_says_so(engine: PocketSphinx) -> None:
    transcript = engine.transcribe(np.zeros(SAMPLE_RATE, dtype=np.float32), (), None)
    assert engine.description.grade is Grade.DRAFT
    assert transcript.segments == ()
    assert "draft" in transcript.notes[0]
    assert "takes every call for English" in transcript.notes[1]


def test_speech_outside_the_given_spans_is_not_heard(engine: PocketSphinx, voiced: Speaker) -> None:
    first = voiced("thank you for calling")
    sound = np.concatenate([first, np.zeros(SAMPLE_RATE * 2, dtype=np.float32), voiced("i would like to cancel")])
    transcript = engine.transcribe(sound, (Span(0, len(first) / SAMPLE_RATE),), "en")
    assert "cancel" not in " ".join(word.text for word in transcript.words)
    assert "thank you" in " ".join(word.text for word in transcript.words)


def test_what_was_heard_before_does_not_change_what_is_heard_now(engine: PocketSphinx, voiced: Speaker) -> None:
    sound, where = after(0.5, voiced("i will send you the form by friday"))
    alone = PocketSphinx().transcribe(sound, (where,), "en")
    engine.transcribe(*_loud_noise(), "en")
    assert engine.transcribe(sound, (where,), "en") == alone


def _loud_noise() -> tuple[Sound, tuple[Span, ...]]:
    return np.random.default_rng(3).standard_normal(SAMPLE_RATE * 2).astype(np.float32), (Span(0.0, 2.0),)


def test_a_polish_call_is_refused_with_what_to_do_instead(engine: PocketSphinx) -> None:
    with pytest.raises(CallError, match="put a transcript beside the recording, or install Whisper weights") as caught:
        engine.transcribe(np.zeros(SAMPLE_RATE, dtype=np.float32), (Span(0, 1),), "pl")
    assert caught.value.kind is FailureKind.ENGINE


def test_broken_samples_and_moments_of_sound_do_no_harm(engine: PocketSphinx) -> None:
    broken = np.full(SAMPLE_RATE, np.nan, dtype=np.float32)
    assert engine.transcribe(broken, (Span(0, 1), Span(1.5, 2)), "en").segments == ()
    assert engine.transcribe(np.zeros(160, dtype=np.float32), (Span(0, 0.01),), "en").segments == ()


def test_it_travels_to_another_process(engine: PocketSphinx) -> None:
    assert pickle.loads(pickle.dumps(engine)).description == engine.description
