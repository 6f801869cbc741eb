"""Everything said in its place on its channel, with hold music, line noise and, at 8 kHz, the telephone's band."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa.model.recording import Party
from qa.model.sound import SAMPLE_RATE
from qa.model.span import Span
from voicing.script import Hold, Line, Script, Utterance
from voicing.speak import speak

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qa.model.sound import Samples

LEAD_IN = 0.6
"""Seconds of line before the first word."""
TAIL = 0.7
"""Seconds of line after the last word."""
NOISE_LEVEL = 10 ** (-90 / 20)
"""Root mean square of the line's noise, full scale = 1: -90 dBFS, the faint hiss of a digital line."""
MUSIC_LEVEL = 10 ** (-22 / 20)
"""Peak of a note of hold music, full scale = 1."""
NOTE_SECONDS = 0.4
CHORDS = ((523, 659, 784, 1047), (440, 523, 659, 880), (349, 440, 523, 698), (392, 494, 587, 784))
"""Hz; C, a, F, G broken upwards, one note after the other: plainly music, and nobody's melody.
An octave lower, Silero's voice activity takes some of the notes for speech (measured)."""
HARMONICS = ((1, 1.0), (2, 0.4), (3, 0.15))
"""Multiple of the note's frequency, and its share."""
TELEPHONE_BAND = (300, 3400)
"""Hz; ITU-T G.712, what a telephone line lets through."""
BAND_EDGE = 100
"""Hz over which the band fades out at either side."""


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """One line, its sound, and the time it takes in the call."""

    line: Line
    span: Span
    samples: Samples


def perform(script: Script) -> tuple[Placed, ...]:
    """Every line of the script spoken and placed, in the script's order, to the millisecond."""
    placed: list[Placed] = []
    for line in script.lines:
        samples = _sound(line, script)
        start = _start(line, placed)
        placed.append(Placed(line, Span(start, round(start + len(samples) / SAMPLE_RATE, 3)), samples))
    return tuple(placed)


def _sound(line: Line, script: Script) -> Samples:
    if isinstance(line, Utterance):
        return speak(line.say, script.voices[line.speaker])
    return music(line.seconds) if line.hold == "music" else _silence(line.seconds)


def _start(line: Line, before: list[Placed]) -> float:
    if not before:
        return LEAD_IN
    if line.into is not None:
        return round(before[-1].span.start + line.into, 3)
    return round(max(placed.span.end for placed in before) + line.gap, 3)


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * SAMPLE_RATE), dtype=np.float32)


def music(seconds: float) -> Samples:
    """Broken chords on a plucked string, shape ``(n_samples,)``, 16 kHz."""
    notes = [_note(frequency) for chord in CHORDS for frequency in (*chord, *chord[-2:0:-1])]
    tune = np.concatenate(notes)
    wanted = round(seconds * SAMPLE_RATE)
    return np.resize(tune, wanted)


def _note(frequency: int) -> Samples:
    time = np.arange(round(NOTE_SECONDS * SAMPLE_RATE)) / SAMPLE_RATE
    tone = sum(share * np.sin(2 * np.pi * frequency * times * time) for times, share in HARMONICS)
    envelope = np.minimum(1, time / 0.01) * np.exp(-2.5 * time) * np.minimum(1, (NOTE_SECONDS - time) / 0.03)
    return (MUSIC_LEVEL * tone * envelope).astype(np.float32)


def mix(script: Script, placed: tuple[Placed, ...]) -> Samples:
    """The call as recorded: shape ``(n_channels, n_samples)`` at the script's rate."""
    seconds = max(part.span.end for part in placed) + TAIL
    channels = _noise(script, round(seconds * SAMPLE_RATE))
    for part in placed:
        start = round(part.span.start * SAMPLE_RATE)
        channels[_channel(part.line, script), start : start + len(part.samples)] += part.samples
    return _telephone(channels) if script.recorded.rate < SAMPLE_RATE else channels


def _channel(line: Line, script: Script) -> int:
    return script.channel_of(Party.AGENT if isinstance(line, Hold) else line.speaker)


def _noise(script: Script, length: int) -> Samples:
    generator = np.random.default_rng(zlib.crc32(script.call_id.encode()))
    noise = generator.standard_normal((script.recorded.channels, length), dtype=np.float32)
    return noise * np.float32(NOISE_LEVEL)


def _telephone(channels: Samples) -> Samples:
    """The telephone's band, at half the rate: every second sample is enough below 4 kHz."""
    spectrum = np.fft.rfft(channels, axis=1)
    hertz = np.fft.rfftfreq(channels.shape[1], 1 / SAMPLE_RATE)
    low, high = TELEPHONE_BAND
    inside = np.clip(np.minimum(hertz - low, high - hertz) / BAND_EDGE + 1, 0, 1)
    narrow = np.fft.irfft(spectrum * inside, n=channels.shape[1], axis=1)
    return narrow[:, ::2].astype(np.float32)


def utterances(placed: Iterable[Placed]) -> Iterator[tuple[Utterance, Span]]:
    """What was said and when, in order of time."""
    for part in sorted(placed, key=lambda part: part.span):
        if isinstance(part.line, Utterance):
            yield part.line, part.span
