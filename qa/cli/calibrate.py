"""``qa calibrate``: how far the tool and people agree."""

from __future__ import annotations

from pathlib import Path

from qa.calibration.agreement import Calibration, CriterionAgreement, Disagreement, Kappa, calibrate
from qa.calibration.human_csv import read_human_verdicts
from qa.cli.console import json_line, note, say
from qa.cli.exits import Exit
from qa.cli.stores import existing_store


def agreement(human: Path, store_url: str, as_json: bool) -> Exit:
    """Tell the agreement per criterion, over all, and the worst disagreements."""
    rows = read_human_verdicts(human)
    with existing_store(store_url) as store:
        wanted = frozenset(row.call_id for row in rows)
        found = calibrate(rows, (call.scorecard for call in store.scored_calls(call_ids=wanted)))
    _as_json(found) if as_json else _as_text(found)
    for row in found.unmatched:
        note(f"no card for {row.call_id}, {row.criterion}: left out")
    return Exit.ALL_SCORED


def _as_text(found: Calibration) -> None:
    say("criterion\tn\tsame\tunsure\tkappa\tweighted kappa")
    for row in (*found.criteria, found.overall):
        say(f"{row.criterion}\t{row.n}\t{row.same}\t{row.unsure}\t{_kappa(row.kappa)}\t{_kappa(row.weighted_kappa)}")
    for one in found.worst:
        at = "" if one.at is None else f" at {one.at:.1f} s"
        say(f"{one.call_id} {one.criterion}: human {one.human.value}, tool {one.tool.value}{at}: {one.explanation}")


def _kappa(kappa: Kappa) -> str:
    if kappa.value is None:
        return "–"
    interval = f" [{kappa.interval.low:.2f}, {kappa.interval.high:.2f}]" if kappa.interval else ""
    return f"{kappa.value:.2f}{interval}"


def _as_json(found: Calibration) -> None:
    for row in found.criteria:
        json_line("criterion", _agreement_values(row))
    for one in found.worst:
        json_line("disagreement", _disagreement_values(one))
    json_line("summary", {**_agreement_values(found.overall), "unmatched": len(found.unmatched)})


def _agreement_values(row: CriterionAgreement) -> dict[str, object]:
    values = {"kappa": _kappa_values(row.kappa), "weighted_kappa": _kappa_values(row.weighted_kappa)}
    return {"criterion": row.criterion, "n": row.n, "same": row.same, "unsure": row.unsure, **values}


def _kappa_values(kappa: Kappa) -> dict[str, float | None]:
    low, high = (kappa.interval.low, kappa.interval.high) if kappa.interval else (None, None)
    return {"value": kappa.value, "low": low, "high": high}


def _disagreement_values(one: Disagreement) -> dict[str, object]:
    verdicts = {"human": one.human.value, "tool": one.tool.value, "confidence": one.confidence}
    return {"call_id": one.call_id, "criterion": one.criterion, **verdicts, "at": one.at, "why": one.explanation}
