"""What makes a call one that nobody can judge: silence, no words, words of another call."""

from __future__ import annotations

from collections.abc import Sized

from qa.audio.measure import level_dbfs
from qa.errors import call_error
from qa.model.recording import Recording
from qa.model.scorecard import FailureKind
from qa.model.sound import Activity, Audio
from qa.model.span import Span, total
from qa.model.transcript import Transcript

LEAST_SPEECH_SECONDS = 0.5
"""s; a recording with less speech than this has nobody on it to judge."""

BEYOND_END_SECONDS = 2.0
"""s; recognisers pad the end of a recording, so that their last words may lie a little behind it (house rule)."""

SILENCE_DBFS = -60.0
"""dBFS; a line on which nothing sounds lies below this (house rule: telephone noise floors are at -65 and lower)."""


def require_speech(recording: Recording, audio: Audio, activity: Activity) -> None:
    """Raise `CallError` where nobody speaks; it says what is heard instead."""
    if total(span for channel in activity.speech for span in channel) < LEAST_SPEECH_SECONDS:
        sounds = ", ".join(sorted({event.kind.value for event in activity.events}))
        heard = sounds or ("sound without speech" if _has_sound(audio) else "silence")
        raise call_error(
            FailureKind.NO_SPEECH,
            str(recording.path),
            f"nobody speaks on this recording; heard: {heard}",
            "a recording of a conversation",
            "check the recorder of this line; the call is not scored",
        )


def _has_sound(audio: Audio) -> bool:
    whole = (Span(0.0, audio.duration),)
    levels = (level_dbfs(audio.channel(i), whole) for i in range(audio.n_channels))
    return any(level is not None and level > SILENCE_DBFS for level in levels)


def require_same_call(recording: Recording, transcript: Transcript, duration: float) -> None:
    """Raise `CallError` where the transcript goes on after the sound has ended: nobody could listen to its evidence."""
    last = max((segment.span.start for segment in transcript.segments), default=0.0)
    if last > duration + BEYOND_END_SECONDS:
        raise call_error(
            FailureKind.BAD_TRANSCRIPT,
            str(recording.path),
            f"its transcript speaks at {last:.1f} s, and the recording ends at {duration:.1f} s",
            "the transcript of this recording",
            "check that the two belong together, and that the recording is whole",
        )


def require_words(recording: Recording, spoken: Sized) -> None:
    """Raise `CallError` where not one word is known of the call."""
    if not spoken:
        raise call_error(
            FailureKind.NO_SPEECH,
            str(recording.path),
            "not one word was recognised",
            "a recording or transcript with words",
            "listen to it; if people speak there, try another --engine or --language",
        )
