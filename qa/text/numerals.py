"""Spoken and written numerals as digits, word by word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from qa.text.tokens import fold, normal_form

MULTIPLIERS = (100, 1000)
"""Values that multiply a smaller one said before them: four hundred, four thousand."""


@dataclass(frozen=True, slots=True)
class Digits:
    """Digits said in one go: half-open word indices, and the digits themselves."""

    first: int
    last: int
    text: str


def _written(form: str) -> str | None:
    """The digits of "4111", "4111-1111" or "(0)12"; None for anything with letters."""
    bare = "".join(c for c in form if c.isdigit())
    return bare if bare and all(c.isdigit() or c in ".,:/%+" for c in form) else None


def _fits(total: int, value: int) -> bool:
    """Whether ``value`` goes on a numeral begun with ``total``: sixty + one, four thousand + one hundred."""
    return value > 0 and total > 0 and total % (10 ** len(str(value))) == 0


def _combine(total: int | None, value: int) -> int | None:
    """The numeral that ``value`` continues, or None where it begins a new one."""
    if total is None:
        return None
    if value in MULTIPLIERS and 0 < total < value:
        return total * value
    return total + value if _fits(total, value) else None


class _Reader:
    """Collects numerals word by word; a numeral of several words keeps them together."""

    def __init__(self) -> None:
        self.total: int | None = None
        self.start = 0
        self.done: list[Digits] = []

    def number(self, index: int, value: int) -> None:
        combined = _combine(self.total, value)
        if combined is None:
            self.flush(index)
            self.start, combined = index, value
        self.total = combined

    def flush(self, index: int) -> None:
        if self.total is not None:
            self.done.append(Digits(self.start, index, str(self.total)))
        self.total = None

    def written(self, index: int, digits: str) -> None:
        self.flush(index)
        self.done.append(Digits(index, index + 1, digits))


def numerals(words: Iterable[str], numbers: Mapping[str, int]) -> tuple[Digits, ...]:
    """Every numeral among the words, written or spoken, in order.

    ``numbers`` maps folded spoken numerals to values. A word that is no numeral ends the one before it.

    >>> [d.text for d in numerals("my number is forty one 22 five".split(), {"forty": 40, "one": 1, "five": 5})]
    ['41', '22', '5']
    """
    reader = _Reader()
    last = 0
    for last, word in enumerate(words, start=1):
        form = normal_form(word)
        if (digits := _written(form)) is not None:
            reader.written(last - 1, digits)
        elif form in numbers:
            reader.number(last - 1, numbers[form])
        elif form:
            reader.flush(last - 1)
    reader.flush(last)
    return tuple(reader.done)


def folded_numbers(numbers: Mapping[str, int]) -> dict[str, int]:
    """A language's numerals by their folded form."""
    return {normal_form(fold(word)): value for word, value in numbers.items()}


def runs(found: Iterable[Digits], most_between: int) -> Iterator[tuple[Digits, ...]]:
    """Numerals grouped where at most ``most_between`` other words stand between two of them."""
    run: list[Digits] = []
    for digits in found:
        if run and digits.first - run[-1].last > most_between:
            yield tuple(run)
            run = []
        run.append(digits)
    if run:
        yield tuple(run)
