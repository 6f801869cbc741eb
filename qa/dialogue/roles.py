"""Which speaker is the agent: by manifest, by the transcript's labels, else by what is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from types import MappingProxyType

from qa.dialogue.acts import ActRecogniser
from qa.dialogue.attribute import channel_label
from qa.dialogue.turns import SpokenWords, to_turns
from qa.model.conversation import Role
from qa.model.recording import Direction

AGENT_ACTS: Mapping[str, float] = MappingProxyType(
    {
        "offer_of_help": 3.0,
        "offer_of_more": 3.0,
        "thanks_for_waiting": 3.0,
        "hold_request": 2.5,
        "hold_permission": 2.5,
        "identity_check": 2.5,
        "transfer": 2.0,
        "company": 1.5,
        "acknowledgement": 1.5,
        "promise.call_back": 1.5,
        "promise.send": 1.5,
        "promise.check": 1.5,
        "undertaking_now": 1.5,
        "account_disclosure": 1.5,
        "apology": 1.0,
        "paraphrase": 1.0,
        "refusal": 1.0,
        "purpose": 1.0,
        "good_wish": 0.7,
        "self_introduction": 0.5,
        "trouble": -2.0,
        "complaint": -2.0,
        "insult": -2.5,
        "escalation_request": -3.0,
        "need": -1.5,
        "name_given": -0.5,
    }
)
"""Log-odds (natural) that whoever does this is the agent; set by hand from what the standards ask of agents."""

FIRST_SPEAKER = 0.7
"""Log-odds that the first speaker is the one who was called: the agent inbound, the customer outbound."""

MOST_PER_ACT = 2
"""An act counts at most so often: a chatty speaker proves no more than a clear one."""

ONE_VOICE = 0.5
"""Confidence where only one speaker is heard: there is nothing to compare with."""


@dataclass(frozen=True, slots=True)
class RoleHints:
    """What telephony says that bears on roles."""

    direction: Direction | None = None
    agent_channel: int | None = None


@dataclass(frozen=True, slots=True)
class RoleAssignment:
    """A role for every label, how sure (0 to 1), and what it rests on."""

    roles: Mapping[str, Role]
    confidence: float
    source: str


def assign_roles(
    spoken: Sequence[SpokenWords], silent: tuple[str, ...], hints: RoleHints, recogniser: ActRecogniser | None
) -> RoleAssignment:
    """Roles for the speakers of a call; labels ``agent`` and ``customer`` are taken at their word.

    ``silent`` are the labels of voices that are heard but said no recognised word.
    """
    spoke = dict.fromkeys(s.speaker for s in sorted(spoken, key=lambda s: s.utterance.span))
    labels = (*spoke, *silent)
    named = {label: Role(label.casefold()) for label in labels if label.casefold() in ("agent", "customer")}
    if named:
        roles = {label: named.get(label, Role.OTHER) for label in labels}
        return RoleAssignment(roles, 1.0, "transcript")
    if hints.agent_channel is not None and channel_label(hints.agent_channel) in labels:
        agent = channel_label(hints.agent_channel)
        return RoleAssignment({x: Role.AGENT if x == agent else Role.CUSTOMER for x in labels}, 1.0, "manifest")
    return _by_words(spoken, labels, hints, recogniser)


def _by_words(
    spoken: Sequence[SpokenWords], labels: tuple[str, ...], hints: RoleHints, recogniser: ActRecogniser | None
) -> RoleAssignment:
    if not labels:
        return RoleAssignment({}, 0.0, "nothing said")
    leanings = _leanings(spoken, labels, hints, recogniser)
    if len(labels) == 1:
        only = Role.AGENT if leanings[labels[0]] >= 0 else Role.CUSTOMER
        return RoleAssignment({labels[0]: only}, ONE_VOICE, "one voice")
    agent = max(labels, key=lambda label: leanings[label])
    seconds = dict.fromkeys(labels, 0.0)
    for s in spoken:
        seconds[s.speaker] += s.utterance.span.duration
    customer = max((x for x in labels if x != agent), key=lambda label: seconds[label])
    roles = dict.fromkeys(labels, Role.OTHER) | {agent: Role.AGENT, customer: Role.CUSTOMER}
    margin = leanings[agent] - leanings[customer]
    return RoleAssignment(roles, 1 / (1 + exp(-margin)), "what is said")


def _leanings(
    spoken: Sequence[SpokenWords], labels: tuple[str, ...], hints: RoleHints, recogniser: ActRecogniser | None
) -> dict[str, float]:
    """Log-odds per label that this speaker is the agent."""
    leanings = dict.fromkeys(labels, 0.0)
    leanings[labels[0]] += -FIRST_SPEAKER if hints.direction is Direction.OUTBOUND else FIRST_SPEAKER
    if recogniser is not None:
        turns = to_turns(spoken, {}, frozenset())
        counts = Counter((turns[act.turn].speaker, act.name) for act in recogniser.recognise(turns))
        for (speaker, name), count in counts.items():
            leanings[speaker] += AGENT_ACTS.get(name, 0.0) * min(count, MOST_PER_ACT)
    return leanings
