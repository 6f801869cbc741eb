"""One call heard from a transcript: labels, doubt, redaction, and what is refused."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from qa.batch.ears import Ears
from qa.batch.hear import hear
from qa.dialogue.understand import Listener
from qa.engines.channels import Channels
from qa.engines.voices import Voices
from qa.errors import CallError
from qa.model.conversation import Role
from qa.model.recording import CallMetadata, Medium, Recording
from qa.model.rubric import CompanyFacts
from qa.model.scorecard import FailureKind
from qa.model.sound import ChannelLayout


def ears(**more: object) -> Ears:
    return Ears(None, Channels(), Voices(), Listener(CompanyFacts()), use_recorded=True, **more)  # type: ignore[arg-type]


def segment(speaker: str, start: float, end: float, text: str) -> dict[str, object]:
    return {"start": start, "end": end, "speaker": speaker, "text": text}


def recording(folder: Path, *segments: dict[str, object], language: str = "en") -> Recording:
    path = folder / "call.json"
    path.write_text(json.dumps({"language": language, "segments": list(segments)}), encoding="utf-8")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Recording(path, digest, Medium.TRANSCRIPT, CallMetadata("call"))


CALL = (
    ("0", 0, 4, "Good morning, Harbour Bank, my name is Ellen, how can I help you?"),
    ("1", 5, 9, "Hello, I lost my card yesterday."),
    ("0", 10, 14, "I am so sorry to hear that. Could you confirm your date of birth?"),
)


def test_labels_that_are_roles_are_believed(tmp_path: Path) -> None:
    heard = hear(recording(tmp_path, segment("agent", 0, 2, "Yes?"), segment("customer", 3, 5, "Hello.")), ears())
    assert [turn.role for turn in heard.turns] == [Role.AGENT, Role.CUSTOMER]
    assert (heard.hearing.role_source, heard.hearing.role_confidence) == ("transcript", 1.0)
    assert heard.hearing.layout is ChannelLayout.TRANSCRIPT


def test_other_labels_go_through_role_finding(tmp_path: Path) -> None:
    heard = hear(recording(tmp_path, *(segment(f"SPEAKER_0{s}", a, b, t) for s, a, b, t in CALL)), ears())
    assert [turn.role for turn in heard.turns] == [Role.AGENT, Role.CUSTOMER, Role.AGENT]
    assert heard.hearing.role_source == "what is said"


def test_what_is_returned_is_already_redacted(tmp_path: Path) -> None:
    heard = hear(
        recording(
            tmp_path, segment("agent", 0, 2, "Your card number?"), segment("customer", 3, 9, "4111 1111 1111 1111")
        ),
        ears(),
    )
    assert "4111" not in repr(heard)
    assert dict(heard.hearing.redactions)["card_number"] > 0


def test_a_transcript_without_words_has_nobody_to_judge(tmp_path: Path) -> None:
    with pytest.raises(CallError) as refused:
        hear(recording(tmp_path), ears())
    assert refused.value.kind is FailureKind.NO_SPEECH


def test_the_key_changes_with_everything_that_changes_what_is_heard(tmp_path: Path) -> None:
    one = recording(tmp_path, segment("agent", 0, 2, "Yes?"))
    other = recording(tmp_path, segment("agent", 0, 2, "No?"))
    assert ears().key(one) == ears().key(one)
    assert len({ears().key(one), ears().key(other), ears(language="pl").key(one)}) == 3
