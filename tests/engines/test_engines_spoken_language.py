from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from qa.engines.spoken_language import cautions, detect, primary

Sound = NDArray[np.float32]


class Ear:
    """Gives its answers one after the other and counts how often it listened."""

    def __init__(self, *answers: Mapping[str, float]) -> None:
        self.answers = list(answers)

    def __call__(self, window: Sound) -> Mapping[str, float]:
        return self.answers.pop(0)


WINDOWS = [np.zeros(4, dtype=np.float32)] * 5


def test_a_clear_first_window_decides_alone() -> None:
    ear = Ear({"pl": 0.95, "sk": 0.05}, {"sk": 1.0})
    assert detect(WINDOWS, ear) == ("pl", 0.95)
    assert len(ear.answers) == 1


def test_a_doubtful_first_window_is_weighed_with_the_second() -> None:
    ear = Ear({"pl": 0.55, "sk": 0.45}, {"pl": 0.1, "sk": 0.9}, {"hu": 1.0})
    language, confidence = detect(WINDOWS, ear)
    assert language == "sk"
    assert confidence == pytest.approx(0.675)
    assert len(ear.answers) == 1, "two windows at most"


def test_without_speech_no_language_is_made_up() -> None:
    assert detect([], Ear()) == ("und", 0.0)


@pytest.mark.parametrize(("code", "language"), [("pl-PL", "pl"), ("EN_gb", "en"), (" sk ", "sk"), ("hu", "hu")])
def test_a_region_does_not_change_the_language(code: str, language: str) -> None:
    assert primary(code) == language


def test_a_small_model_in_hungarian_carries_a_warning_and_a_large_one_does_not() -> None:
    assert "'base'" in cautions("base", "hu")[0]
    assert cautions("faster-whisper-small", "hu")
    assert cautions("large-v3", "hu") == ()
    assert cautions("base", "en") == ()
