from __future__ import annotations

import pytest

from qa.languages import Language
from qa.model.span import Span
from qa.model.transcript import Word
from qa.text.redact import Line, redact

UNITS = {w: n for n, w in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])}
TENS = {"ten": 10, "eleven": 11, "twenty": 20, "forty": 40, "eighty": 80, "ninety": 90}
ENGLISH = Language(
    code="en",
    name="English",
    contractions={},
    backchannels=("mhm",),
    fillers=("uh",),
    numbers={**UNITS, **TENS, "hundred": 100, "thousand": 1000},
    inventions=(),
    card_code=("(security|cvv|cvc) [code]", "three digits on the back"),
    classes={},
    acts={},
)


def line(speaker: str, start: float, text: str) -> Line:
    return Line(
        speaker, tuple(Word(t, Span(start + 0.3 * i, start + 0.3 * i + 0.25)) for i, t in enumerate(text.split()))
    )


def said(*lines: Line) -> str:
    return " / ".join(" ".join(word.text for word in kept.words) for kept in redact(lines, ENGLISH).lines)


@pytest.mark.parametrize(
    "spoken",
    [
        "it is 4111 1111 1111 1111 thanks",
        "it is 4111111111111111 thanks",
        "it is 4111-1111-1111-1111 thanks",
        "it is four one one one one one one one one one one one one one one one thanks",
        "it is forty one eleven eleven eleven eleven eleven eleven eleven thanks",
        "it is four one one one uh one one one one then one one one one 1111 thanks",
    ],
)
def test_a_card_number_is_gone_however_it_is_said(spoken: str) -> None:
    kept = said(line("customer", 0, spoken))
    assert kept.startswith("it is [card number]")
    assert kept.endswith("thanks")
    assert not set("0123456789") & set(kept)
    assert not (set(UNITS) | set(TENS)) & set(kept.split())


def test_a_card_number_in_groups_between_the_others_listening_sounds_is_gone() -> None:
    kept = said(
        line("customer", 0, "4111 1111"),
        line("agent", 3, "mhm"),
        line("customer", 4, "1111"),
        line("agent", 6, "yes"),
        line("customer", 7, "1111"),
    )
    assert kept == "[card number] / mhm / [card number] / yes / [card number]"


def test_a_security_code_is_gone_when_it_was_asked_for() -> None:
    kept = said(line("agent", 0, "and the security code please"), line("customer", 3, "it is one two three"))
    assert kept == "and the security code please / it is [card security code]"


def test_the_placeholder_keeps_the_time_of_what_it_replaces() -> None:
    (kept,) = redact([line("customer", 10, "4111 1111 1111 1111")], ENGLISH).lines
    assert kept.words == (Word("[card number]", Span(10, 11.15)),)


@pytest.mark.parametrize(
    "spoken",
    [
        "that is 120 euros and fifty cents",
        "call me on 601 234 567",
        "order number 4711 from 2026",
        "seven days a week twenty four hours",
        "between nine and five",
    ],
)
def test_prices_phones_and_times_stay(spoken: str) -> None:
    assert said(line("customer", 0, spoken)) == spoken


def test_three_digits_long_after_the_code_was_named_stay() -> None:
    kept = said(line("agent", 0, "never tell anybody your security code"), line("customer", 60, "room 123"))
    assert kept.endswith("room 123")


def test_counts_go_to_provenance_and_a_language_without_data_loses_written_numbers() -> None:
    redacted = redact([line("customer", 0, "4111 1111 1111 1111")], None)
    assert redacted.counts == (("card_number", 4),)
