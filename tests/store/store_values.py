"""Calls to store: small, whole, and different from each other by their id."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.errors import Problem, QaError
from qa.model.conversation import Conversation, Hearing, Role, RoleSpeech, Turn, Utterance
from qa.model.finding import Evidence, Finding, Reason, Verdict
from qa.model.night import RunFacts
from qa.model.promise import Promise, PromisedAct
from qa.model.recording import CallMetadata, Direction, Medium, Recording
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
from qa.model.sound import ChannelLayout, SoundEvent, SoundKind
from qa.model.span import Span
from qa.model.transcript import EngineDescription, Grade, Word, WordTiming
from qa.store.store import Store

NINE_O_CLOCK = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RUBRIC = RubricStamp("standard", "1.0.0", "r" * 64)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def problem(caught: pytest.ExceptionInfo[QaError]) -> Problem:
    """The one problem of an error, whole in all four parts."""
    (only,) = caught.value.problems
    assert all((only.where, only.wrong, only.expected, only.do))
    return only


def raw(path: Path) -> closing[sqlite3.Connection]:
    """The file as another program opens it."""
    return closing(sqlite3.connect(path, isolation_level=None))


def conversation(call_id: str = "call-1", words: int = 4) -> Conversation:
    said = tuple(Word(f"słowo{i}", Span(i, i + 0.5), None if i % 2 else 0.25) for i in range(words))
    turn = Turn("A", Role.AGENT, (Utterance(said, Span(0, words)),))
    engine = EngineDescription("recorded", "", "1")
    hearing = Hearing(
        transcriber=engine,
        diariser=EngineDescription("channels", "", "1", Grade.DRAFT, "gap=0.3"),
        layout=ChannelLayout.MONO,
        timing=WordTiming.INTERPOLATED,
        role_confidence=0.9,
        role_source="words",
        speaker_confidence=1,
        word_confidence=None,
        notes=("8 kHz",),
        redactions=(("card", 2),),
    )
    return Conversation(
        recording_sha256=sha256(call_id),
        duration=float(words),
        language="pl",
        turns=(turn,),
        speech=(RoleSpeech(Role.AGENT, turn.span),),
        events=(SoundEvent(SoundKind.MUSIC, Span(1, 2), 0.5),),
        hearing=hearing,
    )


def recording(
    call_id: str = "call-1", agent_id: str = "anna", started_at: datetime | None = NINE_O_CLOCK, path: str | None = None
) -> Recording:
    metadata = CallMetadata(call_id, agent_id, direction=Direction.INBOUND, started_at=started_at, csat=4)
    return Recording(Path(path or f"in/{call_id}.wav"), sha256(call_id), Medium.AUDIO, metadata)


def card(call: CallMetadata, rubric: RubricStamp = RUBRIC) -> Scorecard:
    reason = Reason("{found} of {wanted} parts of {what}", (("found", 2), ("wanted", 4.0), ("what", "powitanie")))
    finding = Finding(Verdict.PARTLY, reason, 0.75, (Evidence(Span(0, 1), Role.AGENT, "dzień dobry"),), Span(0, 30))
    return Scorecard(
        call=call,
        language="pl",
        duration=4.0,
        rubric=rubric,
        results=(CriterionResult("greeting", "Greeting", finding, Tally(1, 2)),),
        band="fair",
        metrics=CallMetrics(3, 1, 0.75, 0, 0, 0, None, (Interruption(1.0, Role.AGENT, 0.5, True),), (Span(2, 3),)),
        promises=(Promise(Role.AGENT, Span(1, 2), "oddzwonię", PromisedAct.CALL_BACK, "jutro", NINE_O_CLOCK),),
        provenance=Provenance(
            sha256(call.call_id), "recorded", "channels", ChannelLayout.MONO, Grade.FULL, "words", 0.9, "0.1.0"
        ),
    )


def failure(call_id: str = "call-1", where: str = "in/call-1.wav", notice: bool = False) -> CallFailure:
    return CallFailure(call_id, FailureKind.TRUNCATED, where, "cut", "a whole file", "copy it again", notice=notice)


def run_facts(run_id: str, started_at: datetime = NINE_O_CLOCK) -> RunFacts:
    return RunFacts(run_id, started_at, "0.1.0", "standard", "1.0.0", "r" * 64, 1, 2, 3, 4.5, False, ("recorded",))


def keep(store: Store, call: Recording, rubric: RubricStamp = RUBRIC) -> None:
    """Hear, keep and score one call, as a run does."""
    call_id = call.metadata.call_id
    with store.transaction():
        store.keep_heard(f"key of {call_id}", conversation(call_id))
        store.keep_call(call, f"key of {call_id}")
        store.keep_scorecard(card(call.metadata, rubric), rubric.sha256)
