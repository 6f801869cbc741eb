"""``scorecards.jsonl`` and ``run.json`` are what the contract says, whatever stands in the cards."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from scored_calls import HOSTILE, MET, MISSED, NOT_APPLICABLE, PARTLY, UNSURE, scored

from qa.model.night import Night
from qa.reports.card_json import card_json, scorecard_schema
from qa.reports.jsonl import ScorecardLines, json_line
from qa.reports.run_json import RunJson, run_json


@pytest.fixture
def lines(scored_night: Night, tmp_path: Path) -> list[str]:
    ScorecardLines().write(scored_night, tmp_path)
    return (tmp_path / "scorecards.jsonl").read_bytes().decode("utf-8").removesuffix("\n").split("\n")


def card_of(**verdicts: Any) -> dict[str, Any]:
    return dict(card_json(scored("c1", "anna", verdicts).scorecard))


def test_every_line_is_valid_by_the_shipped_schema(lines: list[str]) -> None:
    validator = Draft202012Validator(scorecard_schema())
    assert [error for line in lines for error in validator.iter_errors(json.loads(line))] == []


def test_the_schema_itself_is_valid_draft_2020_12() -> None:
    Draft202012Validator.check_schema(scorecard_schema())


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("score",), 101),
        (("criteria", 0, "verdict"), "N/A"),
        (("criteria", 0, "evidence", 0, "start"), "0:12"),
        (("provenance", "recording_sha256"), None),
        (("criteria", 1, "earned"), 2),
    ],
    ids=["score over 100", "verdict unknown", "time as text", "no provenance", "points for unsure"],
)
def test_the_schema_refuses_a_card_that_is_wrong(place: tuple[Any, ...], value: Any) -> None:
    card = json.loads(json_line(card_of(greeting=MET, empathy=UNSURE)))
    target = card
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    assert not Draft202012Validator(scorecard_schema()).is_valid(card)


def test_every_field_that_is_written_is_documented_in_the_schema(lines: list[str]) -> None:
    schema: dict[str, Any] = scorecard_schema()
    card = json.loads(lines[0])
    assert set(card) == set(schema["properties"])
    for name, value in (
        ("criterion", card["criteria"][0]),
        ("metrics", card["metrics"]),
        ("interruption", card["metrics"]["interruptions"][0]),
        ("promise", card["promises"][0]),
        ("provenance", card["provenance"]),
    ):
        assert set(value) == set(schema["$defs"][name]["properties"]) == set(schema["$defs"][name]["required"])


def test_one_line_a_call_in_the_nights_order_however_a_reader_splits_lines(
    lines: list[str], scored_night: Night
) -> None:
    assert [json.loads(line)["call_id"] for line in lines] == [c.scorecard.call.call_id for c in scored_night.calls]
    assert len("\n".join(lines).splitlines()) == len(lines)


def test_times_are_told_to_the_millisecond_and_scores_to_a_tenth() -> None:
    card = card_of(greeting=PARTLY, identity=MET)
    assert card["duration"] == 100.0
    assert card["score"] == 66.7
    assert card["metrics"]["talk_share_agent"] == 0.442
    assert card["metrics"]["words_per_minute_agent"] == 148.0


def test_a_call_in_which_nothing_was_possible_has_no_score_and_no_band() -> None:
    card = card_of(greeting=NOT_APPLICABLE, empathy=UNSURE)
    assert card["score"] is None
    assert card["band"] is None
    assert card["needs_review"] == ["empathy"]


def test_a_missed_critical_criterion_scores_nothing_and_shows_what_was_searched() -> None:
    card = card_of(greeting=MET, identity=MISSED)
    assert (card["score"], card["auto_fail"]) == (0.0, True)
    assert card["criteria"][1]["searched"] == {"start": 12.5, "end": 30.0}
    assert card["criteria"][0]["searched"] is None


def test_the_customers_id_stays_in_the_house() -> None:
    call = scored("c1", "anna", {"greeting": MET}).scorecard
    known = replace(call, call=replace(call.call, customer_id="48-600-100-200"))
    assert "48-600-100-200" not in json_line(card_json(known))


def test_hostile_text_comes_back_as_it_was_but_for_what_utf8_cannot_hold(lines: list[str]) -> None:
    hostile = json.loads(lines[3])
    assert hostile["call_id"] == "../=1+1"
    assert hostile["criteria"][0]["evidence"][0]["quote"] == HOSTILE.replace("\ud800", "?")


def test_the_run_counts_calls_failures_by_kind_and_notices_apart(scored_night: Night, tmp_path: Path) -> None:
    RunJson().write(scored_night, tmp_path)
    run = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert run == run_json(scored_night)
    assert run["counts"]["calls"] == 7
    assert run["counts"]["notices"] == 1
    assert run["failures"] == {"not_audio": 1, "truncated": 1}
    assert run["draft"] is True
    assert run["rubric"]["id"] == "standard"
