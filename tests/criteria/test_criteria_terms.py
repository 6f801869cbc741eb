"""The company's terms: jargon made plain, products tied to a benefit."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from criteria_acted import acted, finding

from qa.criteria import check_kinds
from qa.model.rubric import CompanyFacts, Json

FACTS = CompanyFacts(jargon=(("chargeback*", "money back"),), products=("travel insurance",), benefit_words=("save*",))
JARGON: Mapping[str, Json] = {"source": "jargon", "acts": ["explanation"], "next_turns": 1}
PRODUCTS: Mapping[str, Json] = {"source": "products", "acts": ["benefit"], "next_turns": 1}


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (("agent 0-2 We send you a letter.",), "met"),
        (("agent 0-2 We start a chargeback.",), "missed"),
        (("agent 0-2 We do chargebacks.",), "missed"),
        (("agent 0-2 We start a chargeback.", "agent 3-4 You get your money back."), "met"),
        (("agent 0-2 We start a chargeback.", "agent 3-4 [explanation] That is a request."), "met"),
        (("agent 0-2 We start a chargeback.", "customer 3-4 A what?", "agent 5-6 Your money back."), "met"),
        (
            (
                "agent 0-2 We start a chargeback.",
                "customer 3-4 Oh.",
                "agent 5-6 Well.",
                "customer 7-8 A what?",
                "agent 9-9.9 Your money back.",
            ),
            "missed",
        ),
        (("customer 0-2 I want a chargeback.", "agent 3-4 Fine."), "met"),
    ],
)
def test_jargon_is_made_plain_in_the_same_or_the_next_turn(told: tuple[str, ...], wanted: str) -> None:
    assert finding("terms", JARGON, acted(*told), FACTS).verdict.value == wanted


def test_without_a_list_of_terms_nothing_can_be_judged() -> None:
    assert finding("terms", JARGON, acted("agent 0-2 We start a chargeback.")).verdict.value == "not_applicable"


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (("agent 0-2 With travel insurance you save money.",), "met"),
        (("agent 0-2 We have travel insurance.", "agent 3-4 [benefit] That suits your trips."), "met"),
        (("agent 0-2 We have travel insurance.",), "missed"),
        (("agent 0-2 [benefit] You save money.",), "not_applicable"),
        (("customer 0-2 Is there travel insurance?", "agent 3-4 No."), "not_applicable"),
    ],
)
def test_a_product_is_tied_to_a_benefit_and_without_one_nothing_is_sold(told: tuple[str, ...], wanted: str) -> None:
    assert finding("terms", PRODUCTS, acted(*told), FACTS).verdict.value == wanted


def test_one_product_tied_to_a_benefit_is_enough() -> None:
    told = (
        "agent 0-2 You save with travel insurance.",
        "customer 3-4 Oh.",
        "agent 5-6 Hm.",
        "agent 7-8 Travel insurance.",
    )
    assert finding("terms", PRODUCTS, acted(*told), FACTS).verdict.value == "met"


def test_a_term_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="group"):
        check_kinds()["terms"].build(JARGON, CompanyFacts(jargon=(("(broken", "plain"),)))
