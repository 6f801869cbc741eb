"""Said in a window: how many of the named parts the agent says at the opening or the end of the call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qa.criteria.parameters import ACT_NAMES, evidence, from_json, parameters_object, seconds, whole
from qa.model.contracts import Check
from qa.model.conversation import Role
from qa.model.dialogue import Dialogue, SpeechAct
from qa.model.finding import Finding, Reason, Verdict
from qa.model.recording import Direction
from qa.model.rubric import CheckKind, CompanyFacts, Json
from qa.model.span import Span

NOTHING_FOUND = 0.85
"""Confidence that what was not found was not said: phrases can always be said in yet another way."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to say: any of ``acts``; asked only in ``directions``, where any are named."""

    name: str
    acts: tuple[str, ...]
    directions: tuple[Direction, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """Where to listen: the agent's first ``turns`` turns, within ``seconds`` of the first or last speech."""

    at: str
    seconds: float
    turns: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """Met with ``met_at`` parts said in the window, partly with ``partly_at``.

    ``not_after`` names acts that, as the last thing the agent does, mean the call went on elsewhere
    (a transfer): the closing of such a recording is not this agent's to give.
    """

    window: Window
    parts: tuple[Part, ...]
    met_at: int
    partly_at: int
    not_after: tuple[str, ...] = ()

    def judge(self, dialogue: Dialogue) -> Finding:
        """Count the parts that the agent says within the window."""
        if handed := self._handed_over(dialogue):
            return Finding(
                Verdict.NOT_APPLICABLE,
                Reason("The call was handed over; its end is not on this recording"),
                handed.confidence,
                evidence([handed]),
            )
        span = self._span(dialogue)
        parts = _asked(self.parts, dialogue.context.direction)
        found = {part.name: self._clearest(dialogue, part, span) for part in parts}
        said = {name: act for name, act in found.items() if act is not None}
        return self._finding(tuple(found), said, span, dialogue.conversation.clarity(Role.AGENT, span))

    def _finding(self, asked: tuple[str, ...], said: Mapping[str, SpeechAct], span: Span, clarity: float) -> Finding:
        missing = ", ".join(name for name in asked if name not in said)
        counts = (("found", len(said)), ("wanted", len(asked)))
        if len(said) >= self.met_at:
            verdict, reason = (
                Verdict.MET,
                Reason("Said {found} of {wanted}: {names}", (*counts, ("names", ", ".join(said)))),
            )
        else:
            verdict = Verdict.PARTLY if len(said) >= self.partly_at else Verdict.MISSED
            reason = Reason("Said {found} of {wanted}; not heard: {missing}", (*counts, ("missing", missing)))
        surest = sorted((act.confidence for act in said.values()), reverse=True)
        trust = min(
            surest[: self.met_at], default=1.0
        )  # a third part that was hardly heard costs two clear ones nothing
        doubt = 1.0 if verdict is Verdict.MET else NOTHING_FOUND * clarity
        return Finding(verdict, reason, min(trust, doubt), evidence(said.values()), searched=span)

    def _clearest(self, dialogue: Dialogue, part: Part, span: Span) -> SpeechAct | None:
        return max(dialogue.find(*part.acts, role=Role.AGENT, within=span), key=lambda a: a.confidence, default=None)

    def _span(self, dialogue: Dialogue) -> Span:
        speech = dialogue.conversation.speech_hull()
        if self.window.at == "end":
            return Span(max(speech.start, speech.end - self.window.seconds), speech.end + 1.0)
        turns = [t for t in dialogue.conversation.by_role(Role.AGENT) if not t.backchannel][: self.window.turns]
        opening = [t.span for t in turns if t.span.start <= speech.start + self.window.seconds]
        # words may begin a few hundredths before the voice activity that they are heard in
        start = min((s.start for s in (speech, *opening)), default=speech.start)
        return Span(start, max((s.end for s in opening), default=speech.start + self.window.seconds))

    def _handed_over(self, dialogue: Dialogue) -> SpeechAct | None:
        """The act that hands the call on, as the last thing the agent does and without any part of this said."""
        last = _last_turn(dialogue)
        handing = [a for a in dialogue.find(*self.not_after, role=Role.AGENT) if a.turn >= last]
        own = {act for part in self.parts for act in part.acts}
        said = [a for a in dialogue.find(*own, role=Role.AGENT) if a.turn >= last]
        return handing[0] if handing and not said else None


def _last_turn(dialogue: Dialogue) -> int:
    turns = dialogue.conversation.turns
    return max((n for n, t in enumerate(turns) if t.role is Role.AGENT and not t.backchannel), default=0)


def _asked(parts: tuple[Part, ...], direction: Direction | None) -> tuple[Part, ...]:
    """The parts asked of a call; where its direction is unknown, either direction's part will do."""
    always = tuple(part for part in parts if not part.directions)
    directed = tuple(part for part in parts if part.directions)
    if direction is not None or not directed:
        return always + tuple(part for part in directed if direction in part.directions)
    either = Part(" / ".join(p.name for p in directed), tuple(act for p in directed for act in p.acts))
    return (*always, either)


def build(parameters: Mapping[str, Json], company: CompanyFacts) -> Check:
    """The check that these parameters describe. Raises ValueError where more parts are asked than there are."""
    check = from_json(Said, parameters)
    if not 1 <= check.partly_at <= check.met_at <= len(check.parts):
        raise ValueError(f"partly_at {check.partly_at} ≤ met_at {check.met_at} ≤ {len(check.parts)} parts is not so")
    return check


KIND = CheckKind(
    name="said",
    purpose="Counts which of the named parts the agent says at the opening or at the end of the call.",
    schema=parameters_object(
        ("window", "parts", "met_at", "partly_at"),
        window=parameters_object(
            ("at", "seconds"),
            at={"enum": ["start", "end"], "description": "where the window lies: “start” or “end”"},
            seconds=seconds("how long after the first (or before the last) speech the window reaches"),
            turns=whole("how many of the agent's turns the window has at most"),
        ),
        parts={
            "type": "array",
            "minItems": 1,
            "description": "a list of parts, each with a name and its speech acts",
            "items": parameters_object(
                ("name", "acts"),
                name={"type": "string", "minLength": 1, "description": "how reports call the part"},
                acts=ACT_NAMES,
                directions={
                    "type": "array",
                    "items": {"enum": ["inbound", "outbound"]},
                    "description": "a list of “inbound” and “outbound”",
                },
            ),
        },
        met_at=whole("how many parts make it met"),
        partly_at=whole("how many parts make it partly"),
        not_after=ACT_NAMES,
    ),
    build=build,
)
