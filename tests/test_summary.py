"""Adding up a night: tallies add, nothing is averaged, and the order of the input does not matter."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scored_calls import FAILED, MET, MISSED, NOT_APPLICABLE, PARTLY, RUBRIC, RUN, UNSURE, scored, with_card

from qa.model.finding import Verdict
from qa.model.night import Night, ScoredCall, VerdictCounts
from qa.model.scorecard import Tally
from qa.summary import night_of, summarise

VERDICTS = st.sampled_from(list(Verdict))
CALLS = st.lists(
    st.builds(
        lambda number, agent, greeting, identity: scored(
            f"c{number}", agent, {"greeting": greeting, "identity": identity}, number
        ),
        st.integers(0, 99),
        st.sampled_from(["anna", "boris", "cyril"]),
        VERDICTS,
        VERDICTS,
    ),
    unique_by=lambda call: call.scorecard.call.call_id,
    max_size=12,
)


def test_percentages_come_from_points_and_are_not_averaged() -> None:
    calls = [
        scored("short", "anna", {"identity": MET}),
        scored("long", "anna", {"greeting": MISSED, "empathy": MISSED, "identity": MET}),
    ]
    team, _ = summarise(calls)
    assert team.tally == Tally(2, 6)
    assert team.tally.percent == pytest.approx(100 / 3), "not the mean of 100 and 20"


@given(CALLS)
def test_the_agents_add_up_to_the_team(calls: list[ScoredCall]) -> None:
    team, agents = summarise(calls)
    assert sum((agent.tally for agent in agents), Tally(0, 0)) == team.tally
    assert sorted(call for agent in agents for call in agent.calls) == sorted(team.calls)
    assert sum(agent.auto_fails for agent in agents) == team.auto_fails
    for criterion in team.criteria:
        of_agents = [c.tally for agent in agents for c in agent.criteria if c.id == criterion.id]
        assert sum(of_agents, Tally(0, 0)) == criterion.tally


@given(CALLS, st.randoms(use_true_random=False))
def test_the_same_calls_in_any_order_are_the_same_night(calls: list[ScoredCall], shuffle: random.Random) -> None:
    shuffled, failures = list(calls), list(FAILED)
    shuffle.shuffle(shuffled)
    shuffle.shuffle(failures)
    assert night_of(RUN, shuffled, failures, RUBRIC) == night_of(RUN, calls, FAILED, RUBRIC)


def test_a_group_without_points_has_no_percentage() -> None:
    team, (agent,) = summarise([scored("c1", "anna", {"greeting": NOT_APPLICABLE, "empathy": UNSURE})])
    assert team.tally.percent is None
    assert agent.worst is None


def test_a_night_without_calls_is_a_team_of_nothing() -> None:
    team, agents = summarise([])
    assert (team.calls, team.tally, team.criteria, agents) == ((), Tally(0, 0), (), ())


def test_an_auto_failed_call_counts_nothing_of_what_was_possible_as_its_card_says() -> None:
    team, (agent,) = summarise([scored("c1", "anna", {"greeting": MET, "identity": MISSED})])
    assert agent.tally == Tally(0, 3)
    assert agent.auto_fails == 1
    assert {c.id: c.tally for c in team.criteria}["greeting"] == Tally(2, 2), "what was found stays told"


def test_every_verdict_is_counted_also_those_without_points() -> None:
    verdicts = (MET, MET, PARTLY, MISSED, NOT_APPLICABLE, UNSURE)
    team, _ = summarise([scored(f"c{i}", "anna", {"empathy": v}) for i, v in enumerate(verdicts)])
    assert team.criteria[0].counts == VerdictCounts(met=2, partly=1, missed=1, not_applicable=1, unsure=1)
    assert team.criteria[0].tally == Tally(5, 8)
    assert team.needs_review == 1


def test_the_worst_criterion_is_where_most_points_were_lost_not_the_lowest_share() -> None:
    calls = [scored(f"c{i}", "anna", {"greeting": PARTLY, "identity": MET}) for i in range(3)]
    calls.append(scored("c9", "anna", {"greeting": MET, "identity": MISSED}))
    team, _ = summarise(calls)
    assert team.worst == "greeting"


def test_calls_stand_in_order_of_start_with_and_without_zones_and_those_without_a_start_last() -> None:
    naive = scored("naive", "anna", {"greeting": MET})
    at_half_past = replace(naive.scorecard.call, started_at=datetime(2026, 3, 2, 9, 30))
    calls = [
        scored("none", "anna", {"greeting": MET}, None),
        scored("late", "anna", {"greeting": MET}, 1),
        with_card(replace(naive.scorecard, call=at_half_past)),
        scored("early", "anna", {"greeting": MET}, 0),
    ]
    assert summarise(calls)[0].calls == ("early", "naive", "late", "none")


def test_an_agents_name_is_the_latest_that_is_known() -> None:
    calls = [
        scored("c1", "anna", {"greeting": MET}, 0, "Anna Nowak"),
        scored("c2", "anna", {"greeting": MET}, 1, "Anna Kowal"),
        scored("c3", "anna", {"greeting": MET}, 2),
    ]
    assert summarise(calls)[1][0].name == "Anna Kowal"


def test_the_night_carries_failures_bands_and_what_is_not_measured(scored_night: Night) -> None:
    assert [failure.call_id for failure in scored_night.failures] == ["f1", "f2", "c1"], "notices last"
    assert scored_night.bands == (("good", "Good"), ("fair", "Fair"), ("poor", "Poor"))
    assert scored_night.not_measured == RUBRIC.not_measured
    assert [agent.id for agent in scored_night.agents] == ["@agent", "anna", "boris"]
