from __future__ import annotations

import pytest

from qa.model.span import Span
from qa.model.transcript import Word
from qa.text.tokens import Sentence, fold, normal_form, sentences


def words(text: str) -> tuple[Word, ...]:
    return tuple(Word(t, Span(float(i), i + 0.5)) for i, t in enumerate(text.split()))


def split(text: str, contractions: dict[str, str] | None = None) -> tuple[Sentence, ...]:
    return sentences(words(text), contractions or {})


@pytest.mark.parametrize(
    ("one", "other"),
    [("Proszę", "prosze"), ("ŁÓDŹ", "lodz"), ("Köszönöm", "koszonom"), ("ľúto", "LUTO"), ("I’ll", "i'll")],
)
def test_two_spellings_of_a_word_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("word", "form"),
    [("„dobry!”", "dobry"), ("e-mail", "email"), ("12:00.", "12:00"), ("24/7", "24/7"), ("—", ""), ("(tak)", "tak")],
)
def test_punctuation_around_a_word_goes_and_inside_it_stays(word: str, form: str) -> None:
    assert normal_form(word) == form


def test_a_contraction_is_the_words_it_stands_for_and_keeps_its_time() -> None:
    (sentence,) = split("I'll call", {"i'll": "i will"})
    assert [token.text for token in sentence.tokens] == ["i", "will", "call"]
    assert sentence.part(0, 2) == (Span(0.0, 0.5), "I'll")


def test_full_stops_end_sentences_and_ordinals_do_not() -> None:
    found = split("Pošlem to 5. marca. Dobre? Áno")
    assert [s.text for s in found] == ["Pošlem to 5. marca.", "Dobre?", "Áno"]
    assert [s.question for s in found] == [False, True, False]


def test_without_punctuation_an_utterance_is_one_sentence() -> None:
    assert len(split("thank you for calling how can i help you")) == 1


def test_silence_written_as_dots_is_no_sentence() -> None:
    assert split("... — …") == ()
