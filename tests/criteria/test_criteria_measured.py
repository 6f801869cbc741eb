"""Figures of speech against their bands, and silences against their limit: numbers, no mood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from criteria_acted import acted, finding, verdict
from stories import understood

from qa.model.dialogue import LanguageSupport
from qa.model.finding import Verdict
from qa.model.rubric import Json
from qa.model.sound import ChannelLayout, SoundEvent, SoundKind
from qa.model.span import Span

PACE: Mapping[str, Json] = {"figure": "pace", "band": {"least": 80, "most": 200}, "min_seconds": 30}


def speech(words: int, start: float, seconds: float) -> str:
    return f"agent {start}-{start + seconds} " + " ".join(["word"] * words)


@pytest.mark.parametrize(("words", "wanted"), [(60, "met"), (30, "missed"), (120, "missed"), (40, "met"), (100, "met")])
def test_pace_stays_within_its_band_limits_included(words: int, wanted: str) -> None:
    assert verdict("measured", PACE, speech(words, 0, 30)) == wanted


def test_a_short_call_has_no_pace() -> None:
    assert verdict("measured", PACE, speech(10, 0, 29)) == "not_applicable"
    assert verdict("measured", PACE, "customer 0-60 a long story") == "not_applicable"


def test_a_language_may_have_a_band_of_its_own() -> None:
    rule: Mapping[str, Json] = {**PACE, "languages": {"hu": {"least": 50}}}
    slow = speech(30, 0, 30)
    assert finding("measured", rule, acted(slow, language="hu")).verdict is Verdict.MET
    assert finding("measured", rule, acted(slow, language="en")).verdict is Verdict.MISSED


def test_the_pace_stays_near_the_agents_own_start() -> None:
    rule = {**PACE, "drift": 0.5, "drift_seconds": 30}
    steady = acted(speech(45, 0, 30), "customer 31-32 yes", speech(60, 33, 30))
    hurried = acted(speech(45, 0, 30), "customer 31-32 yes", speech(95, 33, 30))
    assert finding("measured", rule, steady).verdict is Verdict.MET
    found = finding("measured", rule, hurried)
    assert found.verdict is Verdict.MISSED
    assert found.searched == Span(33, 63)
    assert finding("measured", PACE, hurried).verdict is Verdict.MET


def test_fillers_are_counted_per_minute_of_the_agents_own_voice() -> None:
    rule: Mapping[str, Json] = {"figure": "fillers", "band": {"most": 4}, "min_seconds": 30}
    assert finding("measured", rule, understood(speech(28, 0, 30) + " um um")).verdict is Verdict.MET
    found = finding("measured", rule, understood(speech(28, 0, 30) + " um um um"))
    assert found.verdict is Verdict.MISSED
    assert [quote.quote for quote in found.evidence] == ["um", "um", "um"]
    assert finding("measured", rule, understood(speech(28, 0, 30), "customer 31-33 um um um")).verdict is Verdict.MET


def test_the_share_of_the_talk_has_a_band() -> None:
    rule: Mapping[str, Json] = {"figure": "talk_share", "band": {"most": 0.6}, "min_seconds": 0}
    assert verdict("measured", rule, "agent 0-5 a b", "customer 6-11 c d") == "met"
    assert verdict("measured", rule, "agent 0-5 a b", "customer 6-8 c d") == "missed"


SILENT = ("customer 0-3 where is it", "agent 15-17 in Leeds")


def test_silence_of_both_sides_longer_than_the_limit_is_dead_air() -> None:
    assert verdict("dead_air", {"longest_seconds": 10}, *SILENT) == "missed"
    assert verdict("dead_air", {"longest_seconds": 12}, *SILENT) == "met"


def test_an_announced_hold_or_music_is_no_dead_air() -> None:
    announced = ("customer 0-3 where is it", "agent 3.5-5 [hold_request] please hold", "agent 20-22 in Leeds")
    assert verdict("dead_air", {}, *announced) == "met"
    silent = acted(*SILENT)
    music = (SoundEvent(SoundKind.MUSIC, Span(3, 15), 1.0),)
    heard = replace(silent, conversation=replace(silent.conversation, events=music))
    assert finding("dead_air", {}, heard).verdict is Verdict.MET


def test_where_one_side_or_the_words_are_lacking_a_human_decides_on_silence() -> None:
    silent = acted(*SILENT)
    hearing = replace(silent.conversation.hearing, layout=ChannelLayout.ONE_SIDED)
    one_sided = replace(silent, conversation=replace(silent.conversation, hearing=hearing))
    assert finding("dead_air", {}, one_sided).verdict is Verdict.UNSURE
    assert finding("dead_air", {}, replace(silent, support=LanguageSupport.NONE)).verdict is Verdict.UNSURE
