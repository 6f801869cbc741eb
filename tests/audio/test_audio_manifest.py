"""Manifests as telephony systems and spreadsheets write them, and metadata from every source."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.audio.manifest import Manifest, read_manifest
from qa.audio.metadata import Layer, call_metadata
from qa.audio.strict_json import BadJsonError, parse_json
from qa.errors import ManifestError
from qa.model.recording import CallMetadata, Direction, Party
from qa.model.scorecard import CallFailure, FailureKind


def manifest_of(tmp_path: Path, text: str | bytes, name: str = "manifest.csv") -> Manifest:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_manifest(path)


def metadata_of(**values: str) -> tuple[CallMetadata, tuple[CallFailure, ...]]:
    return call_metadata([Layer("manifest.csv, line 2", tuple(values.items()))], "default")


def test_a_full_row_becomes_typed_metadata() -> None:
    metadata, notices = metadata_of(
        call_id="c1",
        agent_id="4711",
        agent_name="Zażółć",
        direction="Outbound",
        started_at="2026-03-02T09:15:00+01:00",
        language="pl-PL",
        agent_channel="1",
        disconnected_by="customer",
        wait_seconds="12,5",
        csat="4",
        shift="night",
        campaign="spring",
    )
    assert notices == ()
    assert metadata.direction is Direction.OUTBOUND
    assert metadata.started_at == datetime.fromisoformat("2026-03-02T09:15:00+01:00")
    assert (metadata.language, metadata.agent_channel, metadata.disconnected_by) == ("pl", 1, Party.CUSTOMER)
    assert (metadata.wait_seconds, metadata.csat) == (12.5, 4.0)
    assert metadata.extra == (("campaign", "spring"), ("shift", "night"))


def test_an_empty_row_leaves_the_agent_unknown() -> None:
    metadata, notices = metadata_of(agent_id="", started_at="")
    assert (metadata.call_id, metadata.agent_id, metadata.started_at, notices) == ("default", "unknown", None, ())


@pytest.mark.parametrize("moment", ["2026-03-02T09:15:00Z", "2026-03-02 09:15", "2026-03-02T09:15:00.123+01:00"])
def test_iso_dates_are_read_with_and_without_zone(moment: str) -> None:
    metadata, notices = metadata_of(started_at=moment)
    assert metadata.started_at == datetime.fromisoformat(moment)
    assert notices == ()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("started_at", "02.03.2026"),
        ("started_at", "yesterday"),
        ("started_at", "1899-12-30"),
        ("direction", "sideways"),
        ("language", "polski"),
        ("agent_channel", "2"),
        ("disconnected_by", "dog"),
        ("wait_seconds", "-1"),
        ("wait_seconds", "long"),
        ("csat", "nan"),
        ("csat", "1e999"),
    ],
)
def test_a_value_that_cannot_be_read_is_left_out_and_told(column: str, value: str) -> None:
    metadata, (notice,) = metadata_of(call_id="c1", agent_id="7", **{column: value})
    assert getattr(metadata, column) is None
    assert (notice.call_id, notice.agent_id, notice.kind, notice.notice) == ("c1", "7", FailureKind.BAD_METADATA, True)
    assert notice.where == f"manifest.csv, line 2, column {column}"
    assert value in notice.wrong


def test_a_later_source_wins_and_an_empty_value_does_not() -> None:
    layers = [Layer("a.json", (("agent_id", "1"), ("queue", "x"))), Layer("m", (("agent_id", "2"), ("queue", "")))]
    metadata, _ = call_metadata(layers, "default")
    assert (metadata.agent_id, metadata.queue) == ("2", "x")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_byte_order_marks_and_line_ends(tmp_path: Path, separator: str, start: bytes, end: str) -> None:
    lines = (("Recording", "Agent ID", "note"), ("a.wav", "4711", '"one, two; three"'), ("", "", ""))
    text = end.join(separator.join(line) for line in lines)
    (row,) = manifest_of(tmp_path, start + text.encode()).rows
    assert row.recording == "a.wav"
    assert row.layer == Layer("manifest.csv, line 2", (("agent_id", "4711"), ("note", "one, two; three")))


def test_a_manifest_in_an_office_encoding_is_read_with_a_note(tmp_path: Path) -> None:
    manifest = manifest_of(tmp_path, "recording;agent_name\na.wav;Żaneta Śliwa\n".encode("cp1250"))
    assert manifest.rows[0].layer.values == (("agent_name", "Żaneta Śliwa"),)
    assert "cp1250" in manifest.notes[0]
    utf16 = manifest_of(tmp_path, "recording\tagent_name\na.wav\tŻaneta\n".encode("utf-16"))
    assert utf16.rows[0].layer.values == (("agent_name", "Żaneta"),)


def test_cells_are_cleaned_at_the_door(tmp_path: Path) -> None:
    (row,) = manifest_of(tmp_path, "recording,agent_name\na.wav, Jan\u202e\x00 \x07Nowak \n").rows
    assert row.layer.values == (("agent_name", "Jan Nowak"),)


def test_json_lines(tmp_path: Path) -> None:
    text = (
        '{"recording": "a.wav", "csat": 4.0, "vip": true, "tags": ["x"], "agent_id": null}\n\n{"recording": "b.wav"}\n'
    )
    manifest = manifest_of(tmp_path, text, "manifest.jsonl")
    assert [row.recording for row in manifest.rows] == ["a.wav", "b.wav"]
    assert manifest.rows[0].layer.values == (("csat", "4"), ("vip", "true"))
    assert manifest.rows[1].layer.where == "manifest.jsonl, line 3"


def test_one_bad_row_is_a_failure_and_the_rest_is_used(tmp_path: Path) -> None:
    manifest = manifest_of(tmp_path, '{"recording": "a.wav"}\n{"recording"\n[]\n{"call_id": "c9"}\n', "m.jsonl")
    assert len(manifest.rows) == 1
    assert [failure.call_id for failure in manifest.failures] == ["m.jsonl:2", "m.jsonl:3", "c9"]
    assert not any(failure.notice for failure in manifest.failures)


def test_a_row_with_a_stray_separator_is_not_trusted(tmp_path: Path) -> None:
    manifest = manifest_of(tmp_path, "recording,queue,agent_id\na.wav,sales, north,4711\nb.wav,sales\n")
    assert [row.recording for row in manifest.rows] == ["b.wav"]
    assert "4 values for 3 columns" in manifest.failures[0].wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("file,agent\na.wav,1\n", "no column 'recording'"),
        ("recording,Agent ID,agent_id\n", "two columns 'agent_id'"),
        ("", "empty"),
        ('[{"recording": "a.wav"}]', "array"),
        ('{"call_id": "a"}\n', "names no recording"),
        ('recording,agent_id\n"' + "a" * 200_000, "not CSV"),
    ],
)
def test_a_manifest_that_cannot_be_used_as_a_whole_stops_the_run(tmp_path: Path, text: str, wrong: str) -> None:
    with pytest.raises(ManifestError, match=wrong) as caught:
        manifest_of(tmp_path, text)
    assert all(problem.do for problem in caught.value.problems)


def test_a_manifest_that_is_not_there_or_no_file_stops_the_run(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path, tmp_path / "nul\x00.csv"):
        with pytest.raises(ManifestError):
            read_manifest(path)


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (b"[NaN]", "NaN"),
        (b"[-Infinity]", "Infinity"),
        (b"[1e999]", "too large"),
        (b"[" + b"9" * 5000 + b"]", "5000 digits"),
        (b"[" * 100_000, "nested"),
        (b'{"a": "\xff"}', "not valid utf-8"),
        (b'{"a": ', "line 1"),
        (b" " * (64 * 1024 * 1024 + 1), "bytes"),
    ],
)
def test_json_bombs_and_json_that_is_none_are_refused(data: bytes, wrong: str) -> None:
    with pytest.raises(BadJsonError, match=wrong) as caught:
        parse_json(data, "call.json")
    assert caught.value.problems[0].where == "call.json"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.sampled_from([b"recording,agent_id\n", b'{"recording": "a"}\n', b"", b"\xff\xfe"]), rest=st.binary())
def test_any_bytes_are_a_manifest_or_refused_in_words(tmp_path: Path, start: bytes, rest: bytes) -> None:
    try:
        manifest = manifest_of(tmp_path, start + rest)
    except ManifestError as error:
        words = str(error)
    else:
        words = " ".join(failure.wrong for failure in manifest.failures)
        assert all(row.recording for row in manifest.rows)
    words.encode("utf-8")
