"""Time as a value: half-open spans of seconds, and the few operations the house needs on them.

a   |--------------|
b            |-----------|
a & b        |-----|
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of time ``[start, end)`` in seconds from the start of the recording.

    A span whose end is not after its start is empty, and falsy.

    >>> Span(0.0, 2.0) & Span(1.5, 3.0)
    Span(start=1.5, end=2.0)
    >>> bool(Span(0.0, 1.0) & Span(2.0, 3.0))
    False
    """

    start: float
    end: float

    @property
    def duration(self) -> float:
        """Length in seconds; an empty span has none."""
        return max(0.0, self.end - self.start)

    @property
    def middle(self) -> float:
        """The instant halfway, in seconds."""
        return (self.start + self.end) / 2

    def __bool__(self) -> bool:
        return self.end > self.start

    def __and__(self, other: Span) -> Span:
        return Span(max(self.start, other.start), min(self.end, other.end))

    def hull(self, other: Span) -> Span:
        """The smallest span that covers both."""
        return Span(min(self.start, other.start), max(self.end, other.end))

    def gap(self, other: Span) -> float:
        """Seconds of nothing between the two; 0.0 when they touch or overlap."""
        return max(0.0, max(self.start, other.start) - min(self.end, other.end))

    def covers(self, instant: float) -> bool:
        """Whether ``instant`` (seconds) lies within this half-open span."""
        return self.start <= instant < self.end

    def shifted(self, seconds: float) -> Span:
        """The same span, later by ``seconds``."""
        return Span(self.start + seconds, self.end + seconds)


def merge(spans: Iterable[Span], bridge: float = 0.0) -> tuple[Span, ...]:
    """Sorted, disjoint spans covering the same time; gaps of at most ``bridge`` seconds are closed.

    >>> merge([Span(2, 3), Span(0, 1), Span(0.5, 1.5)])
    (Span(start=0, end=1.5), Span(start=2, end=3))
    """
    merged: list[Span] = []
    for span in sorted(s for s in spans if s):
        if merged and span.start <= merged[-1].end + bridge:
            merged[-1] = merged[-1].hull(span)
        else:
            merged.append(span)
    return tuple(merged)


def intersect(left: Iterable[Span], right: Iterable[Span]) -> tuple[Span, ...]:
    """The time that both sequences cover, as sorted disjoint spans (linear after the sort)."""
    ours, theirs = merge(left), merge(right)
    found: list[Span] = []
    i = j = 0
    while i < len(ours) and j < len(theirs):
        if both := ours[i] & theirs[j]:
            found.append(both)
        if ours[i].end <= theirs[j].end:
            i += 1
        else:
            j += 1
    return tuple(found)


def subtract(whole: Iterable[Span], holes: Iterable[Span]) -> tuple[Span, ...]:
    """The time of ``whole`` that no hole covers, as sorted disjoint spans."""
    cut = merge(holes)
    left: list[Span] = []
    for span in merge(whole):
        start = span.start
        for hole in cut:
            if hole.end <= start or hole.start >= span.end:
                continue
            if hole.start > start:
                left.append(Span(start, hole.start))
            start = max(start, hole.end)
        if start < span.end:
            left.append(Span(start, span.end))
    return tuple(left)


def total(spans: Iterable[Span]) -> float:
    """Seconds covered, overlapping time counted once."""
    return sum(span.duration for span in merge(spans))
