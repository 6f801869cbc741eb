"""Promises: who committed to what, in which words, by when, and whether the call itself takes it back."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from qa.model.conversation import Conversation, Role
from qa.model.dialogue import SpeechAct
from qa.model.promise import Promise, PromisedAct, PromiseState
from qa.model.span import Span

PREFIX = "promise."
SAME_BREATH_SECONDS = 4.0
"""s; a deadline in the sentence right after (or before) the promise belongs to it within this gap."""


def _act_of(acts: tuple[SpeechAct, ...]) -> PromisedAct:
    """What is promised; of "I'll check and call you back" the last one is what the customer waits for."""
    return PromisedAct(acts[-1].name.removeprefix(PREFIX))


def _nearby(act: SpeechAct, deadline: SpeechAct) -> bool:
    if deadline.role is not act.role or deadline.turn != act.turn:
        return False
    return deadline.sentence == act.sentence or deadline.sentence.gap(act.sentence) <= SAME_BREATH_SECONDS


def _deadline(act: SpeechAct, deadlines: tuple[SpeechAct, ...]) -> tuple[SpeechAct, ...]:
    """The deadline words of a promise: in its own sentence, else right after it, else right before."""
    near = [d for d in deadlines if _nearby(act, d)]
    own = tuple(d for d in near if d.sentence == act.sentence)
    after = tuple(d for d in near if d.span.start >= act.span.end)
    return own or after or tuple(near)


def _quoted(conversation: Conversation, turn: int, span: Span) -> str:
    return " ".join(word.text for word in conversation.turns[turn].words if span.covers(word.span.middle))


def _promise(conversation: Conversation, acts: tuple[SpeechAct, ...], deadlines: tuple[SpeechAct, ...]) -> Promise:
    due = _deadline(acts[-1], deadlines)
    span = Span(min(a.span.start for a in acts), max(a.span.end for a in acts))
    for deadline in due:
        span = span.hull(deadline.span)
    return Promise(
        role=acts[0].role,
        span=span,
        quote=_quoted(conversation, acts[0].turn, span),
        act=_act_of(acts),
        due_text=" ".join(d.quote for d in due) or None,
        confidence=min(a.confidence for a in acts),
    )


def find_promises(conversation: Conversation, acts: tuple[SpeechAct, ...]) -> tuple[Promise, ...]:
    """The agent's promises, one per sentence, by time.

    A promise that the agent takes back later in the call is ``broken``, with the words that broke it.
    """
    made = [a for a in acts if a.name.startswith(PREFIX) and a.role is Role.AGENT]
    deadlines = tuple(a for a in acts if a.name == "deadline" and a.role is Role.AGENT)
    grouped = groupby(sorted(made, key=lambda a: (a.sentence, a.span)), key=lambda a: a.sentence)
    promises = [_promise(conversation, tuple(group), deadlines) for _, group in grouped]
    withdrawals = [a for a in acts if a.name == "withdrawal" and a.role is Role.AGENT]
    return tuple(_settled(promises, withdrawals))


def _settled(promises: list[Promise], withdrawals: list[SpeechAct]) -> list[Promise]:
    """Each withdrawal breaks the last promise made before it."""
    settled = list(promises)
    for withdrawal in withdrawals:
        before = [n for n, promise in enumerate(settled) if promise.span.end <= withdrawal.span.start]
        if before:
            reason = f"taken back at {withdrawal.span.start:.1f} s: “{withdrawal.quote}”"
            settled[before[-1]] = replace(settled[before[-1]], state=PromiseState.BROKEN, state_reason=reason)
    return settled
