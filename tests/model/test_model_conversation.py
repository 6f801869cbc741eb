from __future__ import annotations

from dataclasses import replace

from stories import talk

from qa.model.conversation import Role
from qa.model.finding import Reason
from qa.model.scorecard import Tally
from qa.model.span import Span

CALL = talk("agent 0-3 good morning", "customer 2-6 hello my bill is wrong", "agent 20-22 I see")


def test_silences_lie_between_voices_only() -> None:
    assert CALL.silences(3) == (Span(6, 20),)
    assert CALL.silences(20) == ()


def test_overlaps_and_lonely_stretches_are_derived() -> None:
    assert CALL.overlaps() == (Span(2, 3),)
    assert CALL.alone(Role.AGENT) == (Span(0, 2), Span(20, 22))


def test_clarity_is_full_where_nobody_gave_confidences_and_their_mean_where_they_did() -> None:
    assert CALL.clarity(Role.AGENT, Span(0, 30)) == 1.0
    turn = CALL.turns[0]
    unsure = tuple(replace(word, confidence=0.5) for word in turn.words)
    doubted = replace(turn, utterances=(replace(turn.utterances[0], words=unsure),))
    heard = replace(CALL, turns=(doubted, *CALL.turns[1:]))
    assert heard.clarity(Role.AGENT, Span(0, 3)) == 0.5
    assert heard.clarity(Role.CUSTOMER, Span(0, 30)) == 1.0


def test_tallies_add_and_nothing_possible_is_no_percentage() -> None:
    assert (Tally(1, 2) + Tally(2, 3)).percent == 60
    assert Tally(0, 0).percent is None


def test_a_reason_fills_its_template() -> None:
    assert str(Reason("{a} of {b}", (("a", 1), ("b", 2)))) == "1 of 2"
