"""A night that goes well, told as a specialist, a nightly job and a program see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_calls import speech, write_call, write_night, write_wav
from cli_command import Done, cards, failures, qa, rows

REPORT = {
    "run.json",
    "index.html",
    "coaching.html",
    "scorecards.jsonl",
    "scores.csv",
    "report.xlsx",
    "failures.csv",
    "agents",
    "calls",
}


def test_every_call_is_scored_and_status_is_0(night: Done) -> None:
    assert night.answer.status == 0
    assert cards(night.out).keys() == {f"call-{n:03}" for n in range(6)}
    assert {path.name for path in night.out.iterdir()} >= REPORT
    assert rows(night.out / "failures.csv") == []


def test_the_last_line_says_which_page_to_open(night: Done) -> None:
    first, *_, last = night.answer.out.splitlines()
    assert first == "6 calls scored (6 heard now, 0 heard before), 0 failed"
    assert last == f"open {night.out / 'index.html'}"
    assert night.answer.err == ""


def test_the_second_night_hears_nothing_and_writes_the_same_bytes(night: Done) -> None:
    answer = qa("run", night.calls, "--store", night.store, "--out", "again", "--json", cwd=night.store.parent)
    assert answer.status == 0
    assert (answer.summary["scored"], answer.summary["new"], answer.summary["known"]) == (6, 0, 6)
    assert [line["state"] for line in answer.lines if line["message_type"] == "status"] == ["known"] * 6
    again = night.store.parent / "again"
    for name in ("scorecards.jsonl", "scores.csv", "failures.csv"):
        assert (again / name).read_bytes() == (night.out / name).read_bytes(), name


@pytest.mark.slow
def test_only_the_changed_and_the_new_call_are_heard_again(tmp_path: Path) -> None:
    calls = write_night(tmp_path / "calls", 3)
    command = ("run", calls, "--store", "s", "--out", "out", "--json")
    assert qa(*command, cwd=tmp_path).summary["new"] == 3
    write_call(calls, "call-001", ("agent", "Hello."), ("customer", "Wrong number, sorry."), agent_id="ag1")
    write_call(calls, "call-003", agent_id="ag1")
    answer = qa(*command, cwd=tmp_path)
    assert (answer.summary["new"], answer.summary["known"]) == (2, 2)
    heard = [line["call_id"] for line in answer.lines if line.get("state") == "heard"]
    assert sorted(heard) == ["call-001", "call-003"]


def test_a_dry_run_tells_and_leaves_nothing_behind(tmp_path: Path) -> None:
    calls = write_night(tmp_path / "calls", 2)
    (calls / "manifest.csv").write_text("recording\ncall-000.transcript.json\ngone.wav\n")
    answer = qa("run", calls, "--store", "s", "--out", "out", "--dry-run", cwd=tmp_path)
    assert answer.status == 0
    assert answer.out.splitlines()[-1] == "2 new, 0 known, 0 parked, 1 refused"
    assert [line.split("\t")[:2] for line in answer.out.splitlines()[:-1]] == [
        ["new", "call-000"],
        ["new", "call-001"],
        ["refused", "gone"],
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["calls"]


def test_a_dry_run_for_programs_says_the_same(night: Done) -> None:
    command = ("run", night.calls, "--store", night.store, "--dry-run", "--json", "--limit", "4")
    answer = qa(*command, cwd=night.store.parent)
    states = [(line["call_id"], line["state"]) for line in answer.lines[:-1]]
    assert states == [(f"call-{n:03}", "known") for n in range(4)]
    assert answer.summary["known"] == 4


@pytest.mark.slow
def test_an_empty_folder_is_a_night_without_calls(tmp_path: Path) -> None:
    (tmp_path / "calls").mkdir()
    answer = qa("run", "calls", "--store", "s", "--out", "out", cwd=tmp_path)
    assert answer.status == 0
    assert answer.out.startswith("0 calls scored")
    assert "no recording and no transcript was found in calls" in answer.err
    assert qa("run", "calls", "--store", "s", "--out", "out", "--quiet", cwd=tmp_path).err == ""


@pytest.mark.slow
def test_a_path_that_is_not_there_costs_only_itself(tmp_path: Path) -> None:
    write_call(tmp_path, "good")
    answer = qa("run", "good.transcript.json", "gone.wav", "--store", "s", "--out", "out", cwd=tmp_path)
    assert answer.status == 1
    assert failures(tmp_path / "out")["gone.wav"]["kind"] == "missing_file"
    assert cards(tmp_path / "out").keys() == {"good"}


MANIFEST = (
    "\ufeffrecording;call_id;agent_id;agent_name;started_at;direction;agent_channel;shoe_size\r\n"
    "a.transcript.json;one;ag7;Żaneta;2026-03-02T09:00:00+01:00;inbound;;42\r\n"
    "b.transcript.json;two;ag7;Żaneta;31.02.2026;sideways;7;43\r\n"
    "gone.wav;three;ag7;;2026-03-02;;;\r\n"
    ";four;ag7;;;;;\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", pytest.param("cp1250", marks=pytest.mark.slow)])
def test_a_manifest_from_a_spreadsheet_is_taken_as_far_as_it_goes(tmp_path: Path, encoding: str) -> None:
    for name in "ab":
        write_call(tmp_path / "calls", name)
    text = MANIFEST if encoding == "utf-8" else MANIFEST.removeprefix("\ufeff")
    (tmp_path / "calls" / "manifest.csv").write_bytes(text.encode(encoding))
    answer = qa("run", "calls", "--store", "s", "--out", "out", cwd=tmp_path)
    assert answer.status == 1
    assert ("check names in it" in answer.err) == (encoding == "cp1250")
    assert cards(tmp_path / "out").keys() == {"one", "two"}
    assert {row["agent_name"] for row in rows(tmp_path / "out" / "scores.csv")} == {"Żaneta"}
    told = [(row["call_id"], row["kind"], row["notice"]) for row in rows(tmp_path / "out" / "failures.csv")]
    assert ("three", "missing_file", "false") in told
    assert ("four", "bad_metadata", "false") in told
    assert told.count(("two", "bad_metadata", "true")) == 3  # date, direction, channel


@pytest.mark.slow
def test_a_manifest_may_name_a_rubric_for_a_call(tmp_path: Path) -> None:
    standard = json.loads((Path(__file__).parents[2] / "rubrics" / "standard.json").read_text(encoding="utf-8"))
    (tmp_path / "short.json").write_text(json.dumps({**standard, "id": "short", "criteria": standard["criteria"][:1]}))
    (tmp_path / "own.json").write_text(json.dumps({**standard, "id": "own"}))
    for name in "ab":
        write_call(tmp_path / "calls", name)
    (tmp_path / "calls" / "manifest.csv").write_text("recording,rubric\na.transcript.json,short\n")
    command = ("run", "calls", "--rubric", "own.json", "--store", "s", "--out", "out")
    answer = qa(*command, cwd=tmp_path)
    assert answer.status == 0
    found = cards(tmp_path / "out")
    assert [(found[name]["rubric"]["id"], len(found[name]["criteria"])) for name in "ab"] == [("short", 1), ("own", 5)]


def test_sound_without_transcript_and_weights_stops_before_the_first_call(tmp_path: Path) -> None:
    write_wav(tmp_path / "calls" / "call.wav", speech())
    answer = qa("run", "calls", "--store", "s", "--out", "out", cwd=tmp_path, XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert answer.status == 2
    (problem,) = answer.problems()
    assert "1 recording without a transcript" in problem["wrong"]
    assert "--draft" in problem["do"]
    assert {path.name for path in tmp_path.iterdir()} <= {"calls", "cache"}


@pytest.mark.slow
def test_the_draft_recogniser_says_which_calls_it_cannot_hear(tmp_path: Path) -> None:
    write_wav(tmp_path / "calls" / "call.wav", speech())
    command = ("run", "calls", "--engine", "pocketsphinx", "--language", "pl", "--diariser", "channels")
    answer = qa(*command, "--store", "s", "--out", "out", cwd=tmp_path)
    assert answer.status == 1
    row = failures(tmp_path / "out")["call.wav"]
    assert "English only" in row["wrong"]
    assert "transcript" in row["do"]


@pytest.mark.slow
def test_in_a_terminal_that_knows_only_ascii_it_still_speaks(night: Done) -> None:
    answer = qa("coach", "--store", night.store, cwd=night.store.parent, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert answer.status == 0
    assert qa("promises", "--json", "--store", night.store, cwd=night.store.parent, PYTHONIOENCODING="ascii").lines


@pytest.mark.slow
def test_a_call_that_is_named_anew_is_not_counted_twice(tmp_path: Path) -> None:
    write_call(tmp_path / "calls", "0001", call_id=None)
    assert qa("run", "calls", "--store", "s", "--out", "out", cwd=tmp_path).status == 0
    assert cards(tmp_path / "out").keys() == {"0001"}
    (tmp_path / "calls" / "manifest.csv").write_text("recording,call_id,agent_id\n0001.transcript.json,real,ag1\n")
    answer = qa("run", "calls", "--store", "s", "--out", "out", "--json", cwd=tmp_path)
    assert (answer.summary["new"], answer.summary["known"]) == (0, 1)
    qa("report", "--store", "s", "--out", "all", cwd=tmp_path)
    assert cards(tmp_path / "all").keys() == {"real"}


@pytest.mark.slow
def test_a_file_name_that_comes_every_night_is_told_to_replace_the_night_before(tmp_path: Path) -> None:
    write_call(tmp_path / "monday", "0001", call_id=None)
    write_call(tmp_path / "tuesday", "0001", ("agent", "Hello."), ("customer", "Goodbye."), call_id=None)
    for folder, notices in (("monday", 0), ("tuesday", 1), ("tuesday", 0)):
        answer = qa("run", folder, "--store", "s", "--out", "out", "--json", cwd=tmp_path)
        assert (answer.status, answer.summary["scored"], answer.summary["notices"]) == (0, 1, notices)
        told = [line for line in answer.lines if line["message_type"] == "error"]
        assert ["monday" in line["wrong"] and "replaced" in line["wrong"] for line in told] == [True] * notices
