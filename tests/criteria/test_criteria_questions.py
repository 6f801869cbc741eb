"""Questions of the customer: answered, put off in words, or passed over."""

from __future__ import annotations

import pytest
from criteria_acted import acted, finding, verdict

ASKED = "customer 0-3 When will my parcel arrive?"


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ((ASKED, "agent 4-6 On Tuesday."), "met"),
        ((ASKED, "agent 4-6 [deferral] I have to find out."), "met"),
        ((ASKED, "agent 4-6 Your name?", "customer 7-8 Hale.", "agent 9-10 On Tuesday."), "met"),
        ((ASKED, "agent 4-6 Your name?", "customer 7-8 Hale.", "agent 9-10 Your postcode?"), "missed"),
        ((ASKED,), "missed"),
        ((ASKED, "agent 1-1.3 mhm"), "missed"),
        (("customer 0-3 Cancel my order.", "agent 4-5 Done."), "not_applicable"),
        (("customer 0-1 Yes?", "agent 4-5 Good morning."), "not_applicable"),
        (("agent 0-3 When did it arrive?", "customer 4-5 Today."), "not_applicable"),
    ],
)
def test_an_answer_is_a_statement_within_two_turns(told: tuple[str, ...], wanted: str) -> None:
    assert verdict("questions", {}, *told) == wanted


def test_what_has_to_be_asked_again_was_not_answered() -> None:
    evaded = (ASKED, "agent 4-6 We are very busy.", "customer 7-8 I see.", "agent 9-10 So busy.")
    assert verdict("questions", {}, *evaded) == "met"
    again = (*evaded, "customer 11-13 But when will my parcel arrive?", "agent 14-15 On Tuesday.")
    found = finding("questions", {}, acted(*again))
    assert found.verdict.value == "missed"
    assert found.evidence[0].quote == "When will my parcel arrive?"


def test_without_punctuation_a_phrase_tells_the_question() -> None:
    told = ("customer 0-3 [open_question] when will my parcel arrive", "agent 4-6 [closed_question] is it urgent")
    assert verdict("questions", {}, *told) == "missed"
    assert verdict("questions", {}, told[0], "agent 4-6 on Tuesday") == "met"


def test_acts_that_the_rubric_excuses_ask_nothing() -> None:
    told = ("customer 0-3 [greeting] How do you do today?", "agent 4-5 Your name?")
    assert verdict("questions", {}, *told) == "missed"
    assert verdict("questions", {"unless": ["greeting"]}, *told) == "not_applicable"


def test_an_answer_may_come_before_the_agents_own_question() -> None:
    asked = "customer 0-3 [open_question] when will my parcel arrive"
    assert verdict("questions", {}, asked, "agent 4-6 [closed_question] We have Tuesday or Friday.") == "met"
    assert (
        verdict("questions", {}, asked, "agent 4-6 on tuesday at nine", "agent 6.5-8 [closed_question] or later")
        == "met"
    )
    assert verdict("questions", {}, asked, "agent 4-6 [closed_question] Do you mean the big one?") == "missed"


def test_a_single_word_is_no_question() -> None:
    assert verdict("questions", {}, "customer 0-1 [closed_question] alright", "agent 2-3 bye") == "not_applicable"
