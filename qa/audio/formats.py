"""File names: which count as sound in a folder, and what a name says where the file has no header."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Headerless:
    """Sound without a header: FFmpeg's name of the format, or of the codec alone; ``rate`` in Hz."""

    format: str | None = None
    codec: str | None = None
    rate: int = 8000
    options: tuple[tuple[str, str], ...] = ()


_MU_LAW = Headerless(format="mulaw", options=(("sample_rate", "8000"),))
_A_LAW = Headerless(format="alaw", options=(("sample_rate", "8000"),))

HEADERLESS = MappingProxyType(
    {
        ".ul": _MU_LAW,
        ".ulaw": _MU_LAW,
        ".mulaw": _MU_LAW,
        ".pcmu": _MU_LAW,
        ".al": _A_LAW,
        ".alaw": _A_LAW,
        ".pcma": _A_LAW,
        ".sln": Headerless(format="sln"),
        ".gsm": Headerless(format="gsm"),
        ".g722": Headerless(format="g722"),
        # 32 kbit/s, four bits a sample: the only rate of G.726 in common telephone use
        ".g726": Headerless(format="g726", options=(("code_size", "4"),)),
        ".g729": Headerless(format="g729"),
        ".g723": Headerless(format="g723_1"),
        ".vox": Headerless(codec="adpcm_ima_oki"),
    }
)
"""Telephone sound at 8 kHz (G.722: 16 kHz), one channel, known by the ending of the file name only."""

_CONTAINERS = (
    ".wav .wave .wav49 .w64 .mp3 .mp2 .m4a .m4b .mp4 .aac .ac3 .ogg .oga .opus .spx .flac .wma .asf .webm .mka .mkv "
    ".mov .avi .3gp .amr .awb .aif .aiff .au .snd .caf .voc .ape .wv .tta"
)
AUDIO_SUFFIXES = frozenset(HEADERLESS) | frozenset(_CONTAINERS.split())
"""Endings (lower case) by which a file found in a folder counts as a recording."""

_SIGNATURES = (b"RIFF", b"RF64", b"OggS", b"fLaC", b"ID3", b".snd", b"#!AMR", b"FORM", b"\x1aE\xdf\xa3", b"0&\xb2u")


def is_audio_name(name: str) -> bool:
    """Whether a file of this name counts as a recording."""
    return PurePath(name).suffix.lower() in AUDIO_SUFFIXES


def headerless(name: str, head: bytes) -> Headerless | None:
    """How to read a file without header; None where it has one, whatever its name says.

    >>> headerless("call.UL", b"")
    Headerless(format='mulaw', codec=None, rate=8000, options=(('sample_rate', '8000'),))
    >>> headerless("call.ul", b"RIFF....WAVE")
    """
    return None if head.startswith(_SIGNATURES) else HEADERLESS.get(PurePath(name).suffix.lower())
