"""Calls made by hand, and one in which everybody is hostile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from qa.model.conversation import Conversation, Hearing, Role, RoleSpeech, Turn, Utterance
from qa.model.finding import Evidence, Finding, Reason, Verdict
from qa.model.night import ScoredCall
from qa.model.promise import Promise, PromisedAct, PromiseState
from qa.model.recording import CallMetadata, Direction, Medium
from qa.model.scorecard import (
    CallMetrics,
    CriterionResult,
    Interruption,
    Provenance,
    RubricStamp,
    Scorecard,
    Tally,
)
from qa.model.sound import ChannelLayout, SoundEvent, SoundKind
from qa.model.span import Span, total
from qa.model.transcript import EngineDescription, Grade, Word, WordTiming

CRITERIA = (
    ("greeting", "Greets with company and name", 2.0, False),
    ("verification", "Verifies the caller before giving data", 3.0, True),
    ("empathy", "Acknowledges the customer's trouble", 2.0, False),
    ("interruptions", "Lets the customer finish", 2.0, False),
    ("closing", "Sums up and closes", 1.0, False),
)
HOSTILE = """<script>fired=1</script></script><img src=x onerror="fired=1">'";javascript:fired=1//{{7*7}}-->\u2028"""
STAMP = RubricStamp("standard", "1.0.0", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
STARTED = datetime(2026, 3, 2, 9, 12, 30, tzinfo=UTC)

TALK = (
    (Role.AGENT, 0.8, "Dzień dobry, Nova Telekom, Anna przy telefonie, w czym mogę pomóc?"),
    (Role.CUSTOMER, 6.0, "Dzień dobry. Od trzech dni nie działa mi internet i nikt nie oddzwania."),
    (Role.AGENT, 13.2, "Rozumiem, trzy dni bez internetu to naprawdę kłopot. Proszę o numer umowy."),
    (Role.CUSTOMER, 20.5, "Numer umowy to [number removed], ale ja już to podawałem"),
    (Role.AGENT, 24.4, "Tak tak, to tylko do sprawdzenia w systemie."),
    (Role.AGENT, 44.0, "Dziękuję, że pan zaczekał. Zadzwonię jutro do dwunastej z wynikiem pomiaru."),
    (Role.CUSTOMER, 52.0, "Dobrze, czekam. Do widzenia."),
    (Role.AGENT, 55.0, "Dziękuję za rozmowę, do widzenia."),
)


def utterance(start: float, text: str, seconds_per_word: float = 0.42) -> Utterance:
    """Words in a row, each as long as the next."""
    words = tuple(
        Word(w, Span(round(start + i * seconds_per_word, 2), round(start + (i + 0.9) * seconds_per_word, 2)), 0.9)
        for i, w in enumerate(text.split())
    )
    return Utterance(words, words[0].span.hull(words[-1].span))


def conversation(talk: tuple[tuple[Role, float, str], ...] = TALK, language: str = "pl") -> Conversation:
    """A heard call of one minute with hold music between 28 and 43 seconds."""
    turns = tuple(Turn(role.value, role, (utterance(start, text),)) for role, start, text in talk)
    engine = EngineDescription("whisper", "large-v3-turbo", "20250625")
    hearing = Hearing(
        engine,
        EngineDescription("channels", "", "1"),
        ChannelLayout.TWO_CHANNEL,
        WordTiming.MEASURED,
        0.97,
        "the manifest's agent_channel",
        1.0,
        0.9,
    )
    events = (SoundEvent(SoundKind.MUSIC, Span(30.0, 43.0), 0.95),)
    speech = tuple(RoleSpeech(turn.role, turn.span) for turn in turns)
    return Conversation("ab" * 32, 60.0, language, turns, speech, events, hearing)


def finding(verdict: Verdict, quote: str = "Rozumiem, trzy dni bez internetu") -> Finding:
    """A finding as a check of this verdict would give it."""
    said = (Evidence(Span(13.2, 15.3), Role.AGENT, quote),)
    return {
        Verdict.MET: Finding(verdict, Reason("Said within {limit} s", (("limit", 20),)), 0.93, said),
        Verdict.PARTLY: Finding(verdict, Reason("{found} of {wanted} parts", (("found", 1), ("wanted", 2))), 0.8, said),
        Verdict.MISSED: Finding(verdict, Reason("Nothing of the kind was said"), 0.88, (), Span(0.0, 45.0)),
        Verdict.NOT_APPLICABLE: Finding(verdict, Reason("Asked on outbound calls only"), 1.0),
        Verdict.UNSURE: Finding(verdict, Reason("The words are too faint to tell"), 0.41, said),
    }[verdict]


SHARES = {Verdict.MET: 1.0, Verdict.PARTLY: 0.5, Verdict.MISSED: 0.0}
LETTERS = {"m": Verdict.MET, "p": Verdict.PARTLY, "x": Verdict.MISSED, "n": Verdict.NOT_APPLICABLE, "u": Verdict.UNSURE}


def results(verdicts: str) -> tuple[CriterionResult, ...]:
    """One line a criterion; ``verdicts`` is a letter for each, e.g. ``mmxun``."""
    return tuple(
        CriterionResult(
            name,
            title,
            finding(LETTERS[letter]),
            Tally(weight * SHARES[LETTERS[letter]], weight) if LETTERS[letter].counts else Tally(0, 0),
            critical,
        )
        for letter, (name, title, weight, critical) in zip(verdicts, CRITERIA, strict=True)
    )


def metrics(heard: Conversation) -> CallMetrics:
    """The figures of the made-up call."""
    agent, customer = total(heard.speech_of(Role.AGENT)), total(heard.speech_of(Role.CUSTOMER))
    return CallMetrics(
        agent,
        customer,
        agent / (agent + customer),
        15.0,
        13.0,
        total(heard.overlaps()),
        148.0,
        (Interruption(24.4, Role.AGENT, 0.4, True),),
        (Span(28.0, 43.9),),
    )


PROMISE = Promise(
    Role.AGENT,
    Span(47.0, 51.0),
    "Zadzwonię jutro do dwunastej",
    PromisedAct.CALL_BACK,
    "jutro do dwunastej",
    datetime(2026, 3, 3, 12, 0, tzinfo=UTC),
)


def scored(number: int, agent: str, name: str | None, verdicts: str, media: Path, **changes: object) -> ScoredCall:
    """One call of the night; ``changes`` replace fields of its metadata."""
    heard = conversation()
    about = CallMetadata(
        f"C-10{number:02d}",
        agent,
        name,
        queue="Technical",
        team="North",
        direction=Direction.INBOUND,
        started_at=STARTED + timedelta(minutes=17 * number),
        language="pl",
    )
    stands = Provenance(
        heard.recording_sha256,
        "whisper large-v3-turbo 20250625",
        "channels 1",
        ChannelLayout.TWO_CHANNEL,
        Grade.FULL,
        "the manifest's agent_channel",
        0.97,
        "0.1.0",
        ("The right channel is 9 dB quieter than the left one",),
        0,
        (("card number", 1),),
    )
    lines, figures = results(verdicts), metrics(heard)
    card = Scorecard(about, "pl", 60.0, STAMP, lines, None, figures, (PROMISE,), stands)
    scores = {True: "good", False: "poor", None: None}
    band = "auto_fail" if card.auto_fail else scores[None if card.score is None else card.score >= 75]
    card = replace(card, band=band, call=replace(about, **changes))  # type: ignore[arg-type]
    return ScoredCall(card, heard, media / f"{card.call.call_id}.wav", Medium.AUDIO)


def hostile_call(media: Path) -> ScoredCall:
    """A call in which every text that comes from outside tries to run or to break the page."""
    talk = ((Role.AGENT, 1.0, HOSTILE), (Role.CUSTOMER, 9.0, HOSTILE), (Role.OTHER, 12.0, HOSTILE))
    call = scored(7, HOSTILE, HOSTILE, "mxumm", media, call_id=HOSTILE, queue=HOSTILE, team=HOSTILE)
    card, heard = call.scorecard, conversation(talk, HOSTILE)
    loud = Finding(
        Verdict.UNSURE, Reason("{said}", (("said", HOSTILE),)), 0.3, (Evidence(Span(1, 3), Role.AGENT, HOSTILE),)
    )
    lines = tuple(
        replace(line, finding=loud, tally=Tally(0, 0)) if line.verdict is Verdict.UNSURE else line
        for line in card.results
    )
    stands = replace(card.provenance, notes=(HOSTILE,), transcriber=HOSTILE, redactions=((HOSTILE, 1),))
    owed = (replace(PROMISE, quote=HOSTILE, due_text=HOSTILE, state_reason=HOSTILE, state=PromiseState.BROKEN),)
    card = replace(card, results=lines, provenance=stands, promises=owed, language=HOSTILE)
    return replace(call, scorecard=card, conversation=heard, media=media / "javascript:fired=1;#?.wav")
