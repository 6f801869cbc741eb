"""Bytes to JSON: what JSON itself forbids, or people write by mistake, is said with its place."""

from __future__ import annotations

import pytest

from qa.rubric.decode import MAX_DEPTH, decode


def said(content: bytes) -> list[tuple[str, str]]:
    return [(problem.where, problem.wrong) for problem in decode(content, "x.json")[1]]


def test_plain_json_passes_and_keeps_its_values() -> None:
    assert decode(b'{"a": [1, 0.5, true, null, "\xc5\x82"]}', "x") == ({"a": [1, 0.5, True, None, "ł"]}, ())


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert decode(b"\xef\xbb\xbf[1]", "x") == ([1], ())


def test_line_and_column_of_a_slip_are_told() -> None:
    assert said(b'{\n  "a" 1\n}') == [("x.json line 2 column 7", "this is not JSON: expecting ':' delimiter")]


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "start from a copy"),
        (b"[1, ]", "remove the comma"),
        (b"{'a': 1}", "double quotation marks"),
        (b"[1 // one\n]", "no comments"),
        (b"[1 # one\n]", "no comments"),
        (b"[1 2]", "missing comma"),
    ],
)
def test_the_likeliest_slip_is_named(content: bytes, advice: str) -> None:
    (problem,) = decode(content, "x")[1]
    assert advice in problem.do


def test_a_key_written_twice_is_found_at_its_place() -> None:
    assert said(b'{"a": {"b": 1, "c": 2, "b": 3}}') == [("x.json $.a.b", "the key 'b' is written more than once")]
    assert said(b'{"a": {"b": 1}, "c": {"b": 1}}') == []


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999", "9" * 5000])
def test_numbers_that_are_none_are_found_at_their_place(number: str) -> None:
    ((where, wrong),) = said(f'{{"a": [0, {number}]}}'.encode())
    assert where == "x.json $.a[1]"
    assert "is no number of JSON" in wrong


def test_keys_that_are_no_words_are_quoted_in_paths() -> None:
    ((where, _),) = said(b'{"two words": NaN}')
    assert where == 'x.json $["two words"]'


@pytest.mark.parametrize("content", ['{"a": 1}'.encode("utf-16"), b'{"a": "caf\xe9"}', '{"a": "ł"}'.encode("cp1250")])
def test_other_encodings_are_refused_with_what_to_do(content: bytes) -> None:
    (problem,) = decode(content, "x")[1]
    assert "UTF-8" in problem.do


def test_deep_nesting_is_refused_and_what_is_flat_passes() -> None:
    assert "nested deeper" in said(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))[0][1]
    assert "nested deeper" in said(b"[" * 200_000)[0][1]
    assert said(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH) == []
