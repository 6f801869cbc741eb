"""A night as pandas tables, one for each kind of row: what the CSV files and the workbook are written from.

Every text is writable as UTF-8. A figure that does not exist (no score, no agent's pace) is missing, never 0;
times are seconds from the start of the recording. Figures are rounded as in ``scorecards.jsonl``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from qa.model.conversation import Role
from qa.reports.card_json import instant, percent, points, seconds, share
from qa.reports.plain_text import writable

if TYPE_CHECKING:
    from qa.model.night import Night
    from qa.model.scorecard import CriterionResult, Scorecard

Value: TypeAlias = "str | bool | int | float | None"

IDENTITY = ("call_id", "agent_id", "agent_name", "team", "queue", "direction", "started_at", "language", "duration")
CARD = ("score", "band", "auto_fail", "counted_earned", "counted_possible", "needs_review")
METRICS = (
    "talk_share_agent",
    "words_per_minute_agent",
    "interruptions_agent",
    "interruptions_customer",
    "dead_air_seconds",
    "silence_seconds",
    "hold_seconds",
    "overlap_seconds",
)
PROVENANCE = (
    "rubric_id",
    "rubric_version",
    "rubric_sha256",
    "recording_sha256",
    "transcriber",
    "diariser",
    "grade",
    "qa_version",
)
CALL_COLUMNS = IDENTITY + CARD + METRICS + PROVENANCE
CRITERION_COLUMNS = (
    "criterion",
    "title",
    "verdict",
    "earned",
    "possible",
    "critical",
    "confidence",
    "start",
    "end",
    "quote",
    "explanation",
)
EVIDENCE_COLUMNS = (
    "call_id",
    "agent_id",
    "criterion",
    "title",
    "verdict",
    "kind",
    "speaker",
    "start",
    "end",
    "quote",
    "explanation",
)
PROMISE_COLUMNS = (
    "call_id",
    "agent_id",
    "speaker",
    "start",
    "end",
    "quote",
    "act",
    "due_text",
    "due",
    "state",
    "state_reason",
    "third_party",
    "confidence",
)
FAILURE_COLUMNS = (
    "call_id",
    "kind",
    "agent_id",
    "started_at",
    "where",
    "wrong",
    "expected",
    "do",
    "attempts",
    "notice",
)


def frame(rows: Iterable[Sequence[Value]], columns: Sequence[str]) -> pd.DataFrame:
    """A table of Python values as they are: no column is turned into another type for a missing value."""
    clean = [tuple(writable(value) if isinstance(value, str) else value for value in row) for row in rows]
    return pd.DataFrame(clean, columns=list(columns), dtype=object)


def _identity(card: Scorecard) -> tuple[Value, ...]:
    call = card.call
    direction = None if call.direction is None else call.direction.value
    known = (call.call_id, call.agent_id, call.agent_name, call.team, call.queue, direction)
    return (*known, instant(call.started_at), card.language, seconds(card.duration))


def _card(card: Scorecard) -> tuple[Value, ...]:
    counted = card.counted
    return (
        percent(card.score),
        card.band,
        card.auto_fail,
        points(counted.earned),
        points(counted.possible),
        len(card.needs_review),
    )


def _metrics(card: Scorecard) -> tuple[Value, ...]:
    metrics = card.metrics
    by = [interruption.by for interruption in metrics.interruptions]
    pace = metrics.words_per_minute_agent
    return (
        share(metrics.talk_share_agent),
        None if pace is None else round(pace, 1),
        by.count(Role.AGENT),
        by.count(Role.CUSTOMER),
        seconds(sum(span.duration for span in metrics.dead_air)),
        seconds(metrics.silence_seconds),
        seconds(metrics.hold_seconds),
        seconds(metrics.overlap_seconds),
    )


def _provenance(card: Scorecard) -> tuple[Value, ...]:
    made, stamp = card.provenance, card.rubric
    rubric = (stamp.id, stamp.version, stamp.sha256)
    return (*rubric, made.recording_sha256, made.transcriber, made.diariser, made.grade.value, made.qa_version)


def calls_frame(night: Night) -> pd.DataFrame:
    """One row a call: `CALL_COLUMNS`, in the night's order."""
    cards = (call.scorecard for call in night.calls)
    return frame(((*_identity(c), *_card(c), *_metrics(c), *_provenance(c)) for c in cards), CALL_COLUMNS)


def _criterion(result: CriterionResult) -> tuple[Value, ...]:
    finding = result.finding
    first = finding.evidence[0] if finding.evidence else None
    span = first.span if first else finding.searched
    return (
        result.id,
        result.title,
        result.verdict.value,
        points(result.tally.earned),
        points(result.tally.possible),
        result.critical,
        share(finding.confidence),
        None if span is None else seconds(span.start),
        None if span is None else seconds(span.end),
        None if first is None else first.quote,
        str(finding.reason),
    )


def results_frame(night: Night) -> pd.DataFrame:
    """One row a call and criterion: ``call_id``, ``agent_id`` and `CRITERION_COLUMNS`."""
    rows = (
        (card.call.call_id, card.call.agent_id, *_criterion(result))
        for card in (call.scorecard for call in night.calls)
        for result in card.results
    )
    return frame(rows, ("call_id", "agent_id", *CRITERION_COLUMNS))


def scores_frame(night: Night) -> pd.DataFrame:
    """One row a call and criterion with everything known of both: the columns of ``scores.csv``."""
    rows = (
        (*_identity(card), *_card(card), *_criterion(result), *_metrics(card), *_provenance(card))
        for card in (call.scorecard for call in night.calls)
        for result in card.results
    )
    return frame(rows, (*IDENTITY, *CARD, *CRITERION_COLUMNS, *METRICS, *PROVENANCE))


def _evidence_rows(card: Scorecard) -> Iterator[tuple[Value, ...]]:
    for result in card.results:
        finding = result.finding
        of = (card.call.call_id, card.call.agent_id, result.id, result.title, result.verdict.value)
        why = str(finding.reason)
        for evidence in finding.evidence:
            at = (seconds(evidence.span.start), seconds(evidence.span.end))
            yield (*of, "words", evidence.role.value, *at, evidence.quote, why)
        if finding.searched is not None:
            at = (seconds(finding.searched.start), seconds(finding.searched.end))
            yield (*of, "searched", None, *at, None, why)


def evidence_frame(night: Night) -> pd.DataFrame:
    """One row for every passage a verdict rests on, ``kind`` saying whether it is words or a span searched."""
    return frame((row for call in night.calls for row in _evidence_rows(call.scorecard)), EVIDENCE_COLUMNS)


def _promise_rows(card: Scorecard) -> Iterator[tuple[Value, ...]]:
    for promise in card.promises:
        said = (promise.role.value, seconds(promise.span.start), seconds(promise.span.end), promise.quote)
        due = (promise.act.value, promise.due_text, instant(promise.due))
        state = (promise.state.value, promise.state_reason, promise.third_party, share(promise.confidence))
        yield (card.call.call_id, card.call.agent_id, *said, *due, *state)


def promises_frame(night: Night) -> pd.DataFrame:
    """One row a promise: `PROMISE_COLUMNS`."""
    return frame((row for call in night.calls for row in _promise_rows(call.scorecard)), PROMISE_COLUMNS)


def failures_frame(night: Night) -> pd.DataFrame:
    """One row a call that could not be scored, or a notice: `FAILURE_COLUMNS`."""
    rows = ((f.call_id, f.kind.value, f.agent_id, instant(f.started_at)) for f in night.failures)
    texts = ((f.where, f.wrong, f.expected, f.do, f.attempts, f.notice) for f in night.failures)
    return frame(((*row, *text) for row, text in zip(rows, texts, strict=True)), FAILURE_COLUMNS)
