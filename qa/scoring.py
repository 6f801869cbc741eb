"""Scoring, pure: a dialogue and a rubric's checks to a scorecard. Doubt lowers confidence, never points.

check.judge ──> confidence ──> threshold ──> tally ──> card
                 × draft         below: unsure
                 × words         (evidence stays)
                 ≤ roles
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.model.conversation import Hearing, Role
from qa.model.dialogue import CallContext, Dialogue, LanguageSupport
from qa.model.finding import Finding, Reason, Verdict
from qa.model.recording import CallMetadata
from qa.model.rubric import Applicability, CheckKind, Criterion, Rubric
from qa.model.scorecard import CallMetrics, CriterionResult, Provenance, Scorecard, Tally
from qa.model.transcript import Grade, WordTiming

if TYPE_CHECKING:
    from qa.model.contracts import Check

SHOWN_DECIMALS = 2
"""Decimals of a confidence in a reason; more would claim a precision that nobody has."""

log = logging.getLogger(__name__)


def score(
    *,
    dialogue: Dialogue,
    rubric: Rubric,
    checks: Mapping[str, Check],
    kinds: Mapping[str, CheckKind],
    call: CallMetadata,
    metrics: CallMetrics,
    qa_version: str,
) -> Scorecard:
    """The card of one call.

    ``checks`` are the rubric's checks by criterion id, built once for all calls; ``kinds`` say which
    of them need words. A check that breaks costs its own verdict (unsure), never the call.
    """
    conversation = dialogue.conversation
    results = tuple(
        _result(criterion, judge_criterion(criterion, checks[criterion.id], kinds[criterion.check], dialogue, rubric))
        for criterion in rubric.criteria
    )
    card = Scorecard(
        call,
        conversation.language,
        conversation.duration,
        rubric.stamp,
        results,
        None,
        metrics,
        dialogue.promises,
        _provenance(dialogue, qa_version),
    )
    return replace(card, band=rubric.band_of(card.score) if _enough_judged(card, rubric) else None)


def _enough_judged(card: Scorecard, rubric: Rubric) -> bool:
    """Whether a band may be given: an auto-fail needs one point, any other score its share of the points."""
    weights = {criterion.id: criterion.weight for criterion in rubric.criteria}
    unsure = sum(weights[result.id] for result in card.results if result.verdict is Verdict.UNSURE)
    at_stake = card.tally.possible + unsure
    return card.auto_fail or card.tally.possible >= rubric.min_judged_share * at_stake


def judge_criterion(criterion: Criterion, check: Check, kind: CheckKind, dialogue: Dialogue, rubric: Rubric) -> Finding:
    """What the card will say of one criterion: applicability first, then the check, then doubt."""
    unasked = not_asked(criterion.applies, dialogue.context, dialogue.conversation.language)
    if unasked is not None:
        return unasked
    if kind.needs_words and dialogue.support is LanguageSupport.NONE:
        values = (("language", dialogue.conversation.language),)
        return _unsure(Reason("there is no language data for {language}: only a human can judge the words", values))
    if kind.needs_words and not any(dialogue.conversation.by_role(Role.AGENT)):
        return _unsure(Reason("no word of the agent is on this recording: only a human can tell what was said"))
    try:
        return settled(check.judge(dialogue), criterion, kind, dialogue.conversation.hearing, rubric)
    except Exception as error:  # a check that breaks must not stop the night; its message may hold a caller's words
        log.warning("criterion %s: the check %s broke with %s", criterion.id, criterion.check, type(error).__name__)
        return _unsure(Reason("the check failed ({error})", (("error", type(error).__name__),)))


def not_asked(applies: Applicability, context: CallContext, language: str) -> Finding | None:
    """Why a criterion is not asked of this call, or None where it is.

    A direction or queue that nobody told leaves open whether it is asked: unsure, never a guess.
    """
    for name, known, wanted in _conditions(applies, context, language):
        if not wanted or (known and _same(known) in map(_same, wanted)):
            continue
        values = (("what", name), ("wanted", ", ".join(wanted)))
        if not known:
            template = "asked only of some calls ({what}: {wanted}), and the {what} of this call is not known"
            return _unsure(Reason(template, values))
        template = "asked only of some calls ({what}: {wanted}); this one has {known}"
        return Finding(Verdict.NOT_APPLICABLE, Reason(template, (*values, ("known", known))))
    return None


def _conditions(
    applies: Applicability, context: CallContext, language: str
) -> Iterator[tuple[str, str | None, tuple[str, ...]]]:
    """The name of each condition, what the call has, and what the criterion wants."""
    yield "direction", context.direction, applies.directions
    yield "queue", context.queue, applies.queues
    yield "language", language.partition("-")[0], applies.languages


def _same(text: str) -> str:
    return text.strip().casefold()


def trust(finding: Finding, kind: CheckKind, hearing: Hearing, rubric: Rubric) -> float:
    """The confidence (0 to 1) of a finding, given how the call was heard.

    A draft-grade recogniser multiplies it by the rubric's ``draft_confidence``; a full-grade one that
    measured its words and doubts them (mean below ``min_word_confidence``) by its share of that
    threshold, where the check needs words. And no verdict is surer than who the agent is.
    """
    own = finding.confidence if math.isfinite(finding.confidence) else 0.0
    heard = rubric.draft_confidence if hearing.transcriber.grade is Grade.DRAFT else 1.0
    if kind.needs_words and hearing.transcriber.grade is Grade.FULL:
        heard = _word_trust(hearing, rubric.min_word_confidence)
    return max(0.0, min(1.0, own * heard, hearing.role_confidence))


def _word_trust(hearing: Hearing, threshold: float) -> float:
    """1 from the threshold up, falling to 0 with the recogniser's own confidence in its words."""
    words = hearing.word_confidence
    if words is None or hearing.timing is not WordTiming.MEASURED or words >= threshold:
        return 1.0
    return words / threshold


def settled(finding: Finding, criterion: Criterion, kind: CheckKind, hearing: Hearing, rubric: Rubric) -> Finding:
    """The finding after doubt: unsure where its confidence is too low, its evidence kept for the human."""
    weighed = replace(finding, confidence=trust(finding, kind, hearing, rubric))
    if finding.verdict is Verdict.UNSURE:
        return weighed
    doubt = _doubt(weighed, criterion, hearing, rubric)
    return replace(weighed, verdict=Verdict.UNSURE, reason=doubt) if doubt else weighed


def _doubt(finding: Finding, criterion: Criterion, hearing: Hearing, rubric: Rubric) -> Reason | None:
    """Why a human has to decide, and what the verdict would have been; None where nobody has to."""
    if hearing.role_confidence < rubric.min_role_confidence:
        template = "who the agent is, is in doubt ({confidence} of {needed}); else {verdict}: {why}"
        return _instead(finding, template, hearing.role_confidence, rubric.min_role_confidence)
    if finding.confidence < criterion.min_confidence:
        template = "not sure enough ({confidence} of {needed}); else {verdict}: {why}"
        return _instead(finding, template, finding.confidence, criterion.min_confidence)
    if finding.verdict is Verdict.MISSED and not finding.evidence and finding.searched is None:
        return Reason("missed, but nothing shows where it was looked for: {why}", (("why", str(finding.reason)),))
    return None


def _instead(finding: Finding, template: str, confidence: float, needed: float) -> Reason:
    return Reason(
        template,
        (
            ("confidence", round(confidence, SHOWN_DECIMALS)),
            ("needed", needed),
            ("verdict", finding.verdict.value),
            ("why", str(finding.reason)),
        ),
    )


def _unsure(reason: Reason) -> Finding:
    return Finding(Verdict.UNSURE, reason, confidence=0.0)


def _result(criterion: Criterion, finding: Finding) -> CriterionResult:
    share = {Verdict.MET: 1.0, Verdict.PARTLY: criterion.partly_share}.get(finding.verdict, 0.0)
    possible = criterion.weight if finding.verdict.counts else 0
    return CriterionResult(
        criterion.id, criterion.title, finding, Tally(criterion.weight * share, possible), criterion.critical
    )


def _provenance(dialogue: Dialogue, qa_version: str) -> Provenance:
    """Where the numbers come from, with a word on the language where the house has no data for it."""
    conversation, hearing = dialogue.conversation, dialogue.conversation.hearing
    notes = hearing.notes
    if dialogue.support is LanguageSupport.NONE:
        notes += (f"no language data for {conversation.language!r}: only what needs no words was judged",)
    return Provenance(
        conversation.recording_sha256,
        str(hearing.transcriber),
        str(hearing.diariser),
        hearing.layout,
        hearing.transcriber.grade,
        hearing.role_source,
        hearing.role_confidence,
        qa_version,
        notes,
        hearing.text_cleaned,
        hearing.redactions,
    )
