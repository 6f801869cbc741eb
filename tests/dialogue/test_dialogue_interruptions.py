from __future__ import annotations

from dataclasses import replace

import pytest
from stories import talk

from qa.dialogue.interruptions import InterruptionRule, find_interruptions
from qa.model.conversation import Role
from qa.model.sound import SoundEvent, SoundKind
from qa.model.span import Span

LISTENING = frozenset({"mhm", "right", "i see"})
FLOOR = "customer 0-6 I moved house last week and I would like to change"


def by_agent(*lines: str, rule: InterruptionRule | None = None) -> list[float]:
    found = find_interruptions(talk(*lines), Role.AGENT, rule or InterruptionRule(), LISTENING)
    return [interruption.at for interruption in found]


@pytest.mark.parametrize(
    "line",
    ["agent 4-7 you need to fill in the form", "agent 2-3 wait wait wait", "agent 5.4-8 no that is not possible"],
)
def test_starting_over_a_customer_who_holds_the_floor_is_an_interruption(line: str) -> None:
    assert len(by_agent(FLOOR, line)) == 1


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("agent 3-3.5 mhm", "a listening sound"),
        ("agent 3-3.7 right mhm", "two listening sounds"),
        ("agent 5.7-8 certainly I can change that", "less than half a second of both"),
        ("agent 0.5-3 good morning how can I help", "the customer had not held the floor for a second"),
        ("agent 7-9 certainly", "after the customer"),
    ],
)
def test_this_is_no_interruption(line: str, why: str) -> None:
    assert by_agent(FLOOR, line) == [], why


def test_a_listening_sound_that_goes_on_is_an_interruption() -> None:
    assert by_agent(FLOOR, "agent 3-5 mhm") == [3.0]


def test_music_excuses_an_overlap() -> None:
    conversation = replace(
        talk(FLOOR, "agent 4-7 you need to fill in the form"), events=(SoundEvent(SoundKind.MUSIC, Span(0, 10), 0.9),)
    )
    assert find_interruptions(conversation, Role.AGENT, InterruptionRule(), LISTENING) == ()


def test_a_breath_gives_up_no_floor() -> None:
    lines = ("customer 0-3 I moved house last week", "customer 3.2-6 and I would like", "agent 4-6 the form")
    assert by_agent(*lines) == [4.0]


def test_it_is_competitive_where_the_customer_falls_silent_soon() -> None:
    soon = find_interruptions(talk(FLOOR, "agent 5.2-8 no no"), Role.AGENT, InterruptionRule(), LISTENING)
    late = find_interruptions(talk(FLOOR, "agent 3-8 no no"), Role.AGENT, InterruptionRule(), LISTENING)
    assert (soon[0].competitive, late[0].competitive) == (True, False)


def test_with_roles_exchanged_the_customers_interruptions_are_found() -> None:
    conversation = talk("agent 0-6 let me explain how this works in detail", "customer 3-7 but I know that already")
    (found,) = find_interruptions(conversation, Role.CUSTOMER, InterruptionRule(), LISTENING)
    assert (found.by, found.at, found.overlap) == (Role.CUSTOMER, 3.0, 3.0)


@pytest.mark.parametrize("shift", [0.5, 10.0, 3600.0])
def test_shifting_all_times_changes_nothing(shift: float) -> None:
    lines = [
        f"customer {0 + shift}-{6 + shift} I moved house last week",
        f"agent {4 + shift}-{7 + shift} the form please",
    ]
    assert [round(at - shift, 6) for at in by_agent(*lines)] == [4.0]
