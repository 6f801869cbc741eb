"""Rows of manifests and the files they name; the same call twice."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from call_folders import TRANSCRIPT, ids, kinds, look, put

from qa.errors import ManifestError


class TestManifests:
    """Rows and files."""

    def test_the_manifest_of_a_folder_is_picked_up_and_other_files_are_still_found(self, calls: Path) -> None:
        put(calls, "sub/a.wav")
        put(calls, "b.wav")
        put(calls, "a.json", {"queue": "never read"})
        put(calls, "manifest.csv", "recording,call_id,agent_id\nsub/a.wav,c1,4711\n")
        found = look(calls)
        assert [(r.metadata.call_id, r.metadata.agent_id) for r in found.recordings] == [
            ("b", "unknown"),
            ("c1", "4711"),
        ]
        assert found.failures == ()

    def test_a_given_manifest_wins_and_may_lie_elsewhere(self, calls: Path) -> None:
        put(calls, "a.wav")
        put(calls, "manifest.csv", "recording,agent_id\na.wav,1\n")
        given = put(calls.parent / "exports", "night.csv", "recording,agent_id\na.wav,2\nb.wav,3\n")
        found = look(calls, manifest=given)
        assert found.recordings[0].metadata.agent_id == "2"
        assert kinds(found) == [("b", "missing_file", False)]
        assert found.failures[0].where == "night.csv, line 3, column recording"
        assert found.failures[0].agent_id == "3"

    def test_rows_outside_of_the_paths_are_not_heard(self, calls: Path) -> None:
        put(calls, "day1/a.wav")
        put(calls, "day2/b.wav")
        manifest = put(calls, "manifest.csv", "recording,agent_id\nday1/a.wav,1\nday2/b.wav,2\nday3/purged.wav,3\n")
        found = look(calls / "day1", manifest=manifest)
        assert ids(found) == ["a"]
        assert found.failures == ()
        assert found.notes == ("rows of the manifest that name recordings outside of the given PATHs: 2",)

    def test_a_file_with_an_unknown_ending_is_found_by_its_row(self, calls: Path) -> None:
        put(calls, "a.rec")
        put(calls, "manifest.csv", "recording,agent_id\na.rec,1\n")
        assert ids(look(calls)) == ["a"]

    @pytest.mark.parametrize(
        "name", ["../secret.wav", "sub/../../secret.wav", "/etc/passwd", "C:\\x.wav", "..\\secret.wav", "file:///x.wav"]
    )
    def test_a_row_cannot_lead_out_of_its_folder(self, calls: Path, name: str) -> None:
        put(calls.parent, "secret.wav")
        put(calls, "manifest.csv", f"recording,call_id\n{name},c1\n")
        found = look(calls)
        assert found.recordings == ()
        assert kinds(found) == [("c1", "bad_metadata", False)]

    def test_a_link_named_by_a_row_cannot_lead_out_either(self, calls: Path) -> None:
        put(calls.parent, "secret.txt")
        (calls / "a.txt").symlink_to(calls.parent / "secret.txt")
        put(calls, "manifest.csv", "recording,call_id\na.txt,c1\n")
        found = look(calls)
        assert found.recordings == ()
        assert kinds(found) == [("c1", "bad_metadata", False)]

    def test_names_match_whatever_way_letters_and_folders_are_written(self, calls: Path) -> None:
        put(calls, unicodedata.normalize("NFD", "żółw.wav"))
        put(calls, "sub/b.wav")
        names = unicodedata.normalize("NFC", "żółw.wav")
        put(calls, "manifest.csv", f"recording,agent_id\n{names},1\nsub\\b.wav,2\n")
        found = look(calls)
        assert sorted(recording.metadata.agent_id for recording in found.recordings) == ["1", "2"]
        assert found.failures == ()

    def test_an_unusable_manifest_stops_the_run(self, calls: Path) -> None:
        put(calls, "a.wav")
        put(calls, "manifest.csv", "file\na.wav\n")
        with pytest.raises(ManifestError):
            look(calls)

    def test_a_row_for_a_transcript(self, calls: Path) -> None:
        put(calls, "a.json", dict(TRANSCRIPT))
        put(calls, "manifest.csv", "recording,agent_id\na.json,1\n")
        assert look(calls).recordings[0].metadata.agent_id == "1"


class TestCopies:
    """Each content and each call id once."""

    def test_the_same_bytes_twice_are_heard_once(self, calls: Path) -> None:
        put(calls, "a.wav", "sound")
        put(calls, "b.wav", "sound")
        found = look(calls)
        assert ids(found) == ["a"]
        assert kinds(found) == [("b", "same_recording", True)]
        assert "a.wav" in found.failures[0].wrong

    def test_of_two_copies_the_one_with_a_row_is_kept(self, calls: Path) -> None:
        put(calls, "a.wav", "sound")
        put(calls, "b.wav", "sound")
        put(calls, "manifest.csv", "recording,agent_id\nb.wav,4711\n")
        assert look(calls).recordings[0].metadata.agent_id == "4711"

    def test_two_calls_with_one_id_are_one_call_and_one_failure(self, calls: Path) -> None:
        put(calls, "a.wav")
        put(calls, "b.wav")
        put(calls, "manifest.csv", "recording,call_id,agent_id\na.wav,c1,1\nb.wav,c1,2\n")
        found = look(calls)
        assert [recording.path.name for recording in found.recordings] == ["a.wav"]
        assert kinds(found) == [("c1", "duplicate_call_id", False)]
        assert found.failures[0].agent_id == "2"

    def test_two_rows_for_one_file(self, calls: Path) -> None:
        put(calls, "a.wav")
        put(calls, "manifest.csv", "recording,agent_id\na.wav,1\na.wav,2\n")
        found = look(calls)
        assert found.recordings[0].metadata.agent_id == "1"
        assert kinds(found) == [("a", "same_recording", True)]

    def test_the_same_folder_gives_the_same_answer(self, calls: Path) -> None:
        for number in range(100):
            put(calls, f"{number}.wav", f"sound {number % 70}")
        assert look(calls) == look(calls)
