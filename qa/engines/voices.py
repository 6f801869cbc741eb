"""Who spoke when on one channel, with nothing to download: voice activity, voice prints, and who they belong to.

Two people talking at once are given to the louder of them; the other one's words there are not found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from qa.engines.voice_clusters import SAME_VOICE, assign, find_voices
from qa.engines.voice_clusters import Voices as FoundVoices
from qa.engines.voice_prints import Grid, Prints, make_grid, take_prints
from qa.model.sound import ChannelLayout, Diarisation, SpeakerSpan
from qa.model.span import Span, merge, total
from qa.model.transcript import EngineDescription

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.model.sound import Activity, Audio, Samples

WINDOWS = (120, 80, 50)
"""Frames of 10 ms: 1.2 s tells voices apart best, 0.8 and 0.5 s find where one hands over to the other."""

FULL_WINDOW_SECONDS = 1.15
"""Seconds of speech from which a print says what a voice is like."""

LEAST_FULL_SECONDS = 5.0
"""Seconds of such prints below which shorter ones are taken as well."""

LEAST_SPEECH_SECONDS = 2.0
"""Seconds of speech below which no second voice is looked for."""

CLEAR_VOICES = 0.70
"""Cosine of two voices that are as different as a man's and a woman's usually are."""

CLEAR_HALVES = 0.96
"""Cosine of the halves of one voice at its most even."""

LITTLE_SPEECH_SECONDS = 20.0
"""Seconds of speech below which trust grows with what there is to go by."""

TRUST = (0.5, 0.95)
"""Confidence from barely apart to clearly apart; never certain, because overlaps are not found."""


@dataclass(frozen=True)
class Voices:
    """Diariser for one channel: Silero's speech, Resemblyzer's voice prints, nothing else."""

    @property
    def description(self) -> EngineDescription:
        """Name, model and versions."""
        windows = ",".join(str(frames) for frames in WINDOWS)
        return EngineDescription("voices", "resemblyzer", version("resemblyzer"), settings=f"v1 windows={windows}")

    def diarise(self, audio: Audio, activity: Activity) -> Diarisation:
        """Speaker spans with labels ``voice-0``, ``voice-1``, … in order of first speech; they never overlap.

        Two channels that carry two people are averaged. Memory grows with the prints (below 70 MB), not the sound.
        """
        speech = merge(span for spans in activity.speech for span in spans)
        if not speech:
            return Diarisation((), 0.0, ("nobody speaks",))
        grid = make_grid(speech)
        if total(speech) < LEAST_SPEECH_SECONDS:
            return _diarisation(speech, grid, np.zeros(len(grid.instants), dtype=np.int64), None)
        scales = take_prints(_reader(audio, activity), speech, grid, WINDOWS)
        found = find_voices(_telling(scales[0], grid), grid.hop)
        return _diarisation(speech, grid, assign(scales, grid, found), found)


def _reader(audio: Audio, activity: Activity) -> Callable[[int, int], Samples]:
    """Samples from ``start`` to ``stop`` of the one channel to listen to, zeros outside the call."""
    chosen = slice(None) if activity.layout is ChannelLayout.TWO_CHANNEL else slice(activity.mono_channel, None)
    n_samples = audio.samples.shape[1]

    def read(start: int, stop: int) -> Samples:
        rows = audio.samples[chosen, max(0, start) : min(n_samples, stop)]
        mono = rows.mean(axis=0) if chosen.start is None else rows[0]
        return np.pad(mono, (max(0, -start), max(0, stop - max(n_samples, start)))).astype(np.float32)

    return read


def _telling(prints: Prints, grid: Grid) -> NDArray[np.float32]:
    """The prints from which voices are learnt: those of full windows, if there are enough."""
    full = prints.seconds >= FULL_WINDOW_SECONDS
    return prints.vectors[full] if full.sum() * grid.hop >= LEAST_FULL_SECONDS else prints.vectors


def _diarisation(
    speech: tuple[Span, ...], grid: Grid, voices: NDArray[np.int64], found: FoundVoices | None
) -> Diarisation:
    names = {voice: f"voice-{rank}" for rank, voice in enumerate(dict.fromkeys(voices.tolist()))}
    spans = tuple(
        SpeakerSpan(names[voice], span)
        for index, stretch in enumerate(speech)
        for voice, span in _turns(stretch, grid.instants[grid.stretch == index], voices[grid.stretch == index])
    )
    return Diarisation(spans, _confidence(found, len(names), total(speech)), _notes(len(names)))


def _turns(stretch: Span, instants: NDArray[np.float64], voices: NDArray[np.int64]) -> list[tuple[int, Span]]:
    """One stretch of speech cut halfway between instants of different voices."""
    changes = [0, *(np.flatnonzero(np.diff(voices)) + 1).tolist(), len(voices)]
    cuts = [stretch.start, *((instants[i - 1] + instants[i]) / 2 for i in changes[1:-1]), stretch.end]
    spans = (Span(round(float(a), 3), round(float(b), 3)) for a, b in pairwise(cuts))
    return [(int(voices[first]), span) for first, span in zip(changes[:-1], spans, strict=True)]


def _confidence(found: FoundVoices | None, n_voices: int, seconds: float) -> float:
    """Trust in who is who: how far apart the voices are, less where there is little speech to go by."""
    low, high = TRUST
    far = CLEAR_HALVES if n_voices == 1 else CLEAR_VOICES
    clear = min(1.0, max(0.0, (found.likeness - SAME_VOICE) / (far - SAME_VOICE))) if found else 0.0
    return round((low + (high - low) * clear) * min(1.0, seconds / LITTLE_SPEECH_SECONDS), 3)


def _notes(n_voices: int) -> tuple[str, ...]:
    if n_voices == 1:
        return ("only one voice was found",)
    return () if n_voices == 2 else (f"{n_voices} voices were found",)  # noqa: PLR2004 - the usual call
