"""A transcript that lies beside the recording, or stands for it: the JSON of whisper and WhisperX.

Nothing is guessed about who spoke or what was said. Words without a time share the time around them by their
length, and the transcript says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.engines.recorded_json import MAX_SECONDS, Door, JsonObject, read_object
from qa.engines.recorded_words import SourceSegment, SourceWord, timed
from qa.engines.spoken_language import UNDETERMINED, primary
from qa.engines.words import segment_of
from qa.model.span import Span
from qa.model.transcript import EngineDescription, Segment, Transcript, WordTiming

LANGUAGE_NAMES = {"english": "en", "polish": "pl", "slovak": "sk", "hungarian": "hu"}
"""OpenAI's web interface writes names where its library writes codes."""
LANGUAGE_CODE = re.compile("[a-z]{2,3}")
"""The form of an ISO 639 code."""
MAX_WORDS = 500_000
"""Words. Six hours of two people at 250 words a minute are 180,000; more is no call."""
TIME = "seconds from the start of the recording, 0 to 86400, as a number"
SCORE = "a confidence from 0 to 1, as a number"


@dataclass(frozen=True, slots=True)
class RecordedTranscript:
    """A transcript as it was read, and how many characters the cleaner removed from its texts."""

    transcript: Transcript
    text_cleaned: int


def read_transcript(path: Path) -> RecordedTranscript:
    """The transcript in a file; the keys of the manifest beside ``segments`` are not read here.

    Raises `CallError` with up to ten problems, each naming the file and the JSON path: ``missing_file``,
    ``unreadable`` or ``bad_transcript``.
    """
    content, door = read_object(path), Door(path)
    language, language_notes = _language(door, content.get("language"))
    engine = _engine(door, content)
    rows = tuple(_segments(door, content))
    door.close()
    segments = tuple(sorted(_timed(rows), key=lambda segment: segment.span))
    notes = language_notes + _placed_note(rows) + _empty_note(len(rows) - len(segments))
    timing = WordTiming.MEASURED if all(map(_measured, rows)) else WordTiming.INTERPOLATED
    return RecordedTranscript(Transcript(language, segments, engine, timing, notes=notes), door.text_cleaned)


def _segments(door: Door, content: JsonObject) -> Iterator[SourceSegment]:
    if "segments" not in content:
        door.refuse("$.segments", "it is missing", "the list of segments that whisper and WhisperX write")
        return
    words = 0
    for at, row in door.rows(content["segments"], "$.segments"):
        text, span = door.text(row.get("text"), f"{at}.text"), _span(door, row, at)
        speaker = door.text(row.get("speaker"), f"{at}.speaker").strip() or None
        found = tuple(_words(door, row.get("words"), f"{at}.words"))
        words += len(found) or len(text.split())
        if span is not None:
            yield SourceSegment(text, span, found, speaker)
        elif row.get("start") is None or row.get("end") is None:
            door.refuse(at, "it has no start or no end", TIME)
    if words > MAX_WORDS:
        door.refuse("$.segments", f"it holds {words:,} words", f"one call of at most {MAX_WORDS:,} words")


def _words(door: Door, value: object, at: str) -> Iterator[SourceWord]:
    for place, row in door.rows([] if value is None else value, at):
        # faster-whisper's and whisper-timestamped's scripts write text, probability and confidence
        text = door.text(row.get("word", row.get("text")), f"{place}.word")
        score = row.get("score", row.get("probability", row.get("confidence")))
        confidence = door.number(score, f"{place}.score", 1.0, SCORE)
        span = _span(door, row, place)
        if text.strip():
            yield SourceWord(text, span, confidence)


def _span(door: Door, row: JsonObject, at: str) -> Span | None:
    """The time of a row; None where it has none, and a problem where it is no time."""
    start = door.number(row.get("start"), f"{at}.start", MAX_SECONDS, TIME)
    end = door.number(row.get("end"), f"{at}.end", MAX_SECONDS, TIME)
    if start is None or end is None:
        return None
    if end < start:
        door.refuse(f"{at}.end", f"it is {end:g}, before its start at {start:g}", "an end that is not before the start")
        return None
    return Span(start, end)


def _timed(rows: tuple[SourceSegment, ...]) -> Iterator[Segment]:
    for row in rows:
        if words := timed(row):
            yield segment_of(words, row.speaker)


def _measured(row: SourceSegment) -> bool:
    """Whether a segment's word times come from an engine; one without words says nothing against it."""
    return row.measured or not (row.words or row.text.strip())


def _language(door: Door, value: object) -> tuple[str, tuple[str, ...]]:
    given = door.text(value, "$.language").strip().lower()
    code = LANGUAGE_NAMES.get(given, primary(given))
    if LANGUAGE_CODE.fullmatch(code):
        return code, ()
    return UNDETERMINED, ("the transcript names no language, so only criteria that need no words can be judged",)


def _engine(door: Door, content: JsonObject) -> EngineDescription:
    named = (door.text(content.get(key), f"$.{key}").strip() for key in ("engine", "model"))
    return EngineDescription("recorded", " ".join(name for name in named if name), "")


def _placed_note(rows: tuple[SourceSegment, ...]) -> tuple[str, ...]:
    placed = sum(row.untimed for row in rows if row.measured)
    return (f"{placed} words without a time were placed between their neighbours",) if placed else ()


def _empty_note(empty: int) -> tuple[str, ...]:
    return (f"{empty} segments without words were left out",) if empty else ()
