from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.model.span import Span
from qa.model.transcript import Word
from qa.text.patterns import PatternError, PhraseBook, compile_pattern
from qa.text.tokens import sentences

CLASSES = {"weekday": ("monday", "fri*"), "not_name": ("calling", "about")}


def matches(pattern: str, text: str) -> list[str]:
    book = PhraseBook([("it", compile_pattern(pattern, CLASSES))])
    words = tuple(Word(t, Span(float(i), i + 1.0)) for i, t in enumerate(text.split()))
    return [s.part(hit.first, hit.last)[1] for s in sentences(words, {}) for _, _, hit in book.search(s)]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("oddzwonię", "Jutro ODDZWONIE.", ["ODDZWONIE."]),
        ("oddzwoni*", "na pewno oddzwonimy", ["oddzwonimy"]),
        ("*gatnám", "meghallgatnám", ["meghallgatnám"]),
        ("(call|ring) [you] back", "we ring back", ["ring back"]),
        ("(call|ring) [you] back", "we call you back", ["call you back"]),
        ("call ..2 back", "call the lady back", ["call the lady back"]),
        ("by <weekday>", "by Friday", ["by Friday"]),
        ("^ hello", "hello hello", ["hello"]),
        ("bye $", "bye bye", ["bye"]),
        ("this is <name>", "this is Anna", ["this is Anna"]),
        ("call _ back", "call him back", ["call him back"]),
        ("a* b", "abc b", ["abc b"]),
        ("before ..2", "tomorrow before noon sharp okay", ["before noon sharp"]),
    ],
)
def test_a_pattern_finds_what_it_says(pattern: str, text: str, found: list[str]) -> None:
    assert matches(pattern, text) == found


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("oddzwonię", "oddzwoniłem"),
        ("call ..2 back", "call the nice old lady back"),
        ("call ..2 back", "call him. back again"),
        ("this is <name>", "this is about"),
        ("^ hello", "oh hello"),
        ("by <weekday>", "by bike"),
        ("call _ back", "call back"),
    ],
)
def test_a_pattern_leaves_the_rest_alone(pattern: str, text: str) -> None:
    assert matches(pattern, text) == []


@pytest.mark.parametrize("pattern", ["(open", "open)", "[only]", "..3", "..99 a", "<unknown>", "", "a [b", "**"])
def test_a_pattern_that_can_never_work_is_refused_with_its_text(pattern: str) -> None:
    with pytest.raises(PatternError, match="expected"):
        compile_pattern(pattern, CLASSES)


@given(st.text(alphabet="ab ()[]|<>^$*._3", max_size=30))
def test_no_text_typed_as_a_pattern_breaks_the_reader(source: str) -> None:
    try:
        pattern = compile_pattern(source, CLASSES)
    except PatternError:
        return
    assert pattern.expression.pattern
