"""Card numbers and security codes, said as people say them in each language, are gone."""

from __future__ import annotations

import pytest

from qa.languages import language
from qa.model.span import Span
from qa.model.transcript import Word
from qa.text.redact import Line, redact


def line(speaker: str, start: float, text: str) -> Line:
    return Line(
        speaker, tuple(Word(t, Span(start + 0.3 * i, start + 0.3 * i + 0.25)) for i, t in enumerate(text.split()))
    )


def kept(code: str, *lines: Line) -> str:
    return " / ".join(" ".join(word.text for word in one.words) for one in redact(lines, language(code)).lines)


SPOKEN = {
    "en": [
        "four one one one two two two two three three three three four four four four",
        "forty one eleven twenty two twenty two thirty three thirty three forty four forty four",
        "double four one one 2222 3333 4444",
    ],
    "pl": [
        "cztery jeden jeden jeden dwa dwa dwa dwa trzy trzy trzy trzy cztery cztery cztery cztery",
        "czterdzieści jeden jedenaście dwadzieścia dwa dwadzieścia dwa trzydzieści trzy trzydzieści trzy "
        "czterdzieści cztery czterdzieści cztery",
        "cztery tysiące sto jedenaście 2222 3333 4444",
    ],
    "sk": [
        "štyri jeden jeden jeden dva dva dva dva tri tri tri tri štyri štyri štyri štyri",
        "štyridsaťjeden jedenásť dvadsaťdva dvadsaťdva tridsaťtri tridsaťtri štyridsaťštyri štyridsaťštyri",
    ],
    "hu": [
        "négy egy egy egy kettő kettő kettő kettő három három három három négy négy négy négy",
        "negyvenegy tizenegy huszonkettő huszonkettő harminchárom harminchárom negyvennégy negyvennégy",
    ],
}


@pytest.mark.parametrize(("code", "number"), [(code, number) for code, some in SPOKEN.items() for number in some])
def test_a_card_number_is_gone_as_people_say_it(code: str, number: str) -> None:
    said = kept(code, line("customer", 0, number))
    assert "[card number]" in said
    left = set(said.replace("[card number]", "").split())
    assert left <= {"double"}, said


CODES = [
    ("en", "and the three digits on the back please", "one two three"),
    ("en", "what is the CVV", "it is 123"),
    ("pl", "proszę podać kod CVV", "jeden dwa trzy"),
    ("pl", "proszę trzy cyfry z tyłu karty", "sto dwadzieścia trzy"),
    ("sk", "prosím CVC kód", "jeden dva tri"),
    ("hu", "kérem a CVC kódot", "egy kettő három"),
]


@pytest.mark.parametrize(("code", "question", "answer"), CODES)
def test_a_security_code_is_gone_after_it_was_asked_for(code: str, question: str, answer: str) -> None:
    said = kept(code, line("agent", 0, question), line("customer", 4, answer))
    assert said.endswith("[card security code]"), said


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "it costs two hundred and fifty euros and comes in three to five days"),
        ("pl", "to kosztuje dwieście pięćdziesiąt złotych i przyjdzie w ciągu trzech dni"),
        ("sk", "stojí to dvestopäťdesiat eur a príde o tri dni"),
        ("hu", "kétszázötven euróba kerül és három nap múlva jön"),
    ],
)
def test_prices_and_days_stay(code: str, text: str) -> None:
    assert kept(code, line("customer", 0, text)) == text
