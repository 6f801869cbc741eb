"""The one cleaner that every text coming in passes."""

from __future__ import annotations

import unicodedata

KEPT_CONTROLS = frozenset("\t\n")
BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
INVISIBLE = frozenset("\ufeff\u200b\u2060")
"""Byte order mark, zero-width space and word joiner: unseen by a reader, and they break phrase search."""


def _unwanted(character: str) -> bool:
    if character in KEPT_CONTROLS:
        return False
    return unicodedata.category(character) in ("Cc", "Cs", "Cn") or character in BIDI_CONTROLS or character in INVISIBLE


def clean_text(text: str) -> tuple[str, int]:
    r"""The text without lone surrogates, control, bidi and unseen characters, and how many were removed.

    What is left is in Unicode normal form C, so that "ż" is one character however it was typed. One lone
    surrogate would otherwise stop every UTF-8 writer of the night.

    >>> clean_text("dzie\u0301n\x00 dobry\ud800")
    ('dzién dobry', 2)
    """
    kept = "".join(character for character in text if not _unwanted(character))
    return unicodedata.normalize("NFC", kept), len(text) - len(kept)
