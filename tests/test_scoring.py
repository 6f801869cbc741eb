"""Scoring: applicability first, then the check, then doubt; tallies that add; nothing stops the night."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring_calls import QUOTE, Breaks, Finds, asked, card, dialogue, found

from qa.model.conversation import Role
from qa.model.dialogue import CallContext
from qa.model.finding import Finding, Reason, Verdict
from qa.model.recording import Direction
from qa.model.rubric import Applicability, Criterion
from qa.model.scorecard import Scorecard, Tally
from qa.model.span import Span
from qa.model.transcript import Grade, WordTiming


def only(scorecard: Scorecard) -> Finding:
    (result,) = scorecard.results
    return result.finding


@pytest.mark.parametrize(
    ("verdict", "tally"),
    [
        (Verdict.MET, Tally(2, 2)),
        (Verdict.PARTLY, Tally(0.5, 2)),
        (Verdict.MISSED, Tally(0, 2)),
        (Verdict.NOT_APPLICABLE, Tally(0, 0)),
        (Verdict.UNSURE, Tally(0, 0)),
    ],
)
def test_a_verdict_earns_its_share_of_the_weight(verdict: Verdict, tally: Tally) -> None:
    scored = card((asked(partly_share=0.25), found(verdict)))
    assert (scored.results[0].verdict, scored.tally) == (verdict, tally)


def test_score_and_band_come_from_the_sum_of_tallies() -> None:
    scored = card(
        (asked("a", 3), found(Verdict.MET)),
        (asked("b", 1), found(Verdict.MISSED)),
        (asked("c", 3), found(Verdict.UNSURE)),
    )
    assert (scored.score, scored.band, scored.needs_review) == (75.0, "poor", ("c",))


def test_one_certain_point_beside_many_unsure_ones_gets_no_band() -> None:
    scored = card((asked("a", 1), found(Verdict.MET)), (asked("b", 3), found(Verdict.UNSURE)))
    assert (scored.score, scored.band) == (100.0, None)


def test_where_nothing_was_possible_there_is_neither_score_nor_band() -> None:
    scored = card((asked(), found(Verdict.NOT_APPLICABLE)))
    assert (scored.score, scored.band) == (None, None)


def test_a_missed_critical_criterion_makes_the_score_zero_and_an_unsure_one_does_not() -> None:
    pairs = [(asked("a", 9), found(Verdict.MET)), (asked("b", 1, critical=True), found(Verdict.MISSED))]
    failed = card(*pairs)
    assert (failed.auto_fail, failed.score, failed.band) == (True, 0.0, "poor")
    doubted = card(pairs[0], (pairs[1][0], found(Verdict.MISSED, 0.1)))
    assert (doubted.auto_fail, doubted.score, doubted.band) == (False, 100.0, "good")


def test_a_score_on_the_edge_of_a_band_is_in_it() -> None:
    pairs = [(asked(f"c{n}", 0.1, partly_share=0.8), found(Verdict.PARTLY)) for n in range(3)]
    assert card(*pairs).band == "good"


def test_a_check_that_breaks_costs_its_verdict_only_and_logs_no_words(caplog: pytest.LogCaptureFixture) -> None:
    scored = card((asked("a"), Breaks()), (asked("b"), found(Verdict.MET)))
    assert [r.verdict for r in scored.results] == [Verdict.UNSURE, Verdict.MET]
    assert str(scored.results[0].finding.reason) == "the check failed (LookupError)"
    assert scored.results[0].finding.confidence == 0.0
    assert "LookupError" in caplog.text
    assert "card number" not in caplog.text


OUTBOUND = Applicability(directions=(Direction.OUTBOUND,))


@pytest.mark.parametrize(
    ("applies", "context", "verdict"),
    [
        (OUTBOUND, CallContext(Direction.OUTBOUND), Verdict.MET),
        (OUTBOUND, CallContext(Direction.INBOUND), Verdict.NOT_APPLICABLE),
        (OUTBOUND, CallContext(), Verdict.UNSURE),
        (Applicability(queues=("Cards",)), CallContext(queue="cards "), Verdict.MET),
        (Applicability(queues=("Cards",)), CallContext(queue="loans"), Verdict.NOT_APPLICABLE),
        (Applicability(queues=("Cards",)), CallContext(), Verdict.UNSURE),
        (Applicability(languages=("cs",)), CallContext(), Verdict.MET),
        (Applicability(languages=("pl", "sk")), CallContext(), Verdict.NOT_APPLICABLE),
        (Applicability((Direction.INBOUND,), (), ("pl",)), CallContext(), Verdict.UNSURE),
        (Applicability(), CallContext(), Verdict.MET),
    ],
)
def test_applicability_is_decided_first_and_never_guessed(
    applies: Applicability, context: CallContext, verdict: Verdict
) -> None:
    finding = only(card((asked(applies=applies), found(Verdict.MET)), heard=dialogue(context=context)))
    assert finding.verdict is verdict
    if verdict is not Verdict.MET:
        assert "asked only of some calls" in str(finding.reason)


def test_where_the_agent_is_not_heard_at_all_nobody_is_blamed_for_words_not_said() -> None:
    heard = dialogue()
    conversation = heard.conversation
    turns = tuple(replace(turn, role=Role.CUSTOMER) for turn in conversation.turns)
    silent = replace(heard, conversation=replace(conversation, turns=turns))
    pairs = [(asked("a"), found(Verdict.MISSED)), (asked("b", check="sound"), found(Verdict.MET))]
    assert [r.verdict for r in card(*pairs, heard=silent).results] == [Verdict.UNSURE, Verdict.MET]
    assert [r.verdict for r in card(*pairs, heard=heard).results] == [Verdict.MISSED, Verdict.MET]


def test_a_language_without_data_gets_only_what_needs_no_words_and_the_card_says_so() -> None:
    pairs = [(asked("a"), found(Verdict.MET)), (asked("b", check="sound"), found(Verdict.MET))]
    scored = card(*pairs, heard=dialogue(support="none"))
    assert [r.verdict for r in scored.results] == [Verdict.UNSURE, Verdict.MET]
    assert "no language data for cs" in str(scored.results[0].finding.reason)
    assert "no language data for 'cs': only what needs no words was judged" in scored.provenance.notes
    assert card(*pairs).provenance.notes == ("8 kHz",)


def test_where_the_agent_is_in_doubt_everything_is_unsure_and_keeps_its_evidence() -> None:
    pairs = [(asked("a"), found(Verdict.MET)), (asked("b"), found(Verdict.NOT_APPLICABLE))]
    scored = card(*pairs, heard=dialogue(role_confidence=0.55))
    assert [r.verdict for r in scored.results] == [Verdict.UNSURE, Verdict.UNSURE]
    assert scored.results[0].finding.evidence == QUOTE
    assert str(scored.results[0].finding.reason) == "who the agent is, is in doubt (0.55 of 0.6); else met: as it is"
    assert card(*pairs, heard=dialogue(role_confidence=0.6)).needs_review == ()


def test_below_the_threshold_a_verdict_is_unsure_and_says_what_it_would_have_been() -> None:
    finding = only(card((asked(min_confidence=0.7), found(Verdict.MISSED, 0.654))))
    assert (finding.verdict, finding.evidence) == (Verdict.UNSURE, QUOTE)
    assert str(finding.reason) == "not sure enough (0.65 of 0.7); else missed: as it is"
    assert only(card((asked(min_confidence=0.7), found(Verdict.MISSED, 0.7)))).verdict is Verdict.MISSED


def test_a_miss_that_shows_nothing_is_never_scored() -> None:
    bare = Finding(Verdict.MISSED, Reason("gone"))
    assert only(card((asked(), Finds(bare)))).verdict is Verdict.UNSURE
    assert only(card((asked(), Finds(replace(bare, searched=Span(0, 3)))))).verdict is Verdict.MISSED


@pytest.mark.parametrize(
    ("hearing", "kind", "confidence"),
    [
        ({}, "words", 0.9),
        ({"grade": Grade.DRAFT}, "words", 0.63),
        ({"grade": Grade.DRAFT}, "sound", 0.63),
        ({"grade": Grade.DRAFT, "word_confidence": 0.3}, "words", 0.63),
        ({"word_confidence": 0.3}, "words", 0.45),
        ({"word_confidence": 0.3}, "sound", 0.9),
        ({"word_confidence": 0.6}, "words", 0.9),
        ({"word_confidence": 0.3, "timing": WordTiming.INTERPOLATED}, "words", 0.9),
        ({"role_confidence": 0.8}, "sound", 0.8),
    ],
)
def test_how_the_call_was_heard_lowers_confidence(hearing: dict[str, Any], kind: str, confidence: float) -> None:
    criterion = asked(check=kind, min_confidence=0.1)
    finding = only(card((criterion, found(Verdict.MET)), heard=dialogue(**hearing)))
    assert finding.confidence == pytest.approx(confidence)


@pytest.mark.parametrize(("own", "confidence"), [(7.0, 0.95), (-1.0, 0.0), (math.nan, 0.0), (math.inf, 0.0)])
def test_confidence_never_leaves_zero_to_one(own: float, confidence: float) -> None:
    assert only(card((asked(), found(Verdict.UNSURE, own)))).confidence == confidence


def test_the_card_says_where_its_numbers_come_from() -> None:
    origin = card((asked(), found(Verdict.MET)), heard=dialogue(grade=Grade.DRAFT)).provenance
    assert (origin.transcriber, origin.grade, origin.qa_version) == ("whisper tiny 1", Grade.DRAFT, "1.2.3")
    assert (origin.role_source, origin.role_confidence, origin.recording_sha256) == ("manifest", 0.95, "ab" * 32)


PAIRS = st.lists(
    st.tuples(
        st.integers(1, 50), st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.sampled_from(list(Verdict)), st.floats(0, 1)
    ),
    min_size=1,
    max_size=12,
).map(
    lambda rows: [
        (asked(f"c{n}", weight, partly_share=share), found(verdict, confidence))
        for n, (weight, share, verdict, confidence) in enumerate(rows)
    ]
)


@given(PAIRS)
def test_tallies_add(pairs: list[tuple[Criterion, Finds]]) -> None:
    scored = card(*pairs)
    alone = sum((card(pair).tally for pair in pairs), Tally(0, 0))
    assert scored.tally == alone
    assert 0 <= scored.tally.earned <= scored.tally.possible
    assert scored.score is None or 0 <= scored.score <= 100


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_criteria_changes_no_score(pairs: list[tuple[Criterion, Finds]], random: Any) -> None:
    shuffled = random.sample(pairs, len(pairs))
    before, after = card(*pairs), card(*shuffled)
    assert (before.score, before.band, before.auto_fail) == (after.score, after.band, after.auto_fail)
    assert sorted(before.needs_review) == sorted(after.needs_review)
