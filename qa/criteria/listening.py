"""Listening: long explanations are taken up before anything is offered, and the agent does not do all the talking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from qa.criteria.measured import BAND, Band, Figure, Measured
from qa.criteria.occasion import Needed, Occasion, Which
from qa.criteria.parameters import act_names, from_json, parameters_object, seconds, whole
from qa.dialogue.moments import Look, Trigger
from qa.model.contracts import Check
from qa.model.dialogue import Dialogue
from qa.model.finding import Finding, Verdict
from qa.model.rubric import CheckKind, CompanyFacts, Json


@dataclass(frozen=True, slots=True)
class Listening:
    """Applies where the customer explains for ``turn_seconds`` without a break; the band is one of talk share.

    One explanation taken up is enough: nobody answers every long turn alike.
    """

    turn_seconds: float
    takes_up: tuple[str, ...]
    ahead_of: tuple[str, ...]
    talk_share: Band
    within_turns: int = 1

    def judge(self, dialogue: Dialogue) -> Finding:
        """First whether explanations were taken up, then the share of the talk."""
        taken_up = Occasion(
            when=(Trigger(turn_seconds=self.turn_seconds),),
            needed=(Needed("taking up what was explained", self.takes_up),),
            look=Look.AFTER,
            turns=self.within_turns,
            ahead_of=self.ahead_of,
            which=Which.ANY,
        ).judge(dialogue)
        if taken_up.verdict is not Verdict.MET:
            return taken_up
        shared = Measured(Figure.TALK_SHARE, self.talk_share, min_seconds=0.0).judge(dialogue)
        if shared.verdict is Verdict.MET:
            return replace(taken_up, confidence=min(taken_up.confidence, shared.confidence))
        return replace(shared, evidence=taken_up.evidence)


def build(parameters: Mapping[str, Json], company: CompanyFacts) -> Check:
    """The check that these parameters describe."""
    return from_json(Listening, parameters)


KIND = CheckKind(
    name="listening",
    purpose="Asks whether long explanations are taken up before anything is offered, and who does the talking.",
    schema=parameters_object(
        ("turn_seconds", "takes_up", "ahead_of", "talk_share"),
        turn_seconds=seconds("how long a turn of the customer is an explanation"),
        takes_up=act_names("that take an explanation up"),
        ahead_of=act_names("that offer something"),
        talk_share={**BAND, "description": "the band of the agent's share of the talk"},
        within_turns=whole("how many of the agent's next turns may take it up"),
    ),
    build=build,
)
