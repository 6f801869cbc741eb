"""Guards against text that a recogniser invents: words over silence, loops, subtitles it has learnt.

Whisper invents whole phrases in about 1 % of transcripts, most often where nobody speaks
(Koenecke et al. 2024, arXiv 2402.08021); typical is "Thank you" at the end of a call, which would fake a
polite closing. Everything here is pure; every dropped word is counted.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from qa.engines.words import segment_of
from qa.model.span import Span, intersect, total
from qa.model.transcript import Segment, Word

MIN_VOICE_SHARE = 0.3
"""Share of a segment's word time that must lie on voice activity; the house's own, below any real speech
whose word times are off by a syllable."""
MAX_COMPRESSION_RATIO = 2.4
"""zlib ratio above which text repeats itself; openai-whisper's own threshold."""
LOOP_PAUSE = 1.0
"""Seconds. People repeat themselves after a pause; a loop runs on without one."""
LOOP_REPEATS = {1: 8, 2: 5}
"""Repeats from which one or two words are a loop: people do say "no no no" and read "five five five"."""
PHRASE_REPEATS = 3
"""Repeats in a row from which three or more words are a loop."""
LONGEST_LOOP = 12
"""Words. Longer phrases said three times over are caught by the compression ratio."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """What is left of a transcript, and what was dropped from it in words a QA specialist understands."""

    segments: tuple[Segment, ...]
    notes: tuple[str, ...]


def guard(segments: Sequence[Segment], speech: tuple[Span, ...], inventions: tuple[str, ...] = ()) -> Guarded:
    """The segments without invented text; ``inventions`` are whole lines the recogniser is known to make up."""
    voiced = tuple(s for s in segments if voice_share(s, speech) >= MIN_VOICE_SHARE)
    known = frozenset(map(_plain, inventions))
    said = tuple(s for s in voiced if _plain(s.text) not in known)
    single = without_loops(said)
    varied = tuple(s for s in single if compression_ratio(s.text) <= MAX_COMPRESSION_RATIO)
    steps = (
        ("no voice was heard under them", segments, voiced),
        ("they are a line the recogniser is known to invent", voiced, said),
        ("they repeat in a loop", said, varied),
    )
    notes = (_note(_count(before) - _count(after), why) for why, before, after in steps)
    return Guarded(varied, tuple(note for note in notes if note))


def voice_share(segment: Segment, speech: tuple[Span, ...]) -> float:
    """How much of the time under the segment's words carries voice, 0 to 1."""
    under = [word.span for word in segment.words]
    length = total(under)
    return total(intersect(under, speech)) / length if length else 0.0


def compression_ratio(text: str) -> float:
    """How many times shorter the text becomes by zlib; about 1 for a sentence, above 2.4 for a loop."""
    data = text.encode("utf-8")
    return len(data) / len(zlib.compress(data)) if data else 0.0


def without_loops(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The segments with every loop reduced to its first round; a loop may run across segments."""
    placed = [(index, word) for index, segment in enumerate(segments) for word in segment.words]
    dropped = {i for run in _runs([word for _, word in placed]) for i in _looped(run, [w for _, w in placed])}
    if not dropped:
        return tuple(segments)
    kept = (entry for i, entry in enumerate(placed) if i not in dropped)
    return tuple(_same_source(segments[index], [w for _, w in group]) for index, group in groupby(kept, _index_of))


def _same_source(segment: Segment, words: list[Word]) -> Segment:
    if len(words) == len(segment.words):
        return segment
    short = segment_of(words, segment.speaker)
    return Segment(short.words, short.span, segment.speaker, segment.channel)


def _index_of(placed: tuple[int, Word]) -> int:
    return placed[0]


def _runs(words: Sequence[Word]) -> Iterator[range]:
    """Stretches of word indices without a pause longer than `LOOP_PAUSE`."""
    start = 0
    for i in range(1, len(words)):
        if words[i - 1].span.gap(words[i].span) > LOOP_PAUSE:
            yield range(start, i)
            start = i
    yield range(start, len(words))


def _looped(run: range, words: Sequence[Word]) -> Iterator[int]:
    """The indices of every round of a loop but the first."""
    plain = [_plain(words[i].text) for i in run]
    at = 0
    while at < len(plain):
        size, rounds = _loop_at(plain, at)
        yield from range(run.start + at + size, run.start + at + size * rounds)
        at += size * rounds


def _loop_at(plain: Sequence[str], at: int) -> tuple[int, int]:
    """(words in a round, rounds) of the loop that begins at ``at``; (1, 1) where none does."""
    for size in range(1, min(LONGEST_LOOP, (len(plain) - at) // PHRASE_REPEATS) + 1):
        unit, rounds = plain[at : at + size], 1
        while plain[at + size * rounds : at + size * (rounds + 1)] == unit:
            rounds += 1
        if rounds >= LOOP_REPEATS.get(size, PHRASE_REPEATS) and (size == 1 or len(set(unit)) > 1):
            return size, rounds
    return 1, 1


def _plain(text: str) -> str:
    """Letters and digits only, case folded: how a text sounds, not how it is written."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _count(segments: Sequence[Segment]) -> int:
    return sum(len(segment.words) for segment in segments)


def _note(words: int, why: str) -> str:
    return f"{words} recognised word{'s' if words != 1 else ''} dropped: {why}" if words else ""
