"""What is known of the customer: the name, an earlier call, who hung up, and long explanations taken up."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from criteria_acted import acted, finding, verdict

from qa.model.dialogue import CallContext
from qa.model.recording import Party
from qa.model.rubric import Json


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (("customer 0-2 [name_given] My name is Ellen Hale.", "agent 3-4 Thank you, Ellen."), "met"),
        (("customer 0-2 [name_given] My name is Ellen Hale.", "agent 3-4 Thank you, Ms Hale."), "met"),
        (("customer 0-2 [name_given] My name is Ellen Hale.", "agent 3-4 Thank you."), "missed"),
        (("customer 0-2 [name_given] my name is ellen hale", "agent 3-4 thank you ellen"), "met"),
        (("customer 0-2 [name_given] my name is ellen hale", "agent 3-4 thank you for waiting"), "missed"),
        (("customer 0-2 Good morning, Ellen Hale.", "agent 3-4 Thank you."), "missed"),
        (("customer 0-2 I have a question.", "agent 3-4 Thank you."), "not_applicable"),
        (("agent 0-1 [open_question] Your name?", "customer 2-3 Ellen Hale.", "agent 4-5 Thanks, Ellen."), "met"),
        (("agent 0-2 [self_introduction] Ellen speaking.", "customer 3-4 [name_given] I am Ellen Hale."), "missed"),
        (("agent 0-2 Is that Mr Hale?", "customer 3-4 Speaking."), "met"),
    ],
)
def test_a_name_that_was_given_is_used(told: tuple[str, ...], wanted: str) -> None:
    assert verdict("name_used", {}, *told) == wanted


@pytest.mark.parametrize(
    ("language", "given", "used"),
    [
        ("pl", "Nazywam się Anna Kowalska.", "Dziękuję, pani Anno."),
        ("pl", "Nazywam się Marek Nowak.", "Dziękuję, panie Marku."),
        ("sk", "Volám sa Peter Horváth.", "Ďakujem, pán Horváth."),
        ("hu", "A nevem Kovács Péter.", "Köszönöm, Kovács úr."),
    ],
)
def test_a_name_is_known_in_every_case(language: str, given: str, used: str) -> None:
    told = (f"customer 0-3 [name_given] {given}", f"agent 4-6 {used}")
    assert finding("name_used", {}, acted(*told, language=language)).verdict.value == "met"
    silent = (told[0], "agent 4-6 ok")
    assert finding("name_used", {}, acted(*silent, language=language)).verdict.value == "missed"


EARLIER: Mapping[str, Json] = {"refers": ["earlier_contact"], "asks": ["identity_check"]}


@pytest.mark.parametrize(
    ("on_record", "act", "wanted"),
    [
        (True, "earlier_contact", "met"),
        (None, "earlier_contact", "met"),
        (False, "earlier_contact", "not_applicable"),
        (True, "identity_check", "unsure"),
        (True, "greeting", "met"),
        (None, "greeting", "not_applicable"),
    ],
)
def test_an_earlier_call_is_referred_to_and_never_guessed(on_record: bool | None, act: str, wanted: str) -> None:
    context = CallContext(earlier_contact=on_record)
    dialogue = acted(f"agent 0-2 [{act}] words", "customer 3-4 yes", context=context)
    assert finding("earlier_contact", EARLIER, dialogue).verdict.value == wanted


@pytest.mark.parametrize(
    ("told", "wanted"), [(Party.CUSTOMER, "met"), (Party.AGENT, "missed"), (None, "not_applicable")]
)
def test_who_hung_up_is_known_from_the_metadata_only(told: Party | None, wanted: str) -> None:
    dialogue = acted("agent 0-2 bye", context=CallContext(disconnected_by=told))
    found = finding("disconnected", {"by": "customer"}, dialogue)
    assert found.verdict.value == wanted
    assert found.searched is not None or wanted == "not_applicable"


LISTENING: Mapping[str, Json] = {
    "turn_seconds": 8,
    "takes_up": ["acknowledgement", "open_question"],
    "ahead_of": ["promise.*"],
    "talk_share": {"most": 0.8},
}


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (("customer 0-10 a long story", "agent 11-12 [open_question] what then"), "met"),
        (
            ("customer 0-10 a long story", "agent 11-12 [promise.send] a form", "agent 13-14 [open_question] why"),
            "missed",
        ),
        (("customer 0-10 a long story", "agent 11-12 next"), "missed"),
        (("customer 0-10 a long story", "agent 11-80 [open_question] what then and so on"), "missed"),
        (("customer 0-5 a short story", "agent 6-7 next"), "not_applicable"),
    ],
)
def test_a_long_explanation_is_taken_up_before_anything_is_offered(told: tuple[str, ...], wanted: str) -> None:
    assert verdict("listening", LISTENING, *told) == wanted
