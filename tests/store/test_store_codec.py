"""What goes into the store comes out as it was, and nothing else comes out."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_values import card, conversation, failure, recording, run_facts

from qa.model.conversation import Conversation
from qa.model.night import RunFacts
from qa.model.recording import Recording
from qa.model.scorecard import CallFailure, Scorecard
from qa.model.span import Span
from qa.model.transcript import Word
from qa.store.codec import CodecError, decode, encode, from_json, to_json


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Old:
    name: str


@dataclass(frozen=True, slots=True)
class New:
    name: str
    colour: Colour = Colour.RED
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scalars:
    text: str = ""
    count: int = 0
    share: float = 0.0
    flag: bool = False
    moment: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    path: Path = Path()
    pair: tuple[str, int] = ("", 0)
    many: tuple[str, ...] = ()
    maybe: float | None = None
    colour: Colour = Colour.RED
    mixed: tuple[str | int | float, ...] = ()


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (conversation(), Conversation),
        (recording(), Recording),
        (card(recording().metadata), Scorecard),
        (failure(), CallFailure),
        (run_facts("run-1"), RunFacts),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_stored_value_comes_back_equal_and_writes_the_same_bytes_again(value: object, kind: type) -> None:
    read: object = decode(encode(value), kind)
    assert read == value
    assert repr(read) == repr(value)  # an enum, too, comes back as itself and not as its text
    assert to_json(read) == to_json(value)


def test_a_whole_number_of_seconds_is_not_turned_into_a_fraction() -> None:
    assert to_json(from_json('{"start":0,"end":1.5}', Span)) == '{"start":0,"end":1.5}'


@given(st.text(), st.floats(allow_nan=False, allow_infinity=False))
def test_any_text_and_any_finite_number_survive(text: str, number: float) -> None:
    word = Word(text, Span(number, number), number)
    assert decode(encode(word), Word) == word


def test_a_file_name_that_is_not_unicode_survives() -> None:
    odd = recording(path=b"in/zl\xffe.wav".decode("utf-8", "surrogateescape"))
    assert decode(encode(odd), Recording) == odd


@pytest.mark.parametrize("zone", [None, UTC, timezone(timedelta(hours=5, minutes=45))])
def test_a_moment_keeps_its_zone_or_its_lack_of_one(zone: timezone | None) -> None:
    moment = datetime(2026, 3, 29, 2, 30, 0, 1, tzinfo=zone)
    read = from_json(to_json(Scalars(moment=moment)), Scalars).moment
    assert (read, read.utcoffset()) == (moment, moment.utcoffset())


def test_a_row_from_before_a_field_existed_gets_its_default() -> None:
    assert decode(encode(Old("a")), New) == New("a")


def test_a_row_with_a_field_nobody_knows_is_not_read() -> None:
    with pytest.raises(CodecError):
        decode(encode(New("a")), Old)


@pytest.mark.parametrize(
    "field",
    [
        {"text": 1},
        {"text": None},
        {"count": 1.0},
        {"count": True},
        {"count": "1"},
        {"share": "0.5"},
        {"share": True},
        {"flag": 1},
        {"moment": 0},
        {"moment": "yesterday"},
        {"path": 3},
        {"pair": ["a"]},
        {"pair": ["a", 1, 2]},
        {"pair": "ab"},
        {"many": "abc"},
        {"many": [1]},
        {"many": {"a": 1}},
        {"maybe": "1"},
        {"colour": "blue"},
        {"mixed": [[]]},
    ],
    ids=str,
)
def test_a_value_of_another_type_is_not_read(field: dict[str, object]) -> None:
    with pytest.raises(CodecError):
        from_json(json.dumps(field), Scalars)


@pytest.mark.parametrize(
    "field", [{"share": 1}, {"maybe": None}, {"maybe": 1}, {"mixed": ["a", 1, 0.5]}, {"pair": ["a", 1]}], ids=str
)
def test_a_value_of_its_type_is_read(field: dict[str, object]) -> None:
    assert json.loads(to_json(from_json(json.dumps(field), Scalars))).items() >= field.items()


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "3", '"x"', "{", "[" * 100_000], ids=lambda text: text[:4] or "empty"
)
def test_anything_but_the_object_is_not_read(text: str) -> None:
    with pytest.raises(CodecError):
        from_json(text, Scalars)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_json_does_not_know_are_not_written(number: float) -> None:
    with pytest.raises(CodecError):
        encode(Span(0.0, number))


def test_a_foreign_type_is_not_written() -> None:
    with pytest.raises(CodecError):
        encode(Word(object(), Span(0, 1)))  # type: ignore[arg-type]


def test_the_message_holds_no_word_of_the_call() -> None:
    with pytest.raises(CodecError) as caught:
        from_json('{"text": "SECRET", "span": {"start": "SECRET", "end": 1}, "confidence": null}', Word)
    assert "SECRET" not in str(caught.value)
    assert caught.value.__suppress_context__


@given(st.binary(max_size=60))
def test_random_bytes_are_not_a_conversation(noise: bytes) -> None:
    with pytest.raises(CodecError):
        decode(noise, Conversation)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_is_noticed(position: int, flip: int) -> None:
    stored = bytearray(encode(conversation()))
    stored[position % len(stored)] ^= flip
    with suppress(CodecError):  # a changed header byte may mean the same
        assert decode(bytes(stored), Conversation) == conversation()
