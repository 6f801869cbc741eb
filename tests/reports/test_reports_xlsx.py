"""The workbook, read back: totals, types, filters, colours, links, charts, and no formula anywhere."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from scored_calls import HOSTILE, MET, MISSED, RUBRIC, RUN, UNSURE, finding, scored, with_card

from qa.model.night import Night, ScoredCall
from qa.reports import xlsx, xlsx_cells
from qa.reports.names import page_name
from qa.reports.xlsx import Workbook
from qa.summary import night_of

SHEETS = ["Summary", "Agents", "Calls", "Criteria", "Evidence", "Promises", "Failures", "About"]


def written(night: Night, folder: Path) -> openpyxl.Workbook:
    Workbook().write(night, folder)
    return openpyxl.load_workbook(folder / "report.xlsx", rich_text=False)


@pytest.fixture(scope="module")
def book(scored_night: Night, tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    return written(scored_night, tmp_path_factory.mktemp("book"))


def night_with(*calls: ScoredCall) -> Night:
    return night_of(RUN, calls, (), RUBRIC)


def column(sheet: Worksheet, header: str) -> list[Any]:
    cells = next(cells for cells in sheet.iter_cols() if cells[0].value == header)
    return [cell.value for cell in cells[1:]]


def facts(sheet: Worksheet) -> dict[Any, Any]:
    return {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2)}


def test_the_sheets_stand_in_the_order_people_read_them(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == SHEETS


def test_points_on_every_sheet_add_to_the_teams(book: openpyxl.Workbook, scored_night: Night) -> None:
    tally = scored_night.team.tally
    assert sum(column(book["Calls"], "Points")) == tally.earned
    assert sum(column(book["Calls"], "Possible")) == tally.possible
    found = sum((c.tally for c in scored_night.team.criteria[1:]), scored_night.team.criteria[0].tally)
    points = [value for value in column(book["Criteria"], "Points") if not isinstance(value, str)]
    assert sum(points) == found.earned
    assert sum(column(book["Agents"], "Calls")) == len(scored_night.calls)
    assert facts(book["Summary"])["Score of all calls"] == pytest.approx(tally.earned / tally.possible)


def test_what_does_not_count_is_a_word_never_a_zero_and_never_blank(book: openpyxl.Workbook) -> None:
    verdicts, points = column(book["Criteria"], "Verdict"), column(book["Criteria"], "Points")
    assert {p for v, p in zip(verdicts, points, strict=True) if v == "n/a"} == {"n/a"}
    assert {p for v, p in zip(verdicts, points, strict=True) if v == "unsure"} == {"unsure"}
    scores = dict(zip(column(book["Calls"], "Call"), column(book["Calls"], "Score"), strict=True))
    assert scores["c6"] == "n/a"
    assert scores["c4"] == 0


def test_percentages_are_numbers_from_0_to_1_shown_as_percent(book: openpyxl.Workbook) -> None:
    cell = book["Calls"]["K2"]
    assert (cell.value, cell.number_format) == (0.8, "0.0%")


def test_dates_are_dates_of_the_place_with_the_zone_beside_them(tmp_path: Path) -> None:
    call = scored("c1", "anna", {"greeting": MET})
    summer = datetime(2026, 7, 1, 10, 30, tzinfo=timezone(timedelta(hours=2)))
    naive = datetime(2026, 7, 1, 10, 30)
    calls = [replace(call.scorecard.call, call_id=str(when), started_at=when) for when in (summer, naive, None)]
    made = written(night_with(*(with_card(replace(call.scorecard, call=c)) for c in calls)), tmp_path)["Calls"]
    starts = list(zip(column(made, "Started (local time)"), column(made, "Zone"), strict=True))
    assert set(starts) == {(naive, "UTC+02:00"), (naive, "not given"), ("n/a", None)}


def test_headers_stay_in_sight_and_every_table_can_be_filtered(book: openpyxl.Workbook, scored_night: Night) -> None:
    for name in SHEETS[1:-1]:
        assert book[name].freeze_panes == "B2"
        assert book[name].auto_filter.ref == f"A1:{book[name].dimensions.split(':')[1]}"


def test_verdicts_bands_and_promises_are_coloured_by_the_word_in_the_cell(book: openpyxl.Workbook) -> None:
    def words(sheet: str) -> set[str]:
        rules = (rule for found in book[sheet].conditional_formatting for rule in found.rules)
        return {formula for rule in rules for formula in rule.formula}

    assert words("Criteria") == {'"met"', '"partly"', '"missed"', '"unsure"'}
    assert words("Calls") == {'"Good"', '"Fair"', '"Poor"', "TRUE"}
    assert words("Promises") == {'"kept"', '"late"', '"broken"', '"unknown"'}


def test_there_are_two_native_charts(scored_night: Night, tmp_path: Path) -> None:
    Workbook().write(scored_night, tmp_path)
    charts = [n for n in zipfile.ZipFile(tmp_path / "report.xlsx").namelist() if re.match(r"xl/charts/chart\d", n)]
    assert len(charts) == 2


def test_calls_and_agents_link_to_their_pages_beside_the_workbook(book: openpyxl.Workbook) -> None:
    targets = {row[0].value: row[0].hyperlink for row in book["Calls"].iter_rows(min_row=2, max_col=1)}
    link = targets["c1"]
    assert link is not None
    assert str(link.target).replace("\\", "/") == f"calls/{page_name('c1')}.html"
    agent = book["Agents"]["A2"].hyperlink
    assert agent is not None
    assert str(agent.target).replace("\\", "/") == f"agents/{page_name('@agent')}.html"


def test_evidence_links_to_the_second_and_the_criterion(book: openpyxl.Workbook) -> None:
    cell = book["Evidence"]["I2"]
    assert cell.value == "listen"
    assert cell.hyperlink is not None
    assert cell.hyperlink.location == "t=12.5&c=greeting"
    assert str(cell.hyperlink.target).replace("\\", "/") == f"calls/{page_name('c1')}.html"


def test_a_missed_criterion_shows_the_span_that_was_searched(book: openpyxl.Workbook) -> None:
    rows = [[cell.value for cell in row] for row in book["Evidence"].iter_rows(min_row=2)]
    searched = [row for row in rows if row[0] == "c2" and row[4] == "searched"]
    assert [(row[2], row[6], row[7]) for row in searched] == [("empathy", 12.5, 30)]


def test_promises_and_failures_are_all_there(book: openpyxl.Workbook, scored_night: Night) -> None:
    assert column(book["Promises"], "State") == ["open", "broken"]
    assert column(book["Promises"], "Due (local time)")[1] == "n/a"
    assert column(book["Failures"], "Kind") == [failure.kind.value for failure in scored_night.failures]
    assert column(book["Failures"], "What to do")[0] == "export it again"


def test_about_says_what_is_not_measured_and_warns_of_drafts(book: openpyxl.Workbook, scored_night: Night) -> None:
    text = " ".join(str(cell.value) for row in book["About"].iter_rows() for cell in row if cell.value)
    assert RUBRIC.not_measured[0] in text
    assert scored_night.run.rubric_sha256 in text
    assert str(book["Summary"]["A2"].value).startswith("DRAFT")


def test_no_draft_warning_where_nothing_is_draft(scored_night: Night, tmp_path: Path) -> None:
    made = written(replace(scored_night, run=replace(RUN, draft=False)), tmp_path)
    assert made["Summary"]["A2"].value is None
    assert facts(made["About"])["Draft"] == "no"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "{=1}", "http://x", "file://x", HOSTILE]
)
def test_no_text_becomes_a_formula_or_a_link(text: str, tmp_path: Path) -> None:
    call = scored(text, text, {"greeting": finding(MET, quote=text), "empathy": UNSURE}, name=text)
    failure = replace(RUN, engines=(text,))
    made = written(replace(night_with(call), run=failure, not_measured=(text,), bands=(("good", text),)), tmp_path)
    cells = [cell for sheet in made for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    ours = {cell.hyperlink.target.split("\\")[0] for cell in cells if cell.hyperlink and cell.hyperlink.target}
    assert ours == {"calls", "agents"}


def test_the_same_night_gives_the_same_bytes(scored_night: Night, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        Workbook().write(scored_night, tmp_path / name)
    assert (tmp_path / "a" / "report.xlsx").read_bytes() == (tmp_path / "b" / "report.xlsx").read_bytes()


def test_a_text_too_long_for_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    long = scored("c1", "anna", {"greeting": finding(MET, quote="ż" * 40_000)})
    (quote,) = column(written(night_with(long), tmp_path)["Criteria"], "Words")
    assert (len(quote), quote[-1]) == (32_767, "…")


def test_rows_that_do_not_fit_are_told_and_links_stop_before_the_limit(
    scored_night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_cells, "MOST_ROWS", 5)
    monkeypatch.setattr(xlsx_cells, "MOST_LINKS", 2)
    made = written(scored_night, tmp_path)
    assert len(column(made["Criteria"], "Verdict")) == 5
    assert "more rows do not fit" in str(facts(made["About"])["Sheet Criteria"])
    linked = [cell.hyperlink is not None for cell in next(made["Calls"].iter_cols(max_col=1, min_row=2))]
    assert linked == [True, True, False, False, False]


def test_a_large_night_goes_through_a_scratch_file_and_says_the_same(
    scored_night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = written(scored_night, tmp_path)
    monkeypatch.setattr(xlsx, "LARGE", 1)
    large = written(scored_night, tmp_path)
    for name in SHEETS:
        assert [[c.value for c in row] for row in large[name]] == [[c.value for c in row] for row in small[name]]
    assert [path.name for path in tmp_path.iterdir()] == ["report.xlsx"]


def test_a_night_without_any_call_still_makes_a_workbook(tmp_path: Path) -> None:
    made = written(night_with(), tmp_path)
    assert made.sheetnames == SHEETS
    assert facts(made["Summary"])["Score of all calls"] == "n/a"


def test_bands_count_every_call_also_those_without_a_score(book: openpyxl.Workbook) -> None:
    counted = facts(book["Summary"])
    assert (counted["Good"], counted["Fair"], counted["Poor"], counted["no score"]) == (3, 2, 1, 1)


def test_agents_show_a_percentage_for_each_criterion_or_that_it_never_counted(tmp_path: Path) -> None:
    calls = (
        scored("c1", "anna", {"greeting": MET, "empathy": UNSURE}),
        scored("c2", "boris", {"greeting": MISSED, "empathy": MET}),
    )
    agents = written(night_with(*calls), tmp_path)["Agents"]
    assert column(agents, "Greeting") == [1, 0]
    assert column(agents, "Empathy") == ["n/a", 1]
    assert column(agents, "Most points lost on") == [None, "Greeting"]
