from __future__ import annotations

from qa.dialogue.attribute import attribute
from qa.model.sound import Diarisation, SpeakerSpan
from qa.model.span import Span
from qa.model.transcript import EngineDescription, Segment, Transcript, Word

ENGINE = EngineDescription("test", "", "")


def transcript(*segments: Segment) -> Transcript:
    return Transcript("en", segments, ENGINE)


def segment(start: float, text: str, speaker: str | None = None, channel: int | None = None) -> Segment:
    words = tuple(Word(t, Span(start + i, start + i + 0.9)) for i, t in enumerate(text.split()))
    return Segment(words, Span(start, words[-1].span.end), speaker, channel)


def said(found: object) -> list[tuple[str, str]]:
    return [(s.speaker, s.utterance.text) for s in found]  # type: ignore[attr-defined]


def test_a_recogniser_that_joins_two_speakers_in_one_segment_is_taken_apart_by_the_word() -> None:
    voices = Diarisation((SpeakerSpan("A", Span(0, 2)), SpeakerSpan("B", Span(2, 4))), 1.0)
    found = attribute([transcript(segment(0, "how are you fine"))], voices)
    assert said(found) == [("A", "how are"), ("B", "you fine")]


def test_a_channel_is_a_speaker() -> None:
    found = attribute([transcript(segment(0, "hello", channel=0)), transcript(segment(1, "hi", channel=1))], None)
    assert said(found) == [("channel-0", "hello"), ("channel-1", "hi")]


def test_a_transcripts_own_label_is_kept_with_its_times() -> None:
    found = attribute([transcript(segment(0, "hello there", speaker="agent"))], None)
    assert said(found) == [("agent", "hello there")]
    assert found[0].utterance.span == Span(0, 1.9)


def test_a_word_between_two_voices_goes_to_the_nearest() -> None:
    voices = Diarisation((SpeakerSpan("A", Span(0, 1)), SpeakerSpan("B", Span(3.0, 4))), 1.0)
    late = Segment((Word("well", Span(2.3, 2.8)),), Span(2.3, 2.8))
    assert said(attribute([transcript(late)], voices)) == [("B", "well")]


def test_overlapping_voices_leave_the_word_with_who_was_speaking() -> None:
    voices = Diarisation((SpeakerSpan("A", Span(0, 4)), SpeakerSpan("B", Span(2, 6))), 1.0)
    assert said(attribute([transcript(segment(1, "one two three"))], voices)) == [("A", "one two three")]


def test_nothing_tells_speakers_apart_one_label_for_all() -> None:
    assert said(attribute([transcript(segment(0, "a b"))], None)) == [("speaker-0", "a b")]
