"""Scored calls made by hand: short to write, whole enough for summaries, coaching, calibration and reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from qa.model.conversation import Conversation, Hearing, Role
from qa.model.finding import Evidence, Finding, Reason, Verdict
from qa.model.night import Night, RunFacts, ScoredCall
from qa.model.promise import Promise, PromisedAct, PromiseState
from qa.model.recording import CallMetadata, Direction, Medium
from qa.model.rubric import Band, Criterion, Rubric
from qa.model.scorecard import (
    CallFailure,
    CallMetrics,
    CriterionResult,
    FailureKind,
    Interruption,
    Provenance,
    RubricStamp,
    Scorecard,
    Tally,
)
from qa.model.sound import ChannelLayout
from qa.model.span import Span
from qa.model.transcript import EngineDescription, Grade, WordTiming
from qa.summary import night_of

MET, PARTLY, MISSED = Verdict.MET, Verdict.PARTLY, Verdict.MISSED
NOT_APPLICABLE, UNSURE = Verdict.NOT_APPLICABLE, Verdict.UNSURE

STAMP = RubricStamp("standard", "1.0.0", "ab" * 32)
RUBRIC = Rubric(
    stamp=STAMP,
    title="Standard",
    criteria=(
        Criterion("greeting", "Greeting", 2.0, "greeting"),
        Criterion("empathy", "Empathy", 2.0, "empathy"),
        Criterion("identity", "Identity check", 1.0, "identity_check", critical=True),
    ),
    bands=(Band("good", "Good", 80.0), Band("fair", "Fair", 50.0), Band("poor", "Poor", 0.0)),
    not_measured=("Dress and workplace",),
)
SHARES = {MET: 1.0, PARTLY: 0.5, MISSED: 0.0}
STARTED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOSTILE = '=HYPERLINK("http://x","y")\u2028<script>alert(1)</script>\n"\'\ud800'
RUN = RunFacts("2026-03-03-0400", STARTED, "0.1.0", "standard", "1.0.0", STAMP.sha256, 7, 0, 2, 700.5, True, ("a 1",))


def finding(verdict: Verdict, second: float = 12.5, confidence: float = 0.9, quote: str = "good morning") -> Finding:
    """Words for met and partly, a searched span for missed, nothing for the rest."""
    words = (Evidence(Span(second, second + 2), Role.AGENT, quote),)
    reason = Reason("{parts} parts were said", (("parts", 2),))
    if verdict in (MET, PARTLY):
        return Finding(verdict, reason, confidence, words)
    return Finding(verdict, reason, confidence, searched=Span(second, 30.0) if verdict is MISSED else None)


def result(criterion: str, found: Finding) -> CriterionResult:
    """A line of a card, in the points of `RUBRIC`."""
    of = next(c for c in RUBRIC.criteria if c.id == criterion)
    possible = of.weight if found.verdict.counts else 0.0
    return CriterionResult(
        of.id, of.title, found, Tally(possible * SHARES.get(found.verdict, 0), possible), of.critical
    )


def card(call: CallMetadata, results: tuple[CriterionResult, ...], promises: tuple[Promise, ...] = ()) -> Scorecard:
    """A card with figures of a short call."""
    interruptions = (Interruption(33.2, Role.AGENT, 0.9, True),)
    metrics = CallMetrics(40.0, 50.5, 40 / 90.5, 8.0, 5.0, 0.9, 148.04, interruptions, (Span(40.0, 55.0),))
    made = Provenance(
        "cd" * 32, "whisper tiny 1", "channels", ChannelLayout.TWO_CHANNEL, Grade.FULL, "words", 0.8, "0.1.0"
    )
    whole = Scorecard(call, "pl", 100.0004, STAMP, results, None, metrics, promises, made)
    return replace(whole, band=RUBRIC.band_of(whole.score))


def scored(
    call_id: str,
    agent_id: str,
    verdicts: Mapping[str, Verdict | Finding],
    hour: float | None = 0.0,
    name: str | None = None,
) -> ScoredCall:
    """A scored call; ``hour`` counts from `STARTED`, None for a call without a start."""
    started = None if hour is None else STARTED + timedelta(hours=hour)
    call = CallMetadata(call_id, agent_id, name, team="north", direction=Direction.INBOUND, started_at=started)
    found = {c: v if isinstance(v, Finding) else finding(v) for c, v in verdicts.items()}
    return with_card(card(call, tuple(result(c, f) for c, f in found.items())))


def with_card(scorecard: Scorecard) -> ScoredCall:
    """A card with the conversation and the sound that it came from, both as good as empty."""
    engine = EngineDescription("whisper", "tiny", "1")
    hearing = Hearing(engine, engine, ChannelLayout.TWO_CHANNEL, WordTiming.MEASURED, 0.8, "words", 1.0, 0.9)
    heard = Conversation(scorecard.provenance.recording_sha256, scorecard.duration, "pl", (), (), (), hearing)
    return ScoredCall(scorecard, heard, Path(f"{scorecard.call.call_id}.wav"), Medium.AUDIO)


def promise(state: PromiseState, due: datetime | None) -> Promise:
    """A promise to call back."""
    said = "I will call you back tomorrow"
    return Promise(Role.AGENT, Span(60.2, 63.0), said, PromisedAct.CALL_BACK, "tomorrow" if due else None, due, state)


def _with_promises(call: ScoredCall) -> ScoredCall:
    promises = (promise(PromiseState.OPEN, STARTED + timedelta(days=1)), promise(PromiseState.BROKEN, None))
    return with_card(replace(call.scorecard, promises=promises))


def _hostile() -> ScoredCall:
    words = finding(MET, quote=HOSTILE)
    call = scored("../=1+1", "@agent", {"greeting": words, "empathy": UNSURE, "identity": MET}, 3, HOSTILE)
    return with_card(replace(call.scorecard, provenance=replace(call.scorecard.provenance, notes=(HOSTILE,))))


FAILED = (
    CallFailure(
        "f1", FailureKind.TRUNCATED, "f1.mp3", "ends early", "a whole file", "export it again", "anna", STARTED
    ),
    CallFailure("f2", FailureKind.NOT_AUDIO, HOSTILE, "is a picture", "sound", "remove it"),
    CallFailure("c1", FailureKind.SAME_RECORDING, "copy.wav", "is c1 again", "one copy", "nothing", notice=True),
)


def hand_made_night() -> Night:
    """Seven calls of three agents: auto-fail, unsure, N/A, a call without any score, promises, hostile text."""
    calls = (
        _with_promises(scored("c1", "anna", {"greeting": MET, "empathy": PARTLY, "identity": MET}, 0, "Anna")),
        scored("c2", "anna", {"greeting": MET, "empathy": MISSED, "identity": MET}, 1, "Anna"),
        scored("c3", "anna", {"greeting": MET, "empathy": NOT_APPLICABLE, "identity": MET}, 2, "Anna"),
        scored("c4", "boris", {"greeting": MET, "empathy": MET, "identity": MISSED}, 4),
        scored("c5", "boris", {"greeting": PARTLY, "empathy": UNSURE, "identity": MET}, 5),
        scored("c6", "boris", {"greeting": NOT_APPLICABLE, "empathy": UNSURE}, None),
        _hostile(),
    )
    return night_of(RUN, calls, FAILED, RUBRIC)
