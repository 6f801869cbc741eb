"""Value <-> JSON, at the store's door only: strict on the way in, exact on the way out.

A field added with a default reads old rows; a value of another type, a missing field or an unknown one does not
decode. What was written is what is read: an int stays an int, so that a report built from the store has the
same bytes as the report of the night that filled it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TypeVar, get_args, get_origin

from cattrs import Converter
from cattrs.strategies import configure_union_passthrough

Value = TypeVar("Value")

COMPRESSION_LEVEL = 6
"""zlib's default: a conversation of 600 words shrinks from about 57 KiB to 9 (measured)."""


class CodecError(ValueError):
    """A value that cannot be written, or bytes that are not the value asked for.

    The message names types only: what does not decode may hold a customer's words.
    """


def encode(value: object) -> bytes:
    """The value as compressed JSON; the same value gives the same bytes. Raises `CodecError` (NaN, foreign types)."""
    return zlib.compress(to_json(value).encode("ascii"), COMPRESSION_LEVEL)


def decode(data: bytes, kind: type[Value]) -> Value:
    """The value that `encode` was given. Raises `CodecError` where the bytes hold anything else."""
    try:
        text = zlib.decompress(data).decode("ascii")
    except (zlib.error, UnicodeDecodeError, TypeError) as error:
        raise CodecError(f"not a stored {kind.__name__}: {type(error).__name__}") from None
    return from_json(text, kind)


def to_json(value: object) -> str:
    """The value as JSON in ASCII (so that even a file name that is not Unicode survives). Raises `CodecError`."""
    try:
        plain = _converter().unstructure(value)
        return json.dumps(plain, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, AttributeError) as error:
        raise CodecError(f"a {type(value).__name__} that JSON cannot hold: {type(error).__name__}") from None


def from_json(text: str, kind: type[Value]) -> Value:
    """The value in the JSON text. Raises `CodecError` where it is not exactly a ``kind``."""
    try:
        return _converter().structure(json.loads(text), kind)
    except Exception as error:  # generated code raises whatever a wrong shape provokes
        raise CodecError(f"not a stored {kind.__name__}: {type(error).__name__}") from None


@cache
def _converter() -> Converter:
    """One converter for the process: its generated code is the costly part, and it holds no state of a call."""
    converter = Converter(forbid_extra_keys=True, detailed_validation=False)
    for scalar in (str, int, float, bool):
        converter.register_structure_hook(scalar, _exactly(scalar))
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_structure_hook_func(_is_path, _path)
    converter.register_unstructure_hook_func(_is_path, str)
    converter.register_structure_hook_factory(_is_tuple, _tuple_hook)
    configure_union_passthrough(str | int | float | bool | None, converter)
    return converter


def _exactly(scalar: type) -> Callable[[object, type], object]:
    """A hook that lets only this JSON type through; a number without a fraction may stand for a float.

    It is also called for subclasses, and the ones there are are enums (`StrEnum`): those look their member up.
    """
    allowed = (float, int) if scalar is float else (scalar,)

    def check(value: object, kind: type) -> object:
        if value.__class__ not in allowed:
            raise TypeError(f"{scalar.__name__} expected")
        return value if kind is scalar else kind(value)

    return check


def _is_path(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Path)


def _path(text: object, _: type) -> Path:
    if not isinstance(text, str):
        raise TypeError("path expected")
    return Path(text)


def _is_tuple(kind: object) -> bool:
    return get_origin(kind) is tuple


def _tuple_hook(kind: object, converter: Converter) -> Callable[[object, object], tuple[object, ...]]:
    """A tuple comes from a JSON array only: a string, too, can be iterated, and must not pass for one."""
    items = get_args(kind)
    if len(items) == 2 and items[1] is Ellipsis:  # noqa: PLR2004 - tuple[X, ...] has two arguments
        return _many_hook(items[0], converter)
    hooks = tuple((converter.get_structure_hook(item), item) for item in items)

    def structure(values: object, _: object) -> tuple[object, ...]:
        if not isinstance(values, list) or len(values) != len(hooks):
            raise TypeError("array of fixed length expected")
        return tuple(hook(value, item) for (hook, item), value in zip(hooks, values, strict=True))

    return structure


def _many_hook(item: type, converter: Converter) -> Callable[[object, object], tuple[object, ...]]:
    hook = converter.get_structure_hook(item)

    def structure(values: object, _: object) -> tuple[object, ...]:
        if not isinstance(values, list):
            raise TypeError("array expected")
        return tuple([hook(value, item) for value in values])

    return structure
