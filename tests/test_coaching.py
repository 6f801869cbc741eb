"""Which calls a coach is shown: patterns before slips, one to praise, nobody favoured."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from scored_calls import MET, MISSED, NOT_APPLICABLE, PARTLY, UNSURE, finding, scored

from qa.coaching import coaching_picks, listen_from
from qa.model.finding import Evidence, Finding, Reason, Verdict
from qa.model.night import CoachingPick, ScoredCall
from qa.model.span import Span


def improving(calls: list[ScoredCall]) -> list[tuple[str, str]]:
    return [(pick.call_id, pick.criterion) for pick in coaching_picks(calls) if not pick.positive]


def praised(calls: list[ScoredCall]) -> list[tuple[str, str]]:
    return [(pick.call_id, pick.criterion) for pick in coaching_picks(calls) if pick.positive]


def test_a_slip_that_repeats_comes_before_a_single_slip() -> None:
    calls = [
        scored("c1", "anna", {"greeting": MISSED, "empathy": MET}, 0),
        scored("c2", "anna", {"greeting": MET, "empathy": PARTLY}, 1),
        scored("c3", "anna", {"greeting": MET, "empathy": PARTLY}, 2),
    ]
    assert improving(calls) == [("c3", "empathy"), ("c1", "greeting")]


def test_a_missed_critical_criterion_comes_before_everything() -> None:
    calls = [
        scored("c1", "anna", {"empathy": MISSED}, 0),
        scored("c2", "anna", {"empathy": MISSED}, 1),
        scored("c3", "anna", {"identity": MISSED}, 2),
    ]
    assert improving(calls)[0] == ("c3", "identity")


def test_the_clearest_call_of_a_pattern_is_shown_missed_before_partly_then_the_surer_one() -> None:
    calls = [
        scored("partly", "anna", {"empathy": finding(PARTLY, confidence=1.0)}, 0),
        scored("sure", "anna", {"empathy": finding(MISSED, confidence=0.9)}, 1),
        scored("weak", "anna", {"empathy": finding(MISSED, confidence=0.6)}, 2),
    ]
    assert improving(calls) == [("sure", "empathy")]


def test_an_unsure_verdict_is_for_a_reviewer_not_for_a_coach() -> None:
    assert coaching_picks([scored("c1", "anna", {"empathy": UNSURE, "greeting": NOT_APPLICABLE})]) == ()


def test_praise_shows_the_criterion_that_slips_elsewhere() -> None:
    calls = [
        scored("bad", "anna", {"greeting": MET, "empathy": MISSED}, 0),
        scored("proof", "anna", {"empathy": MET}, 1),
        scored("other", "anna", {"greeting": MET}, 2),
    ]
    assert praised(calls) == [("proof", "empathy")]
    (why,) = [pick.why for pick in coaching_picks(calls) if pick.positive]
    assert "it slips in other calls" in why


def test_no_praise_without_words_to_listen_to_and_none_from_an_auto_failed_call() -> None:
    silent = Finding(MET, Reason("no interruption"))
    assert praised([scored("c1", "anna", {"greeting": silent})]) == []
    assert praised([scored("c1", "anna", {"greeting": MET, "identity": MISSED})]) == []
    assert praised([scored("c1", "anna", {"greeting": MET})]) == [("c1", "greeting")]


def test_the_reason_counts_the_calls_in_which_the_criterion_arose() -> None:
    calls = [scored(f"c{i}", "anna", {"empathy": v}, i) for i, v in enumerate((MISSED, PARTLY, MET, NOT_APPLICABLE))]
    why = coaching_picks(calls)[0].why
    assert "Empathy: not fully met in 2 of 3 calls" in why
    assert "2 parts were said" in why


def test_one_listens_from_the_first_words_else_from_where_the_search_began() -> None:
    words = finding(MET, second=12.5)
    earlier = Finding(MET, words.reason, 1.0, (*words.evidence, Evidence(Span(3, 4), words.evidence[0].role, "x")))
    assert listen_from(earlier) == 3
    assert listen_from(finding(MISSED, second=7.0)) == 7.0
    assert listen_from(Finding(MISSED, Reason("x"))) == 0.0


def test_nobody_is_sent_to_talk_to_an_unknown_agent() -> None:
    assert coaching_picks([scored("c1", "unknown", {"greeting": MISSED})]) == ()


CALLS = st.lists(
    st.builds(
        lambda number, agent, greeting, empathy, identity: scored(
            f"c{number}", agent, {"greeting": greeting, "empathy": empathy, "identity": identity}, number
        ),
        st.integers(0, 30),
        st.sampled_from(["anna", "boris"]),
        *[st.sampled_from(list(Verdict))] * 3,
    ),
    unique_by=lambda call: call.scorecard.call.call_id,
    max_size=10,
)


@given(CALLS)
def test_no_agent_gets_more_than_three_picks_or_the_same_call_or_criterion_twice(calls: list[ScoredCall]) -> None:
    picks = coaching_picks(calls)
    assert max(Counter(pick.agent_id for pick in picks).values(), default=0) <= 3
    assert max(Counter(pick.agent_id for pick in picks if pick.positive).values(), default=0) <= 1
    assert len({(pick.agent_id, pick.call_id) for pick in picks}) == len(picks)
    assert len({(p.agent_id, p.criterion) for p in picks if not p.positive}) == sum(not p.positive for p in picks)


@given(CALLS)
def test_what_an_agent_is_shown_does_not_depend_on_the_colleagues(calls: list[ScoredCall]) -> None:
    def of(agent: str, picks: tuple[CoachingPick, ...]) -> list[CoachingPick]:
        return [pick for pick in picks if pick.agent_id == agent]

    alone = [call for call in calls if call.scorecard.call.agent_id == "anna"]
    assert of("anna", coaching_picks(calls)) == of("anna", coaching_picks(alone))


@given(CALLS)
def test_every_pick_is_on_the_card_it_names(calls: list[ScoredCall]) -> None:
    verdicts = {(c.scorecard.call.call_id, r.id): r.verdict for c in calls for r in c.scorecard.results}
    for pick in coaching_picks(calls):
        verdict = verdicts[pick.call_id, pick.criterion]
        assert verdict is MET if pick.positive else verdict in (MISSED, PARTLY)


def test_the_example_in_the_documentation_holds() -> None:
    calls = [
        scored("Monday 1", "anna", {"greeting": MISSED, "empathy": MET, "identity": MET}, 0),
        scored("Monday 2", "anna", {"greeting": MET, "empathy": PARTLY, "identity": MET}, 1),
        scored("Monday 3", "anna", {"greeting": MET, "empathy": MISSED, "identity": MET}, 2),
    ]
    assert improving(calls) == [("Monday 3", "empathy"), ("Monday 1", "greeting")]
    assert praised(calls) == [("Monday 2", "greeting")]
