"""The manifest: one row a call, as CSV (any common separator and encoding) or JSON lines."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.audio.metadata import Layer, clean_cell
from qa.audio.strict_json import MAX_JSON_BYTES, BadJsonError, parse_json
from qa.errors import ManifestError, Problem
from qa.model.scorecard import CallFailure, FailureKind
from qa.text.clean import clean_text

MANIFEST_NAMES = ("manifest.csv", "manifest.jsonl")
"""Names under which a manifest in a folder is picked up unasked."""

SEPARATORS = ",;\t"
RECORDING = "recording"
CENTRAL_EUROPEAN = ("cp1250", "iso8859-2")
"""What spreadsheets in Polish, Slovak and Hungarian offices write where they do not write UTF-8."""


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One call: the file as the row names it, and its other columns; ``layer.where`` names file and line."""

    recording: str
    layer: Layer


@dataclass(frozen=True, slots=True)
class Manifest:
    """The rows of a manifest, in its order; ``folder`` is where its file names start from."""

    folder: Path
    rows: tuple[ManifestRow, ...]
    failures: tuple[CallFailure, ...] = ()
    notes: tuple[str, ...] = ()


def read_manifest(path: Path) -> Manifest:
    """Read a manifest; rows that cannot be used become failures.

    Raises `ManifestError` where the manifest as a whole cannot be used.
    """
    name = clean_text(path.name)[0]
    text, notes = _decoded(_bytes(path, name), name)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    start = text.lstrip()[:1]
    if start == "[":
        raise _unusable(name, "it is a JSON array", "write one JSON object a line, without brackets around them")
    rows = list(_json_rows(text, name) if start == "{" else _csv_rows(text, name))
    usable = tuple(row for row in rows if isinstance(row, ManifestRow))
    failures = tuple(row for row in rows if isinstance(row, CallFailure))
    if failures and not usable:
        raise ManifestError(tuple(Problem(f.where, f.wrong, f.expected, f.do) for f in failures[:20]))
    return Manifest(path.absolute().parent, usable, failures, notes)


def _unusable(name: str, wrong: str, do: str) -> ManifestError:
    expected = "a CSV with a heading line and a column 'recording', or JSON lines with a key 'recording'"
    return ManifestError((Problem(name, wrong, expected, do),))


def _bytes(path: Path, name: str) -> bytes:
    try:
        if not path.is_file():  # a pipe would block
            raise _unusable(name, "there is no such file", "check the path of the manifest")
        with path.open("rb") as file:
            data = file.read(MAX_JSON_BYTES + 1)
    except (OSError, ValueError) as error:
        raise _unusable(name, f"it cannot be read: {error}", "check its permissions") from error
    if len(data) > MAX_JSON_BYTES:
        raise _unusable(name, f"it has more than {MAX_JSON_BYTES:,} bytes", "split it, e.g. into one a night")
    return data


def _decoded(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text, and a note where its encoding had to be guessed."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace"), (f"{name} is written in UTF-16",)
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    for encoding in CENTRAL_EUROPEAN:
        try:
            return data.decode(encoding), (f"{name} is not UTF-8; it was read as {encoding}: check names in it",)
        except UnicodeDecodeError:
            continue
    raise AssertionError("ISO 8859-2 has a character for every byte")


def _csv_rows(text: str, name: str) -> Iterator[ManifestRow | CallFailure]:
    heading_line = next((line for line in text.split("\n") if line.strip()), "")
    separator = max(SEPARATORS, key=heading_line.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    heading: tuple[str, ...] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if heading is None:
                heading = _heading(cells, name)
            else:
                yield _csv_row(heading, cells, f"{name}, line {reader.line_num}")
    except csv.Error as error:
        wrong = f"line {reader.line_num} is not CSV: {error}"
        raise _unusable(name, wrong, "check the quotation marks in that line") from error
    if heading is None:
        raise _unusable(name, "it is empty", "write a heading line and one line a call, or run without --manifest")


def _heading(cells: list[str], name: str) -> tuple[str, ...]:
    heading = tuple(_column_name(cell) for cell in cells)
    if RECORDING not in heading:
        found = ", ".join(filter(None, heading))[:200]
        raise _unusable(name, f"it has no column 'recording'; its columns are: {found}", "name the column of files so")
    twice = sorted(column for column, times in Counter(filter(None, heading)).items() if times > 1)
    if twice:
        raise _unusable(name, f"it has two columns {twice[0]!r}", "rename or remove one of them")
    return heading


def _column_name(cell: str) -> str:
    """A heading as the contract writes it: "Agent ID" is agent_id."""
    return "_".join(clean_cell(cell).casefold().replace("-", " ").split())


def _csv_row(heading: tuple[str, ...], cells: list[str], where: str) -> ManifestRow | CallFailure:
    values = [clean_cell(cell) for cell in cells]
    if any(values[len(heading) :]):
        # A stray separator moves every value behind it: the call must not go to a wrong agent.
        wrong = (
            f"the row has {len(values)} values for {len(heading)} columns, so none can be trusted: the row was left out"
        )
        do = "put values that contain the separator into quotation marks"
        return CallFailure(_row_id(where), FailureKind.BAD_METADATA, where, wrong, "one value a column", do)
    return _row(dict(zip(heading, values, strict=False)), where)


def _row(values: dict[str, str], where: str) -> ManifestRow | CallFailure:
    recording = values.pop(RECORDING, "")
    if not recording:
        call_id, wrong = values.get("call_id") or _row_id(where), "the row names no recording"
        do = "fill the column 'recording', or remove the row"
        return CallFailure(call_id, FailureKind.BAD_METADATA, where, wrong, "the name of a file", do)
    pairs = tuple((column, value) for column, value in values.items() if column and value)
    return ManifestRow(recording, Layer(where, pairs))


def _row_id(where: str) -> str:
    """What a row is called in the list of failures where nothing tells its call."""
    return where.replace(", line ", ":")


def _json_rows(text: str, name: str) -> Iterator[ManifestRow | CallFailure]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _json_row(line, f"{name}, line {number}")


def _json_row(line: str, where: str) -> ManifestRow | CallFailure:
    try:
        row = parse_json(line.encode("utf-8", "surrogatepass"), where)
    except BadJsonError as error:
        problem = error.problems[0]
        kind, do = FailureKind.BAD_METADATA, "correct the line"
        return CallFailure(_row_id(where), kind, where, problem.wrong, problem.expected, do)
    if not isinstance(row, dict):
        wrong, do = "the line is not a JSON object", "write one object a line"
        return CallFailure(_row_id(where), FailureKind.BAD_METADATA, where, wrong, "an object", do)
    return _row(dict(scalars(row)), where)


def scalars(values: dict[str, object]) -> tuple[tuple[str, str], ...]:
    """The texts, numbers and truth values of a JSON object, as texts; lists and objects are no columns."""
    kept = ((name, value) for name, value in values.items() if isinstance(value, str | int | float))
    return tuple((_column_name(name), _as_text(value)) for name, value in kept)


def _as_text(value: str | float) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean_cell(str(value))
