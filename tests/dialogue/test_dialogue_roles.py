from __future__ import annotations

from qa.dialogue.roles import RoleHints, assign_roles
from qa.dialogue.turns import SpokenWords, split_at_pauses
from qa.dialogue.understand import Listener
from qa.model.conversation import Role
from qa.model.recording import Direction
from qa.model.rubric import CompanyFacts
from qa.model.span import Span
from qa.model.transcript import Word

ENGLISH = Listener(CompanyFacts()).recogniser("en")


def said(speaker: str, start: float, text: str) -> SpokenWords:
    words = [Word(t, Span(start + 0.3 * i, start + 0.3 * i + 0.28)) for i, t in enumerate(text.split())]
    return split_at_pauses(words, speaker)[0]


CALL = [
    said("X", 0, "Good morning, Harbour Bank, my name is Ellen, how can I help you?"),
    said("Y", 6, "Hello, I lost my card yesterday and I am really worried."),
    said("X", 12, "I am so sorry to hear that. Could you confirm your date of birth, please?"),
    said("Y", 20, "The third of May."),
    said("X", 24, "Is there anything else I can help you with?"),
]


def test_what_is_said_tells_the_agent() -> None:
    found = assign_roles(CALL, (), RoleHints(), ENGLISH)
    assert found.roles == {"X": Role.AGENT, "Y": Role.CUSTOMER}
    assert found.source == "what is said"
    assert found.confidence > 0.95


def test_swapped_labels_swap_roles_and_nothing_else() -> None:
    swapped = [SpokenWords({"X": "Y", "Y": "X"}[s.speaker], s.utterance) for s in CALL]
    assert assign_roles(swapped, (), RoleHints(), ENGLISH).roles == {"Y": Role.AGENT, "X": Role.CUSTOMER}


def test_the_manifest_is_stronger_than_what_is_said() -> None:
    call = [SpokenWords({"X": "channel-0", "Y": "channel-1"}[s.speaker], s.utterance) for s in CALL]
    found = assign_roles(call, (), RoleHints(agent_channel=1), ENGLISH)
    assert (found.roles["channel-1"], found.source, found.confidence) == (Role.AGENT, "manifest", 1.0)


def test_a_silent_channel_has_its_role_too() -> None:
    call = [SpokenWords("channel-0", s.utterance) for s in CALL if s.speaker == "X"]
    found = assign_roles(call, ("channel-1",), RoleHints(agent_channel=0), ENGLISH)
    assert found.roles == {"channel-0": Role.AGENT, "channel-1": Role.CUSTOMER}


def test_labels_that_are_roles_are_taken_at_their_word() -> None:
    found = assign_roles(
        [said("agent", 0, "I lost my card"), said("customer", 3, "how can I help")], (), RoleHints(), ENGLISH
    )
    assert found.roles == {"agent": Role.AGENT, "customer": Role.CUSTOMER}


def test_two_mumbles_leave_the_agent_in_doubt() -> None:
    found = assign_roles([said("X", 0, "well"), said("Y", 1, "so")], (), RoleHints(), ENGLISH)
    assert found.confidence < 0.85
    unknown = assign_roles([said("X", 0, "hm"), said("Y", 1, "so")], (), RoleHints(Direction.INBOUND), None)
    assert unknown.confidence < 0.85


def test_a_third_voice_is_nobody_of_the_two() -> None:
    announcement = said("Z", -5, "Your call may be recorded.")
    found = assign_roles([announcement, *CALL], (), RoleHints(), ENGLISH)
    assert found.roles == {"X": Role.AGENT, "Y": Role.CUSTOMER, "Z": Role.OTHER}


def test_nothing_said_nobody_known() -> None:
    assert assign_roles([], (), RoleHints(), ENGLISH).confidence == 0.0
