"""Earlier contact: a customer who called before does not start from nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qa.criteria.parameters import act_names, evidence, from_json, parameters_object
from qa.dialogue.selection import Selection, select
from qa.model.contracts import Check
from qa.model.conversation import Role
from qa.model.dialogue import Dialogue
from qa.model.finding import Finding, Reason, Verdict
from qa.model.rubric import CheckKind, CompanyFacts, Json

NOT_HEARD = 0.8
"""Confidence that what no phrase recognised was not said."""


@dataclass(frozen=True, slots=True)
class EarlierContact:
    """Met where the agent refers to the earlier call, or asks nothing again; N/A where none is known.

    Whether something asked had been given before is not on this recording: where the agent asks
    (``asks``) and refers to nothing, the verdict is a human's.
    """

    refers: tuple[str, ...]
    asks: tuple[str, ...]

    def judge(self, dialogue: Dialogue) -> Finding:
        """Look for the reference; then for what might have been asked twice."""
        searched = dialogue.conversation.speech_hull()
        referred = select(dialogue, Selection(self.refers), Role.AGENT)
        if referred and dialogue.context.earlier_contact is not False:
            why = Reason("The agent refers to the earlier contact: “{quote}”", (("quote", referred[0].quote),))
            return Finding(Verdict.MET, why, referred[0].confidence, evidence(referred))
        if not dialogue.context.earlier_contact:
            why = Reason("No earlier call of this customer is on record")
            return Finding(Verdict.NOT_APPLICABLE, why, NOT_HEARD, searched=searched)
        if asked := select(dialogue, Selection(self.asks), Role.AGENT):
            why = Reason(
                "No reference to the earlier call; only a human can tell whether “{quote}” asks again",
                (("quote", asked[0].quote),),
            )
            return Finding(Verdict.UNSURE, why, 0.0, evidence(asked), searched)
        return Finding(
            Verdict.MET, Reason("Nothing was asked that could have been given before"), NOT_HEARD, searched=searched
        )


def build(parameters: Mapping[str, Json], company: CompanyFacts) -> Check:
    """The check that these parameters describe."""
    return from_json(EarlierContact, parameters)


KIND = CheckKind(
    name="earlier_contact",
    purpose="Asks whether the agent refers to the customer's earlier call, where one is on record.",
    schema=parameters_object(
        ("refers", "asks"),
        refers=act_names("that refer to the earlier call"),
        asks=act_names("that may ask again"),
    ),
    build=build,
)
