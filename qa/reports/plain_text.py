"""Text on its way into files: always writable as UTF-8, never a formula, never over a cell's limit.

Text is cleaned when it comes in; these are the second wall, for what came in by another road.
"""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet run a text cell as a formula (OWASP, "CSV Injection")."""
CELL_UNITS = 32_767
"""Longest text of a workbook cell, in UTF-16 units (Excel specifications and limits)."""
_UNIT_BYTES = 2


def writable(text: str) -> str:
    r"""The text with lone surrogates replaced: one of them stops every UTF-8 writer.

    >>> writable("dobry\ud800")
    'dobry?'
    """
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def guarded(text: str) -> str:
    """Text for a CSV cell: a leading apostrophe where a spreadsheet would run it.

    >>> guarded("=1+1"), guarded("hello")
    ("'=1+1", 'hello')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given.

    >>> unguarded("'=1+1"), unguarded("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def cell_text(text: str) -> str:
    """Text for a workbook cell: writable, and cut with "…" where it is longer than a cell holds."""
    text = writable(text)
    if len(text) * _UNIT_BYTES <= CELL_UNITS:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= CELL_UNITS * _UNIT_BYTES:
        return text
    return units[: (CELL_UNITS - 1) * _UNIT_BYTES].decode("utf-16-le", "ignore") + "…"
