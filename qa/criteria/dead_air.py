"""Dead air: silence of both sides, outside holds, that lasts longer than the limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qa.criteria.parameters import from_json, parameters_object, seconds
from qa.dialogue.measures import dead_air
from qa.model.contracts import Check
from qa.model.conversation import Role
from qa.model.dialogue import Dialogue, LanguageSupport
from qa.model.finding import Evidence, Finding, Reason, Verdict
from qa.model.rubric import CheckKind, CompanyFacts, Json
from qa.model.sound import ChannelLayout


@dataclass(frozen=True, slots=True)
class DeadAir:
    """Missed with any silence longer than ``longest_seconds`` that was not announced as a hold."""

    longest_seconds: float = 10.0

    def judge(self, dialogue: Dialogue) -> Finding:
        """Find the silences."""
        conversation = dialogue.conversation
        searched = conversation.speech_hull()
        if conversation.hearing.layout is ChannelLayout.ONE_SIDED:
            why = Reason("Only one side can be heard: a silence may be the other side speaking")
            return Finding(Verdict.UNSURE, why, 0.0, searched=searched)
        found = dead_air(dialogue, self.longest_seconds)
        if not found:
            why = Reason("No unannounced silence longer than {limit} s", (("limit", self.longest_seconds),))
            return Finding(Verdict.MET, why, 1.0, searched=searched)
        values = (("count", len(found)), ("longest", round(max(s.duration for s in found), 1)))
        why = Reason("{count} silences, the longest {longest} s", values)
        if dialogue.support is LanguageSupport.NONE:
            return Finding(Verdict.UNSURE, why, 0.0, searched=found[0])
        quotes = tuple(Evidence(span, Role.AGENT, "(silence)") for span in found)
        return Finding(Verdict.MISSED, why, 1.0, quotes, found[0])


def build(parameters: Mapping[str, Json], company: CompanyFacts) -> Check:
    """The check that these parameters describe."""
    return from_json(DeadAir, parameters)


KIND = CheckKind(
    name="dead_air",
    purpose="Finds silences of both sides that no hold explains.",
    schema=parameters_object(longest_seconds=seconds("how long a silence may last")),
    build=build,
    needs_words=False,
)
