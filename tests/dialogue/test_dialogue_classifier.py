"""The trained layer: it hears what no phrase lists, keeps to its role, and is as old as its sentences."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from stories import understood

from qa.dialogue import train
from qa.dialogue.classifier import STRIDE, WINDOW, act_classifier, likely_acts, windows
from qa.languages import languages
from qa.model.conversation import Role
from qa.model.span import Span
from qa.model.transcript import Word
from qa.text.tokens import Sentence, sentences

TRAINED_TROUBLE = "customer 0-4 Somebody has been in my flat while we were at the hospital, I can't stop shaking."
TRAINED = [code for code in languages() if act_classifier(code)]


def sentence(text: str) -> Sentence:
    return sentences(tuple(Word(t, Span(float(i), i + 0.9)) for i, t in enumerate(text.split())), {})[0]


@pytest.mark.parametrize("code", TRAINED)
def test_a_model_was_trained_on_the_sentences_that_lie_beside_it(code: str) -> None:
    with np.load(train.MODELS / f"{code}.npz", allow_pickle=False) as stored:
        assert str(stored["sentences"]) == train.digest_of(code), f"run: python -m qa.dialogue.train {code}"


def test_a_language_without_a_model_has_none() -> None:
    assert act_classifier("xx") is None


def test_nothing_said_nothing_heard() -> None:
    model = act_classifier("en")
    assert model is not None
    assert list(likely_acts(model, [])) == []


def test_a_long_sentence_is_read_in_windows_that_cover_it() -> None:
    long = sentence(" ".join(f"word{i}" for i in range(50)))
    found = list(windows(long))
    assert found[0][0] == 0
    assert found[-1][1] == 50
    assert all(last - first <= WINDOW for first, last in found)
    assert all(later[0] - first[0] == STRIDE for first, later in itertools.pairwise(found))


def test_the_model_opens_no_case_and_hears_agents_only() -> None:
    lines = (TRAINED_TROUBLE, "agent 5-9 I can only imagine what a shock that must have been for you.")
    acts = [act for act in understood(*lines).acts if act.layer.startswith("model: ")]
    assert not [act for act in acts if act.name in ("trouble", "withdrawal") or act.role is Role.CUSTOMER]


def test_a_cancelled_promise_is_not_brought_back_by_the_model() -> None:
    dialogue = understood("agent 0-4 I won't call you back about this.")
    assert not dialogue.promises


def test_every_finding_says_which_layer_it_came_from() -> None:
    dialogue = understood("agent 0-4 Good morning, I will call you back tomorrow.")
    assert all(act.layer.startswith(("phrase: ", "model: ", "name in the opening")) for act in dialogue.acts)


def test_training_again_gives_the_same_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "training" / "en"
    home.mkdir(parents=True)
    (home / "thanks.txt").write_text("".join(f"thank you for call {i}\n" for i in range(12)), encoding="utf-8")
    (home / "none_agent.txt").write_text("".join(f"the bill is {i} euros\n" for i in range(12)), encoding="utf-8")
    monkeypatch.setattr(train, "TRAINING", tmp_path / "training")
    monkeypatch.setattr(train, "MODELS", tmp_path / "models")
    first = train.save(train.train("en"), "en").read_bytes()
    again = train.save(train.train("en"), "en").read_bytes()
    assert first == again
    model = train.train("en")
    thanked, told = model.probabilities(["thank you for call 99", "the bill is 99 euros"])[:, 0]
    assert thanked > 0.5 > told
