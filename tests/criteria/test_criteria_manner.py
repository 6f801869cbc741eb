"""Manner: wanted words somewhere in the call, unwanted ones nowhere."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from criteria_acted import acted, finding, verdict

from qa.criteria import check_kinds
from qa.model.rubric import CompanyFacts, Json

POLITE: Mapping[str, Json] = {"wanted": ["please", "thanks"], "at_least": 2, "unwanted": ["rude"]}
MORE: Mapping[str, Json] = {"wanted": ["offer_of_more"], "not_after": ["transfer"]}


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (("agent 0-1 [please] please", "agent 2-3 [thanks] thanks"), "met"),
        (("agent 0-1 [please] please", "customer 2-3 [thanks] thanks"), "missed"),
        (("agent 0-1 [please] please", "agent 2-3 [thanks] thanks", "agent 4-5 [rude] what"), "missed"),
        (("agent 0-1 [please thanks] please", "customer 4-5 [rude] what"), "met"),
        (("customer 0-1 [please] please",), "not_applicable"),
    ],
)
def test_polite_words_are_counted_and_rude_ones_found(told: tuple[str, ...], wanted: str) -> None:
    assert verdict("manner", POLITE, *told) == wanted


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (("agent 0-1 [offer_of_more] anything else", "agent 2-3 bye"), "met"),
        (("agent 0-1 bye",), "missed"),
        (("customer 0-1 so", "agent 2-3 [transfer] I put you through"), "not_applicable"),
        (("agent 0-1 [transfer] I put you through", "customer 2-3 no", "agent 4-5 bye"), "missed"),
    ],
)
def test_a_call_that_is_handed_over_asks_for_nothing_more(told: tuple[str, ...], wanted: str) -> None:
    assert verdict("manner", MORE, *told) == wanted


def test_only_unwanted_words_lose_a_point_where_none_are_wanted() -> None:
    assert verdict("manner", {"unwanted": ["blame"]}, "agent 0-1 hello") == "met"
    found = finding("manner", {"unwanted": ["blame"]}, acted("agent 0-1 [blame] it was him"))
    assert (found.verdict.value, [e.quote for e in found.evidence]) == ("missed", ["it was him"])


def test_asking_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="every call"):
        check_kinds()["manner"].build({}, CompanyFacts())
