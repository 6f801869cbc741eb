"""Every situation that the samples promise is really in them, measured from the true times and the sound."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import pairwise

import pytest
from samples_folder import Said, conversations, manifest, recording, scripts, verdicts

from qa.model.span import Span

SCRIPTS, MANIFEST, VERDICTS, TALK = scripts(), manifest(), verdicts(), conversations()
TWO_CHANNELS = [call for call, script in SCRIPTS.items() if script["recorded"]["channels"] == 2]


def talked_over(call_id: str) -> list[tuple[Said, Said]]:
    """(agent, customer) wherever the agent begins while the customer has held the floor for a second or more."""
    talk = TALK[call_id]
    return [
        (agent, customer)
        for agent in talk
        for customer in talk
        if (agent.speaker, customer.speaker) == ("agent", "customer")
        and customer.span.start + 1.0 <= agent.span.start < customer.span.end
    ]


def is_interruption(agent: Said, customer: Said) -> bool:
    return (agent.span & customer.span).duration >= 0.5 and agent.words > 2


def is_listening(agent: Said) -> bool:
    return agent.words <= 2 and agent.span.duration <= 0.8


def calls_with(criterion: str, verdict: str) -> list[str]:
    return [call for (call, name), true in VERDICTS.items() if (name, true) == (criterion, verdict)]


def test_four_languages_and_five_agents_of_whom_two_speak_english() -> None:
    assert {row["language"] for row in MANIFEST.values()} == {"en", "pl", "sk", "hu"}
    agents = {(row["language"], row["agent_id"]) for row in MANIFEST.values()}
    assert Counter(language for language, _ in agents) == {"en": 2, "pl": 1, "sk": 1, "hu": 1}


def test_every_kind_of_recording_is_there() -> None:
    kinds = {(s["recorded"]["kind"], s["recorded"]["rate"], s["recorded"]["channels"]) for s in SCRIPTS.values()}
    assert {kind for kind, _, _ in kinds} == {"flac", "opus", "mulaw", "mp3"}
    assert {rate for _, rate, _ in kinds} == {8000, 16000}
    assert {channels for _, _, channels in kinds} == {1, 2}
    assert any(s["language"] == "en" and s["recorded"]["channels"] == 1 for s in SCRIPTS.values())


@pytest.mark.parametrize("criterion", ["greeting", "empathy", "no_interruptions", "promise_keeping", "polite_closing"])
def test_every_criterion_is_met_in_one_call_and_missed_in_another(criterion: str) -> None:
    assert calls_with(criterion, "met")
    assert calls_with(criterion, "missed")


@pytest.mark.parametrize("criterion", ["empathy", "promise_keeping"])
def test_what_need_not_arise_does_not_arise_in_some_call(criterion: str) -> None:
    assert calls_with(criterion, "not_applicable")


def test_a_promise_without_a_date_is_there() -> None:
    assert calls_with("promise_keeping", "partly")


@pytest.mark.parametrize("call_id", SCRIPTS)
def test_the_verdict_on_interruptions_is_what_the_times_say(call_id: str) -> None:
    count = sum(is_interruption(agent, customer) for agent, customer in talked_over(call_id))
    assert VERDICTS[call_id, "no_interruptions"] == ("met", "partly", "missed")[min(count, 2)]


def test_an_interrupted_customer_falls_silent_within_seconds() -> None:
    cut = [pair for call in SCRIPTS for pair in talked_over(call) if is_interruption(*pair)]
    assert cut
    assert all((agent.span & customer.span).duration < 2.0 for agent, customer in cut)


def test_a_listening_sound_over_the_customer_is_no_interruption() -> None:
    heard = {call for call in SCRIPTS for agent, _ in talked_over(call) if is_listening(agent)}
    assert {MANIFEST[call]["language"] for call in heard} == {"en", "pl", "sk"}
    assert {VERDICTS[call, "no_interruptions"] for call in heard} == {"met"}


def waits(call_id: str) -> list[Span]:
    """Every stretch of twelve seconds or more in which nobody speaks."""
    talk = TALK[call_id]
    between = (Span(a.span.end, b.span.start) for a, b in pairwise(talk))
    return [span for span in between if span.duration >= 12]


def test_two_customers_are_put_on_hold_one_with_music_one_in_silence() -> None:
    held = {call: waits(call) for call in SCRIPTS if waits(call)}
    assert {call: len(spans) for call, spans in held.items()} == {"en-03-savings-on-hold": 1, "hu-01-betores": 1}
    levels = {call: recording(call).level(0, Span(s.start + 1, s.end - 1)) for call, (s,) in held.items()}
    assert levels["en-03-savings-on-hold"] > 0.01
    assert levels["hu-01-betores"] < 0.001


def test_a_customer_who_calls_again_shows_that_a_promise_was_broken() -> None:
    customers = Counter(row["customer_id"] for row in MANIFEST.values())
    twice = [customer for customer, calls in customers.items() if calls == 2]
    first, second = sorted(
        (row for row in MANIFEST.values() if row["customer_id"] in twice),
        key=lambda row: datetime.fromisoformat(row["started_at"]),
    )
    assert VERDICTS[first["call_id"], "promise_keeping"] == "missed"
    assert any("nikt nie zadzwonił" in said.text for said in TALK[second["call_id"]])


def test_the_customer_speaks_first_where_the_agent_dialled() -> None:
    first = {call: TALK[call][0].speaker for call in SCRIPTS}
    outbound = {call for call, row in MANIFEST.items() if row["direction"] == "outbound"}
    assert outbound == {call for call, speaker in first.items() if speaker == "customer"}
    assert outbound


@pytest.mark.parametrize("call_id", TWO_CHANNELS)
def test_everybody_is_on_their_own_channel(call_id: str) -> None:
    sound, agent_channel = recording(call_id), int(MANIFEST[call_id]["agent_channel"])
    alone = [said for said in TALK[call_id] if not any(said.span & o.span for o in TALK[call_id] if o is not said)]
    for said in alone:
        channel = agent_channel if said.speaker == "agent" else 1 - agent_channel
        assert sound.level(channel, said.span) > 20 * sound.level(1 - channel, said.span), said.text
