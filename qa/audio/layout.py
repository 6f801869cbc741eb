"""What the channels of a recording really carry, decided from the sound and not from the header."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from qa.audio.bleed import without_bleed
from qa.audio.envelope import mask
from qa.model.sound import Activity, ChannelLayout
from qa.model.span import total

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.audio.envelope import Envelope
    from qa.model.sound import Audio
    from qa.model.span import Span

STEREO = 2
"""Channels of a recording that can keep two people apart."""

SAME_SOUND = 0.98
"""Correlation of the samples from which two channels carry one sound; lossy coding of a copy costs 0.01."""

SAME_SHAPE_DB = 2.5
"""dB by which the distance of two copies varies over speech (middle 80 %), after two different coders;
two people taking turns: 20 dB and more."""

LOUD_PERCENTILE = 95
"""The level of a channel's loud speech, as a percentile of its frames."""

LOUD_RANGE_DB = 15.0
"""dB below it that are still loud: further down two coders add noise of their own."""

LEAST_SPEECH = 1.0
"""Seconds of speech below which a channel may be empty but for clicks and breath."""

LEAST_SHARE = 0.02
"""Share of the other channel's speech below which so little is not a second party."""


def decide_layout(envelope: Envelope, speech: tuple[tuple[Span, ...], ...]) -> Activity:
    """The layout, with ``speech`` made to fit it.

    Where there is only one thing to hear (`DUAL_MONO`, `ONE_SIDED`, `MONO`) exactly one channel keeps its
    speech, the others are ``()``; that channel is `Activity.mono_channel`.
    """
    if len(speech) == 1:
        return Activity(ChannelLayout.MONO, speech)
    if len(speech) == STEREO and same_sound(envelope, speech):
        return _dual_mono(envelope, speech)
    leak = without_bleed(speech, envelope)
    activity = _sides(leak.speech)
    return replace(activity, notes=leak.notes + activity.notes, bleed_seconds=leak.seconds)


def _dual_mono(envelope: Envelope, speech: tuple[tuple[Span, ...], ...]) -> Activity:
    keep = _louder(envelope)
    note = "both channels carry the same sound: the call is treated as mono and its speakers are told apart by voice"
    return Activity(ChannelLayout.DUAL_MONO, _only(keep, speech[keep], STEREO), notes=(note,))


def _sides(speech: tuple[tuple[Span, ...], ...]) -> Activity:
    """Two sides, or only one that speaks."""
    keep = max(range(len(speech)), key=lambda i: total(speech[i]))
    if _alone(keep, speech):
        return Activity(ChannelLayout.ONE_SIDED, _only(keep, speech[keep], len(speech)), notes=_one_sided(keep, speech))
    return Activity(ChannelLayout.TWO_CHANNEL, speech, notes=_many(speech))


def mono_channel(audio: Audio, activity: Activity) -> int:
    """The channel to listen to where a call is treated as mono: the one with speech, else the first."""
    return min(activity.mono_channel, audio.n_channels - 1)


def same_sound(envelope: Envelope, speech: tuple[tuple[Span, ...], ...]) -> bool:
    """Whether two channels are copies of one sound, up to gain and coding, judged where there is speech."""
    spoken = mask((*speech[0], *speech[1]), envelope.power.shape[1])
    if not spoken.any():
        return False
    return _correlation(envelope, spoken) >= SAME_SOUND or _parallel(envelope, spoken)


def _correlation(envelope: Envelope, frames: NDArray[np.bool_]) -> float:
    """Correlation of the two channels' samples within these frames, sign ignored (a leg may be inverted)."""
    energy = envelope.power[:, frames].sum(axis=1, dtype=np.float64)
    if not energy.all():
        return 0.0
    return float(abs(envelope.product[frames].sum(dtype=np.float64)) / np.sqrt(energy.prod()))


def _parallel(envelope: Envelope, frames: NDArray[np.bool_]) -> bool:
    """Whether the two levels keep their distance in all loud speech, as copies through two coders do."""
    levels = envelope.dbfs[:, frames]
    loud = np.any(levels >= np.percentile(levels, LOUD_PERCENTILE, axis=1, keepdims=True) - LOUD_RANGE_DB, axis=0)
    low, high = np.percentile(levels[0, loud] - levels[1, loud], (10, 90))
    return bool(high - low <= SAME_SHAPE_DB)


def _louder(envelope: Envelope) -> int:
    """The channel with more energy: the better copy; the first on a tie within 1 %."""
    first, second = envelope.power.sum(axis=1, dtype=np.float64)[:STEREO]
    return int(second > first * 1.01)


def _only(keep: int, spans: tuple[Span, ...], n_channels: int) -> tuple[tuple[Span, ...], ...]:
    return tuple(spans if i == keep else () for i in range(n_channels))


def _alone(keep: int, speech: tuple[tuple[Span, ...], ...]) -> bool:
    """Whether all other channels together hold too little speech for a second party."""
    others = total(span for i, spans in enumerate(speech) if i != keep for span in spans)
    return others < LEAST_SPEECH and others <= LEAST_SHARE * total(speech[keep])


def _one_sided(keep: int, speech: tuple[tuple[Span, ...], ...]) -> tuple[str, ...]:
    if not any(speech):
        return ("no channel carries speech",)
    return (f"only channel {keep} carries speech: the call is treated as mono",)


def _many(speech: tuple[tuple[Span, ...], ...]) -> tuple[str, ...]:
    if len(speech) == STEREO:
        return ()
    return (f"the recording has {len(speech)} channels; each is taken for one speaker",)
