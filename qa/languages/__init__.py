"""Languages as data: one JSON file each holds everything the house knows of how a language is spoken.

Adding a language adds a file here (and its tests), no code. The file's members are described in
``language.schema.json``; phrases are written in the pattern language of `qa.text.patterns`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

SUFFIX = ".json"
SCHEMA = "language.schema.json"


@dataclass(frozen=True, slots=True)
class ActPhrases:
    """How an act is said. A sentence in which an ``unless`` pattern matches does not perform the act."""

    phrases: tuple[str, ...]
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Language:
    """One language's data; every word and pattern as its file writes it.

    ``backchannels`` are listening sounds, ``fillers`` hesitations, ``numbers`` the spoken numerals with
    their values, ``contractions`` the short forms with the tokens they stand for, ``inventions`` the
    sentences that Whisper is known to invent where nobody speaks, ``card_code`` how people name a card's
    security code.
    """

    code: str
    name: str
    contractions: Mapping[str, str]
    backchannels: tuple[str, ...]
    fillers: tuple[str, ...]
    numbers: Mapping[str, int]
    inventions: tuple[str, ...]
    card_code: tuple[str, ...]
    classes: Mapping[str, tuple[str, ...]]
    acts: Mapping[str, ActPhrases]


@cache
def languages() -> tuple[str, ...]:
    """The codes (ISO 639-1) of every language the house has data for, sorted."""
    files = (entry.name for entry in resources.files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in files if name.endswith(SUFFIX) and name != SCHEMA))


@cache
def language(code: str) -> Language | None:
    """The data of one language, or None where the house has none. Regions are ignored: ``pl-PL`` is ``pl``."""
    base = code.lower().replace("_", "-").split("-")[0]
    if base not in languages():
        return None
    raw = json.loads((resources.files(__package__) / f"{base}{SUFFIX}").read_text(encoding="utf-8"))
    return Language(
        code=raw["code"],
        name=raw["name"],
        contractions=MappingProxyType(raw["contractions"]),
        backchannels=tuple(raw["backchannels"]),
        fillers=tuple(raw["fillers"]),
        numbers=MappingProxyType(raw["numbers"]),
        inventions=tuple(raw["inventions"]),
        card_code=tuple(raw["card_code"]),
        classes=MappingProxyType({name: tuple(words) for name, words in raw["classes"].items()}),
        acts=MappingProxyType(
            {name: ActPhrases(tuple(act["phrases"]), tuple(act.get("unless", ()))) for name, act in raw["acts"].items()}
        ),
    )
