"""File names for things whose ids come from outside: safe on every file system, and never the same twice."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

SLUG_CHARACTERS = 40
"""How much of the id is kept readable; with the hash and an ending far below the 255 bytes of any file system."""

HASH_DIGITS = 8
"""Hex digits of sha256: 32 bits tell ids apart that share a slug ("Nowak/1" and "nowak 1", NFC and NFD twins)."""

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


def page_name(raw_id: str) -> str:
    """A file name without ending for a call or an agent: what is plain of the id, then its hash.

    >>> page_name("call 17/ä")
    'call-17-a-706b1314'
    """
    plain = unicodedata.normalize("NFKD", raw_id).encode("ascii", "ignore").decode("ascii")
    slug = _UNSAFE.sub("-", plain).strip("-_")[:SLUG_CHARACTERS].rstrip("-_")
    digest = sha256(raw_id.encode("utf-8", "surrogatepass")).hexdigest()[:HASH_DIGITS]
    return f"{slug or 'id'}-{digest}"
