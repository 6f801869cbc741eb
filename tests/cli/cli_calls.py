"""Calls as transcripts, and sound made of the sample calls' speech, whole and damaged."""

from __future__ import annotations

import json
import struct
from functools import cache
from pathlib import Path

import av
import numpy as np
from cli_command import ROOT
from numpy.typing import NDArray

Sound = NDArray[np.float32]
"""Shape ``(n_channels, n_samples)``."""

RATE = 16_000
SPEECH = ROOT / "audio_samples" / "en-01-lost-card.flac"

LINES = (
    ("agent", "Good morning, thank you for calling Harbour Bank, my name is Anna. How can I help you?"),
    ("customer", "Hello, my card was stolen and I am really worried."),
    ("agent", "I am so sorry to hear that. I will call you back tomorrow before noon."),
    ("customer", "Thank you, goodbye."),
    ("agent", "Thank you for calling, have a nice day, goodbye."),
)


def transcript(*lines: tuple[str, str], **metadata: object) -> dict[str, object]:
    """A transcript in which each line takes two seconds."""
    spoken = [
        {"start": 2.0 * i, "end": 2.0 * i + 1.8, "speaker": who, "text": text}
        for i, (who, text) in enumerate(lines or LINES)
    ]
    return {"language": "en", **metadata, "segments": spoken}


def write_call(folder: Path, name: str, *lines: tuple[str, str], **metadata: object) -> Path:
    """A transcript file whose content is its own: it names itself."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.transcript.json"
    values = transcript(*lines, **{"call_id": name, **metadata})
    path.write_text(json.dumps(values), encoding="utf-8")
    return path


def write_night(folder: Path, calls: int) -> Path:
    """So many calls of three agents, each on its own minute of one morning."""
    for n in range(calls):
        start = f"2026-03-02T{8 + n // 60:02}:{n % 60:02}:00+01:00"
        write_call(folder, f"call-{n:03}", agent_id=f"ag{n % 3}", direction="inbound", started_at=start)
    return folder


@cache
def speech() -> Sound:
    """Ten seconds of a call, agent and customer on a channel each."""
    with av.open(str(SPEECH)) as source:
        sides = av.AudioResampler(format="fltp", layout="stereo", rate=RATE)
        pieces = [f.to_ndarray() for frame in source.decode(audio=0) for f in sides.resample(frame)]
    return np.concatenate(pieces, axis=1)[:, : 10 * RATE].astype(np.float32)


def tone(seconds: float, hertz: float = 300.0, level: float = 0.3) -> Sound:
    """One channel of a sine."""
    wave = level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)
    return wave.astype(np.float32)[np.newaxis]


def music(seconds: float) -> Sound:
    """Chords that change, as a waiting queue plays them."""
    chords = ((262, 330, 392), (220, 262, 330), (175, 220, 262), (196, 247, 294))
    bars = [sum(tone(1.0, h, 0.1) for h in chords[i % len(chords)]) for i in range(int(seconds))]
    return np.concatenate(bars, axis=1).astype(np.float32)


def write_wav(path: Path, sound: Sound, *, declared: int | None = None, as_float: bool = False) -> Path:
    """A wav of 16-bit integers or 32-bit floats, whose header may declare another number of bytes."""
    body = (sound.T if as_float else np.clip(sound.T, -1, 1) * 32767).astype("<f4" if as_float else "<i2").tobytes()
    bits, tag, channels = (32, 3, len(sound)) if as_float else (16, 1, len(sound))
    block = channels * bits // 8
    head = struct.pack("<HHIIHH", tag, channels, RATE, RATE * block, block, bits)
    length = len(body) if declared is None else declared
    data = b"WAVEfmt " + struct.pack("<I", len(head)) + head + b"data" + struct.pack("<I", length) + body
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"RIFF" + struct.pack("<I", len(data)) + data)
    return path


def write_coded(path: Path, codec: str, sound: Sound) -> Path:
    """The first channel in a compressed file."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE, layout="mono")
        context = stream.codec_context
        context.open()
        frame = av.AudioFrame.from_ndarray(sound[:1], format="fltp", layout="mono")
        frame.sample_rate = RATE
        size = context.frame_size or 1024
        shaper = av.AudioResampler(format=context.format.name, layout="mono", rate=RATE, frame_size=size)
        for piece in (*shaper.resample(frame), *shaper.resample(None), None):
            for packet in stream.encode(piece):
                container.mux(packet)
    return path


def shorten(path: Path, share: float = 0.5) -> Path:
    """Keep the first share of a file, as a broken copy does."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path
