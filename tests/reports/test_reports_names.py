"""File names from ids that nobody checked."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reports.names import page_name


@given(st.text())
def test_any_id_gives_a_plain_short_file_name(raw_id: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}-[0-9a-f]{8}", page_name(raw_id))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nowak/1", "Nowak 1"),
        ("call", "CALL"),
        (unicodedata.normalize("NFC", "Kovács"), unicodedata.normalize("NFD", "Kovács")),
        ("x" * 300, "x" * 301),
        ("", " "),
        ("\ud800", "\ud801"),
    ],
)
def test_ids_that_look_alike_keep_pages_of_their_own(one: str, other: str) -> None:
    assert page_name(one).lower() != page_name(other).lower()


@pytest.mark.parametrize("raw_id", ["CON", "../../etc/passwd", "..", "a\x00b", "-rf", ".hidden", "aux.txt"])
def test_names_that_a_file_system_treats_specially_are_disarmed(raw_id: str) -> None:
    name = page_name(raw_id)
    assert name.upper() not in ("CON", "AUX")
    assert not name.startswith((".", "-"))
    assert "/" not in name
