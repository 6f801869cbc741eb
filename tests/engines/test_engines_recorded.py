from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.engines.recorded import read_transcript
from qa.engines.recorded_json import MAX_BYTES
from qa.errors import CallError
from qa.model.scorecard import FailureKind
from qa.model.span import Span
from qa.model.transcript import Transcript, WordTiming


@pytest.fixture
def transcript_file(tmp_path: Path) -> Path:
    return tmp_path / "call.transcript.json"


def read(path: Path, content: object) -> Transcript:
    path.write_text(json.dumps(content), encoding="utf-8")
    return read_transcript(path).transcript


def refused(path: Path, content: object) -> str:
    with pytest.raises(CallError) as caught:
        read(path, content)
    assert caught.value.kind is FailureKind.BAD_TRANSCRIPT
    return str(caught.value)


def call(*segments: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"language": "pl", "segments": list(segments), **more}


def segment(text: Any = "dzień dobry", start: Any = 1.0, end: Any = 3.0, **more: object) -> dict[str, Any]:
    return {"text": text, "start": start, "end": end, **more}


def test_words_with_times_and_scores_are_taken_as_they_are(transcript_file: Path) -> None:
    words = [{"word": "dzień", "start": 1.0, "end": 1.5, "score": 0.9}, {"word": "dobry", "start": 1.6, "end": 2.0}]
    heard = read(transcript_file, call(segment(words=words, speaker="agent")))
    assert heard.timing is WordTiming.MEASURED
    assert heard.language == "pl"
    assert [(w.text, w.span, w.confidence) for w in heard.words] == [
        ("dzień", Span(1.0, 1.5), 0.9),
        ("dobry", Span(1.6, 2.0), None),
    ]
    assert heard.segments[0].speaker == "agent"
    assert (heard.engine.name, heard.engine.model) == ("recorded", "")
    assert heard.notes == ()


def test_a_segment_without_words_shares_its_time_by_length_and_says_so(transcript_file: Path) -> None:
    heard = read(transcript_file, call(segment("tak proszę pani", 10.0, 23.0)))
    assert heard.timing is WordTiming.INTERPOLATED
    assert [word.span for word in heard.words] == [Span(10.0, 13.0), Span(13.0, 19.0), Span(19.0, 23.0)]
    assert all(word.confidence is None for word in heard.words)


def test_a_number_that_whisperx_could_not_align_goes_between_its_neighbours(transcript_file: Path) -> None:
    words = [{"word": "mam", "start": 1.0, "end": 1.4}, {"word": "12"}, {"word": "lat", "start": 2.0, "end": 2.4}]
    heard = read(transcript_file, call(segment(words=words)))
    assert [word.span for word in heard.words] == [Span(1.0, 1.4), Span(1.4, 2.0), Span(2.0, 2.4)]
    assert heard.timing is WordTiming.MEASURED
    assert heard.notes == ("1 words without a time were placed between their neighbours",)


def test_where_the_neighbours_leave_no_room_the_word_shares_the_one_before(transcript_file: Path) -> None:
    words = [{"word": "mam", "start": 1.0, "end": 1.9}, {"word": "12"}, {"word": "lat", "start": 1.9, "end": 2.4}]
    first, number, last = read(transcript_file, call(segment(words=words))).words
    assert (first.text, number.text, last.text) == ("mam", "12", "lat")
    assert first.span.end == number.span.start
    assert number.span.end == pytest.approx(1.9)
    assert number.span.duration > 0.2


def test_an_unaligned_first_word_begins_with_its_segment(transcript_file: Path) -> None:
    words = [{"word": "12"}, {"word": "lat", "start": 2.0, "end": 2.4}]
    assert read(transcript_file, call(segment(words=words))).words[0].span == Span(1.0, 2.0)


def test_words_that_nobody_could_align_share_the_segment(transcript_file: Path) -> None:
    heard = read(transcript_file, call(segment("12 13", words=[{"word": "12"}, {"word": "13"}])))
    assert heard.timing is WordTiming.INTERPOLATED
    assert [word.span for word in heard.words] == [Span(1.0, 2.0), Span(2.0, 3.0)]


def test_word_pieces_of_whisper_are_fused(transcript_file: Path) -> None:
    words = [
        {"word": " e", "start": 1.0, "end": 1.2, "probability": 0.9},
        {"word": "-mail", "start": 1.2, "end": 1.6, "probability": 0.5},
        {"word": " jest", "start": 1.7, "end": 2.0, "probability": 0.8},
    ]
    heard = read(transcript_file, call(segment(words=words)))
    assert [(word.text, word.confidence) for word in heard.words] == [("e-mail", 0.5), ("jest", 0.8)]


def test_segments_of_two_speakers_may_overlap_and_come_out_in_order(transcript_file: Path) -> None:
    heard = read(transcript_file, call(segment("b", 5.0, 9.0, speaker="A"), segment("a", 4.0, 6.0, speaker="B")))
    assert [s.speaker for s in heard.segments] == ["B", "A"]


def test_segments_without_words_are_left_out_and_counted(transcript_file: Path) -> None:
    heard = read(transcript_file, call(segment(" "), segment("tak", words=[])))
    assert [s.text for s in heard.segments] == ["tak"]
    assert heard.notes == ("1 segments without words were left out",)


def test_without_a_language_the_call_is_still_read(transcript_file: Path) -> None:
    for language in (None, "", "klingoński dialekt"):
        heard = read(transcript_file, call(segment(), language=language))
        assert heard.language == "und"
        assert "names no language" in heard.notes[0]
    assert read(transcript_file, call(segment(), language="Polish")).language == "pl"
    assert read(transcript_file, call(segment(), language="pl-PL")).language == "pl"


def test_what_made_the_transcript_is_named_where_it_says_so(transcript_file: Path) -> None:
    heard = read(transcript_file, call(segment(), engine="whisperx 3.8", model="large-v3"))
    assert str(heard.engine) == "recorded whisperx 3.8 large-v3"


def test_unseen_and_broken_characters_are_removed_and_counted(transcript_file: Path) -> None:
    transcript_file.write_text('{"language":"pl","segments":[{"start":0,"end":1,"text":"t\\ud800ak\\u0000"}]}')
    recorded = read_transcript(transcript_file)
    assert recorded.transcript.segments[0].text == "tak"
    assert recorded.text_cleaned == 2


def test_a_byte_order_mark_is_no_problem(transcript_file: Path) -> None:
    transcript_file.write_text(json.dumps(call(segment())), encoding="utf-8-sig")
    assert read_transcript(transcript_file).transcript.words


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (segment(start="1.0"), "$.segments[0].start: it is a text"),
        (segment(start=True), "$.segments[0].start: it is true or false"),
        (segment(start=-0.5), "$.segments[0].start: it is below zero"),
        (segment(end=90_000), "$.segments[0].end: it is too large"),
        (segment(start=3.0, end=1.0), "$.segments[0].end: it is 1, before its start at 3"),
        (segment(start=None), "$.segments[0]: it has no start or no end"),
        (segment(text=["a"]), "$.segments[0].text: it is a list"),
        (segment(speaker=1), "$.segments[0].speaker: it is a number"),
        (segment(words="a"), "$.segments[0].words: it is a text"),
        (segment(words=["a"]), "$.segments[0].words[0]: it is a text"),
        (segment(words=[{"word": "a", "score": 1.5}]), "$.segments[0].words[0].score: it is too large"),
        (segment(words=[{"word": "a", "start": 2, "end": 1}]), "$.segments[0].words[0].end: it is 1, before"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(transcript_file: Path, bad: dict[str, Any], told: str) -> None:
    message = refused(transcript_file, call(bad))
    assert f"{transcript_file}: {told}" in message


def test_content_that_is_no_transcript_is_named(transcript_file: Path) -> None:
    assert "$.segments: it is missing" in refused(transcript_file, {})
    assert "$.segments: it is an object" in refused(transcript_file, {"segments": {}})
    assert "$.segments[0]: it is null" in refused(transcript_file, {"segments": [None]})
    assert "it holds a list" in refused(transcript_file, [])
    assert "$.language: it is a number" in refused(transcript_file, call(language=7))


def test_ten_problems_are_told_and_the_rest_is_counted(transcript_file: Path) -> None:
    message = refused(transcript_file, call(*[segment(start="x")] * 20))
    assert len(message.splitlines()) == 11
    assert "10 more problems" in message


def test_a_message_never_holds_what_was_said(transcript_file: Path) -> None:
    message = refused(transcript_file, call(segment(start="moja karta to 4111", words=["moja karta"])))
    assert "karta" not in message


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "not valid JSON"),
        (b'{"segments": [', "not valid JSON"),
        (b'{"segments": [], "x": NaN}', "NaN is not a number"),
        (b'{"segments": [{"start": -Infinity}]}', "-Infinity is not a number"),
        (b'{"segments": [{"start": 1e999, "end": 2, "text": ""}]}', "$.segments[0].start: it is too large"),
        (b'{"segments": ' + b"[" * 200_000, "nested too deeply"),
        (b'{"segments": ' + b"9" * 5_000 + b"}", "not valid JSON"),
        (b'{"segments": [{"start": ' + b"9" * 4_000 + b', "end": 1, "text": ""}]}', "it is too large"),
        ('{"segments": "ł"}'.encode("latin2"), "not UTF-8"),
    ],
)
def test_hostile_or_broken_files_are_refused_with_a_message(transcript_file: Path, content: bytes, told: str) -> None:
    transcript_file.write_bytes(content)
    with pytest.raises(CallError) as caught:
        read_transcript(transcript_file)
    assert caught.value.kind is FailureKind.BAD_TRANSCRIPT
    assert told in str(caught.value)


def test_a_file_too_large_is_not_even_read(transcript_file: Path) -> None:
    with transcript_file.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(CallError, match="at most 64 MiB"):
        read_transcript(transcript_file)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(CallError) as missing:
        read_transcript(tmp_path / "none.json")
    assert missing.value.kind is FailureKind.MISSING_FILE
    with pytest.raises(CallError, match="no ordinary file"):
        read_transcript(tmp_path)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["segments", "words", "word", "text", "start", "end", "score", "speaker", "language"]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=anything)
def test_no_json_at_all_ends_in_anything_but_a_transcript_or_a_message(transcript_file: Path, content: object) -> None:
    transcript_file.write_text(json.dumps(content))
    with contextlib.suppress(CallError):
        heard = read_transcript(transcript_file).transcript
        assert all(word.span.duration > 0 and word.text for word in heard.words)
