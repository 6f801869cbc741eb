from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from qa.engines.conversion import converted
from qa.engines.faster_whisper import BEAM_SIZE, FasterWhisper, retry_beam
from qa.errors import CallError, EngineUnavailableError
from qa.model.span import Span

SPEECH = (Span(1, 10), Span(12, 20), Span(25, 44))

Sound = NDArray[np.float32]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def engine(polish_checkpoint: Path, cache: Path) -> FasterWhisper:
    return FasterWhisper(str(polish_checkpoint), cache=cache, num_workers=2)


def test_a_checkpoint_of_openai_is_heard_through_ctranslate2_in_int8(
    engine: FasterWhisper, noise: Sound, polish_line: str
) -> None:
    transcript = engine.transcribe(noise, SPEECH, None)
    assert [segment.text for segment in transcript.segments] == [polish_line, polish_line]
    assert transcript.language == "pl"
    assert transcript.language_confidence is not None
    assert transcript.language_confidence > 0.9
    assert transcript.segments[1].span.start >= 24.7
    assert transcript.segments[1].span.end <= 44.3
    assert "compute=int8" in engine.description.settings


def test_times_and_confidences_are_plain_numbers(engine: FasterWhisper, noise: Sound) -> None:
    word = engine.transcribe(noise, SPEECH[:1], "pl").words[0]
    assert type(word.confidence) is float
    assert {type(word.span.start), type(word.span.end)} == {float}


def test_two_calls_at_once_hear_what_they_hear_alone(engine: FasterWhisper, noise: Sound) -> None:
    alone = engine.transcribe(noise, SPEECH, "pl")
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: engine.transcribe(noise, SPEECH, "pl"), range(2)))
    assert both == [alone, alone]


def test_a_converted_folder_is_taken_as_it_is(
    polish_checkpoint: Path, cache: Path, noise: Sound, polish_line: str
) -> None:
    folder = converted(polish_checkpoint, "int8", cache=cache)
    transcript = FasterWhisper(str(folder), beam_size=1).transcribe(noise, SPEECH[:1], "pl")
    assert transcript.segments[0].text == polish_line
    assert transcript.engine.model == folder.name


def test_a_model_that_loops_is_heard_again_and_what_still_loops_is_cut(
    looping_checkpoint: Path, cache: Path, noise: Sound
) -> None:
    transcript = FasterWhisper(str(looping_checkpoint), cache=cache).transcribe(noise, SPEECH[:1], "en")
    assert [word.text for word in transcript.words] == ["thank", "you"]
    assert "loop" in transcript.notes[0]


def test_a_language_it_does_not_know_costs_this_call_only(engine: FasterWhisper, noise: Sound) -> None:
    with pytest.raises(CallError, match="does not know 'xx'"):
        engine.transcribe(noise, SPEECH, "xx")


def test_an_unknown_model_or_an_empty_folder_says_what_to_do(tmp_path: Path, noise: Sound) -> None:
    for model in ("no-such-model", str(tmp_path)):
        with pytest.raises(EngineUnavailableError, match="give their path with --model"):
            FasterWhisper(model).transcribe(noise, SPEECH, "pl")


def test_settings_travel_to_another_process_and_weights_do_not(engine: FasterWhisper) -> None:
    copy = pickle.loads(pickle.dumps(engine))
    assert copy.description == engine.description
    assert copy._recogniser is None


def test_the_second_try_searches_another_way_than_the_first() -> None:
    assert retry_beam(BEAM_SIZE) == 1
    assert retry_beam(1) == BEAM_SIZE
