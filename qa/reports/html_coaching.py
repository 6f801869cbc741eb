"""What the coaching page shows: for each agent the few calls worth a conversation."""

from __future__ import annotations

from dataclasses import dataclass

from qa.model.night import CoachingPick, Night
from qa.reports.html_table import criteria_of
from qa.reports.html_words import agent_word


@dataclass(frozen=True, slots=True)
class AgentPicks:
    """One agent's picks, in the order they were picked."""

    agent_id: str
    name: str
    picks: tuple[CoachingPick, ...]


@dataclass(frozen=True, slots=True)
class CoachingPage:
    """The whole page; ``titles`` are criterion titles by id."""

    agents: tuple[AgentPicks, ...]
    titles: dict[str, str]


def coaching_page(night: Night) -> CoachingPage:
    """The picks of the night, agents in the order of the night."""
    names = {agent.id: agent.name for agent in night.agents}
    order = dict.fromkeys((*names, *(pick.agent_id for pick in night.coaching)))
    groups = (
        AgentPicks(agent, agent_word(agent, names.get(agent)), tuple(p for p in night.coaching if p.agent_id == agent))
        for agent in order
    )
    return CoachingPage(tuple(group for group in groups if group.picks), dict(criteria_of(night)))
