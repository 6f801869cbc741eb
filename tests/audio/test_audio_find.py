"""Finding recordings: folders, sidecars, manifests, copies, and everything that only looks like a call."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import fsspec
import pytest
from call_folders import TRANSCRIPT, ids, kinds, look, put

from qa.audio.find import AUDIO_SUFFIXES, find
from qa.model.recording import Direction, Medium
from qa.model.scorecard import FailureKind


class TestFolders:
    """What is found, and in which order."""

    def test_recordings_are_found_below_folders_sorted_and_fingerprinted(self, calls: Path) -> None:
        for name in ("b.WAV", "a.mp3", "sub/deep/c.ulaw", "._b.wav", "readme.txt", ".hidden/d.wav"):
            put(calls, name)
        found = look(calls)
        assert ids(found) == ["a", "b", "c"]
        assert found.recordings[0].sha256 == hashlib.sha256(b"the sound of a.mp3").hexdigest()
        assert found.recordings[0].medium is Medium.AUDIO
        assert found.failures == ()
        assert found.notes == ("files that are neither sound nor transcript were left alone, by ending: .txt (1)",)

    def test_every_promised_ending_is_found(self, calls: Path) -> None:
        promised = ".wav .mp3 .m4a .ogg .opus .flac .wma .ul .ulaw .al .alaw .vox .gsm .g722 .g726 .mp4 .amr"
        assert set(promised.split()) <= AUDIO_SUFFIXES
        assert ".json" not in AUDIO_SUFFIXES

    def test_a_link_to_itself_is_one_failure_and_the_calls_beside_it_are_found(self, calls: Path) -> None:
        put(calls, "a.wav")
        (calls / "circle.wav").symlink_to("circle.wav")
        (calls / "notes").symlink_to("notes")
        found = look(calls)
        assert ids(found) == ["a"]
        assert kinds(found) == [("circle", "unreadable", False)]

    def test_a_folder_that_contains_itself_is_entered_once(self, calls: Path) -> None:
        put(calls, "sub/a.wav")
        (calls / "sub" / "loop").symlink_to(calls)
        (calls / "again").symlink_to(calls / "sub")
        found = look(calls)
        assert [recording.path for recording in found.recordings] == [calls / "sub" / "a.wav"]
        assert found.failures == ()

    def test_a_file_named_twice_is_one_call(self, calls: Path) -> None:
        path = put(calls, "a.wav")
        found = look(calls, path, calls / ".." / "calls" / "a.wav")
        assert ids(found) == ["a"]
        assert found.failures == ()

    def test_what_is_no_readable_file_is_a_failure_and_never_blocks(self, calls: Path) -> None:
        put(calls, "empty.wav", b"")
        os.mkfifo(calls / "pipe.wav")
        (calls / "folder.wav").mkdir()
        (calls / "dangling.wav").symlink_to(calls / "gone.wav")
        put(calls, "good.wav")
        found = look(calls)
        assert ids(found) == ["good"]
        assert sorted(kinds(found)) == [
            ("dangling", "missing_file", False),
            ("empty", "empty", False),
            ("folder", "unreadable", False),
            ("pipe", "unreadable", False),
        ]
        assert all(failure.do and failure.expected for failure in found.failures)

    def test_a_path_that_is_not_there_is_a_failure(self, calls: Path) -> None:
        assert kinds(look(calls / "none.wav")) == [("none", "missing_file", False)]
        assert kinds(look(calls / "nul\x00.wav")) == [("nul", "unreadable", False)]

    def test_a_named_file_needs_no_known_ending(self, calls: Path) -> None:
        assert ids(look(put(calls, "call.bin"))) == ["call"]

    @pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
    def test_a_name_that_is_no_text_does_not_stop_the_night(self, calls: Path) -> None:
        (calls / os.fsdecode(b"z\xff\xfe.wav")).write_bytes(b"sound")
        found = look(calls)
        assert ids(found) == ["z"]

    def test_the_limit_takes_the_first(self, calls: Path) -> None:
        for name in "edcba":
            put(calls, f"{name}.wav")
        assert ids(look(calls, limit=2)) == ["a", "b"]
        assert ids(look(calls, limit=0)) == []


class TestSidecars:
    """NAME.json, NAME.transcript.json, and JSON that stands alone."""

    def test_metadata_and_transcript_beside_the_sound(self, calls: Path) -> None:
        put(calls, "a.wav")
        put(calls, "a.json", {"agent_id": "4711", "direction": "inbound", "shift": "night"})
        transcript = put(calls, "a.transcript.json", {**TRANSCRIPT, "call_id": "c1", "agent_id": "overruled"})
        for found in (look(calls), look(calls / "a.wav"), look(*sorted(calls.iterdir()))):
            (recording,) = found.recordings
            assert recording.medium is Medium.AUDIO
            assert recording.transcript == transcript
            assert recording.transcript_sha256 == hashlib.sha256(transcript.read_bytes()).hexdigest()
            assert (recording.metadata.call_id, recording.metadata.agent_id) == ("c1", "4711")
            assert recording.metadata.direction is Direction.INBOUND
            assert recording.metadata.language is None
            assert recording.metadata.extra == (("shift", "night"),)
            assert found.failures == ()

    def test_a_transcript_of_its_own_is_a_call_and_its_words_stay_out_of_the_metadata(self, calls: Path) -> None:
        put(calls, "a.transcript.json", {**TRANSCRIPT, "text": "the words of the customer"})
        put(calls, "b.json", {**TRANSCRIPT, "text": "others", "call_id": "c2", "started_at": "2026-03-02T09:15:00Z"})
        found = look(calls)
        assert ids(found) == ["a", "c2"]
        assert [recording.medium for recording in found.recordings] == [Medium.TRANSCRIPT] * 2
        assert found.recordings[0].metadata.language == "pl"
        assert found.recordings[0].transcript is None
        assert all(recording.metadata.extra == () for recording in found.recordings)

    def test_metadata_beside_a_transcript(self, calls: Path) -> None:
        put(calls, "a.transcript.json", dict(TRANSCRIPT))
        put(calls, "a.json", {"agent_id": "4711"})
        (recording,) = look(calls).recordings
        assert recording.metadata.agent_id == "4711"

    def test_other_json_is_passed_over_in_a_folder_and_a_failure_when_named(self, calls: Path) -> None:
        path = put(calls, "manifest.json", {"version": 3})
        put(calls, "list.json", "[1, 2]")
        in_folder, named = look(calls), look(path)
        assert (in_folder.recordings, in_folder.failures, len(in_folder.notes)) == ((), (), 1)
        assert kinds(named) == [("manifest", "bad_transcript", False)]

    def test_a_damaged_transcript_is_a_failure(self, calls: Path) -> None:
        put(calls, "a.json", '{"segments": [')
        put(calls, "b.transcript.json", '{"segments": [{"start": NaN}]}')
        put(calls, "c.transcript.json", {"language": "pl"})
        assert kinds(look(calls)) == [(name, "bad_transcript", False) for name in "abc"]

    def test_damaged_files_beside_the_sound_are_told_and_the_call_is_still_heard(self, calls: Path) -> None:
        put(calls, "a.wav")
        put(calls, "a.json", "{")
        put(calls, "a.transcript.json", "[" * 100_000)
        found = look(calls)
        assert found.recordings[0].transcript is None
        assert kinds(found) == [("a", "bad_transcript", True), ("a", "bad_metadata", True)]

    def test_whispers_own_file_name_is_pointed_out(self, calls: Path) -> None:
        put(calls, "a.wav")
        put(calls, "a.json", {**TRANSCRIPT, "text": "words", "agent_id": "7"})
        found = look(calls)
        assert found.recordings[0].metadata.agent_id == "7"
        assert found.recordings[0].metadata.extra == ()
        assert "a.transcript.json" in found.notes[0]

    def test_bad_values_are_notices(self, calls: Path) -> None:
        put(calls, "a.wav")
        put(calls, "a.json", {"started_at": "soon", "agent_id": "4711"})
        found = look(calls)
        assert ids(found) == ["a"]
        assert kinds(found) == [("a", "bad_metadata", True)]
        assert found.failures[0].where.endswith("a.json, column started_at")


class TestAddresses:
    """PATHs that fsspec opens."""

    def test_a_folder_elsewhere_is_copied_with_its_manifest(self, tmp_path: Path) -> None:
        files = fsspec.filesystem("memory")
        for name, content in (
            ("night/a.wav", b"sound"),
            ("night/sub/b.flac", b"other sound"),
            ("night/notes.txt", b"no"),
            ("night/manifest.csv", b"recording,agent_id\na.wav,4711\n"),
        ):
            files.pipe_file(f"/{name}", content)
        found = find(["memory://night"], None, tmp_path)
        assert [(r.metadata.call_id, r.metadata.agent_id) for r in found.recordings] == [
            ("a", "4711"),
            ("b", "unknown"),
        ]
        assert all(recording.path.is_relative_to(tmp_path) for recording in found.recordings)
        files.rm_file("/night/sub/b.flac")
        assert ids(find(["memory://night"], None, tmp_path)) == ["a"]
        assert ids(find(["memory://night/a.wav"], None, tmp_path)) == ["a"]

    def test_an_address_with_nothing_or_of_an_unknown_kind_is_a_failure(self, tmp_path: Path) -> None:
        found = find(["memory://none/a.wav", "gopher://x/b.wav"], None, tmp_path)
        assert [(failure.call_id, failure.kind) for failure in found.failures] == [
            ("a", FailureKind.MISSING_FILE),
            ("b", FailureKind.UNREADABLE),
        ]
        assert found.failures[0].where == "memory://none/a.wav"
