"""How far the tool agrees with people, criterion by criterion: κ, weighted κ, intervals, worst disagreements.

κ (Cohen 1960) is over all five verdicts: ``unsure`` and ``not_applicable`` are answers of their own, so a
tool that shrugs does not agree with a person who decides. Weighted κ (Cohen 1968, linear) is over the pairs in which
both gave points (met, partly, missed): only those have an order. Both are None where chance agreement is
total (everybody always gave one and the same verdict): agreement by then says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.calibration.human_csv import HumanVerdict
from qa.model.finding import Verdict
from qa.model.scorecard import CriterionResult, Scorecard

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Table = NDArray[np.float64]

CONFIDENCE_LEVEL = 0.95
"""Of the percentile bootstrap interval (Efron 1979)."""
RESAMPLES = 2_000
"""Bootstrap resamples: the interval's ends move by less than 0.01 between seeds."""
SEED = 20_260_302
"""Fixed: the same pairs give the same interval."""
WORST = 10
"""Disagreements told; the rest stands in ``scores.csv``."""

ORDERED = (Verdict.MISSED, Verdict.PARTLY, Verdict.MET)
CATEGORIES = (*ORDERED, Verdict.NOT_APPLICABLE, Verdict.UNSURE)


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval at `CONFIDENCE_LEVEL`."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Kappa:
    """An agreement beyond chance, -1 to 1, over ``n`` pairs; None where it is not defined."""

    value: float | None
    interval: Interval | None
    n: int


@dataclass(frozen=True, slots=True)
class CriterionAgreement:
    """One criterion: in how many of ``n`` pairs both said the same, κ, weighted κ, and how often the tool shrugged."""

    criterion: str
    n: int
    same: int
    unsure: int
    kappa: Kappa
    weighted_kappa: Kappa


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A pair in which tool and person differ; ``at`` is the second to listen from."""

    call_id: str
    criterion: str
    human: Verdict
    tool: Verdict
    confidence: float
    at: float | None
    explanation: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """Agreement per criterion and over all pairs, the worst disagreements, and the rows that met no card."""

    criteria: tuple[CriterionAgreement, ...]
    overall: CriterionAgreement
    worst: tuple[Disagreement, ...]
    unmatched: tuple[HumanVerdict, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    human: HumanVerdict
    result: CriterionResult


def _table(pairs: Sequence[_Pair], categories: Sequence[Verdict]) -> Table:
    """Counts of pairs, rows the person's verdict, columns the tool's."""
    import numpy as np

    place = {verdict: i for i, verdict in enumerate(categories)}
    table = np.zeros((len(categories), len(categories)))
    for pair in pairs:
        table[place[pair.human.verdict], place[pair.result.verdict]] += 1
    return table


def _weights(size: int, linear: bool) -> Table:
    """What a disagreement costs: one, or its distance in the order of the verdicts."""
    import numpy as np

    steps = np.abs(np.subtract.outer(np.arange(size), np.arange(size))).astype(float)
    return steps if linear else (steps > 0).astype(float)


def _kappas(tables: Table, weights: Table) -> Table:
    """κ of each table of a stack, shape ``(n, k, k)``; NaN where chance agreement is total."""
    import numpy as np

    shares = tables / tables.sum(axis=(1, 2), keepdims=True)
    by_chance = shares.sum(axis=2)[:, :, None] * shares.sum(axis=1)[:, None, :]
    observed = (shares * weights).sum(axis=(1, 2))
    expected = (by_chance * weights).sum(axis=(1, 2))
    ratio: Table = np.divide(observed, expected, out=np.full_like(observed, np.nan), where=expected > 0)
    return 1 - ratio


def _interval(table: Table, weights: Table) -> Interval | None:
    """The percentile bootstrap interval; None where half of the resamples have no κ.

    Drawing pairs with replacement is drawing a table from the multinomial of the one observed.
    """
    import numpy as np

    count = int(table.sum())
    drawn = np.random.default_rng(SEED).multinomial(count, table.ravel() / count, size=RESAMPLES)
    kappas = _kappas(drawn.reshape(-1, *table.shape).astype(float), weights)
    defined = kappas[~np.isnan(kappas)]
    if 2 * defined.size < RESAMPLES:
        return None
    tail = (1 - CONFIDENCE_LEVEL) / 2
    low, high = np.quantile(defined, (tail, 1 - tail))
    return Interval(float(low), float(high))


def _kappa(pairs: Sequence[_Pair], categories: Sequence[Verdict], linear: bool) -> Kappa:
    human = [pair.human.verdict.value for pair in pairs]
    tool = [pair.result.verdict.value for pair in pairs]
    if len({*human, *tool}) <= 1:
        return Kappa(None, None, len(pairs))
    from sklearn.metrics import cohen_kappa_score

    labels = [category.value for category in categories]
    value = float(cohen_kappa_score(human, tool, labels=labels, weights="linear" if linear else None))
    interval = _interval(_table(pairs, categories), _weights(len(categories), linear))
    return Kappa(value, interval, len(pairs))


def _agreement(criterion: str, pairs: Sequence[_Pair]) -> CriterionAgreement:
    scored = [pair for pair in pairs if pair.human.verdict.counts and pair.result.verdict.counts]
    return CriterionAgreement(
        criterion=criterion,
        n=len(pairs),
        same=sum(pair.human.verdict is pair.result.verdict for pair in pairs),
        unsure=sum(pair.result.verdict is Verdict.UNSURE for pair in pairs),
        kappa=_kappa(pairs, CATEGORIES, linear=False),
        weighted_kappa=_kappa(scored, ORDERED, linear=True),
    )


def _distance(human: Verdict, tool: Verdict) -> float:
    """How bad a disagreement is, in steps: a shrug least, points against "did not arise" as bad as one step."""
    if Verdict.UNSURE in (human, tool):
        return 0.5
    if human.counts and tool.counts:
        return abs(ORDERED.index(human) - ORDERED.index(tool))
    return 1.0


def _disagreement(pair: _Pair) -> Disagreement:
    finding = pair.result.finding
    span = finding.evidence[0].span if finding.evidence else finding.searched
    return Disagreement(
        call_id=pair.human.call_id,
        criterion=pair.human.criterion,
        human=pair.human.verdict,
        tool=finding.verdict,
        confidence=finding.confidence,
        at=None if span is None else span.start,
        explanation=str(finding.reason),
    )


def _worst(pairs: Iterable[_Pair]) -> tuple[Disagreement, ...]:
    """The furthest apart first, among them the most confident: sure and wrong is the worst."""
    differing = [_disagreement(pair) for pair in pairs if pair.human.verdict is not pair.result.verdict]
    differing.sort(key=lambda d: (-_distance(d.human, d.tool), -d.confidence, d.call_id, d.criterion))
    return tuple(differing[:WORST])


def calibrate(human: Iterable[HumanVerdict], cards: Iterable[Scorecard]) -> Calibration:
    """Agreement of cards with people's verdicts; the same rows in any order give the same figures.

    Criteria are sorted by id. Human rows about a call or criterion without a card come back in ``unmatched``.
    """
    results = {(card.call.call_id, result.id): result for card in cards for result in card.results}
    rows = sorted(human, key=lambda row: (row.criterion, row.call_id, row.verdict.value))
    pairs = [_Pair(row, results[key]) for row in rows if (key := (row.call_id, row.criterion)) in results]
    criteria = sorted({pair.human.criterion for pair in pairs})
    return Calibration(
        criteria=tuple(_agreement(c, [pair for pair in pairs if pair.human.criterion == c]) for c in criteria),
        overall=_agreement("all", pairs),
        worst=_worst(pairs),
        unmatched=tuple(row for row in rows if (row.call_id, row.criterion) not in results),
    )
