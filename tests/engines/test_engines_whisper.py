from __future__ import annotations

import hashlib
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from qa.engines.whisper import LoadedWhisper, Whisper, load_weights
from qa.errors import CallError, EngineUnavailableError
from qa.model.scorecard import FailureKind
from qa.model.span import Span

SPEECH = (Span(1, 10), Span(12, 20), Span(25, 44))

Sound = NDArray[np.float32]


@pytest.fixture(scope="module")
def whisper(polish_checkpoint: Path) -> Whisper:
    return Whisper(str(polish_checkpoint))


def test_it_hears_the_line_in_every_window_with_times_inside_the_speech(
    whisper: Whisper, noise: Sound, polish_line: str
) -> None:
    transcript = whisper.transcribe(noise, SPEECH, None)
    assert [segment.text for segment in transcript.segments] == [polish_line, polish_line]
    assert transcript.language == "pl"
    assert transcript.language_confidence is not None
    assert transcript.language_confidence > 0.9
    first, second = transcript.segments
    assert first.span.end <= 20.3
    assert second.span.start >= 24.7
    assert second.span.end <= 44.3


def test_times_and_confidences_are_plain_numbers(whisper: Whisper, noise: Sound) -> None:
    word = whisper.transcribe(noise, SPEECH[:1], "pl").words[0]
    assert type(word.confidence) is float
    assert {type(word.span.start), type(word.span.end)} == {float}


def test_a_given_language_is_not_detected(whisper: Whisper, noise: Sound) -> None:
    transcript = whisper.transcribe(noise, SPEECH[:1], "sk-SK")
    assert (transcript.language, transcript.language_confidence) == ("sk", None)


def test_the_same_call_gives_the_same_words_and_leaves_other_random_draws_alone(whisper: Whisper, noise: Sound) -> None:
    torch.manual_seed(5)
    once = whisper.transcribe(noise, SPEECH[:1], "pl")
    drawn = torch.rand(1)
    assert whisper.transcribe(noise, SPEECH[:1], "pl") == once
    torch.manual_seed(5)
    assert torch.rand(1) == drawn


def test_where_nobody_speaks_nothing_is_heard(whisper: Whisper, noise: Sound) -> None:
    transcript = whisper.transcribe(noise, (), None)
    assert (transcript.segments, transcript.language, transcript.language_confidence) == ((), "und", None)


def test_a_model_that_loops_is_cut_to_what_was_said_once(looping_checkpoint: Path, noise: Sound) -> None:
    transcript = Whisper(str(looping_checkpoint)).transcribe(noise, SPEECH[:1], "en")
    assert [word.text for word in transcript.words] == ["thank", "you"]
    assert "loop" in transcript.notes[0]


def test_a_language_it_does_not_know_costs_this_call_only(whisper: Whisper, noise: Sound) -> None:
    with pytest.raises(CallError, match="does not know 'xx'") as caught:
        whisper.transcribe(noise, SPEECH, "xx")
    assert caught.value.kind is FailureKind.ENGINE


def test_a_model_that_fails_while_it_listens_costs_this_call_only(polish_checkpoint: Path, noise: Sound) -> None:
    broken = Whisper(str(polish_checkpoint))
    broken._loaded.model.encoder.conv1 = torch.nn.Conv1d(3, 3, 3)
    with pytest.raises(CallError, match="the recogniser failed"):
        broken.transcribe(noise, SPEECH, "pl")


def test_provenance_names_the_weights_by_their_bytes(whisper: Whisper, polish_checkpoint: Path) -> None:
    assert whisper.description.name == "whisper"
    assert whisper.description.model == polish_checkpoint.stem
    assert hashlib.sha256(polish_checkpoint.read_bytes()).hexdigest() in whisper.description.settings


def test_other_known_inventions_are_other_settings(polish_checkpoint: Path) -> None:
    plain = Whisper(str(polish_checkpoint))
    guarded = Whisper(str(polish_checkpoint), inventions={"pl": ("napisy",)})
    assert plain.description != guarded.description


def test_a_known_invention_is_dropped_and_told(polish_checkpoint: Path, noise: Sound, polish_line: str) -> None:
    transcript = Whisper(str(polish_checkpoint), inventions={"pl": (polish_line,)}).transcribe(noise, SPEECH[:1], "pl")
    assert transcript.segments == ()
    assert "known to invent" in transcript.notes[0]


def test_settings_travel_to_another_process_and_weights_do_not(whisper: Whisper) -> None:
    copy = pickle.loads(pickle.dumps(whisper))
    assert copy.description == whisper.description
    assert "_loaded" not in vars(copy)


def test_an_unknown_model_says_what_to_do() -> None:
    with pytest.raises(EngineUnavailableError, match="give their path with --model"):
        load_weights("no-such-model", "cpu")


def test_a_file_that_is_no_checkpoint_says_so(tmp_path: Path) -> None:
    other = tmp_path / "other.pt"
    torch.save({"weights": torch.zeros(2)}, other)
    with pytest.raises(EngineUnavailableError, match="cannot load it: KeyError"):
        load_weights(str(other), "cpu")


def test_it_knows_as_many_languages_as_its_vocabulary(whisper: Whisper) -> None:
    loaded = whisper._loaded
    assert isinstance(loaded, LoadedWhisper)
    assert {"en", "pl", "sk", "hu"} <= loaded.languages
    assert len(loaded.languages) == 99
