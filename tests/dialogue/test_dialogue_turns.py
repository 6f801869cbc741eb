from __future__ import annotations

from stories import talk

from qa.dialogue.turns import SpokenWords, split_at_pauses, to_turns
from qa.model.conversation import Role
from qa.model.span import Span
from qa.model.transcript import Word

LISTENING = frozenset({"mhm", "yes"})


def spoken(speaker: str, start: float, end: float, text: str) -> SpokenWords:
    each = (end - start) / len(text.split())
    words = [Word(t, Span(start + i * each, start + (i + 1) * each)) for i, t in enumerate(text.split())]
    (one,) = split_at_pauses(words, speaker)
    return one


def test_utterances_of_one_speaker_are_one_turn_until_the_other_takes_the_floor() -> None:
    conversation = talk(
        "agent 0-2 good morning", "agent 3-5 how can I help", "customer 6-8 my bill is wrong", "agent 9-10 I see"
    )
    assert [(t.role, len(t.utterances)) for t in conversation.turns] == [
        (Role.AGENT, 2),
        (Role.CUSTOMER, 1),
        (Role.AGENT, 1),
    ]


def test_a_listening_sound_under_the_others_words_takes_no_floor() -> None:
    turns = to_turns(
        [spoken("c", 0, 6, "my bill is wrong again"), spoken("a", 3, 3.4, "Mhm."), spoken("c", 6.5, 8, "it really is")],
        {"a": Role.AGENT, "c": Role.CUSTOMER},
        LISTENING,
    )
    assert [(t.role, t.backchannel, len(t.utterances)) for t in turns] == [
        (Role.CUSTOMER, False, 2),
        (Role.AGENT, True, 1),
    ]


def test_the_same_word_as_an_answer_takes_the_floor() -> None:
    turns = to_turns([spoken("c", 0, 2, "is it open"), spoken("a", 2.5, 2.9, "Yes.")], {}, LISTENING)
    assert [t.backchannel for t in turns] == [False, False]


def test_a_long_word_of_agreement_under_the_others_words_takes_the_floor() -> None:
    turns = to_turns([spoken("c", 0, 6, "my bill is wrong again"), spoken("a", 3, 4.5, "Mhm.")], {}, LISTENING)
    assert not any(t.backchannel for t in turns)


def test_a_pause_starts_a_new_utterance() -> None:
    words = [Word("one", Span(0, 0.5)), Word("two", Span(0.6, 1.0)), Word("three", Span(2.0, 2.5))]
    assert [s.utterance.text for s in split_at_pauses(words, "a")] == ["one two", "three"]


def test_nobody_speaks_no_turns() -> None:
    assert to_turns([], {}, LISTENING) == ()
