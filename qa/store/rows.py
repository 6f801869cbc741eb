"""One value in the body of one row: what cannot be written is an error of its call, what cannot be read is absent."""

from __future__ import annotations

from typing import TypeVar

from qa.errors import call_error
from qa.model.scorecard import FailureKind
from qa.store.codec import CodecError, decode, encode

Value = TypeVar("Value")


def body(value: object, where: str) -> bytes:
    """The value as bytes. Raises `CallError` (kind ``storage``) where it cannot be written."""
    try:
        return encode(value)
    except CodecError as error:
        do = "report this with the call's id; the other calls go on"
        raise call_error(
            FailureKind.STORAGE, where, str(error), "a value made of text and finite numbers", do
        ) from None


def readable(stored: bytes | None, kind: type[Value]) -> Value | None:
    """The value, or None where there is no row or it is damaged: then the call is heard again."""
    try:
        return None if stored is None else decode(stored, kind)
    except CodecError:
        return None
