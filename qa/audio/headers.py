"""What the header of a recording promises, so that a file that was cut off is noticed.

FFmpeg believes what it finds: a wav that lost its second half is, to it, a shorter wav. These few readers ask the
file itself. They read little, believe nothing, and never raise on damaged input.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

HEAD_BYTES = 64 * 1024
"""How much of the beginning and of the end of a file is looked at."""

UNKNOWN_LENGTH_FROM = 0x7FFF0000
"""Recorders that cannot go back write 0, 0xFFFFFFFF or (sox) 0x7FFFF000 and the like as length of the data."""

MOST_CHUNKS = 64
"""Chunks of a wav that are stepped over in search of the sound; real files have fewer than ten."""

MEASURED = frozenset(
    {"mov,mp4,m4a,3gp,3g2,mj2", "flac", "ogg", "matroska,webm", "asf", "aiff", "au", "caf", "w64", "wv", "ape", "tta"}
)
"""FFmpeg's names of the formats whose header states a length. For others it guesses one from the bit rate."""


@dataclass(frozen=True, slots=True)
class WavData:
    """The sound of a wav in bytes: as its header declares it, and as far as the file goes.

    ``more`` says that behind the declared end comes something that is not a further chunk.
    """

    declared: int
    present: int
    more: bool = False


def _is_chunk(head: bytes, room: int) -> bool:
    """Whether eight bytes look like a chunk of RIFF: four printable letters and a length that fits."""
    return len(head) == 8 and head[:4].isascii() and head[:4].decode("ascii").isprintable() and _length(head) <= room  # noqa: PLR2004 - id and length


def _length(head: bytes) -> int:
    return int(struct.unpack("<I", head[4:8])[0])


def wav_data(file: BinaryIO, size: int) -> WavData | None:
    """The declared and the present sound of a wav of ``size`` bytes; None where there is nothing to compare."""
    file.seek(0)
    riff = file.read(12)
    if riff[:4] != b"RIFF" or riff[8:] != b"WAVE":
        return None
    for _ in range(MOST_CHUNKS):
        head = file.read(8)
        if len(head) < 8:  # noqa: PLR2004 - id and length
            return None
        if head[:4] == b"data":
            return _data_chunk(file, size, _length(head))
        file.seek(_length(head) + _length(head) % 2, 1)
    return None


def _data_chunk(file: BinaryIO, size: int, declared: int) -> WavData | None:
    present = size - file.tell()
    if declared == 0 or declared >= UNKNOWN_LENGTH_FROM:
        return None
    if declared >= present:
        return WavData(declared, present)
    file.seek(declared + declared % 2, 1)
    behind = file.read(8)
    return WavData(declared, present, more=not (_is_chunk(behind, size - file.tell()) or len(behind) < 8))  # noqa: PLR2004


def states_length(container: str, head: bytes) -> bool:
    """Whether the length that FFmpeg reports was stated by the file, and not guessed from its bit rate."""
    if container == "mp3":
        return any(tag in head[_id3_bytes(head) :] for tag in (b"Xing", b"Info", b"VBRI"))
    return container in MEASURED


def _id3_bytes(head: bytes) -> int:
    """How long the ID3 tag before the sound is (seven bits a byte); 0 without one."""
    if head[:3] != b"ID3" or len(head) < 10:  # noqa: PLR2004 - the tag's own header
        return 0
    return 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))


def ogg_is_cut(tail: bytes) -> bool:
    """Whether the last page of an Ogg file lacks its end, or the mark that it is the last.

    An Ogg states no length: this mark is all that tells a finished recording from a broken one.
    """
    start = tail.rfind(b"OggS")
    page = tail[start:]
    if start < 0 or len(page) < 27 or len(page) < 27 + page[26]:  # noqa: PLR2004 - a page's fixed header
        return True
    body = sum(page[27 : 27 + page[26]])
    is_last = bool(page[5] & 4)
    return not is_last or len(page) < 27 + page[26] + body
