"""What is asked of the decoding child, and what it answers; both cross a process boundary as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAX_CHANNELS = 8
"""PyAV keeps pointers to at most this many planes of a planar frame; reading on would leave the frame."""

FORMATS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,flac,flv,g722,g723_1,g726,g726le,g729,gsm,alaw,mulaw,"
    "matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpeg,mpegts,ogg,sln,tta,voc,w64,wav,wv"
)
"""What may be opened. Play lists (HLS, concat) are missing on purpose: they name further files and addresses."""


class Outcome(StrEnum):
    """How decoding ended, before anybody decides what that means for the call."""

    DECODED = "decoded"
    NOT_AUDIO = "not_audio"
    NO_TRACK = "no_track"
    SEVERAL_TRACKS = "several_tracks"
    MANY_CHANNELS = "many_channels"
    UNKNOWN_CODEC = "unknown_codec"
    TOO_LONG = "too_long"
    READ_FAILED = "read_failed"
    WRITE_FAILED = "write_failed"
    OUT_OF_MEMORY = "out_of_memory"
    BROKE_DOWN = "broke_down"


@dataclass(frozen=True, slots=True)
class DecodeRequest:
    """What the child is asked: descriptors, limits, and what only the file name can tell.

    ``rate`` in Hz; ``max_samples`` per channel at that rate; ``format`` and ``codec`` are FFmpeg's names for
    headerless sound (at most one of them is given); ``options`` are FFmpeg's for the format.
    """

    source: int
    scratch: int
    rate: int
    max_samples: int
    memory_bytes: int
    cpu_seconds: int
    parent: int
    format: str | None = None
    codec: str | None = None
    codec_rate: int = 8000
    options: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class DecodeReport:
    """What the child found: counts in samples at the requested rate, ``header_seconds`` as the file claims."""

    outcome: Outcome = Outcome.DECODED
    detail: str = ""
    codec: str = ""
    container: str = ""
    source_rate: int = 0
    n_channels: int = 0
    n_streams: int = 1
    written: int = 0
    filled: int = 0
    packets: int = 0
    bad_packets: int = 0
    header_seconds: float | None = None
    layout_changed: bool = False
