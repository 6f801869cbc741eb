"""What a decoded file is worth: heard, heard with a note, or refused in words.

A call must never be silently wrong: whatever was missing, mended or left out is a note on the call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from qa.audio.decoding import MAX_CHANNELS, DecodeReport, Outcome
from qa.audio.headers import WavData, ogg_is_cut, states_length
from qa.errors import CallError, call_error
from qa.model.scorecard import FailureKind
from qa.model.sound import SAMPLE_RATE

TOLERATED_SHARE = 0.05
TOLERATED_SECONDS = 1.0
"""Less than 5 % or one second short of the header: encoder delay and rounding, not a cut."""

LEAST_SHARE = 0.5
"""With less than half of a call left, its greeting or its closing is a matter of luck: refused."""

MOST_BAD_PACKETS = 0.5
"""A file of which more than half cannot be decoded is not what its name says."""

LOSSY_BITS_PER_SECOND = 1_500_000
"""No lossy codec needs more for the (at most eight) channels taken here; more means that sound is missing."""

LOSSY = ("mp3", "mp3float", "aac", "opus", "vorbis", "wmav1", "wmav2", "amrnb", "amrwb", "gsm", "gsm_ms", "speex")

EXPORT_AGAIN = "export the recording again, or copy it again if the copying was interrupted"


_REFUSALS: Mapping[Outcome, tuple[FailureKind, str, str, str]] = MappingProxyType(
    {
        Outcome.NOT_AUDIO: (
            FailureKind.NOT_AUDIO,
            "this is not a sound file that can be read",
            "sound (wav, mp3, m4a, ogg, opus, flac, wma, ...)",
            "open it in a player; export it again if that cannot play it either",
        ),
        Outcome.NO_TRACK: (FailureKind.NOT_AUDIO, "the file holds no sound", "a sound track", EXPORT_AGAIN),
        Outcome.SEVERAL_TRACKS: (
            FailureKind.NOT_AUDIO,
            "the file holds {detail} sound tracks, and nothing says which is the call",
            "one sound track",
            "export agent and customer as the two channels of one track",
        ),
        Outcome.MANY_CHANNELS: (
            FailureKind.NOT_AUDIO,
            "the file has {detail} channels",
            f"at most {MAX_CHANNELS}, of which one or two carry sound",
            "export agent and customer as the two channels of one file",
        ),
        Outcome.UNKNOWN_CODEC: (
            FailureKind.NOT_AUDIO,
            "the sound is coded in a way that cannot be decoded here",
            "a common codec",
            "export the recording as wav, mp3, m4a, opus or flac",
        ),
        Outcome.TOO_LONG: (
            FailureKind.TOO_LONG,
            "the sound is longer than {hours:g} hours",
            "at most {hours:g} hours",
            "cut the recording into calls, or raise the limit if calls are that long",
        ),
        Outcome.READ_FAILED: (
            FailureKind.UNREADABLE,
            "reading the file failed: {detail}",
            "a readable file",
            "check the disk or the network share, then run again",
        ),
        Outcome.WRITE_FAILED: (
            FailureKind.STORAGE,
            "the decoded sound could not be written: {detail}",
            "room on the disk for temporary files (4 MB a minute and channel)",
            "free some room, then run again",
        ),
        Outcome.OUT_OF_MEMORY: (
            FailureKind.CRASHED,
            "the decoder asked for more memory than a recording may use",
            "sound that decodes piece by piece",
            EXPORT_AGAIN,
        ),
        Outcome.BROKE_DOWN: (
            FailureKind.CRASHED,
            "the decoder broke down on this file ({detail})",
            "a file that decodes",
            EXPORT_AGAIN,
        ),
    }
)
"""What each outcome means for the call: its kind, what is wrong, what was expected, what to do."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the file itself says: its name for messages, size in bytes, both ends, and its wav data, if it is one."""

    where: str
    size: int
    head: bytes
    tail: bytes
    wav: WavData | None


def refusal(facts: FileFacts, report: DecodeReport, max_seconds: float) -> CallError | None:
    """Why this file cannot be heard, or None where it can."""
    if report.outcome is Outcome.DECODED:
        return _refused_sound(facts, report)
    return _refused_file(facts, report, max_seconds)


def _refused_file(facts: FileFacts, report: DecodeReport, max_seconds: float) -> CallError:
    if report.outcome is Outcome.NOT_AUDIO and facts.head[4:8] == b"ftyp" and not report.codec:
        wrong = "the MP4 has no index (moov): it was never finished, or its end is missing"
        return call_error(FailureKind.TRUNCATED, facts.where, wrong, "a whole file", EXPORT_AGAIN)
    kind, *words = _REFUSALS[report.outcome]
    wrong, expected, do = (text.format(detail=report.detail, hours=max_seconds / 3600) for text in words)
    return call_error(kind, facts.where, wrong, expected, do)


def _refused_sound(facts: FileFacts, report: DecodeReport) -> CallError | None:
    bad = report.bad_packets / max(report.packets, report.bad_packets, 1)
    if report.written == 0 and report.bad_packets == 0:
        wrong, do = "the file holds no sound: its length is zero", "check the recorder; " + EXPORT_AGAIN
        return call_error(FailureKind.EMPTY, facts.where, wrong, "a recorded call", do)
    if report.written == 0 or bad > MOST_BAD_PACKETS:
        wrong = f"{bad:.0%} of the file cannot be decoded as {report.codec}"
        return call_error(FailureKind.NOT_AUDIO, facts.where, wrong, "an undamaged sound file", EXPORT_AGAIN)
    promised, there = promised_seconds(facts, report), report.written / SAMPLE_RATE
    if there < promised * LEAST_SHARE and promised - there > TOLERATED_SECONDS:
        wrong = f"the header says {promised:.0f} s, only {there:.0f} s are there"
        return call_error(FailureKind.TRUNCATED, facts.where, wrong, "a whole call", EXPORT_AGAIN)
    return None


def promised_seconds(facts: FileFacts, report: DecodeReport) -> float:
    """How long the file says it is; where it says nothing, as long as it was found to be."""
    there = report.written / SAMPLE_RATE
    if facts.wav is not None:
        return there * max(1.0, facts.wav.declared / max(1, facts.wav.present))
    if report.header_seconds and states_length(report.container, facts.head):
        return report.header_seconds
    return there


def notes_on(facts: FileFacts, report: DecodeReport) -> tuple[str, ...]:
    """What the reader of the report should know of this file."""
    promised, there = promised_seconds(facts, report), report.written / SAMPLE_RATE
    cut = promised - there > max(TOLERATED_SECONDS, TOLERATED_SHARE * promised)
    lossy = report.codec in LOSSY and report.n_streams == 1
    possible = {
        f"the file is cut off: its header says {promised:.0f} s, {there:.0f} s are there": cut,
        "the file has no proper end: it may be cut off": report.container == "ogg" and ogg_is_cut(facts.tail),
        "the file holds more sound than its header says; all of it was heard": is_longer_than_declared(facts.wav),
        f"the file is large for {there:.0f} s of sound: some of it may be lost": lossy
        and facts.size * 8 > LOSSY_BITS_PER_SECOND * there
        and facts.size > len(facts.head),
        f"damaged pieces of the file that were left out: {report.bad_packets}": report.bad_packets > 0,
        f"time that the file leaves out was taken as silence: {report.filled / SAMPLE_RATE:.1f} s": report.filled > 0,
        "the number of channels changes within the file": report.layout_changed,
    }
    return tuple(note for note, holds in possible.items() if holds)


def is_longer_than_declared(wav: WavData | None) -> bool:
    """Whether a wav goes on for more than a moment behind its declared end (its recorder died)."""
    return wav is not None and wav.more and wav.present > wav.declared * (1 + TOLERATED_SHARE)
