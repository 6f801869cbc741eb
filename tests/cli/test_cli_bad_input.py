"""A folder with everything that goes wrong at night: one bad call never stops the others."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from cli_calls import speech, write_call, write_wav
from cli_command import Done, cards, failures, qa

REFUSED = {
    "empty.wav": ("empty", "the file is empty"),
    "zero-length.wav": ("empty", "its length is zero"),
    "letter.wav": ("not_audio", "not a sound file"),
    "eight-channels.wav": ("not_audio", "8 of 8 channels carry sound"),
    "cut.m4a": ("truncated", "no index"),
    "cut-wave.wav": ("truncated", "the header says 10 s, only 5 s are there"),
    "cut-short.mp3": ("truncated", "the header says 10 s, only 5 s are there"),
    "silence.wav": ("no_speech", "heard: silence"),
    "music.wav": ("no_speech", "heard: music"),
    "beep.wav": ("no_speech", "nobody speaks"),
    "link.wav": ("missing_file", "there is no such file"),
    "without-transcript.wav": ("bad_transcript", "no transcript lies beside this recording"),
}
NOTICED = {
    "second-copy.wav": ("same_recording", "first-copy.wav"),
    "five-seconds.json": ("bad_metadata", "not valid utf-8"),
}
SCORED = {"good", "five-seconds", "nan", "lying", "first-copy"}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_cannot_be_scored_is_listed_with_what_is_wrong(worst_night: Done, name: str) -> None:
    row = failures(worst_night.out)[name]
    kind, wrong = REFUSED[name]
    assert row["kind"] == kind
    assert wrong in row["wrong"]
    assert row["notice"] == "false"


def test_nothing_else_is_listed(worst_night: Done) -> None:
    assert failures(worst_night.out).keys() == REFUSED.keys() | NOTICED.keys()


def test_everything_that_can_be_scored_is_scored(worst_night: Done) -> None:
    assert cards(worst_night.out).keys() == SCORED
    assert worst_night.answer.status == 1


@pytest.mark.parametrize("name", sorted(NOTICED))
def test_what_costs_no_call_is_told_as_a_notice(worst_night: Done, name: str) -> None:
    row = failures(worst_night.out)[name]
    kind, wrong = NOTICED[name]
    assert (row["kind"], row["notice"]) == (kind, "true")
    assert wrong in row["wrong"]


def test_a_header_that_lies_does_not_cut_the_call(worst_night: Done) -> None:
    card = cards(worst_night.out)["lying"]
    assert card["duration"] == 10.0
    assert any("more sound than its header says" in note for note in card["provenance"]["notes"])


def test_samples_that_are_no_numbers_are_silenced_and_told(worst_night: Done) -> None:
    card = cards(worst_night.out)["nan"]
    assert card["duration"] == 10.0
    assert any("damaged samples" in note for note in card["provenance"]["notes"])


def test_a_program_reads_the_same_from_the_json_lines(worst_night: Done) -> None:
    lines = worst_night.answer.lines
    told = {Path(line["where"]).name: line for line in lines if line["message_type"] == "error"}
    assert told.keys() == REFUSED.keys() | NOTICED.keys()
    assert all(line[part] for line in told.values() for part in ("call_id", "kind", "wrong", "expected", "do"))
    summary = worst_night.answer.summary
    assert (summary["scored"], summary["failed"], summary["notices"]) == (len(SCORED), len(REFUSED), len(NOTICED))


def test_every_page_says_which_calls_failed(worst_night: Done) -> None:
    page = (worst_night.out / "index.html").read_text(encoding="utf-8")
    assert all(name.split(".")[0] in page for name in REFUSED)


@pytest.mark.slow
def test_a_call_that_fails_every_night_is_left_alone_in_the_end(tmp_path: Path) -> None:
    write_call(tmp_path / "calls", "good")
    (tmp_path / "calls" / "wordless.transcript.json").write_bytes(b'{"segments": []}')
    command = ("run", "calls", "--store", "qa.sqlite", "--out", "out")
    for _ in range(3):
        assert qa(*command, cwd=tmp_path).status == 1
    answer = qa(*command, cwd=tmp_path)
    assert answer.status == 1
    row = failures(tmp_path / "out")["wordless.transcript.json"]
    assert "failed in 3 runs" in row["do"]
    assert "--retry-parked" in row["do"]
    assert qa(*command, "--dry-run", cwd=tmp_path).out.splitlines()[-1] == "0 new, 1 known, 1 parked, 0 refused"
    again = qa(*command, "--dry-run", "--retry-parked", cwd=tmp_path)
    assert again.out.splitlines()[-1] == "1 new, 1 known, 0 parked, 0 refused"


@pytest.mark.slow
def test_two_calls_with_one_id_are_not_mixed_up(tmp_path: Path) -> None:
    write_call(tmp_path / "calls", "a", call_id="same", agent_id="ag1")
    write_call(tmp_path / "calls", "b", call_id="same", agent_id="ag2")
    answer = qa("run", "calls", "--store", "qa.sqlite", "--out", "out", cwd=tmp_path)
    assert answer.status == 1
    assert cards(tmp_path / "out")["same"]["agent_id"] == "ag1"
    row = failures(tmp_path / "out")["b.transcript.json"]
    assert (row["kind"], row["agent_id"]) == ("duplicate_call_id", "ag2")


@pytest.mark.slow
def test_a_transcript_of_another_call_is_not_believed(tmp_path: Path) -> None:
    write_wav(tmp_path / "calls" / "call.wav", speech())
    write_call(tmp_path / "calls", "call", *[("agent", f"line {n}") for n in range(9)])
    answer = qa("run", "calls", "--store", "s", "--out", "out", "--diariser", "channels", cwd=tmp_path)
    assert answer.status == 1
    row = failures(tmp_path / "out")["call.wav"]
    assert row["kind"] == "bad_transcript"
    assert "at 16.0 s, and the recording ends at 10.0 s" in row["wrong"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may read every file")
def test_a_file_that_may_not_be_read_costs_itself(tmp_path: Path) -> None:
    write_call(tmp_path / "calls", "good")
    write_call(tmp_path / "calls", "secret").chmod(0)
    assert qa("run", "calls", "--store", "s", "--out", "out", cwd=tmp_path).status == 1
    assert failures(tmp_path / "out")["secret.transcript.json"]["kind"] == "unreadable"
    assert cards(tmp_path / "out").keys() == {"good"}


BROKEN_TRANSCRIPTS = {
    "cut": b'{"segments": [{"start": 0, "end": 1, "te',
    "nan": b'{"segments": [{"start": NaN, "end": 1, "text": "hello"}]}',
    "deep": b"[" * 100_000,
    "latin": '{"segments": [{"start": 0, "end": 1, "text": "słucham"}]}'.encode("cp1250"),
    "backwards": b'{"segments": [{"start": 5, "end": 1, "text": "hello"}]}',
    "wordless": b'{"segments": []}',
    "list": b'{"segments": {"a": 1}}',
}


@pytest.mark.slow
def test_transcripts_that_are_none_fail_alone(tmp_path: Path) -> None:
    write_call(tmp_path / "calls", "good")
    for name, data in BROKEN_TRANSCRIPTS.items():
        (tmp_path / "calls" / f"{name}.transcript.json").write_bytes(data)
    answer = qa("run", "calls", "--store", "s", "--out", "out", "--workers", "1", cwd=tmp_path)
    assert answer.status == 1
    listed = {name.split(".")[0] for name in failures(tmp_path / "out")}
    assert "good" in cards(tmp_path / "out")
    assert listed >= {"cut", "nan", "deep", "wordless", "list"}
    assert listed | cards(tmp_path / "out").keys() == BROKEN_TRANSCRIPTS.keys() | {"good"}


@pytest.mark.slow
def test_hostile_text_stops_no_report(tmp_path: Path) -> None:
    write_call(
        tmp_path / "calls",
        "evil",
        ("agent", "Hello \ud800 \x00 \u202e <script>alert(1)</script>"),
        ("customer", "=cmd()|' bye"),
        call_id="../../<b>\u202e",
        agent_id="=1+1",
        agent_name="<script>alert(2)</script>",
    )
    answer = qa("run", "calls", "--store", "s", "--out", "out", cwd=tmp_path)
    assert answer.status == 0
    assert len(cards(tmp_path / "out")) == 1
    assert not any("<script>alert" in page.read_text(encoding="utf-8") for page in (tmp_path / "out").rglob("*.html"))
    assert {path.name for path in tmp_path.iterdir()} >= {"calls", "out"}
    assert not (tmp_path.parent / "<b>").exists()


@pytest.mark.slow
@pytest.mark.parametrize("minutes", [20, 120])
def test_a_long_call_is_scored_whole(tmp_path: Path, minutes: int) -> None:
    import numpy as np

    write_wav(tmp_path / "calls" / "long.wav", np.tile(speech(), minutes * 6))
    write_call(tmp_path / "calls", "long")
    limits = ("sh", "-c", 'ulimit -v 8000000; exec "$0" "$@"')
    command = ("run", "calls", "--store", "s", "--out", "out", "--diariser", "channels", "--json")
    answer = qa(*command, cwd=tmp_path, within=limits)
    assert answer.status == 0, answer.out + answer.err
    assert cards(tmp_path / "out")["long"]["duration"] == minutes * 60
    assert json.loads((tmp_path / "out" / "run.json").read_text())["audio_seconds"] == minutes * 60
