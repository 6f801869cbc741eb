"""Text to sound with Debian's own synthesisers, trimmed to what is really spoken and brought to one level."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np

from qa.errors import Problem, UsageError
from qa.model.sound import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.model.sound import Samples
    from voicing.script import Voice

SPEECH_LEVEL = 10 ** (-23 / 20)
"""Root mean square of an utterance, full scale = 1: -23 dBFS, the usual level of a recorded call."""
PEAK = 0.9
"""No sample goes beyond this, full scale = 1."""
SILENCE = 10 ** (-46 / 20)
"""Quieter than this against the loudest sample, the synthesiser is only breathing in or out: -46 dB."""
WORDS_PER_MINUTE = 150
"""espeak-ng's speed at stretch 1; its own 175 is hurried for a telephone talk."""


def require_synthesisers(voices: Iterable[Voice]) -> None:
    """Raise `qa.errors.UsageError` where a program that these voices need is not installed."""
    missing = sorted({voice.engine for voice in voices if shutil.which(voice.engine) is None})
    if missing:
        raise UsageError(tuple(_not_installed(program) for program in missing))


def _not_installed(program: str) -> Problem:
    return Problem(
        where="make samples",
        wrong=f"the speech synthesiser {program} is not installed",
        expected=f"the program {program} on the search path",
        do="install it with: apt-get install flite espeak-ng",
    )


def speak(text: str, voice: Voice) -> Samples:
    """``text`` in this voice: 16 kHz, trimmed silence, shape ``(n_samples,)``, whole milliseconds long."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        subprocess.run(_command(text, voice, path), check=True, capture_output=True)
        return _levelled(_trimmed(_read(path)))


def _command(text: str, voice: Voice, path: Path) -> list[str]:
    if voice.engine == "espeak-ng":
        speed = str(round(WORDS_PER_MINUTE / voice.stretch))
        return ["espeak-ng", "-v", voice.name, "-s", speed, "-w", str(path), text]
    return ["flite", "-voice", voice.name, "--setf", f"duration_stretch={voice.stretch}", "-t", text, "-o", str(path)]


def _read(path: Path) -> Samples:
    with wave.open(str(path)) as file:
        rate, data = file.getframerate(), file.readframes(file.getnframes())
    samples = np.frombuffer(data, dtype=np.int16)
    return _resampled((samples / 32768).astype(np.float32), rate)


def _resampled(samples: Samples, rate: int) -> Samples:
    if rate == SAMPLE_RATE:
        return samples
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis, :], format="flt", layout="mono")
    frame.sample_rate = rate
    resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
    frames = [*resampler.resample(frame), *resampler.resample(None)]
    return np.concatenate([part.to_ndarray()[0] for part in frames])


def _trimmed(samples: Samples) -> Samples:
    """From the first millisecond that is heard to the last."""
    step = SAMPLE_RATE // 1000
    padded = np.pad(samples, (0, -len(samples) % step))
    heard = np.flatnonzero(np.abs(padded).reshape(-1, step).max(axis=1) > SILENCE * np.abs(samples).max())
    return padded[heard[0] * step : (heard[-1] + 1) * step]


def _levelled(samples: Samples) -> Samples:
    gain = SPEECH_LEVEL / float(np.sqrt(np.mean(samples**2)))
    return samples * np.float32(min(gain, PEAK / float(np.abs(samples).max())))
