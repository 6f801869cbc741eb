"""Choosing acts the way rubrics name them: by name or family of names, and unless something else is said with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.model.conversation import Role
from qa.model.dialogue import Dialogue, SpeechAct
from qa.model.span import Span

FAMILY = ".*"
"""Ends the name of a family: ``promise.*`` are all promises."""

SAID_WITH_SECONDS = 2.0
"""s; two acts of one sentence are one saying within this gap (a transcript without full stops has long sentences)."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Acts of these names, but those said together with an ``unless`` act."""

    acts: tuple[str, ...]
    unless: tuple[str, ...] = ()


def named(name: str, wanted: Sequence[str]) -> bool:
    """Whether an act's name is among these names and families.

    >>> named("promise.send", ("apology", "promise.*")), named("promise", ("promise.*",))
    (True, False)
    """
    return name in wanted or name.startswith(_families(wanted))


def _families(wanted: Sequence[str]) -> tuple[str, ...]:
    return tuple(one[:-1] for one in wanted if one.endswith(FAMILY))


def select(
    dialogue: Dialogue, selection: Selection, role: Role | None, within: Span | None = None
) -> tuple[SpeechAct, ...]:
    """The selected acts of one role (None: of anybody), optionally starting within a span, in order of time."""
    found = tuple(a for a in _of(dialogue, selection.acts, role) if within is None or within.covers(a.span.start))
    if not found or not selection.unless:
        return found
    cancelling = _of(dialogue, selection.unless, role)
    return tuple(act for act in found if not any(_said_with(act, other) for other in cancelling))


def _of(dialogue: Dialogue, wanted: tuple[str, ...], role: Role | None) -> list[SpeechAct]:
    names, families = frozenset(wanted), _families(wanted)
    return [
        act
        for act in dialogue.acts
        if (act.name in names or (families and act.name.startswith(families))) and (role is None or act.role is role)
    ]


def _said_with(act: SpeechAct, other: SpeechAct) -> bool:
    same = act.turn == other.turn and act.sentence == other.sentence
    return same and act.span.gap(other.span) <= SAID_WITH_SECONDS
