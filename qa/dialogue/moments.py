"""Moments that ask something of the agent, and the stretch of the call in which the agent can give it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from qa.dialogue.holds import find_holds
from qa.dialogue.selection import Selection, select
from qa.model.conversation import Role, Turn
from qa.model.dialogue import Dialogue, SpeechAct
from qa.model.span import Span


@dataclass(frozen=True, slots=True)
class Trigger:
    """What makes a moment: acts of a role, a turn of at least ``turn_seconds``, or both at once.

    With ``turns`` the moment comes in the n-th turn that holds such an act: anger that lasts.
    """

    acts: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    role: Role = Role.CUSTOMER
    turns: int = 1
    turn_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Moment:
    """One turn's worth of a trigger, or one hold. ``confidence`` is 0 to 1."""

    span: Span
    sentence: Span
    confidence: float
    acts: tuple[SpeechAct, ...] = ()


class Look(StrEnum):
    """Where to look for what a moment asks."""

    BEFORE = "before"
    AFTER = "after"
    AROUND = "around"
    SENTENCE = "sentence"


@dataclass(frozen=True, slots=True)
class Reach:
    """How far to look: within so many of the agent's turns and so many seconds; None has no limit."""

    look: Look = Look.AFTER
    turns: int | None = None
    seconds: float | None = None


def hold_moments(dialogue: Dialogue) -> tuple[Moment, ...]:
    """Every hold as a moment."""
    return tuple(Moment(span, span, 1.0) for span in find_holds(dialogue))


def find_moments(dialogue: Dialogue, triggers: Iterable[Trigger]) -> tuple[Moment, ...]:
    """The moments of all triggers, one per turn, by time."""
    first: dict[int, Moment] = {}
    for trigger in triggers:
        for turn, moment in list(_of_trigger(dialogue, trigger))[trigger.turns - 1 :]:
            first[turn] = _joined(first[turn], moment) if turn in first else moment
    return tuple(sorted(first.values(), key=lambda moment: moment.span))


def _of_trigger(dialogue: Dialogue, trigger: Trigger) -> Iterator[tuple[int, Moment]]:
    chosen = select(dialogue, Selection(trigger.acts, trigger.unless), trigger.role)
    for number, turn in enumerate(dialogue.conversation.turns):
        long_enough = turn.role is trigger.role and turn.span.duration >= trigger.turn_seconds
        acts = tuple(act for act in chosen if act.turn == number)
        if long_enough and acts:
            yield number, _moment(acts)
        elif long_enough and not trigger.acts:
            yield number, Moment(turn.span, turn.span, 1.0)


def _moment(acts: tuple[SpeechAct, ...]) -> Moment:
    span, sentence = acts[0].span, acts[0].sentence
    for act in acts[1:]:
        span, sentence = span.hull(act.span), sentence.hull(act.sentence)
    return Moment(span, sentence, max(act.confidence for act in acts), acts)


def _joined(one: Moment, other: Moment) -> Moment:
    acts = {(a.span, a.name): a for a in (*one.acts, *other.acts)}
    span, sentence = one.span.hull(other.span), one.sentence.hull(other.sentence)
    return Moment(span, sentence, max(one.confidence, other.confidence), tuple(acts.values()))


def reachable(dialogue: Dialogue, moment: Moment, reach: Reach) -> Span:
    """The stretch in which an act must start to belong to the moment.

    before <──────────| moment |──────────> after
           seconds, turns       seconds, turns
    """
    if reach.look is Look.SENTENCE:
        return moment.sentence
    # an act that is the moment itself counts as done in time; a hold is no act, and ends what came before it
    before = Span(_earliest(dialogue, moment, reach), moment.span.end if moment.acts else moment.span.start)
    after = Span(moment.span.start, _latest(dialogue, moment, reach))
    return {Look.BEFORE: before, Look.AFTER: after}.get(reach.look, before.hull(after))


def _floor(dialogue: Dialogue) -> list[Turn]:
    return [turn for turn in dialogue.conversation.by_role(Role.AGENT) if not turn.backchannel]


def _latest(dialogue: Dialogue, moment: Moment, reach: Reach) -> float:
    end = dialogue.conversation.duration + 1.0
    if reach.turns is not None:
        following = [turn for turn in _floor(dialogue) if turn.span.end > moment.span.end - 1e-6][: reach.turns]
        end = max((turn.span.end for turn in following), default=moment.span.end)
    return end if reach.seconds is None else min(end, moment.span.end + reach.seconds)


def _earliest(dialogue: Dialogue, moment: Moment, reach: Reach) -> float:
    start = 0.0
    if reach.turns is not None:
        preceding = [turn for turn in _floor(dialogue) if turn.span.start <= moment.span.start][-reach.turns :]
        start = min((turn.span.start for turn in preceding), default=moment.span.start)
    return start if reach.seconds is None else max(start, moment.span.start - reach.seconds)
