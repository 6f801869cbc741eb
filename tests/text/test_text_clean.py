from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.clean import clean_text


@pytest.mark.parametrize(
    ("dirty", "clean", "removed"),
    [
        ("\ud800hello", "hello", 1),
        ("nul\x00byte", "nulbyte", 1),
        ("\u202egnp.exe", "gnp.exe", 1),
        ("\ufeffmark", "mark", 1),
        ("tab\tand\nline", "tab\tand\nline", 0),
        ("zażółć gęślą jaźń", "zażółć gęślą jaźń", 0),
        ("őrült ľúbezný", "őrült ľúbezný", 0),
    ],
)
def test_what_breaks_writers_goes_and_languages_stay(dirty: str, clean: str, removed: int) -> None:
    assert clean_text(dirty) == (clean, removed)


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_comes_in_every_writer_can_write_what_comes_out(text: str) -> None:
    clean, removed = clean_text(text)
    json.dumps(clean).encode("utf-8")
    clean.encode("utf-8")
    assert "\x00" not in clean
    assert removed >= 0
    assert clean_text(clean) == (clean, 0)
