"""Agreement with people: κ by hand, by scikit-learn and by bootstrap; and the CSV they come in."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scored_calls import MET, MISSED, NOT_APPLICABLE, PARTLY, UNSURE, finding, scored
from sklearn.metrics import cohen_kappa_score

from qa.calibration import Calibration, HumanVerdict, calibrate, read_human_verdicts
from qa.calibration.agreement import CATEGORIES, ORDERED, _kappas, _weights
from qa.errors import UsageError
from qa.model.finding import Verdict
from qa.model.night import Night
from qa.reports.scores_csv import ScoresCsv

PAIRS = st.lists(st.tuples(st.sampled_from(list(Verdict)), st.sampled_from(list(Verdict))), min_size=2, max_size=30)


def compare(*pairs: tuple[Verdict, Verdict], criterion: str = "empathy") -> Calibration:
    """Pairs of a person's verdict and the tool's, one call each."""
    human = [HumanVerdict(f"c{i:03}", criterion, theirs) for i, (theirs, _) in enumerate(pairs)]
    cards = [scored(f"c{i:03}", "anna", {criterion: ours}).scorecard for i, (_, ours) in enumerate(pairs)]
    return calibrate(human, cards)


def test_kappa_is_what_one_reckons_by_hand() -> None:
    (agreement,) = compare(
        *[(MET, MET)] * 4, *[(MISSED, MISSED)] * 3, (MET, MISSED), (MISSED, MET), (MISSED, MET)
    ).criteria
    assert (agreement.n, agreement.same) == (10, 7)
    assert agreement.kappa.value == pytest.approx((0.7 - 0.5) / (1 - 0.5))
    assert agreement.kappa.interval is not None
    assert -1 <= agreement.kappa.interval.low < 0.4 < agreement.kappa.interval.high <= 1


def test_total_agreement_is_one_and_total_contradiction_is_below_zero() -> None:
    assert compare((MET, MET), (MISSED, MISSED)).criteria[0].kappa.value == 1
    contradicted = compare((MET, MISSED), (MISSED, MET)).criteria[0].kappa.value
    assert contradicted is not None
    assert contradicted < 0


def test_where_everybody_always_says_the_same_kappa_is_not_defined() -> None:
    (agreement,) = compare(*[(MET, MET)] * 5).criteria
    assert (agreement.same, agreement.kappa.value, agreement.kappa.interval) == (5, None, None)


def test_a_tool_that_shrugs_does_not_agree_and_is_left_out_of_the_order() -> None:
    (agreement,) = compare((MET, UNSURE), (MISSED, UNSURE), (MET, MET), (MISSED, MISSED)).criteria
    assert agreement.unsure == 2
    assert agreement.kappa.value is not None
    assert agreement.kappa.value < 1
    assert (agreement.weighted_kappa.n, agreement.weighted_kappa.value) == (2, 1)


def test_weighted_kappa_forgives_a_step_more_than_two() -> None:
    base = [(MET, MET), (MISSED, MISSED), (PARTLY, PARTLY)] * 3
    near = compare(*base, (MET, PARTLY)).criteria[0].weighted_kappa.value
    far = compare(*base, (MET, MISSED)).criteria[0].weighted_kappa.value
    assert near is not None
    assert far is not None
    assert near > far


@given(PAIRS)
def test_the_bootstraps_kappa_is_scikit_learns(pairs: list[tuple[Verdict, Verdict]]) -> None:
    assume(len({v for pair in pairs for v in pair}) > 1)
    labels = [v.value for v in CATEGORIES]
    table = np.zeros((1, 5, 5))
    for human, tool in pairs:
        table[0, labels.index(human.value), labels.index(tool.value)] += 1
    for linear in (False, True):
        theirs = cohen_kappa_score(
            [h.value for h, _ in pairs],
            [t.value for _, t in pairs],
            labels=labels,
            weights="linear" if linear else None,
        )
        assert _kappas(table, _weights(5, linear))[0] == pytest.approx(theirs)


def test_more_calls_make_a_narrower_interval() -> None:
    few = [(MET, MET), (MISSED, MISSED), (MET, MISSED), (MISSED, MISSED), (MET, MET)] * 4
    narrow, wide = compare(*few * 10).criteria[0].kappa, compare(*few).criteria[0].kappa
    assert narrow.value == pytest.approx(wide.value)
    assert narrow.interval is not None
    assert wide.interval is not None
    assert narrow.interval.high - narrow.interval.low < (wide.interval.high - wide.interval.low) / 2


def test_the_same_rows_in_any_order_give_the_same_figures() -> None:
    human = [HumanVerdict(f"c{i}", "empathy", (MET, MISSED, PARTLY)[i % 3]) for i in range(12)]
    cards = [scored(f"c{i}", "anna", {"empathy": (MET, PARTLY)[i % 2]}).scorecard for i in range(12)]
    shuffled = list(human)
    random.Random(1).shuffle(shuffled)
    assert calibrate(shuffled, reversed(cards)) == calibrate(human, cards)


def test_the_worst_disagreement_is_far_apart_and_sure() -> None:
    worst = compare(
        (MET, UNSURE),
        (MET, finding(MISSED, confidence=0.6).verdict),
        (MET, PARTLY),
        (NOT_APPLICABLE, MISSED),
    ).worst
    assert [(d.human, d.tool) for d in worst] == [
        (MET, MISSED),
        (MET, PARTLY),
        (NOT_APPLICABLE, MISSED),
        (MET, UNSURE),
    ]
    assert worst[0].at == 12.5


def test_of_two_equal_contradictions_the_more_confident_is_the_worse() -> None:
    human = [HumanVerdict(call, "empathy", MET) for call in ("a", "b")]
    cards = [
        scored("a", "anna", {"empathy": finding(MISSED, confidence=0.6)}).scorecard,
        scored("b", "anna", {"empathy": finding(MISSED, confidence=0.9)}).scorecard,
    ]
    assert [d.call_id for d in calibrate(human, cards).worst] == ["b", "a"]


def test_rows_about_calls_nobody_scored_come_back_and_count_nowhere() -> None:
    human = [HumanVerdict("c1", "empathy", MET), HumanVerdict("c1", "typo", MET), HumanVerdict("gone", "empathy", MET)]
    found = calibrate(human, [scored("c1", "anna", {"empathy": MET}).scorecard])
    assert [(row.call_id, row.criterion) for row in found.unmatched] == [("gone", "empathy"), ("c1", "typo")]
    assert found.overall.n == 1


def test_without_any_pair_there_is_nothing_to_say() -> None:
    found = calibrate([], [])
    assert (found.criteria, found.overall.n, found.overall.kappa.value, found.worst) == ((), 0, None, ())


def test_only_verdicts_with_points_have_an_order() -> None:
    assert [verdict.counts for verdict in CATEGORIES] == [True, True, True, False, False]
    assert ORDERED == (MISSED, PARTLY, MET)


@pytest.mark.parametrize(
    "text",
    [
        "call_id,criterion,verdict\nc1,empathy,met\n",
        "\ufeffcall_id;criterion;verdict\r\nc1;empathy;Met\r\n;;\r\n",
        'Verdict, Call_ID ,criterion,comment\nMET,c1,empathy,"two\nlines"\n',
        "call_id,criterion,verdict\nc1,empathy,met\nc1,empathy,met\n",
    ],
    ids=["plain", "mark, semicolons, empty row", "other order, further columns", "the same row twice"],
)
def test_people_write_csv_in_many_ways(text: str, tmp_path: Path) -> None:
    (tmp_path / "human.csv").write_text(text, encoding="utf-8", newline="")
    assert read_human_verdicts(tmp_path / "human.csv") == (HumanVerdict("c1", "empathy", MET),)


@pytest.mark.parametrize(
    ("written", "verdict"), [("N/A", NOT_APPLICABLE), ("not applicable", NOT_APPLICABLE), (" unsure", UNSURE)]
)
def test_verdicts_may_be_spelt_as_people_do(written: str, verdict: Verdict, tmp_path: Path) -> None:
    (tmp_path / "human.csv").write_text(f"call_id,criterion,verdict\nc1,empathy,{written}\n", encoding="utf-8")
    assert read_human_verdicts(tmp_path / "human.csv")[0].verdict is verdict


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"call_id,criterion,verdict\nc1,empathy,good\n", "line 2: 'good' is not a verdict; expected one of met"),
        (b"call_id,criterion,verdict\n,empathy,met\n", "line 2: call_id or criterion is empty"),
        (b"call,criterion,verdict\nc1,empathy,met\n", "line 1: no column call_id"),
        (b"", "no column call_id, criterion, verdict"),
        (b"call_id,criterion,verdict\nc1,e,met\nc1,e,missed\n", "call 'c1', criterion 'e' is both met and missed"),
        (b"call_id,criterion,verdict\nc1,empath\xff,met\n", "is not UTF-8 (byte 35)"),
        (b"call_id,criterion,verdict\n" + b"x" * 200_000 + b",e,met\n", "is not CSV (field larger than field limit"),
        (None, "cannot be read (No such file or directory)"),
    ],
)
def test_a_file_that_is_wrong_is_told_with_its_line_and_what_to_do(
    data: bytes | None, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "human.csv"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UsageError) as caught:
        read_human_verdicts(path)
    assert message in str(caught.value)
    assert all(problem.do and problem.expected for problem in caught.value.problems)


def test_the_tools_own_scores_csv_can_be_corrected_and_read_back(scored_night: Night, tmp_path: Path) -> None:
    ScoresCsv().write(scored_night, tmp_path)
    cards = [call.scorecard for call in scored_night.calls]
    found = calibrate(read_human_verdicts(tmp_path / "scores.csv"), cards)
    assert found.unmatched == ()
    assert found.overall.same == found.overall.n == sum(len(card.results) for card in cards)
