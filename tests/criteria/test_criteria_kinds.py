"""Each kind of check judged on short stories: what must be met, partly, missed, not applicable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from stories import talk, understood

from qa.criteria import check_kinds
from qa.model.contracts import Check
from qa.model.finding import Verdict
from qa.model.promise import PromiseState
from qa.model.recording import Direction
from qa.model.rubric import CompanyFacts, Json
from qa.model.sound import ChannelLayout
from qa.model.span import Span

GREETING: Mapping[str, Json] = {
    "window": {"at": "start", "seconds": 20, "turns": 2},
    "parts": [
        {"name": "a greeting", "acts": ["greeting"]},
        {"name": "the company", "acts": ["company", "department"]},
        {"name": "the name", "acts": ["self_introduction"]},
        {"name": "an offer", "acts": ["offer_of_help"], "directions": ["inbound"]},
        {"name": "the purpose", "acts": ["purpose"], "directions": ["outbound"]},
    ],
    "met_at": 4,
    "partly_at": 2,
}
CLOSING: Mapping[str, Json] = {
    "window": {"at": "end", "seconds": 30},
    "parts": [
        {"name": "thanks", "acts": ["thanks"]},
        {"name": "a wish", "acts": ["good_wish"]},
        {"name": "a goodbye", "acts": ["leave_taking"]},
    ],
    "met_at": 2,
    "partly_at": 1,
    "not_after": ["transfer"],
}
EMPATHY: Mapping[str, Json] = {"opportunity": ["trouble"], "answer": ["acknowledgement", "apology"], "within_turns": 2}


def check(kind: str, parameters: Mapping[str, Json]) -> Check:
    return check_kinds()[kind].build(parameters, CompanyFacts())


def judged(kind: str, parameters: Mapping[str, Json], *lines: str, direction: Direction | None = None) -> Verdict:
    return check(kind, parameters).judge(understood(*lines, direction=direction)).verdict


@pytest.mark.parametrize(
    ("opening", "verdict"),
    [
        ("agent 0-5 Good morning, Harbour Bank, Ellen speaking, how can I help you?", Verdict.MET),
        ("agent 0-5 Good morning, my name is Ellen, how can I help you?", Verdict.PARTLY),
        ("agent 0-5 Good morning, how can I help you?", Verdict.PARTLY),
        ("agent 0-5 How can I help you?", Verdict.MISSED),
        ("agent 0-5 Yes?", Verdict.MISSED),
    ],
)
def test_a_greeting_has_its_parts(opening: str, verdict: Verdict) -> None:
    assert judged("said", GREETING, opening, "customer 6-9 My bill is wrong.", direction=Direction.INBOUND) is verdict


def test_a_greeting_that_comes_too_late_is_no_greeting() -> None:
    lines = (
        "customer 0-2 Anybody there?",
        "agent 25-30 Good morning, Harbour Bank, Ellen speaking, how can I help you?",
    )
    assert judged("said", GREETING, *lines, direction=Direction.INBOUND) is Verdict.MISSED


def test_a_customers_greeting_is_not_the_agents() -> None:
    lines = ("agent 0-1 Yes?", "customer 2-6 Good morning, this is Harbour Bank, my name is Ellen, how can I help you?")
    assert judged("said", GREETING, *lines, direction=Direction.INBOUND) is Verdict.MISSED


def test_an_outbound_greeting_states_its_purpose() -> None:
    lines = ("agent 0-6 Good morning, this is Ellen from Harbour Bank, I am calling about your new card.",)
    assert judged("said", GREETING, *lines, direction=Direction.OUTBOUND) is Verdict.MET
    assert judged("said", GREETING, *lines, direction=Direction.INBOUND) is Verdict.PARTLY
    assert judged("said", GREETING, *lines, direction=None) is Verdict.MET


def test_missed_says_which_span_was_searched() -> None:
    finding = check("said", GREETING).judge(understood("agent 0-1 Yes?", "customer 2-4 My bill is wrong."))
    assert finding.verdict is Verdict.MISSED
    assert finding.searched
    assert "not heard" in str(finding.reason)


@pytest.mark.parametrize(
    ("end", "verdict"),
    [
        ("agent 6-9 Thank you for calling, have a lovely day.", Verdict.MET),
        ("agent 6-9 Have a lovely day, goodbye.", Verdict.MET),
        ("agent 6-9 Goodbye.", Verdict.PARTLY),
        ("agent 6-9 Right.", Verdict.MISSED),
        ("agent 6-9 I will transfer you to my colleague in billing.", Verdict.NOT_APPLICABLE),
    ],
)
def test_a_closing_has_two_of_its_three_parts(end: str, verdict: Verdict) -> None:
    assert judged("said", CLOSING, "customer 0-5 That is all I need.", end) is verdict


TROUBLE = "customer 0-4 I lost my wallet and I am really worried."


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        ((TROUBLE, "agent 5-8 I am so sorry to hear that."), Verdict.MET),
        ((TROUBLE, "agent 5-6 I understand.", "customer 7-8 Yes.", "agent 9-11 What is your name?"), Verdict.MISSED),
        (
            (TROUBLE, "agent 5-6 One moment.", "customer 7-8 Yes.", "agent 9-12 That must be very stressful."),
            Verdict.MET,
        ),
        (("customer 0-3 What are your opening hours?", "agent 4-6 From nine to five."), Verdict.NOT_APPLICABLE),
        (
            (
                TROUBLE,
                "agent 5-8 I am so sorry to hear that.",
                "customer 9-12 I am so upset about this.",
                "agent 13-15 Next.",
            ),
            Verdict.PARTLY,
        ),
    ],
)
def test_trouble_asks_for_an_answer_within_two_turns(lines: tuple[str, ...], verdict: Verdict) -> None:
    assert judged("answered", EMPATHY, *lines) is verdict


def test_an_answer_before_the_trouble_answers_nothing() -> None:
    lines = (
        "agent 0-3 I am so sorry to hear that.",
        "customer 4-8 I lost my wallet and I am really worried.",
        "agent 9-10 Okay.",
    )
    assert judged("answered", EMPATHY, *lines) is Verdict.MISSED


FLOOR = "customer 0-6 I moved house last week and I would like to change"
OVER = "agent 4-7 you need to fill in the form"


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        ((FLOOR, "agent 7-9 Certainly."), Verdict.MET),
        ((FLOOR, "agent 3-3.4 Mhm", "agent 7-9 Certainly."), Verdict.MET),
        ((FLOOR, OVER), Verdict.PARTLY),
        (
            (FLOOR, OVER, "customer 8-14 yes but I already did that last", "agent 12-15 then you have to wait"),
            Verdict.MISSED,
        ),
    ],
)
def test_one_interruption_per_begun_five_minutes_is_allowed(lines: tuple[str, ...], verdict: Verdict) -> None:
    assert judged("interruptions", {}, *lines) is verdict


def test_a_longer_call_allows_more_and_every_number_is_the_rubrics() -> None:
    lines = (
        FLOOR,
        OVER,
        "customer 8-14 yes but I already did that last",
        "agent 12-15 then you have to wait",
        "agent 400-401 so",
    )
    assert judged("interruptions", {}, *lines) is Verdict.PARTLY
    assert judged("interruptions", {"allowed": 0}, FLOOR, OVER) is Verdict.MISSED
    assert judged("interruptions", {"overlap_seconds": 2.5}, FLOOR, OVER) is Verdict.MET


def test_on_a_mixed_channel_the_finding_is_less_sure() -> None:
    dialogue = understood(FLOOR, OVER)
    mono = replace(dialogue.conversation, hearing=replace(dialogue.conversation.hearing, layout=ChannelLayout.MONO))
    finding = check("interruptions", {}).judge(replace(dialogue, conversation=mono))
    assert finding.confidence < 1.0


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        (("agent 0-4 I will call you back tomorrow before noon.",), Verdict.MET),
        (("agent 0-4 I will call you back.",), Verdict.PARTLY),
        (("agent 0-4 Your card will arrive soon.",), Verdict.NOT_APPLICABLE),
        (("customer 0-4 I will call you back tomorrow.",), Verdict.NOT_APPLICABLE),
        (
            (
                "agent 0-3 I will call you back.",
                "customer 4-5 When?",
                "agent 6-9 I will call you back by five o'clock.",
            ),
            Verdict.MET,
        ),
    ],
)
def test_a_promise_says_by_when(lines: tuple[str, ...], verdict: Verdict) -> None:
    assert judged("promises", {}, *lines) is verdict


def test_a_promise_known_to_be_broken_is_missed() -> None:
    dialogue = understood("agent 0-4 I will call you back tomorrow before noon.")
    broken = replace(dialogue.promises[0], state=PromiseState.BROKEN, state_reason="nobody called")
    finding = check("promises", {}).judge(replace(dialogue, promises=(broken,)))
    assert (finding.verdict, "nobody called" in str(finding.reason)) == (Verdict.MISSED, True)


@pytest.mark.parametrize("shift", [0.25, 60.0, 1800.0])
def test_shifting_all_times_changes_no_verdict(shift: float) -> None:
    from qa.batch.judge import Judge
    from qa.cli.rubrics import load
    from qa.cli.settings import rubric_setting
    from qa.model.recording import CallMetadata

    judge = Judge.of(load(rubric_setting(None)))
    plain = [
        "agent 0-5 Good morning, Harbour Bank, Ellen speaking, how can I help you?",
        "customer 6-9 I lost my wallet.",
    ]
    later = [
        f"agent {shift}-{5 + shift} {plain[0].split(' ', 2)[2]}",
        f"customer {6 + shift}-{9 + shift} I lost my wallet.",
    ]
    first, second = (judge.card(CallMetadata("x"), talk(*lines)) for lines in (plain, later))
    assert [r.verdict for r in first.results] == [r.verdict for r in second.results]


def test_every_kind_says_what_it_asks_and_refuses_unknown_parameters() -> None:
    for kind in check_kinds().values():
        assert kind.purpose.endswith(".")
        assert kind.schema["additionalProperties"] is False


def test_words_that_begin_just_before_their_voice_activity_are_in_the_window() -> None:
    dialogue = understood("agent 0-5 Good morning, Harbour Bank, Ellen speaking, how can I help you?")
    later = tuple(replace(s, span=Span(s.span.start + 0.03, s.span.end)) for s in dialogue.conversation.speech)
    heard = replace(dialogue, conversation=replace(dialogue.conversation, speech=later))
    assert check("said", GREETING).judge(heard).verdict is Verdict.MET


def test_a_part_that_was_hardly_heard_costs_the_clear_ones_nothing() -> None:
    dialogue = understood("customer 0-1 Bye.", "agent 2-5 Thank you for calling, have a lovely day, goodbye.")
    acts = tuple(replace(a, confidence=0.1) if a.name == "leave_taking" else a for a in dialogue.acts)
    finding = check("said", CLOSING).judge(replace(dialogue, acts=acts))
    assert (finding.verdict, finding.confidence > 0.9) == (Verdict.MET, True)


def test_times_that_somebody_wrote_down_are_less_sure_than_heard_ones() -> None:
    written = understood(FLOOR, OVER)
    hearing = replace(written.conversation.hearing, layout=ChannelLayout.TWO_CHANNEL)
    heard = replace(written, conversation=replace(written.conversation, hearing=hearing))
    assert (
        check("interruptions", {}).judge(written).confidence < check("interruptions", {}).judge(heard).confidence == 1.0
    )
