"""Redaction between hearing and storing: what must not be kept is gone before anything is written.

PCI DSS 3.3.1 forbids keeping a card's security code in any form after authorisation, and a transcript
makes an unsearchable recording searchable; so card numbers and security codes become typed placeholders
here. Not every spoken number can be found; see docs/privacy.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.languages import Language
from qa.model.span import Span
from qa.model.transcript import Word
from qa.text.numerals import Digits, folded_numbers, numerals, runs
from qa.text.patterns import PhraseBook, compile_pattern
from qa.text.tokens import sentences

CARD_DIGITS = 13
"""Digits of the shortest payment card number in use (ISO/IEC 7812). Any longer number goes too: one misheard
digit breaks the check digit, and a number said twice in one breath has twice the digits."""

CODE_DIGITS = range(3, 5)
"""Digits of a card's security code: three, or four on American Express."""

WORDS_BETWEEN_DIGITS = 3
"""Words (fillers, "then", read-backs) that may stand between two groups of one card number."""

PAUSE_BETWEEN_GROUPS = 12.0
"""s; groups of one card number are said within this time of each other."""

CODE_WITHIN_SECONDS = 20.0
"""s; digits said this soon after the security code was named are that code."""

PLACEHOLDERS = {"card_number": "[card number]", "card_code": "[card security code]"}
"""Typed placeholders: plain removal would break the grammar around them."""


@dataclass(frozen=True, slots=True)
class Line:
    """Words of one speaker in one go."""

    speaker: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Redacted:
    """The lines as they may be stored, and how many of each kind were taken out, by name."""

    lines: tuple[Line, ...]
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    line: int
    first: int
    last: int
    kind: str


@dataclass(frozen=True, slots=True)
class _Placed:
    """A numeral and where it stands: its line, and its place among all words of its speaker."""

    line: int
    digits: Digits
    within: Digits


def _of_speaker(lines: Sequence[Line], speaker: str, numbers: dict[str, int]) -> Iterator[tuple[_Placed, ...]]:
    """The numerals of one speaker, in groups that may be one number, across pauses and the other's "mhm"."""
    group: list[_Placed] = []
    offset, heard_until = 0, float("-inf")
    for index, line in enumerate(lines):
        if line.speaker != speaker:
            continue
        if group and line.words[0].span.start - heard_until > PAUSE_BETWEEN_GROUPS:
            yield from _regrouped(group)
            group = []
        for found in numerals((w.text for w in line.words), numbers):
            group.append(_Placed(index, replace(found, first=found.first + offset, last=found.last + offset), found))
        offset, heard_until = offset + len(line.words), line.words[-1].span.end
    yield from _regrouped(group)


def _regrouped(group: list[_Placed]) -> Iterator[tuple[_Placed, ...]]:
    by_digits = {placed.digits: placed for placed in group}
    for run in runs((placed.digits for placed in group), WORDS_BETWEEN_DIGITS):
        yield tuple(by_digits[digits] for digits in run)


def _cards(lines: Sequence[Line], numbers: dict[str, int]) -> Iterator[_Mark]:
    for speaker in dict.fromkeys(line.speaker for line in lines):
        for group in _of_speaker(lines, speaker, numbers):
            if sum(len(placed.digits.text) for placed in group) >= CARD_DIGITS:
                for placed in group:
                    yield _Mark(placed.line, placed.within.first, placed.within.last, "card_number")


def _named_at(lines: Sequence[Line], data: Language) -> Iterator[tuple[int, float, int]]:
    """(line, second, word) where somebody names a card's security code."""
    book = PhraseBook(("code", compile_pattern(source, data.classes)) for source in data.card_code)
    for index, line in enumerate(lines):
        offset = 0
        for sentence in sentences(line.words, data.contractions):
            for _, _, hit in book.search(sentence):
                word = offset + sentence.tokens[hit.last - 1].word
                yield index, line.words[word].span.end, word
            offset += len(sentence.words)


def _codes(lines: Sequence[Line], data: Language, numbers: dict[str, int]) -> Iterator[_Mark]:
    for named_line, at, named_word in _named_at(lines, data):
        for index in range(named_line, len(lines)):
            line = lines[index]
            if line.words[0].span.start > at + CODE_WITHIN_SECONDS:
                break
            found = numerals((w.text for w in line.words), numbers)
            after = [d for d in found if index > named_line or d.first > named_word]
            for run in runs(after, WORDS_BETWEEN_DIGITS):
                if sum(len(d.text) for d in run) in CODE_DIGITS:
                    yield from (_Mark(index, d.first, d.last, "card_code") for d in run)


def redact(lines: Sequence[Line], data: Language | None) -> Redacted:
    """Card numbers and security codes replaced by placeholders; ``lines`` are in order of time.

    Without data for the language only numbers written in digits can be found.
    """
    filled = tuple(line for line in lines if line.words)
    numbers = folded_numbers(data.numbers) if data else {}
    marks = set(_cards(filled, numbers))
    taken = {(m.line, i) for m in marks for i in range(m.first, m.last)}
    if data is not None:
        marks |= {m for m in _codes(filled, data, numbers) if (m.line, m.first) not in taken}
    by_line: dict[int, list[_Mark]] = {}
    for mark in marks:
        by_line.setdefault(mark.line, []).append(mark)
    redacted = tuple(replace(line, words=_cut(line.words, by_line.get(n, []))) for n, line in enumerate(filled))
    return Redacted(redacted, tuple(sorted(Counter(mark.kind for mark in marks).items())))


def _cut(words: tuple[Word, ...], marks: list[_Mark]) -> tuple[Word, ...]:
    """The words with each marked stretch replaced by one placeholder of the same time."""
    kept: list[Word] = []
    position = 0
    for mark in sorted(marks, key=lambda m: m.first):
        kept.extend(words[position : mark.first])
        span = Span(words[mark.first].span.start, words[mark.last - 1].span.end)
        placeholder = Word(PLACEHOLDERS[mark.kind], span)
        if position and kept and kept[-1].text == placeholder.text:
            kept[-1] = Word(placeholder.text, kept[-1].span.hull(span))
        else:
            kept.append(placeholder)
        position = mark.last
    return (*kept, *words[position:])
