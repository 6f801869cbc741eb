"""What another rubric changes: which calls, by how much, and why, criterion by criterion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from qa.model.rubric import SCORE_NOISE_DIGITS
from qa.model.scorecard import CriterionResult, Scorecard


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """One criterion of one call, before and after; None on the side whose rubric does not have it."""

    id: str
    title: str
    before: CriterionResult | None
    after: CriterionResult | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardChange:
    """One call whose card changes; None on the side where it has no card."""

    call_id: str
    before: Scorecard | None
    after: Scorecard | None
    criteria: tuple[CriterionChange, ...]

    @property
    def points(self) -> float | None:
        """By how many points of 100 the score rises; None where one side has no score."""
        before = self.before.score if self.before else None
        after = self.after.score if self.after else None
        return None if before is None or after is None else after - before


def diff_cards(old: Iterable[Scorecard], new: Iterable[Scorecard]) -> tuple[CardChange, ...]:
    """The calls whose cards differ in score, band, auto-fail, verdicts or points; largest change first.

    A call is known by its id and its recording; one that stands on one side only is a change as well.
    """
    before, after = _by_call(old), _by_call(new)
    changes = (_change(key[0], before.get(key), after.get(key)) for key in sorted(before.keys() | after.keys()))
    return tuple(sorted((change for change in changes if _differs(change)), key=_importance))


def _by_call(cards: Iterable[Scorecard]) -> Mapping[tuple[str, str], Scorecard]:
    return {(card.call.call_id, card.provenance.recording_sha256): card for card in cards}


def _change(call_id: str, before: Scorecard | None, after: Scorecard | None) -> CardChange:
    return CardChange(call_id, before, after, tuple(_criteria(before, after)))


def _criteria(before: Scorecard | None, after: Scorecard | None) -> Iterator[CriterionChange]:
    """In the order of the new card; what only the old one has comes last."""
    if before is None or after is None:
        return
    olds, news = ({result.id: result for result in card.results} for card in (before, after))
    for id_ in dict.fromkeys((*news, *olds)):
        old, new = olds.get(id_), news.get(id_)
        if why := tuple(_reasons(old, new)):
            yield CriterionChange(id_, (new or olds[id_]).title, old, new, why)


def _reasons(old: CriterionResult | None, new: CriterionResult | None) -> Iterator[str]:
    if old is None or new is None:
        if new is not None:
            yield f"new criterion: {new.verdict}, {new.finding.reason}"
        if old is not None:
            yield f"criterion removed: it was {old.verdict}"
        return
    if old.verdict is not new.verdict:
        yield f"{old.verdict} became {new.verdict}: {new.finding.reason}"
    elif old.tally != new.tally:
        yield f"{_points(old)} became {_points(new)} points"
    if old.critical is not new.critical:
        yield "critical now" if new.critical else "no longer critical"


def _points(result: CriterionResult) -> str:
    return f"{result.tally.earned:g} of {result.tally.possible:g}"


def _differs(change: CardChange) -> bool:
    before, after = change.before, change.after
    if before is None or after is None or change.criteria:
        return True
    return _headline(before) != _headline(after)


def _headline(card: Scorecard) -> tuple[float | None, str | None, bool]:
    """Score without the noise of adding the same weights in another order, band, auto-fail."""
    score = None if card.score is None else round(card.score, SCORE_NOISE_DIGITS)
    return score, card.band, card.auto_fail


def _importance(change: CardChange) -> tuple[bool, float, str]:
    """Cards that came, went or lost their score first, then by the size of the change."""
    points = change.points
    return points is not None, -abs(points or 0.0), change.call_id
