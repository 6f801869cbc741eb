"""The folder is whole: every script has its recording, its rows and, where nothing can hear it, its transcript."""

from __future__ import annotations

import itertools
import json
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from samples_folder import FOLDER, conversations, manifest, recording, rows, scripts, verdicts

from qa.model.finding import Verdict

if TYPE_CHECKING:
    from pathlib import Path

SCRIPTS = scripts()
CRITERIA = ("greeting", "empathy", "no_interruptions", "promise_keeping", "polite_closing")
CODECS = {"flac": {"flac"}, "opus": {"opus", "libopus"}, "mulaw": {"pcm_mulaw"}, "mp3": {"mp3", "mp3float"}}
AUDIO = {".flac", ".ogg", ".wav", ".mp3"}
LARGEST_FOLDER = 12_000_000
"""Bytes: what a clone may have to carry for its samples."""

every_call = pytest.mark.parametrize("call_id", SCRIPTS)


def test_there_are_ten_calls_or_more() -> None:
    assert len(SCRIPTS) >= 10


@every_call
def test_a_script_is_named_after_its_call(call_id: str) -> None:
    assert SCRIPTS[call_id]["call_id"] == call_id


def test_every_script_has_its_recording_and_no_recording_is_left_over() -> None:
    there = sorted(path.name for path in FOLDER.iterdir() if path.suffix in AUDIO)
    assert there == sorted(row["recording"] for row in rows("manifest.csv"))
    assert sorted(manifest()) == sorted(SCRIPTS)


def test_all_recordings_together_are_light() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.suffix in AUDIO) < LARGEST_FOLDER


@every_call
def test_a_recording_is_what_its_script_says(call_id: str) -> None:
    stated, heard = SCRIPTS[call_id]["recorded"], recording(call_id)
    assert heard.codec in CODECS[stated["kind"]]
    assert heard.samples.shape[0] == stated["channels"]
    assert heard.rate == (48_000 if stated["kind"] == "opus" else stated["rate"])  # Opus always decodes at 48 kHz
    assert 20 <= heard.duration <= 90
    assert heard.duration == pytest.approx(conversations()[call_id][-1].span.end + 0.7, abs=0.2)


@every_call
def test_a_call_is_neither_silent_nor_clipped(call_id: str) -> None:
    heard = recording(call_id)
    loudest = abs(heard.samples).max(axis=1)
    assert (loudest > 0.1).all()
    assert (loudest < 1.0).all()


@every_call
def test_the_manifest_says_what_the_script_says(call_id: str) -> None:
    script, row = SCRIPTS[call_id], manifest()[call_id]
    expected = {key: "" if value is None else str(value) for key, value in script["facts"].items()}
    assert row == {"recording": row["recording"], "call_id": call_id, "language": script["language"], **expected}
    assert datetime.fromisoformat(row["started_at"]).utcoffset() is not None
    assert (row["agent_channel"] == "") == (script["recorded"]["channels"] == 1)


def test_every_call_has_one_verdict_for_each_of_the_five_criteria() -> None:
    assert len(rows("verdicts.csv")) == len(verdicts())
    assert sorted(verdicts()) == sorted(itertools.product(SCRIPTS, CRITERIA))
    assert set(verdicts().values()) <= {verdict.value for verdict in Verdict if verdict is not Verdict.UNSURE}


@every_call
def test_the_verdicts_are_those_of_the_script(call_id: str) -> None:
    assert {c: verdicts()[call_id, c] for c in CRITERIA} == SCRIPTS[call_id]["verdicts"]


@every_call
def test_the_utterances_are_the_lines_of_the_script(call_id: str) -> None:
    lines = [(line["speaker"], line["say"]) for line in SCRIPTS[call_id]["lines"] if "say" in line]
    assert [(said.speaker, said.text) for said in conversations()[call_id]] == lines


@every_call
def test_a_transcript_lies_beside_a_call_that_nothing_here_can_hear_and_only_there(call_id: str) -> None:
    path = FOLDER / f"{call_id}.transcript.json"
    assert path.exists() == (SCRIPTS[call_id]["language"] != "en")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.transcript.json")), ids=lambda path: path.name)
def test_a_transcript_says_who_said_what_and_when(path: Path) -> None:
    transcript, call_id = json.loads(path.read_text("utf-8")), path.name.removesuffix(".transcript.json")
    assert transcript["language"] == SCRIPTS[call_id]["language"]
    segments = [(s["speaker"], s["start"], s["end"], s["text"]) for s in transcript["segments"]]
    assert segments == [(u.speaker, u.span.start, u.span.end, u.text) for u in conversations()[call_id]]
    assert all(0 <= start < end for _, start, end, _ in segments)


@every_call
def test_the_readme_tells_of_every_call(call_id: str) -> None:
    assert f"| {call_id} |" in (FOLDER / "README.md").read_text("utf-8")
