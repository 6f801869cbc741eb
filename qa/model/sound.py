"""Sound on its way from a file to an engine. It lives only between loading and listening."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from qa.model.span import Span, total

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples: TypeAlias = NDArray[np.float32]
    """One channel: float32 in [-1, 1], shape ``(n_samples,)``, at `SAMPLE_RATE`."""

SAMPLE_RATE = 16_000
"""Hz. The rate of everything after loading: what Whisper, Silero, Resemblyzer and PocketSphinx take."""


class ChannelLayout(StrEnum):
    """What the channels of a recording really carry, whatever its header says."""

    TWO_CHANNEL = "two-channel"
    DUAL_MONO = "dual-mono"
    ONE_SIDED = "one-sided"
    MONO = "mono"
    TRANSCRIPT = "transcript"


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """Decoded sound: float32, ``samples.shape == (n_channels, n_samples)``, at `SAMPLE_RATE`.

    The samples may be a memory map of a scratch file, so that a long call does not fill memory.
    ``source_rate`` (Hz), ``codec`` and ``container`` say what the file held before resampling;
    ``notes`` are the oddities of the file, in words a QA specialist understands.
    """

    samples: NDArray[np.float32]
    source_rate: int
    codec: str
    container: str
    notes: tuple[str, ...] = ()

    @property
    def n_channels(self) -> int:
        """How many channels the file has."""
        return int(self.samples.shape[0])

    @property
    def duration(self) -> float:
        """Seconds of sound."""
        return float(self.samples.shape[1]) / SAMPLE_RATE

    def channel(self, index: int) -> Samples:
        """One channel, shape ``(n_samples,)``; no copy is made."""
        channel: Samples = self.samples[index]
        return channel


class SoundKind(StrEnum):
    """What can be heard where nobody of the two speaks."""

    MUSIC = "music"
    RING = "ring"
    ANNOUNCEMENT = "announcement"
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class SoundEvent:
    """A stretch of something other than the two speakers, with the detector's confidence (0 to 1)."""

    kind: SoundKind
    span: Span
    confidence: float


@dataclass(frozen=True, slots=True)
class Activity:
    """Voice activity, measured once per call and reused by everything after it.

    ``speech[i]`` are the sorted, disjoint spans in which channel ``i`` carries speech. Where the layout is not
    `TWO_CHANNEL` only one channel has any. ``bleed_seconds`` were taken out as the other side leaking in.
    """

    layout: ChannelLayout
    speech: tuple[tuple[Span, ...], ...]
    events: tuple[SoundEvent, ...] = ()
    notes: tuple[str, ...] = ()
    bleed_seconds: float = 0.0

    @property
    def mono_channel(self) -> int:
        """The channel to listen to where a call is treated as mono: the one with most speech, else the first."""
        return max(range(len(self.speech)), key=lambda i: total(self.speech[i]), default=0)


@dataclass(frozen=True, slots=True)
class SpeakerSpan:
    """One stretch in which one speaker speaks; stretches of two speakers may overlap."""

    speaker: str
    span: Span


@dataclass(frozen=True, slots=True)
class Diarisation:
    """Who spoke when: labels are arbitrary, ``confidence`` (0 to 1) is trust in their separation."""

    spans: tuple[SpeakerSpan, ...]
    confidence: float
    notes: tuple[str, ...] = ()

    @property
    def speakers(self) -> tuple[str, ...]:
        """The labels, in order of first speech."""
        return tuple(dict.fromkeys(s.speaker for s in sorted(self.spans, key=lambda s: s.span)))
