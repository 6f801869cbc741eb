"""The CSV files are for programs: real numbers, empty for what is not there, nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scored_calls import MET, RUBRIC, RUN, UNSURE, finding, scored

from qa.model.night import Night
from qa.reports.plain_text import CELL_UNITS, FORMULA_STARTS, cell_text, guarded, unguarded, writable
from qa.reports.scores_csv import FailuresCsv, ScoresCsv
from qa.summary import night_of

FORMULAS = ("=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", '=cmd|" /C calc"!A0')


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def scores(scored_night: Night, tmp_path: Path) -> list[dict[str, str]]:
    ScoresCsv().write(scored_night, tmp_path)
    return rows_of(tmp_path / "scores.csv")


def test_one_row_a_call_and_criterion_with_points_that_add_to_the_cards(
    scores: list[dict[str, str]], scored_night: Night
) -> None:
    cards = [call.scorecard for call in scored_night.calls]
    assert len(scores) == sum(len(card.results) for card in cards)
    assert sum(float(row["earned"]) for row in scores) == sum(card.tally.earned for card in cards)
    assert sum(float(row["possible"]) for row in scores) == sum(card.tally.possible for card in cards)


def test_what_is_not_there_is_empty_and_never_zero(scores: list[dict[str, str]]) -> None:
    without_score = [row for row in scores if row["call_id"] == "c6"]
    assert {(row["score"], row["band"], row["started_at"], row["start"]) for row in without_score} == {("",) * 4}
    assert {row["verdict"] for row in without_score} == {"not_applicable", "unsure"}


def test_flags_and_numbers_are_plain(scores: list[dict[str, str]]) -> None:
    failed = next(row for row in scores if row["call_id"] == "c4" and row["criterion"] == "identity")
    assert (failed["auto_fail"], failed["critical"], failed["score"], failed["start"]) == (
        "true",
        "true",
        "0.0",
        "12.5",
    )


def test_the_file_is_utf8_without_a_mark_and_by_rfc_4180(scored_night: Night, tmp_path: Path) -> None:
    ScoresCsv().write(scored_night, tmp_path)
    data = (tmp_path / "scores.csv").read_bytes()
    assert data.startswith(b"call_id,agent_id,")
    assert data.endswith(b"\r\n")


def test_the_columns_are_the_documented_ones(scores: list[dict[str, str]], scored_night: Night, tmp_path: Path) -> None:
    FailuresCsv().write(scored_night, tmp_path)
    text = (Path(__file__).parents[2] / "docs" / "report-formats.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE))
    assert set(scores[0]) | set(rows_of(tmp_path / "failures.csv")[0]) <= documented


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_text_of_a_call_can_be_run_by_a_spreadsheet(formula: str, tmp_path: Path) -> None:
    said = scored(formula, formula, {"greeting": finding(MET, quote=formula), "empathy": UNSURE}, name=formula)
    ScoresCsv().write(night_of(RUN, [said], (), RUBRIC), tmp_path)
    cells = [cell for row in rows_of(tmp_path / "scores.csv") for cell in row.values()]
    assert f"'{formula}" in cells
    assert not [cell for cell in cells if cell.startswith(FORMULA_STARTS)]


def test_a_negative_number_stays_a_number_and_plain_text_gets_no_apostrophe(tmp_path: Path) -> None:
    said = scored("c1", "anna", {"greeting": finding(MET, second=-0.5, quote="a = b")})
    ScoresCsv().write(night_of(RUN, [said], (), RUBRIC), tmp_path)
    (row,) = rows_of(tmp_path / "scores.csv")
    assert (row["start"], row["quote"]) == ("-0.5", "a = b")


def test_failures_say_where_what_was_expected_and_what_to_do(scored_night: Night, tmp_path: Path) -> None:
    FailuresCsv().write(scored_night, tmp_path)
    first, hostile, notice = rows_of(tmp_path / "failures.csv")
    assert (first["call_id"], first["kind"], first["do"]) == ("f1", "truncated", "export it again")
    assert hostile["where"].startswith("'=HYPERLINK")
    assert (notice["notice"], first["notice"]) == ("true", "false")


def test_a_night_without_calls_and_failures_still_has_its_headers(scored_night: Night, tmp_path: Path) -> None:
    quiet = replace(scored_night, calls=(), failures=())
    for made in (ScoresCsv(), FailuresCsv()):
        made.write(quiet, tmp_path)
    assert (tmp_path / "scores.csv").read_text().count("\n") == 1
    assert (tmp_path / "failures.csv").read_text().startswith("call_id,kind,")


@given(st.text())
def test_what_was_guarded_can_be_read_back(text: str) -> None:
    if not (text.startswith("'") and text[1:].startswith(FORMULA_STARTS)):
        assert unguarded(guarded(text)) == text


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_written(text: str) -> None:
    writable(text).encode("utf-8")


@pytest.mark.parametrize("character", ["x", "ż", "😀"])
def test_a_cell_holds_what_fits_and_says_where_it_was_cut(character: str) -> None:
    units = len(character.encode("utf-16-le")) // 2
    fits = character * (CELL_UNITS // units)
    assert cell_text(fits) == fits
    cut = cell_text(fits + character)
    assert cut.endswith("…")
    assert CELL_UNITS - 2 <= len(cut.encode("utf-16-le")) // 2 <= CELL_UNITS
