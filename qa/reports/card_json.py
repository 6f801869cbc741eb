"""One scorecard as the JSON that other programs read; the shape is fixed by ``scorecard.schema.json``."""

from __future__ import annotations

import json
from datetime import datetime
from importlib.resources import files

from qa.model.finding import Evidence
from qa.model.promise import Promise
from qa.model.recording import CallMetadata
from qa.model.rubric import Json
from qa.model.scorecard import CallMetrics, CriterionResult, Interruption, Provenance, RubricStamp, Scorecard
from qa.model.span import Span
from qa.reports.plain_text import writable

SECONDS_DIGITS = 3
"""Times are told to the millisecond: finer than any recogniser's word times."""
SCORE_DIGITS = 1
"""Scores are told as people read them, e.g. 83.3; the points stand beside them unrounded."""
SHARE_DIGITS = 4
"""Shares and confidences, 0 to 1: a hundredth of a percent."""


def seconds(value: float) -> float:
    """A time in seconds, to the millisecond."""
    return round(float(value), SECONDS_DIGITS)


def share(value: float | None) -> float | None:
    """A share or confidence from 0 to 1; None stays None."""
    return None if value is None else round(float(value), SHARE_DIGITS)


def percent(value: float | None) -> float | None:
    """A score from 0 to 100 as people read it; None stays None."""
    return None if value is None else round(float(value), SCORE_DIGITS)


def points(value: float) -> float:
    """Points without the dust of binary fractions: whole points are whole numbers.

    >>> points(2.0), points(0.1 + 0.2)
    (2, 0.3)
    """
    return int(value) if float(value).is_integer() else round(float(value), 6)


def instant(moment: datetime | None) -> str | None:
    """A date and time in ISO 8601, with its offset where it has one."""
    return None if moment is None else moment.isoformat()


def _text(text: str | None) -> str | None:
    return None if text is None else writable(text)


def _span(span: Span) -> dict[str, Json]:
    return {"start": seconds(span.start), "end": seconds(span.end)}


def _rubric(stamp: RubricStamp) -> dict[str, Json]:
    return {"id": writable(stamp.id), "version": writable(stamp.version), "sha256": stamp.sha256}


def _evidence(evidence: Evidence) -> dict[str, Json]:
    return {**_span(evidence.span), "speaker": evidence.role.value, "quote": writable(evidence.quote)}


def _criterion(result: CriterionResult) -> dict[str, Json]:
    finding = result.finding
    return {
        "id": writable(result.id),
        "title": writable(result.title),
        "verdict": result.verdict.value,
        "earned": points(result.tally.earned),
        "possible": points(result.tally.possible),
        "critical": result.critical,
        "confidence": share(finding.confidence),
        "explanation": writable(str(finding.reason)),
        "evidence": [_evidence(evidence) for evidence in finding.evidence],
        "searched": None if finding.searched is None else _span(finding.searched),
    }


def _interruption(interruption: Interruption) -> dict[str, Json]:
    return {
        "at": seconds(interruption.at),
        "by": interruption.by.value,
        "overlap": seconds(interruption.overlap),
        "competitive": interruption.competitive,
    }


def _metrics(metrics: CallMetrics) -> dict[str, Json]:
    pace = metrics.words_per_minute_agent
    return {
        "talk_share_agent": share(metrics.talk_share_agent),
        "interruptions": [_interruption(interruption) for interruption in metrics.interruptions],
        "dead_air": [_span(span) for span in metrics.dead_air],
        "words_per_minute_agent": None if pace is None else round(pace, 1),
        "talk_seconds_agent": seconds(metrics.talk_seconds_agent),
        "talk_seconds_customer": seconds(metrics.talk_seconds_customer),
        "silence_seconds": seconds(metrics.silence_seconds),
        "hold_seconds": seconds(metrics.hold_seconds),
        "overlap_seconds": seconds(metrics.overlap_seconds),
    }


def _promise(promise: Promise) -> dict[str, Json]:
    return {
        "speaker": promise.role.value,
        **_span(promise.span),
        "quote": writable(promise.quote),
        "act": promise.act.value,
        "due_text": _text(promise.due_text),
        "due": instant(promise.due),
        "state": promise.state.value,
        "state_reason": writable(promise.state_reason),
        "third_party": promise.third_party,
        "confidence": share(promise.confidence),
    }


def _provenance(provenance: Provenance) -> dict[str, Json]:
    return {
        "recording_sha256": provenance.recording_sha256,
        "transcriber": writable(provenance.transcriber),
        "diariser": writable(provenance.diariser),
        "layout": provenance.layout.value,
        "grade": provenance.grade.value,
        "role_source": writable(provenance.role_source),
        "role_confidence": share(provenance.role_confidence),
        "qa_version": provenance.qa_version,
        "notes": [writable(note) for note in provenance.notes],
        "text_cleaned": provenance.text_cleaned,
        "redactions": {writable(kind): count for kind, count in provenance.redactions},
    }


def _call(call: CallMetadata) -> dict[str, Json]:
    """What the manifest says; not the customer's id: a card leaves the house without it."""
    return {
        "call_id": writable(call.call_id),
        "agent_id": writable(call.agent_id),
        "agent_name": _text(call.agent_name),
        "team": _text(call.team),
        "queue": _text(call.queue),
        "direction": None if call.direction is None else call.direction.value,
        "started_at": instant(call.started_at),
    }


def card_json(card: Scorecard) -> dict[str, Json]:
    """The whole card as JSON values, keys in a fixed order; see ``scorecard.schema.json`` for every field."""
    return {
        **_call(card.call),
        "language": writable(card.language),
        "duration": seconds(card.duration),
        "rubric": _rubric(card.rubric),
        "score": percent(card.score),
        "band": _text(card.band),
        "auto_fail": card.auto_fail,
        "needs_review": [writable(criterion) for criterion in card.needs_review],
        "criteria": [_criterion(result) for result in card.results],
        "metrics": _metrics(card.metrics),
        "promises": [_promise(promise) for promise in card.promises],
        "provenance": _provenance(card.provenance),
    }


def scorecard_schema() -> dict[str, Json]:
    """The JSON Schema (draft 2020-12) of one line of ``scorecards.jsonl``, as shipped in the package."""
    text = files("qa.reports").joinpath("scorecard.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Json] = json.loads(text)
    return schema
