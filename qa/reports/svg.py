"""The two speakers as lanes over time: positions in percent of the call, ready for inline SVG.

Positions are percentages, so that the drawing fits every width without a script and text in it keeps its shape.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qa.model.conversation import Role
from qa.model.finding import Verdict
from qa.model.night import ScoredCall
from qa.model.scorecard import Interruption
from qa.model.sound import SoundKind
from qa.model.span import Span
from qa.reports.html_words import clock, length, role_word, seconds

SILENCE_SECONDS = 3.0
"""A silence longer than this is drawn: below it lie ordinary pauses between turns (design of the call page)."""

TICK_STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
"""Seconds between two marks of the time axis; the first that gives at most `MAX_TICKS` marks is taken."""

MAX_TICKS = 12
"""More labels than this touch each other at 900 pixels."""

EDGE_SHARE = 0.97
"""Of the width: a label in the middle of a mark beyond this hangs over the edge on a phone."""

_EVENTS = {
    SoundKind.MUSIC: "Hold music",
    SoundKind.RING: "Ringing",
    SoundKind.ANNOUNCEMENT: "Announcement",
    SoundKind.NOISE: "Noise",
}


@dataclass(frozen=True, slots=True)
class Block:
    """Something that lasts: where it begins and how wide it is (percent), and what a reader is told."""

    left: str
    width: str
    start: float
    title: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at one moment: an interruption, a piece of evidence."""

    left: str
    start: float
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class Lanes:
    """Everything the drawing shows. ``agent`` and ``customer`` are SVG paths in units of seconds."""

    seconds: str
    agent: str
    customer: str
    other: str
    overlaps: tuple[Block, ...]
    interruptions: tuple[Mark, ...]
    silences: tuple[Block, ...]
    dead_air: tuple[Block, ...]
    events: tuple[Block, ...]
    evidence: tuple[Mark, ...]
    ticks: tuple[Mark, ...]


def speech_path(spans: Iterable[Span]) -> str:
    """Boxes of height 1 over seconds: one path for a whole lane keeps an hour's call small.

    >>> speech_path([Span(0, 1.5)])
    'M0 0h1.5v1H0z'
    """
    return "".join(f"M{seconds(s.start)} 0h{seconds(s.duration)}v1H{seconds(s.start)}z" for s in spans)


def _percent(value: float, whole: float) -> str:
    return f"{seconds(100 * min(max(value, 0.0), whole) / whole)}%"


def _block(span: Span, whole: float, name: str, label: str = "") -> Block:
    title = f"{name}, {clock(span.start)} to {clock(span.end)} ({length(span.duration)})"
    seen = span & Span(0.0, whole)
    return Block(_percent(seen.start, whole), _percent(seen.duration, whole), span.start, title, label)


def _tick_kind(share: float) -> str:
    """Where its label is anchored: the first and the last would else be cut off at the edge."""
    if share == 0:
        return "start"
    return "end" if share > EDGE_SHARE else "middle"


def tick_marks(whole: float) -> tuple[Mark, ...]:
    """The time axis: round steps, never crowded."""
    step = next((s for s in TICK_STEPS if whole / s <= MAX_TICKS), TICK_STEPS[-1])
    times = range(0, int(whole) + 1, step)
    return tuple(Mark(_percent(t, whole), float(t), clock(t), _tick_kind(t / whole)) for t in times)


def _evidence_marks(call: ScoredCall, whole: float) -> tuple[Mark, ...]:
    return tuple(
        Mark(_percent(e.span.start, whole), e.span.start, f"{line.title}, {clock(e.span.start)}", line.verdict.value)
        for line in call.scorecard.results
        if line.verdict is not Verdict.NOT_APPLICABLE
        for e in line.finding.evidence
    )


def _interruption_words(one: Interruption) -> str:
    other = role_word(one.by.counterpart).lower()
    outcome = f"the {other} falls silent" if one.competitive else f"the {other} goes on"
    return f"{role_word(one.by)} speaks over the {other}, {clock(one.at)} ({length(one.overlap)} together, {outcome})"


def _interruption_marks(call: ScoredCall, whole: float) -> tuple[Mark, ...]:
    return tuple(
        Mark(
            _percent(i.at, whole),
            i.at,
            _interruption_words(i),
            "competitive" if i.competitive else "brief",
        )
        for i in call.scorecard.metrics.interruptions
    )


def whole_seconds(call: ScoredCall) -> float:
    """How long the drawing is: the recording, or its last voice where a header lied; never 0."""
    return max(call.scorecard.duration, call.conversation.speech_hull().end, 1.0)


def lanes(call: ScoredCall) -> Lanes:
    """The drawing of one call."""
    heard, metrics, whole = call.conversation, call.scorecard.metrics, whole_seconds(call)
    dead = metrics.dead_air
    quiet = (s for s in heard.silences(SILENCE_SECONDS) if not any(s & d for d in dead))
    return Lanes(
        seconds(whole),
        speech_path(heard.speech_of(Role.AGENT)),
        speech_path(heard.speech_of(Role.CUSTOMER)),
        speech_path(heard.speech_of(Role.OTHER)),
        tuple(_block(s, whole, "Both speak") for s in heard.overlaps()),
        _interruption_marks(call, whole),
        tuple(_block(s, whole, "Silence") for s in quiet),
        tuple(_block(s, whole, "Dead air") for s in dead),
        tuple(_block(e.span, whole, _EVENTS[e.kind], _EVENTS[e.kind]) for e in heard.events),
        _evidence_marks(call, whole),
        tick_marks(whole),
    )
