"""Who hung up, as telephony says it; nothing of it is heard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qa.criteria.parameters import from_json, parameters_object, role_name
from qa.model.contracts import Check
from qa.model.dialogue import Dialogue
from qa.model.finding import Finding, Reason, Verdict
from qa.model.recording import Party
from qa.model.rubric import CheckKind, CompanyFacts, Json
from qa.model.span import Span


@dataclass(frozen=True, slots=True)
class Disconnected:
    """Met where the side named by ``by`` ended the call; not applicable where nobody says who did."""

    by: Party = Party.CUSTOMER

    def judge(self, dialogue: Dialogue) -> Finding:
        """Compare with the manifest."""
        told = dialogue.context.disconnected_by
        if told is None:
            return Finding(Verdict.NOT_APPLICABLE, Reason("The metadata does not say who hung up"))
        end = Span(dialogue.conversation.speech_hull().end, dialogue.conversation.duration)
        why = Reason("The metadata says the {told} hung up", (("told", told.value),))
        return Finding(Verdict.MET if told is self.by else Verdict.MISSED, why, 1.0, searched=end)


def build(parameters: Mapping[str, Json], company: CompanyFacts) -> Check:
    """The check that these parameters describe."""
    return from_json(Disconnected, parameters)


KIND = CheckKind(
    name="disconnected",
    purpose="Compares who hung up, by the metadata, with who should.",
    schema=parameters_object(by=role_name("who should hang up first")),
    build=build,
    needs_words=False,
)
