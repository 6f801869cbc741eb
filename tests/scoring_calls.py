"""Checks that find what they are told, and the cards they make: shared by the tests of scoring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qa.model.conversation import Conversation, Hearing, Role, RoleSpeech, Turn, Utterance
from qa.model.dialogue import CallContext, Dialogue, LanguageSupport
from qa.model.finding import Evidence, Finding, Reason, Verdict
from qa.model.recording import CallMetadata
from qa.model.rubric import Band, CheckKind, Criterion, Rubric
from qa.model.scorecard import CallMetrics, RubricStamp, Scorecard
from qa.model.sound import ChannelLayout
from qa.model.span import Span
from qa.model.transcript import EngineDescription, Grade, Word, WordTiming
from qa.scoring import score

METRICS = CallMetrics(3.0, 0.0, 1.0, 0.0, 0.0, 0.0, None, (), ())
QUOTE = (Evidence(Span(0, 3), Role.AGENT, "hello"),)


@dataclass(frozen=True, slots=True)
class Finds:
    """Finds always the same."""

    finding: Finding

    def judge(self, dialogue: Dialogue) -> Finding:
        return self.finding


@dataclass(frozen=True, slots=True)
class Breaks:
    """Breaks, with a caller's words in the message."""

    def judge(self, dialogue: Dialogue) -> Finding:
        raise LookupError("my card number is four one one one")


def found(verdict: Verdict, confidence: float = 0.9) -> Finds:
    return Finds(Finding(verdict, Reason("as {it} is", (("it", "it"),)), confidence, QUOTE))


def dialogue(
    *, grade: Grade = Grade.FULL, context: CallContext | None = None, support: str = "full", **hearing: Any
) -> Dialogue:
    """One word of an agent, heard well unless told otherwise."""
    span = Span(0.0, 3.0)
    engine = EngineDescription("whisper", "tiny", "1", grade)
    heard = {"timing": WordTiming.MEASURED, "role_confidence": 0.95, "word_confidence": None, "notes": ("8 kHz",)}
    conversation = Conversation(
        "ab" * 32,
        10.0,
        "cs",
        (Turn("A", Role.AGENT, (Utterance((Word("hello", span),), span),)),),
        (RoleSpeech(Role.AGENT, span),),
        (),
        Hearing(
            engine,
            EngineDescription("channels", "", ""),
            ChannelLayout.TWO_CHANNEL,
            role_source="manifest",
            speaker_confidence=1.0,
            **{**heard, **hearing},
        ),
    )
    return Dialogue(conversation, context or CallContext(), (), (), LanguageSupport(support))


def build_nothing(parameters: Mapping[str, Any], company: object) -> Finds:
    raise NotImplementedError


KINDS = {name: CheckKind(name, name, {}, build_nothing, needs_words=name == "words") for name in ("words", "sound")}


def asked(id_: str = "greeting", weight: float = 2, check: str = "words", **rest: Any) -> Criterion:
    return Criterion(id_, id_.title(), weight, check, **rest)


def card(*pairs: tuple[Criterion, Finds | Breaks], heard: Dialogue | None = None, **thresholds: float) -> Scorecard:
    """The card of these criteria, each with its check."""
    bands = (Band("good", "Good", 80), Band("poor", "Poor", 0))
    rubric = Rubric(RubricStamp("r", "1", "f" * 64), "R", tuple(c for c, _ in pairs), bands, **thresholds)  # type: ignore[arg-type]
    return score(
        dialogue=heard or dialogue(),
        rubric=rubric,
        checks={criterion.id: check for criterion, check in pairs},
        kinds=KINDS,
        call=CallMetadata("c1"),
        metrics=METRICS,
        qa_version="1.2.3",
    )
