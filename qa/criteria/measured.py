"""Measured: a figure of the agent's speech stays within the rubric's band. Numbers, no mood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from qa.criteria.parameters import from_json, number, parameters_object, seconds, share
from qa.dialogue.pace import fillers, pace_by_window, speech_seconds, words_per_minute
from qa.model.contracts import Check
from qa.model.conversation import Conversation, Role
from qa.model.dialogue import Dialogue
from qa.model.finding import Evidence, Finding, Reason, Verdict
from qa.model.rubric import CheckKind, CompanyFacts, Json
from qa.model.span import Span

SHOWN = 10
"""Fillers quoted at most: enough to hear what is meant."""


class Figure(StrEnum):
    """What is measured: words per minute, fillers per minute, or the agent's share (0 to 1) of all talk."""

    PACE = "pace"
    FILLERS = "fillers"
    TALK_SHARE = "talk_share"


@dataclass(frozen=True, slots=True)
class Band:
    """Lowest and highest value that is right; None has no limit."""

    least: float | None = None
    most: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a value lies within, limits included."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def __str__(self) -> str:
        lower, upper = ("any" if limit is None else f"{limit:g}" for limit in (self.least, self.most))
        return f"{lower} to {upper}"


@dataclass(frozen=True, slots=True)
class Measured:
    """Met within the band, missed outside; not applicable under ``min_seconds`` of the agent's voice.

    ``drift`` (share) bounds how far the pace of any later stretch of ``drift_seconds`` may be from the
    first one. ``languages`` are bands of their own: languages put more or less into a word.
    """

    figure: Figure
    band: Band
    min_seconds: float = 30.0
    drift: float | None = None
    drift_seconds: float = 30.0
    languages: dict[str, Band] = field(default_factory=dict)

    def judge(self, dialogue: Dialogue) -> Finding:
        """Measure, and lay the figure against the band."""
        conversation = dialogue.conversation
        spoken = speech_seconds(conversation, Role.AGENT)
        searched = conversation.speech_hull()
        if spoken < self.min_seconds:
            short = (("spoken", round(spoken, 1)), ("wanted", self.min_seconds))
            why = Reason("The agent speaks {spoken} s; a figure needs {wanted} s", short)
            return Finding(Verdict.NOT_APPLICABLE, why, searched=searched)
        band = self.languages.get(conversation.language.partition("-")[0], self.band)
        value = self._value(conversation, spoken)
        within = band.holds(value)
        values = (("figure", UNITS[self.figure]), ("value", round(value, 2)), ("band", str(band)))
        if within and (left := self._drifted(conversation)):
            return left
        verdict = Verdict.MET if within else Verdict.MISSED
        why = Reason("{figure}: {value}; the band is {band}", values)
        return Finding(verdict, why, 1.0, self._quotes(conversation), searched)

    def _value(self, conversation: Conversation, spoken: float) -> float:
        if self.figure is Figure.PACE:
            return words_per_minute(conversation, Role.AGENT)
        if self.figure is Figure.FILLERS:
            return 60 * len(fillers(conversation, Role.AGENT)) / spoken
        return spoken / (spoken + speech_seconds(conversation, Role.CUSTOMER))

    def _drifted(self, conversation: Conversation) -> Finding | None:
        """Missed by the stretch that is farthest from the agent's own start, where that is too far."""
        if self.drift is None or self.figure is not Figure.PACE:
            return None
        windows = pace_by_window(conversation, Role.AGENT, self.drift_seconds)
        if len(windows) < 2:  # noqa: PLR2004 - a start and something to compare with it
            return None
        own = windows[0][1]
        span, worst = max(windows[1:], key=lambda window: abs(window[1] / own - 1))
        if abs(worst / own - 1) <= self.drift:
            return None
        why = Reason("from {own} to {worst} words per minute", (("own", round(own)), ("worst", round(worst))))
        return Finding(Verdict.MISSED, why, 1.0, searched=span)

    def _quotes(self, conversation: Conversation) -> tuple[Evidence, ...]:
        if self.figure is not Figure.FILLERS:
            return ()
        found = fillers(conversation, Role.AGENT)[:SHOWN]
        return tuple(Evidence(Span(w.span.start, w.span.end), Role.AGENT, w.text) for w in found)


UNITS: Mapping[Figure, str] = {
    Figure.PACE: "words per minute",
    Figure.FILLERS: "fillers per minute",
    Figure.TALK_SHARE: "agent's share of the talk",
}
"""Each figure as a reader names it."""


def build(parameters: Mapping[str, Json], company: CompanyFacts) -> Check:
    """The check that these parameters describe."""
    return from_json(Measured, parameters)


BAND = parameters_object(least=number("the lowest value that is right"), most=number("the highest value that is right"))

KIND = CheckKind(
    name="measured",
    purpose="Lays the agent's pace, fillers per minute or share of the talk against a band.",
    schema=parameters_object(
        ("figure", "band"),
        figure={
            "enum": [str(figure) for figure in Figure],
            "description": "what is measured: pace, fillers or talk_share",
        },
        band={**BAND, "description": "the band, with “least” and “most”"},
        min_seconds=seconds("how long the agent must speak for a figure to mean anything"),
        drift=share("how far the pace may stray from the agent's own start"),
        drift_seconds=seconds("how much of the agent's voice makes one stretch to compare"),
        languages={"type": "object", "additionalProperties": BAND, "description": "bands by language code"},
    ),
    build=build,
)
