"""Sounds made by formula and sentences spoken by flite: float32 at 16 kHz, as after loading."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import wave
from functools import cache
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from qa.model.sound import SAMPLE_RATE, Audio

Sound = NDArray[np.float32]

CHORDS = ((262.0, 330.0, 392.0), (220.0, 262.0, 330.0), (175.0, 220.0, 262.0), (196.0, 247.0, 294.0))
"""Hz: C, a, F, G, which every hold queue of the world plays."""

AGENT = "Thank you for calling, my name is Anna, how can I help you today?"
CUSTOMER = "Hello, my parcel has not arrived, and I am getting worried about it."


def audio(*channels: Sound) -> Audio:
    """A recording of these channels, cut to the shortest."""
    length = min(map(len, channels))
    return Audio(np.stack([c[:length] for c in channels]), 8_000, "pcm_s16le", "wav")


def silence(seconds: float) -> Sound:
    return np.zeros(round(seconds * SAMPLE_RATE), dtype=np.float32)


def noise(seconds: float, dbfs: float = -35.0, seed: int = 1) -> Sound:
    generator = np.random.default_rng(seed)
    hiss: Sound = generator.standard_normal(round(seconds * SAMPLE_RATE)).astype(np.float32)
    hiss *= np.float32(10 ** (dbfs / 20))
    return hiss


def note(frequencies: tuple[float, ...], seconds: float, decay: float) -> Sound:
    """Notes struck together, with two overtones, dying away by ``decay`` per second."""
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    waves = [np.sin(2 * np.pi * f * k * t) / k**1.3 for f in frequencies for k in (1, 2, 3)]
    struck: Sound = (0.1 / len(frequencies) * np.exp(-decay * t) * np.sum(waves, axis=0)).astype(np.float32)
    return struck


def music(seconds: float) -> Sound:
    """Chords twice a second, a drum four times a second."""
    beats = [note(chord, 0.5, 1.5) for chord in CHORDS for _ in range(4)]
    played, wanted = cycle(beats), round(2 * seconds)
    tune = np.concatenate([next(played) for _ in range(wanted)])
    drum = noise(0.05, -25.0) * np.linspace(1, 0, round(0.05 * SAMPLE_RATE), dtype=np.float32)
    for start in range(0, len(tune) - len(drum), SAMPLE_RATE // 4):
        tune[start : start + len(drum)] += drum
    return tune


def tone(seconds: float, *frequencies: float, on: float = 1.0, off: float = 0.0) -> Sound:
    """A tone of these frequencies (Hz), ``on`` seconds of sound and ``off`` of silence in turn."""
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    sound = np.mean([np.sin(2 * np.pi * f * t) for f in frequencies], axis=0)
    heard: Sound = (0.1 * sound * (t % (on + off) < on)).astype(np.float32)
    return heard


def later(sound: Sound, seconds: float, decibels: float) -> Sound:
    """What is left of a sound after a delay and a loss, as long as before."""
    shifted: Sound = np.concatenate((silence(seconds), sound))[: len(sound)]
    shifted *= np.float32(10 ** (decibels / 20))
    return shifted


@cache
def spoken(text: str, voice: str = "slt") -> Sound:
    """A sentence by flite at -24 dBFS or so; skips the test where flite is not installed."""
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed, so there is nobody to speak")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "voice.wav"
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(target)], check=True, capture_output=True)
        with wave.open(str(target)) as file:
            rate, pcm = file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    sound = pcm.astype(np.float32) / 32_768
    at = np.arange(round(len(sound) * SAMPLE_RATE / rate)) * rate / SAMPLE_RATE
    resampled = np.interp(at, np.arange(len(sound)), sound)
    levelled: Sound = (0.06 * resampled / np.sqrt(np.mean(resampled**2))).astype(np.float32)
    return levelled


def sides(*lines: tuple[int, Sound], pause: float = 0.4) -> tuple[Sound, Sound]:
    """Two channels in which these lines follow one another, each on its side."""
    both: tuple[list[Sound], list[Sound]] = ([silence(pause)], [silence(pause)])
    for side, line in lines:
        quiet = silence((len(line)) / SAMPLE_RATE)
        both[side].extend((line, silence(pause)))
        both[1 - side].extend((quiet, silence(pause)))
    return np.concatenate(both[0]), np.concatenate(both[1])


def talk(turns: int = 6) -> tuple[Sound, Sound]:
    """Agent (slt) and customer (rms) in turn, on their own channels."""
    return sides(*((i % 2, spoken((AGENT, CUSTOMER)[i % 2], ("slt", "rms")[i % 2])) for i in range(turns)))
