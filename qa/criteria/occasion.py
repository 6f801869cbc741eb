"""Occasion and duty: whenever something happens in the call, the agent does what it asks, near enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from qa.criteria.parameters import (
    ACT_NAMES,
    act_names,
    evidence,
    flag,
    from_json,
    parameters_object,
    role_name,
    seconds,
    sentence_evidence,
    whole,
)
from qa.dialogue.moments import Look, Moment, Reach, Trigger, find_moments, hold_moments, reachable
from qa.dialogue.selection import Selection, select
from qa.model.contracts import Check
from qa.model.conversation import Role
from qa.model.dialogue import Dialogue, SpeechAct
from qa.model.finding import Evidence, Finding, Reason, Verdict
from qa.model.rubric import CheckKind, CompanyFacts, Json
from qa.model.span import Span

NOT_HEARD = 0.8
"""Confidence that what no phrase recognised was not said: it can always be said in yet another way."""


@dataclass(frozen=True, slots=True)
class Needed:
    """One thing the occasion asks: any of ``acts``, unless said together with one of ``unless``."""

    name: str
    acts: tuple[str, ...]
    unless: tuple[str, ...] = ()


class Which(StrEnum):
    """Which moments have to get what they ask: each of them, any one of them, or the first."""

    EACH = "each"
    ANY = "any"
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class Dealt:
    """What became of one moment: what was heard, what was not, and where it was looked for."""

    moment: Moment
    heard: tuple[SpeechAct, ...]
    missing: tuple[str, ...]
    searched: Span
    done: bool


@dataclass(frozen=True, slots=True)
class Occasion:
    """Met when the moments that ``which`` names got what they ask; no moment at all is not applicable.

    ``needed_from`` asks only from the n-th moment on; ``ahead_of`` are acts that come too early before what
    is needed; ``never`` are acts of the agent that lose the point at once; ``confirmed`` wants the customer
    to have the next word; ``partial`` gives partly where some moments got it.
    """

    when: tuple[Trigger, ...] = ()
    holds: bool = False
    needed: tuple[Needed, ...] = ()
    at_least: int | None = None
    look: Look = Look.AFTER
    turns: int | None = None
    seconds: float | None = None
    needed_from: int = 1
    which: Which = Which.EACH
    ahead_of: tuple[str, ...] = ()
    ahead_of_unless: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    confirmed: bool = False
    partial: bool = False

    def judge(self, dialogue: Dialogue) -> Finding:
        """Find the moments, then look for what each of them asks."""
        moments = hold_moments(dialogue) if self.holds else find_moments(dialogue, self.when)
        if not moments:
            why = Reason("The occasion never arose")
            return Finding(Verdict.NOT_APPLICABLE, why, NOT_HEARD, searched=dialogue.conversation.speech_hull())
        after = Span(moments[0].span.start, dialogue.conversation.duration + 1.0)
        if wrong := select(dialogue, Selection(self.never), Role.AGENT, after):
            why = Reason("The agent said what must not be said: “{quote}”", (("quote", wrong[0].quote),))
            return Finding(Verdict.MISSED, why, wrong[0].confidence, evidence(wrong))
        asked = moments[:1] if self.which is Which.FIRST else moments[self.needed_from - 1 :]
        return self._finding(dialogue, tuple(self._dealt(dialogue, moment) for moment in asked), moments)

    def _dealt(self, dialogue: Dialogue, moment: Moment) -> Dealt:
        span = self._searched(dialogue, moment)
        found = {part.name: self._first(dialogue, part, span) for part in self.needed}
        heard = tuple(act for act in found.values() if act is not None)
        wanted = len(self.needed) if self.at_least is None else self.at_least
        missing = tuple(name for name, act in found.items() if act is None)
        return Dealt(moment, heard, missing, span, done=len(heard) >= wanted)

    def _searched(self, dialogue: Dialogue, moment: Moment) -> Span:
        span = reachable(dialogue, moment, Reach(self.look, self.turns, self.seconds))
        early = Selection(self.ahead_of, self.ahead_of_unless)
        too_late = select(dialogue, early, Role.AGENT, Span(moment.span.start, span.end))
        return replace(span, end=too_late[0].span.start) if too_late else span

    def _first(self, dialogue: Dialogue, part: Needed, span: Span) -> SpeechAct | None:
        acts = select(dialogue, Selection(part.acts, part.unless), Role.AGENT, span)
        return next((act for act in acts if not self.confirmed or _customer_next(dialogue, act)), None)

    def _finding(self, dialogue: Dialogue, dealt: tuple[Dealt, ...], moments: tuple[Moment, ...]) -> Finding:
        done = [d for d in dealt if d.done]
        counts = (("done", len(done)), ("raised", len(dealt)))
        if len(done) == len(dealt) or (done and self.which is Which.ANY):
            chosen = tuple(done)
            trust = min((_trust(d) for d in chosen), default=min(m.confidence for m in moments))
            why = Reason("Done on {done} of {raised} occasions" if dealt else "Nothing more was asked yet", counts)
            return Finding(Verdict.MET, why, trust, _quotes(dialogue, chosen, moments), moments[0].span)
        left = next(d for d in dealt if not d.done)
        missing = (*counts, ("missing", ", ".join(left.missing)))
        why = Reason("Done on {done} of {raised} occasions; not heard: {missing}", missing)
        verdict = Verdict.PARTLY if self.partial and done else Verdict.MISSED
        trust = min(NOT_HEARD, left.moment.confidence)
        return Finding(verdict, why, trust, _quotes(dialogue, (left,), (left.moment,)), left.searched)


def _customer_next(dialogue: Dialogue, act: SpeechAct) -> bool:
    following = [t for t in dialogue.conversation.turns[act.turn + 1 :] if t.role is not Role.OTHER]
    return bool(following) and following[0].role is Role.CUSTOMER


def _trust(dealt: Dealt) -> float:
    return min([dealt.moment.confidence, *(act.confidence for act in dealt.heard)])


def _quotes(dialogue: Dialogue, dealt: tuple[Dealt, ...], moments: tuple[Moment, ...]) -> tuple[Evidence, ...]:
    raised = [act for d in dealt for act in d.moment.acts] or [act for m in moments for act in m.acts]
    quotes = {e.span: e for e in sentence_evidence(dialogue, raised)}
    quotes |= {e.span: e for e in evidence(act for d in dealt for act in d.heard)}
    return tuple(quotes[span] for span in sorted(quotes))


def build(parameters: Mapping[str, Json], company: CompanyFacts) -> Check:
    """The check that these parameters describe. Raises ValueError where it can never be applicable or met."""
    check = from_json(Occasion, parameters)
    if bool(check.when) == check.holds:
        raise ValueError("either “when” or “holds” says when this is asked, and not both")
    if check.at_least is not None and check.at_least > len(check.needed):
        raise ValueError(f"at_least {check.at_least} of {len(check.needed)} needed things can never be")
    return check


TRIGGER = parameters_object(
    acts=ACT_NAMES,
    unless=ACT_NAMES,
    role=role_name("who does it"),
    turns=whole("in how many turns it must have happened"),
    turn_seconds=seconds("how long the turn must be"),
)
NEEDED = parameters_object(
    ("name", "acts"),
    name={"type": "string", "minLength": 1, "description": "how reports call it"},
    acts=ACT_NAMES,
    unless=ACT_NAMES,
)

KIND = CheckKind(
    name="occasion",
    purpose="Finds the occasions that ask something of the agent and whether the agent does it, near enough.",
    schema=parameters_object(
        when={"type": "array", "items": TRIGGER, "minItems": 1, "description": "a list of what makes an occasion"},
        holds=flag("whether every hold is an occasion"),
        needed={"type": "array", "items": NEEDED, "description": "a list of what the occasion asks of the agent"},
        at_least=whole("how many of the needed things are enough"),
        look={"enum": [str(look) for look in Look], "description": "where to look: before, after, around or sentence"},
        turns=whole("within how many of the agent's turns"),
        seconds=seconds("how far from the occasion"),
        needed_from=whole("from which occasion on it is needed"),
        which={"enum": [str(which) for which in Which], "description": "which occasions ask: each, any or first"},
        ahead_of=act_names("of the agent that come too early before what is needed"),
        ahead_of_unless=act_names("that excuse those when said with them"),
        never=act_names("of the agent that lose the point at once"),
        confirmed=flag("whether the customer must have the next word"),
        partial=flag("whether some of the occasions earn “partly”"),
    ),
    build=build,
)
