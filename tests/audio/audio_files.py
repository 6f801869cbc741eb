"""Sound files of every kind, written for tests: whole, and damaged in ways that recorders and copies damage them."""

from __future__ import annotations

import struct
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from qa.audio.load import LoadLimits, loaded
from qa.errors import CallError
from qa.model.recording import CallMetadata, Medium, Recording

Channels = NDArray[np.float32]


def tone(hertz: float, seconds: float, rate: int, level: float = 0.3) -> Channels:
    """One channel of a sine, shape ``(1, n_samples)``."""
    wave = level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)
    return wave.astype(np.float32)[np.newaxis]


def two_sides(seconds: float, rate: int) -> Channels:
    """Two channels that cannot be mistaken for each other: 300 Hz and 1100 Hz."""
    return np.concatenate([tone(300, seconds, rate), tone(1100, seconds, rate)])


def pitch(samples: Channels, rate: int = 16_000) -> float:
    """The strongest frequency of one channel, in Hz."""
    spectrum = np.abs(np.fft.rfft(samples))
    return float(np.argmax(spectrum)) * rate / len(samples)


def encode(
    path: Path, codec: str, rate: int, sound: Channels, *, format_name: str | None = None, title: str = ""
) -> Path:
    """Write ``sound``, shape ``(n_channels, n_samples)``, with one of PyAV's encoders."""
    layout = {1: "mono", 2: "stereo"}[len(sound)]
    options = {"strict": "experimental"} if codec == "vorbis" else {}
    with av.open(str(path), "w", format=format_name) as container:
        if title:
            container.metadata["title"] = title
        stream = container.add_stream(codec, rate=rate, layout=layout, options=options)
        stream.bit_rate = {"wmav2": 64_000, "libopencore_amrnb": 12_200}.get(codec, stream.bit_rate or 0)
        context = stream.codec_context
        context.open()
        frame = av.AudioFrame.from_ndarray(sound, format="fltp", layout=layout)
        frame.sample_rate = rate
        size = context.frame_size or 1024
        shaper = av.AudioResampler(format=context.format.name, layout=layout, rate=rate, frame_size=size)
        for piece in (*shaper.resample(frame), *shaper.resample(None), None):
            for packet in stream.encode(piece):
                container.mux(packet)
    return path


def wav(
    path: Path,
    data: bytes,
    *,
    tag: int = 1,
    channels: int = 1,
    rate: int = 8000,
    bits: int = 16,
    declared: int | None = None,
    behind: bytes = b"",
) -> Path:
    """A wav written by hand, whose header may declare another length than the data has."""
    block = channels * bits // 8
    head = struct.pack("<HHIIHH", tag, channels, rate, rate * block, block, bits)
    return _riff(path, head, data, declared, behind)


def gsm_wav(path: Path, blocks: int) -> Path:
    """A GSM 06.10 wav (WAV-49) as sox writes it: with one stray byte at its end."""
    head = struct.pack("<HHIIHHHH", 0x31, 1, 8000, 1625, 65, 0, 2, 320)
    return _riff(path, head, np.random.default_rng(0).bytes(65 * blocks) + b"\0", None, b"")


def _riff(path: Path, head: bytes, data: bytes, declared: int | None, behind: bytes) -> Path:
    length = len(data) if declared is None else declared
    body = b"WAVEfmt " + struct.pack("<I", len(head)) + head + b"data" + struct.pack("<I", length) + data + behind
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


def pcm16(sound: Channels) -> bytes:
    """The samples of all channels, interleaved, as 16-bit integers."""
    return (sound.T * 32767).astype("<i2").tobytes()


def shorten(path: Path, share: float) -> Path:
    """Keep only the first ``share`` of a file, as a broken copy does."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def recording(path: Path) -> Recording:
    """The file as a recording, without looking at it."""
    return Recording(path, "0" * 64, Medium.AUDIO, CallMetadata(path.stem))


def seconds_heard(path: Path) -> float:
    """How long a file is when loaded; for other processes to call."""
    with loaded(recording(path)) as audio:
        return audio.duration


STANDARD = LoadLimits()


def refused(path: Path, limits: LoadLimits = STANDARD) -> CallError:
    """The error with which loading ends; it says in four parts what is wrong."""
    with pytest.raises(CallError) as caught, loaded(recording(path), limits):
        pass
    problem = caught.value.problems[0]
    assert problem.where.endswith(path.name)
    assert problem.wrong
    assert problem.expected
    assert problem.do
    return caught.value
