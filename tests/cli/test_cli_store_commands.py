"""Everything that starts from the store: no audio, no model, and the nightly store is only read."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from cli_calls import write_call
from cli_command import ROOT, Answer, Done, cards, qa, rows

STANDARD = ROOT / "rubrics" / "standard.json"


@pytest.fixture
def home(tmp_path: Path, night: Done) -> Path:
    """A folder with a copy of the night's store, and none of its calls."""
    for file in night.store.parent.glob("qa.sqlite*"):
        shutil.copy(file, tmp_path)
    return tmp_path


def ask(home: Path, *arguments: str | Path) -> Answer:
    answer = qa(*arguments, cwd=home)
    assert answer.status == 0, answer.err
    return answer


def shorter(home: Path) -> Path:
    """A rubric with the first criterion of the standard one only."""
    standard = json.loads(STANDARD.read_text(encoding="utf-8"))
    path = home / "short.json"
    path.write_text(json.dumps({**standard, "id": "short", "criteria": standard["criteria"][:1]}))
    return path


def test_the_store_alone_gives_the_same_cards_again(home: Path, night: Done) -> None:
    ask(home, "report", "--out", "again")
    assert (home / "again" / "scorecards.jsonl").read_bytes() == (night.out / "scorecards.jsonl").read_bytes()


@pytest.mark.slow
def test_another_rubric_needs_no_sound(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    for name in "ab":
        write_call(calls, name)
    ask(tmp_path, "run", "calls", "--out", "out")
    shutil.rmtree(calls)
    answer = ask(tmp_path, "score", "--rubric", shorter(tmp_path), "--json")
    assert (answer.summary["scored"], answer.summary["rubric"]) == (2, "short")
    ask(tmp_path, "report", "--rubric", "short.json", "--out", "short")
    found = cards(tmp_path / "short")
    assert [(card["rubric"]["id"], len(card["criteria"])) for card in found.values()] == [("short", 1)] * 2
    ask(tmp_path, "score")
    ask(tmp_path, "report", "--out", "standard")
    before = (tmp_path / "out" / "scorecards.jsonl").read_bytes()
    assert (tmp_path / "standard" / "scorecards.jsonl").read_bytes() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("selection", "calls"),
    [
        (("--since", "2026-03-02T08:02+01:00"), {2, 3, 4, 5}),
        (("--until", "2026-03-02T08:02+01:00"), {0, 1}),
        (("--since", "2026-03-02", "--until", "2026-03-03", "--agent", "ag1"), {1, 4}),
        (("--since", "2026-03-03"), set()),
        (("--agent", "nobody"), set()),
    ],
)
def test_a_report_of_some_calls(home: Path, selection: tuple[str, ...], calls: set[int]) -> None:
    answer = ask(home, "report", *selection, "--out", "some")
    assert cards(home / "some").keys() == {f"call-{n:03}" for n in calls}
    assert {row["call_id"] for row in rows(home / "some" / "scores.csv")} == cards(home / "some").keys()
    assert ("no call in qa.sqlite fits" in answer.err) == (not calls)


@pytest.mark.slow
def test_a_failure_of_another_week_is_in_no_report_of_this_one(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    write_call(calls, "good", started_at="2026-03-09T09:00:00+01:00")
    (calls / "old.wav").touch()
    (calls / "manifest.csv").write_text("recording,started_at\nold.wav,2026-03-02T09:00:00+01:00\n")
    assert qa("run", calls, cwd=tmp_path).status == 1
    ask(tmp_path, "report", "--since", "2026-03-01", "--until", "2026-03-05", "--out", "old")
    ask(tmp_path, "report", "--since", "2026-03-08", "--out", "new")
    assert [row["call_id"] for row in rows(tmp_path / "old" / "failures.csv")] == ["old"]
    assert rows(tmp_path / "new" / "failures.csv") == []


def test_a_moment_that_is_none_is_refused(home: Path) -> None:
    answer = qa("report", "--since", "yesterday", cwd=home)
    assert answer.status == 2
    assert answer.problems()[0]["where"] == "--since"
    assert not (home / "reports").exists()


def test_promises_are_the_same_as_lines_json_and_csv(home: Path) -> None:
    found = ask(home, "promises", "--json").lines
    promises = [line for line in found if line["message_type"] == "promise"]
    assert {promise["call_id"] for promise in promises} == {f"call-{n:03}" for n in range(6)}
    assert all("call you back" in promise["quote"] for promise in promises)
    assert found[-1] == {"message_type": "summary", "promises": len(promises)}
    table = list(csv.DictReader(ask(home, "promises", "--csv").out.splitlines()))
    assert [row["quote"] for row in table] == [promise["quote"] for promise in promises]
    lines = ask(home, "promises").out.splitlines()
    assert lines[-1] == f"{len(promises)} promises"
    assert len(lines) == len(promises) + 1


@pytest.mark.slow
def test_no_promise_is_still_a_table_with_its_columns(home: Path) -> None:
    full = ask(home, "promises", "--csv").out.splitlines()[0]
    assert ask(home, "promises", "--csv", "--agent", "nobody").out.splitlines() == [full]


@pytest.mark.slow
def test_promises_are_told_by_state_and_due_time(home: Path) -> None:
    everything = ask(home, "promises", "--json").summary["promises"]
    assert ask(home, "promises", "--json", "--state", "open").summary["promises"] == everything
    assert ask(home, "promises", "--json", "--state", "kept").summary["promises"] == 0
    assert ask(home, "promises", "--json", "--due-before", "2026-03-02").summary["promises"] == 0
    assert qa("promises", "--state", "opne", cwd=home).status == 2


@pytest.mark.slow
def test_coaching_names_the_call_and_the_second(home: Path) -> None:
    answer = ask(home, "coach", "--json")
    picks = [line for line in answer.lines if line["message_type"] == "pick"]
    assert answer.summary["picks"] == len(picks) > 0
    assert all(pick["call_id"] and pick["why"] and pick["at"] >= 0 for pick in picks)
    assert len(ask(home, "coach").out.splitlines()) == len(picks)
    assert ask(home, "coach", "--agent", "nobody").out == "no call stands out\n"


def test_agreement_with_people_is_counted_and_the_rest_named(home: Path) -> None:
    human = "call_id,criterion,verdict\ncall-000,greeting,met\ncall-001,greeting,missed\ngone,greeting,met\n"
    (home / "human.csv").write_text(human)
    answer = ask(home, "calibrate", "human.csv", "--json")
    assert (answer.summary["n"], answer.summary["unmatched"]) == (2, 1)
    assert answer.lines[0]["criterion"] == "greeting"
    assert "gone" in answer.err
    assert "greeting" in ask(home, "calibrate", "human.csv").out


@pytest.mark.slow
@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "call_id,criterion,verdict\ncall-000,greeting,great\n"])
def test_human_verdicts_that_cannot_be_read_are_refused(home: Path, text: str) -> None:
    (home / "human.csv").write_text(text)
    answer = qa("calibrate", "human.csv", cwd=home)
    assert answer.status == 2
    assert "human.csv" in answer.problems()[0]["where"]


@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_error(home: Path) -> None:
    answer = qa("promises", cwd=home, within=("sh", "-c", '"$0" "$@" | head -1'))
    assert (answer.status, answer.err) == (0, "")
    assert len(answer.out.splitlines()) == 1


@pytest.mark.slow
def test_a_full_disk_behind_the_output_is_told(home: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    answer = qa("promises", cwd=home, within=("sh", "-c", 'exec "$0" "$@" > /dev/full'))
    assert answer.status == 3
    assert "No space left" in answer.problems()[0]["wrong"]
