"""What can be heard where nobody speaks: hold music, ring tones, noise, and announcements that repeat.

Classical signal processing, and careful: it stays silent rather than take speech for music. Known limit: singing
that the voice activity takes for speech is left as speech.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from qa.audio.cells import CELL, Cells, measure_cells
from qa.audio.envelope import FRAME, decibels, mask, runs
from qa.audio.repeats import find_repeats
from qa.model.sound import SAMPLE_RATE, Activity, ChannelLayout, SoundEvent, SoundKind
from qa.model.span import Span, merge, subtract, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from qa.audio.envelope import Envelope
    from qa.model.sound import Audio

CELL_SECONDS = CELL / SAMPLE_RATE

AUDIBLE_DBFS = -50.0
"""dBFS below which a sound is the floor of the line: a quiet telephone line idles at -60 and less."""

OVERHEARD_DB = 12.0
"""dB below a speaking other side from which a sound may be that side leaking in."""

MARGIN = 0.25
"""Seconds around speech that are left out: breath and the ends of words."""

TONAL = 0.15
"""Spectral flatness below which a sound has pitch. Measured 2026-11 on made sounds, telephone band: chords, tones
and speech below 0.08, pink noise 0.35, white noise 0.52."""

NOISY = 0.3
"""Spectral flatness from which a sound is noise."""

STEADY = 0.75
"""Steadiness from which a sound holds its notes: chords 0.87 and more, speech 0.43 to 0.70, babble 0.70."""

UNCHANGING = 0.9
"""Correlation of spectra two seconds apart from which a steady sound is a hum: melodies 0.86 and less, hum 1.0."""

CHANGE_CELLS = 8
"""Cells (2 s) after which a melody has moved on."""

SMOOTH_CELLS = 8
"""Cells (2 s) that decide together."""

MOSTLY = 0.7
"""Share of them that must agree."""

SHORTEST_SOUND = 3.0
"""Seconds of music or noise that count: shorter sounds happen in every call."""

BRIDGE = 2.0
"""Seconds of anything else that do not end music or noise."""

ABOVE_LINE_DB = 10.0
"""dB above the quiet moments of the line from which noise is an event: hiss that is always there is the line itself,
and silence in it is still silence."""

RING_SHARE = 0.85
"""Share of energy in the tone band from which a sound is an exchange's tone; one note of a chord has half."""

RING_PAUSE = 5.0
"""Seconds between two bursts of one ringing: the longest pause of a European ring tone is 4 s (ITU-T E.180)."""

LONE_BURST = 0.5
"""Seconds from which a single tone is taken for a ring."""


def find_events(audio: Audio, envelope: Envelope, activity: Activity) -> Activity:
    """The activity with its sound events, sorted; announcements are taken out of the speech."""
    found = [event for channel in _channels(activity) for event in _listen(audio, envelope, activity, channel)]
    events = tuple(event for kind in SoundKind for event in _one_of_each([e for e in found if e.kind is kind]))
    return _without_announcements(audio, envelope, replace(activity, events=tuple(sorted(events, key=_in_order))))


def _in_order(event: SoundEvent) -> tuple[Span, str]:
    return event.span, event.kind.value


def _channels(activity: Activity) -> tuple[int, ...]:
    """The channels worth listening to: not the copy of another one."""
    if activity.layout is ChannelLayout.DUAL_MONO:
        return (activity.mono_channel,)
    return tuple(range(len(activity.speech)))


def _without_announcements(audio: Audio, envelope: Envelope, activity: Activity) -> Activity:
    """Speech that comes twice, sample for sample, next to music or ringing is a recording and nobody's words."""
    waiting = tuple(e.span for e in activity.events if e.kind in (SoundKind.MUSIC, SoundKind.RING))
    if not waiting:
        return activity
    found = [
        find_repeats(audio.channel(i), envelope.dbfs[i], spans, waiting) for i, spans in enumerate(activity.speech)
    ]
    repeated = merge(span for spans in found for span in spans)
    if not repeated:
        return activity
    events = (*activity.events, *(SoundEvent(SoundKind.ANNOUNCEMENT, span, 0.9) for span in repeated))
    note = f"{total(repeated):.1f} s of speech come more than once and are taken for an announcement"
    return replace(
        activity,
        speech=tuple(subtract(own, same) for own, same in zip(activity.speech, found, strict=True)),
        events=tuple(sorted(events, key=_in_order)),
        notes=(*activity.notes, note),
    )


def _listen(audio: Audio, envelope: Envelope, activity: Activity, channel: int) -> Iterator[SoundEvent]:
    """The sounds of one channel outside its speech."""
    wanted = _wanted(envelope, activity, channel)
    cells = measure_cells(audio.channel(channel), wanted)
    ring = wanted & (cells.ring >= RING_SHARE) & (cells.flatness < TONAL)
    yield from _rings(ring, wanted)
    steady = wanted & ~ring & (cells.flatness < TONAL) & (cells.steadiness >= STEADY)
    loud = _above_the_line(envelope, activity, channel)
    for span in _lasting(steady):
        event = _music_or_hum(cells, span)
        if event.kind is SoundKind.MUSIC or loud[_cells_of(span)].all():
            yield event
    for span in _lasting(wanted & loud & (cells.flatness >= NOISY)):
        yield SoundEvent(SoundKind.NOISE, span, 0.8)


def _wanted(envelope: Envelope, activity: Activity, channel: int) -> NDArray[np.bool_]:
    """Cells that can be heard, in which this channel does not speak nor overhear the other one."""
    level = _cell_levels(envelope)
    n = level.shape[1]
    spoken = np.stack([_touched(spans, n) for spans in activity.speech])
    overheard = np.any(spoken & (level >= level[channel] + OVERHEARD_DB), axis=0)
    wanted: NDArray[np.bool_] = (level[channel] >= AUDIBLE_DBFS) & ~spoken[channel] & ~overheard
    return wanted


def _above_the_line(envelope: Envelope, activity: Activity, channel: int) -> NDArray[np.bool_]:
    """Cells that stand out from the line's own noise; all of them where nobody speaks to compare with."""
    level = _cell_levels(envelope)[channel]
    unspoken = level[~_touched(activity.speech[channel], len(level))]
    if not activity.speech[channel] or not unspoken.size:
        return np.ones(len(level), dtype=np.bool_)
    loud: NDArray[np.bool_] = level >= np.percentile(unspoken, 10) + ABOVE_LINE_DB
    return loud


def _cells_of(span: Span) -> slice:
    return slice(round(span.start / CELL_SECONDS), round(span.end / CELL_SECONDS))


def _cell_levels(envelope: Envelope) -> NDArray[np.float32]:
    """Level in dBFS per channel and cell; a last part cell is left out."""
    frames = CELL // FRAME
    n = envelope.power.shape[1] // frames
    return decibels(envelope.power[:, : n * frames].reshape(len(envelope.power), n, frames).mean(axis=2))


def _touched(spans: Iterable[Span], n: int) -> NDArray[np.bool_]:
    """Cells that speech touches, with its margin."""
    wide = merge(Span(max(0.0, s.start - MARGIN), s.end + MARGIN) for s in spans)
    return np.asarray(mask(wide, n * CELL // FRAME).reshape(n, CELL // FRAME).max(axis=1, initial=False))


def _spans(flags: NDArray[np.bool_]) -> Iterator[Span]:
    return (Span(first * CELL_SECONDS, last * CELL_SECONDS) for first, last in runs(flags))


def _rings(ring: NDArray[np.bool_], audible: NDArray[np.bool_]) -> Iterator[SoundEvent]:
    """Bursts of tone with nothing but silence between them; a single one must last."""
    bursts, other = tuple(_spans(ring)), tuple(_spans(audible & ~_grown(ring)))
    # A tone amid other sounds is a note: what else is heard keeps the bursts on its two sides apart.
    for group in merge(bursts, bridge=RING_PAUSE):
        inside = [burst for burst in bursts if burst & group]
        if total(inside) < LONE_BURST or total(o & group for o in other) > total(inside) / 2:
            continue
        yield SoundEvent(SoundKind.RING, group, 0.9 if len(inside) > 1 else 0.7)


def _grown(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The flags and their neighbours: the edges of a tone sound like a click."""
    grown: NDArray[np.bool_] = flags.copy()
    grown[1:] |= flags[:-1]
    grown[:-1] |= flags[1:]
    return grown


def _lasting(flags: NDArray[np.bool_]) -> Iterator[Span]:
    """Stretches of 3 s and more in which most cells of every two seconds are flagged."""
    if len(flags) < SMOOTH_CELLS:
        return
    share = np.convolve(flags, np.full(SMOOTH_CELLS, 1 / SMOOTH_CELLS), mode="same")
    for span in merge(_spans((share >= MOSTLY) & _grown(flags)), bridge=BRIDGE):
        if span.duration >= SHORTEST_SOUND:
            yield span


def _music_or_hum(cells: Cells, span: Span) -> SoundEvent:
    """Music moves on; a hum (mains, fan, data tone) stays."""
    inside = _cells_of(span)
    shape, steady = cells.shape[inside], cells.steadiness[inside]
    now, later = shape[:-CHANGE_CELLS], shape[CHANGE_CELLS:]
    length = np.linalg.norm(now, axis=1) * np.linalg.norm(later, axis=1)
    alike = (now * later).sum(axis=1)[length > 0] / length[length > 0]
    if alike.size and float(np.median(alike)) >= UNCHANGING:
        return SoundEvent(SoundKind.NOISE, span, 0.7)
    return SoundEvent(SoundKind.MUSIC, span, round(min(0.95, float(np.median(steady))), 2))


def _one_of_each(events: list[SoundEvent]) -> Iterator[SoundEvent]:
    """Events of one kind on several channels as one, with the best confidence."""
    for span in merge(event.span for event in events):
        best = max(event.confidence for event in events if event.span & span)
        yield SoundEvent(events[0].kind, span, best)
