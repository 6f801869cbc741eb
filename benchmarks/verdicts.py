"""Verdicts against a careful listener's labels: ``python benchmarks/verdicts.py FOLDER [--rubric FILE]``.

FOLDER holds transcripts that carry ``labels`` (criterion -> verdict) and ``promises``. Prints, per criterion and
per language, n, accuracy, Cohen's kappa and how often the tool was unsure; F1 of promises; the confusions with
their calls; and the time per call. ``unsure`` counts as an answer that nobody gave. Speed is a figure of this run
on this machine, for comparison within it only.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sklearn.metrics import cohen_kappa_score

from qa.audio.find import find
from qa.batch.ears import Ears
from qa.batch.hear import hear
from qa.batch.judge import Judge
from qa.cli.rubrics import load
from qa.cli.settings import rubric_setting
from qa.engines.channels import Channels
from qa.engines.voices import Voices
from qa.model.promise import Promise
from qa.model.recording import Recording
from qa.model.scorecard import Scorecard

CORE = ("greeting", "empathy", "no_interruptions", "promise_keeping", "polite_closing")


@dataclass(frozen=True, slots=True)
class Row:
    """One verdict beside its label."""

    call_id: str
    language: str
    criterion: str
    label: str
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class Matches:
    """Promises found, missed and imagined; two match where their times overlap."""

    hits: int = 0
    missed: int = 0
    imagined: int = 0

    def __add__(self, other: Matches) -> Matches:
        return Matches(self.hits + other.hits, self.missed + other.missed, self.imagined + other.imagined)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        wrong = self.missed + self.imagined
        return 2 * self.hits / (2 * self.hits + wrong) if self.hits or wrong else 1.0


def labels_of(recording: Recording) -> dict[str, object]:
    """The whole labelled file."""
    content: dict[str, object] = json.loads(recording.path.read_text(encoding="utf-8"))
    return content


def rows_of(card: Scorecard, labels: dict[str, str]) -> Iterable[Row]:
    """The card's verdicts for which there is a label."""
    for result in card.results:
        if result.id in labels:
            label, verdict = labels[result.id], result.verdict.value
            yield Row(card.call.call_id, card.language, result.id, label, verdict, str(result.finding.reason))


def match_promises(
    found: Iterable[Promise], labelled: list[dict[str, int]], segments: list[dict[str, float]]
) -> Matches:
    """Each labelled promise is matched by at most one found promise whose words overlap its segment."""
    left = list(found)
    hits = missed = 0
    for label in labelled:
        segment = segments[label["segment"]]
        hit = next((p for p in left if p.span.start < segment["end"] and p.span.end > segment["start"]), None)
        if hit is None:
            missed += 1
        else:
            hits += 1
            left.remove(hit)
    return Matches(hits, missed, len(left))


def table(title: str, groups: dict[str, list[Row]]) -> None:
    """One line per group."""
    print(f"{title:28} {'n':>4} {'accuracy':>9} {'kappa':>6} {'unsure':>7}")
    for name, rows in sorted(groups.items()):
        labels, verdicts = [r.label for r in rows], [r.verdict for r in rows]
        same = sum(a == b for a, b in zip(labels, verdicts, strict=True)) / len(rows)
        kappa = cohen_kappa_score(labels, verdicts) if len(set(labels) | set(verdicts)) > 1 else 1.0
        print(f"{name:28} {len(rows):4} {same:9.3f} {kappa:6.2f} {verdicts.count('unsure') / len(rows):7.1%}")


def judge_folder(folder: Path, rubric: Path) -> tuple[list[Row], Matches, list[float]]:
    """Every labelled call of the folder, judged; with seconds per call."""
    judge = Judge.of(load(rubric))
    ears = Ears(None, Channels(), Voices(), judge.listener, use_recorded=True)
    rows: list[Row] = []
    promises, seconds = Matches(), []
    for recording in find([str(folder)], None, folder).recordings:
        conversation = hear(recording, ears)
        started = time.perf_counter()
        card = judge.card(recording.metadata, conversation)
        seconds.append(time.perf_counter() - started)
        content = labels_of(recording)
        rows.extend(rows_of(card, content["labels"]))  # type: ignore[arg-type]
        promises += match_promises(card.promises, content["promises"], content["segments"])  # type: ignore[arg-type]
    return rows, promises, seconds


def report(rows: list[Row], confusions: bool) -> None:
    """The tables, and the confusions where they are asked for."""
    by_criterion: defaultdict[str, list[Row]] = defaultdict(list)
    by_language: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_criterion[row.criterion].append(row)
        if row.criterion in CORE:
            by_language[row.language].append(row)
    table("criterion", by_criterion)
    table("language (the five)", by_language)
    print("confusions:", dict(Counter((r.label, r.verdict) for r in rows if r.label != r.verdict)))
    for row in rows if confusions else ():
        if row.label != row.verdict:
            print(f"  {row.call_id:14} {row.criterion:18} label {row.label:15} tool {row.verdict:15} {row.reason}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rubric", type=Path)
    parser.add_argument("--confusions", action="store_true", help="list every disagreement with its call")
    arguments = parser.parse_args()
    rows, promises, seconds = judge_folder(arguments.folder, rubric_setting(arguments.rubric))
    report(rows, arguments.confusions)
    print(
        f"promises: F1 {promises.f1:.3f}: {promises.hits} found, {promises.missed} missed, {promises.imagined} imagined"
    )
    print(f"{len(seconds)} calls, {1000 * sum(seconds) / max(1, len(seconds)):.1f} ms per call on one core")


if __name__ == "__main__":
    main()
