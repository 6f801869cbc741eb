"""Occasions: what they ask is looked for near enough, on the right side, and never held against a call without one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from criteria_acted import acted, finding, verdict

from qa.criteria import check_kinds
from qa.model.finding import Verdict
from qa.model.rubric import CompanyFacts, Json

REFUSAL: Mapping[str, Json] = {
    "when": [{"acts": ["refusal"], "role": "agent"}],
    "needed": [{"name": "a reason", "acts": ["reason"]}],
    "look": "around",
    "turns": 2,
}
IDENTITY: Mapping[str, Json] = {
    "when": [{"acts": ["account_disclosure", "identity_check"], "role": "agent"}],
    "needed": [{"name": "verifying", "acts": ["identity_check"]}],
    "look": "before",
    "which": "first",
}
HEDGE: Mapping[str, Json] = {
    "when": [{"acts": ["third_party_deadline"], "unless": ["promise.*"], "role": "agent"}],
    "needed": [{"name": "a hedge", "acts": ["hedge"]}],
    "look": "sentence",
}
INSULTS: Mapping[str, Json] = {
    "when": [{"acts": ["insult"]}],
    "needed": [{"name": "a boundary", "acts": ["boundary"]}],
    "needed_from": 2,
    "which": "any",
    "look": "around",
    "never": ["rude"],
}
OPEN: Mapping[str, Json] = {
    "when": [{"acts": ["need"]}],
    "needed": [{"name": "an open question", "acts": ["open_question"]}],
    "which": "first",
    "ahead_of": ["closed_question"],
    "ahead_of_unless": ["identity_check"],
}


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (("agent 0-3 [refusal reason] no because",), "met"),
        (("agent 0-2 [refusal] no", "agent 3-4 [reason] because"), "met"),
        (("agent 0-2 [refusal] no", "customer 3-4 why", "agent 5-6 [reason] because"), "met"),
        (("agent 0-2 [reason] because", "customer 3-4 well", "agent 5-6 [refusal] so no"), "met"),
        (
            (
                "agent 0-2 [refusal] no",
                "customer 3-4 oh",
                "agent 5-6 well",
                "customer 7-8 oh",
                "agent 9-9.5 [reason] it",
            ),
            "missed",
        ),
        (("agent 0-2 [refusal] no", "customer 3-4 [reason] because of you"), "missed"),
        (("customer 0-2 [refusal] I refuse", "agent 3-4 fine"), "not_applicable"),
        (("agent 0-2 yes", "customer 3-4 thanks"), "not_applicable"),
    ],
)
def test_a_refusal_brings_its_reason(told: tuple[str, ...], wanted: str) -> None:
    assert verdict("occasion", REFUSAL, *told) == wanted


def test_every_refusal_needs_its_reason_and_partial_credit_is_the_rubrics_choice() -> None:
    told = (
        "agent 0-2 [refusal reason] no because",
        "customer 3-4 oh",
        "agent 5-6 fine",
        "customer 7-8 and this",
        "agent 9-10 well",
        "customer 11-12 and that",
        "agent 13-14 [refusal] no",
    )
    assert verdict("occasion", REFUSAL, *told) == "missed"
    assert verdict("occasion", {**REFUSAL, "partial": True}, *told) == "partly"
    assert verdict("occasion", {**REFUSAL, "which": "any"}, *told) == "met"
    assert verdict("occasion", {**REFUSAL, "which": "first"}, *told) == "met"


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (("agent 0-2 [identity_check] birthday", "customer 3-4 May", "agent 5-6 [account_disclosure] balance"), "met"),
        (
            ("agent 0-2 [account_disclosure] balance", "customer 3-4 oh", "agent 5-6 [identity_check] birthday"),
            "missed",
        ),
        (("agent 0-2 [identity_check] birthday", "customer 3-4 May"), "met"),
        (("agent 0-2 we open at nine", "customer 3-4 fine"), "not_applicable"),
    ],
)
def test_identity_comes_before_the_account(told: tuple[str, ...], wanted: str) -> None:
    assert verdict("occasion", IDENTITY, *told) == wanted


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (("agent 0-2 [third_party_deadline hedge] usually Friday",), "met"),
        (("agent 0-2 [third_party_deadline] on Friday", "agent 3-4 [hedge] I should eat"), "missed"),
        (("agent 0-2 [third_party_deadline promise.send] I send it Friday",), "not_applicable"),
    ],
)
def test_a_hedge_stands_in_the_sentence_of_the_deadline(told: tuple[str, ...], wanted: str) -> None:
    assert verdict("occasion", HEDGE, *told) == wanted


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (("customer 0-2 [insult] fool", "agent 3-4 let me look"), "met"),
        (("customer 0-2 [insult] fool", "agent 3-4 [rude] you too"), "missed"),
        (("customer 0-2 [insult] fool", "agent 3-4 so", "customer 5-6 [insult] fool"), "missed"),
        (
            ("customer 0-2 [insult] fool", "agent 3-4 so", "customer 5-6 [insult] fool", "agent 7-8 [boundary] please"),
            "met",
        ),
        (("customer 0-2 hello", "agent 3-4 [rude] what"), "not_applicable"),
    ],
)
def test_a_boundary_is_asked_from_the_second_insult_on(told: tuple[str, ...], wanted: str) -> None:
    assert verdict("occasion", INSULTS, *told) == wanted


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (
            ("customer 0-2 [need] a plan", "agent 3-4 [open_question] what for", "agent 5-6 [closed_question] big"),
            "met",
        ),
        (("customer 0-2 [need] a plan", "agent 3-4 [closed_question] big", "agent 5-6 [open_question] why"), "missed"),
        (
            (
                "customer 0-2 [need] a plan",
                "agent 3-4 [closed_question identity_check] born in May",
                "customer 5-6 yes",
                "agent 7-8 [open_question] what for",
            ),
            "met",
        ),
    ],
)
def test_open_questions_come_ahead_of_closed_ones_but_security_may_come_first(
    told: tuple[str, ...], wanted: str
) -> None:
    assert verdict("occasion", OPEN, *told) == wanted


def test_a_summary_counts_only_where_the_customer_has_the_next_word() -> None:
    rule: Mapping[str, Json] = {
        "when": [{"acts": ["need"]}],
        "needed": [{"name": "a summary", "acts": ["paraphrase"]}],
        "confirmed": True,
    }
    summed = ("customer 0-2 [need] a plan", "agent 3-4 [paraphrase] so you want")
    assert verdict("occasion", rule, *summed, "customer 5-6 yes") == "met"
    assert verdict("occasion", rule, *summed) == "missed"


def test_a_trigger_may_ask_for_several_turns_or_for_a_long_one() -> None:
    anger: Mapping[str, Json] = {
        "when": [{"acts": ["complaint"], "turns": 2}],
        "needed": [{"name": "a supervisor", "acts": ["escalation"]}],
    }
    once = ("customer 0-2 [complaint] bad", "agent 3-4 well")
    assert verdict("occasion", anger, *once) == "not_applicable"
    assert verdict("occasion", anger, *once, "customer 5-6 [complaint] bad", "agent 7-8 well") == "missed"
    long: Mapping[str, Json] = {"when": [{"turn_seconds": 5}], "needed": [{"name": "thanks", "acts": ["thanks"]}]}
    assert verdict("occasion", long, "customer 0-4 short", "agent 5-6 well") == "not_applicable"
    assert verdict("occasion", long, "customer 0-6 longer than that", "agent 7-8 [thanks] thanks") == "met"


HELD = ("agent 0-3 [{}] a moment", "customer 3.2-3.8 yes", "agent 20-22 [{}] back")


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("hold_permission", "thanks_for_waiting", "met"),
        ("hold_request", "thanks_for_waiting", "missed"),
        ("hold_permission", "need", "met"),
        ("need", "need", "not_applicable"),
    ],
)
def test_leave_is_asked_before_a_hold_and_silence_alone_is_none(before: str, after: str, wanted: str) -> None:
    rule: Mapping[str, Json] = {
        "holds": True,
        "needed": [{"name": "leave", "acts": ["hold_permission"]}],
        "look": "before",
        "seconds": 30,
    }
    told = (HELD[0].format(before), HELD[1], HELD[2].format(after))
    assert verdict("occasion", rule, *told) == wanted


def test_thanks_after_a_hold_may_not_come_late() -> None:
    rule: Mapping[str, Json] = {
        "holds": True,
        "needed": [{"name": "thanks", "acts": ["thanks_for_waiting"]}],
        "look": "after",
        "seconds": 10,
    }
    held = (HELD[0].format("hold_request"), HELD[1])
    assert verdict("occasion", rule, *held, "agent 20-22 [thanks_for_waiting] thanks") == "met"
    assert verdict("occasion", rule, *held, "agent 20-22 so", "agent 40-42 [thanks_for_waiting] thanks") == "missed"


def test_missed_names_the_words_that_asked_and_where_it_was_looked_for() -> None:
    found = finding("occasion", REFUSAL, acted("agent 0-2 [refusal] we cannot", "customer 3-4 oh"))
    assert found.verdict is Verdict.MISSED
    assert [quote.quote for quote in found.evidence] == ["we cannot"]
    assert found.searched
    assert "a reason" in str(found.reason)


@pytest.mark.parametrize(
    "parameters",
    [{"needed": []}, {**REFUSAL, "holds": True}, {**REFUSAL, "at_least": 2}],
)
def test_what_could_never_be_judged_is_refused(parameters: Mapping[str, Json]) -> None:
    with pytest.raises(ValueError, match=r"when|never"):
        check_kinds()["occasion"].build(parameters, CompanyFacts())
