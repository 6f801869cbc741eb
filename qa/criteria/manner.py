"""Manner: wanted words are used at least so often in the whole call, and unwanted ones never."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qa.criteria.parameters import act_names, evidence, from_json, parameters_object, whole
from qa.dialogue.selection import Selection, select
from qa.model.contracts import Check
from qa.model.conversation import Role
from qa.model.dialogue import Dialogue, SpeechAct
from qa.model.finding import Finding, Reason, Verdict
from qa.model.rubric import CheckKind, CompanyFacts, Json

NOT_HEARD = 0.8
"""Confidence that what no phrase recognised was not said: it can always be said in yet another way."""


@dataclass(frozen=True, slots=True)
class Manner:
    """Missed with any ``unwanted`` act, or with fewer than ``at_least`` wanted ones.

    ``not_after`` names acts that, as the last thing the agent does, mean the call went on elsewhere.
    """

    wanted: tuple[str, ...] = ()
    at_least: int = 1
    unwanted: tuple[str, ...] = ()
    unwanted_unless: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()

    def judge(self, dialogue: Dialogue) -> Finding:
        """Count the agent's wanted and unwanted acts."""
        searched = dialogue.conversation.speech_hull()
        if not dialogue.conversation.by_role(Role.AGENT):
            return Finding(
                Verdict.NOT_APPLICABLE, Reason("The agent says nothing on this recording"), searched=searched
            )
        if wrong := select(dialogue, Selection(self.unwanted, self.unwanted_unless), Role.AGENT):
            why = Reason("Said what must not be said: “{quote}”", (("quote", wrong[0].quote),))
            return Finding(Verdict.MISSED, why, max(a.confidence for a in wrong), evidence(wrong))
        if not self.wanted:
            return Finding(Verdict.MET, Reason("None of the unwanted words was heard"), NOT_HEARD, searched=searched)
        return self._wanted(dialogue, select(dialogue, Selection(self.wanted), Role.AGENT))

    def _wanted(self, dialogue: Dialogue, heard: tuple[SpeechAct, ...]) -> Finding:
        counts = (("heard", len(heard)), ("wanted", self.at_least))
        searched = dialogue.conversation.speech_hull()
        if len(heard) >= self.at_least:
            trust = sorted((a.confidence for a in heard), reverse=True)[self.at_least - 1]
            return Finding(Verdict.MET, Reason("Heard {heard} times; wanted {wanted}", counts), trust, evidence(heard))
        if handed := _handed_over(dialogue, self.not_after):
            why = Reason("The call was handed over before this could be asked")
            return Finding(Verdict.NOT_APPLICABLE, why, handed.confidence, evidence([handed]))
        why = Reason("Heard {heard} times; wanted {wanted}", counts)
        return Finding(Verdict.MISSED, why, NOT_HEARD, evidence(heard), searched)


def _handed_over(dialogue: Dialogue, acts: tuple[str, ...]) -> SpeechAct | None:
    turns = dialogue.conversation.turns
    last = max((n for n, t in enumerate(turns) if t.role is Role.AGENT and not t.backchannel), default=0)
    return next((a for a in select(dialogue, Selection(acts), Role.AGENT) if a.turn >= last), None)


def build(parameters: Mapping[str, Json], company: CompanyFacts) -> Check:
    """The check that these parameters describe. Raises ValueError where nothing is asked."""
    check = from_json(Manner, parameters)
    if not check.wanted and not check.unwanted:
        raise ValueError("neither wanted nor unwanted acts are named: every call would meet this")
    return check


KIND = CheckKind(
    name="manner",
    purpose="Counts wanted words of the agent over the whole call and finds unwanted ones.",
    schema=parameters_object(
        wanted=act_names("that are wanted"),
        at_least=whole("how often wanted acts must be heard"),
        unwanted=act_names("that must not be said"),
        unwanted_unless=act_names("that excuse those when said with them"),
        not_after=act_names("after which, as the last thing said, nothing is asked"),
    ),
    build=build,
)
