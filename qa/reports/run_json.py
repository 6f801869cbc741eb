"""``run.json``: the counts, versions and clock of one run. It marks a folder as a report."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from qa.model.night import Night
from qa.model.rubric import Json
from qa.reports.card_json import percent, points
from qa.reports.plain_text import writable

RUN = "run.json"
OURS = ("run_id", "qa_version", "rubric")
"""Keys that every version has written; other programs keep files of this name, too."""


def _counts(night: Night) -> dict[str, Json]:
    return {
        "calls": len(night.calls),
        "agents": len(night.agents),
        "new": night.run.new,
        "known": night.run.known,
        "failed": night.run.failed,
        "notices": sum(failure.notice for failure in night.failures),
        "auto_fails": night.team.auto_fails,
        "needs_review": night.team.needs_review,
    }


def _failures(night: Night) -> dict[str, Json]:
    kinds = Counter(failure.kind.value for failure in night.failures if not failure.notice)
    return {kind: kinds[kind] for kind in sorted(kinds)}


def run_json(night: Night) -> dict[str, Json]:
    """The run as JSON values; ``counts`` are calls, ``failures`` calls by kind, ``audio_seconds`` what was heard."""
    run, tally = night.run, night.team.tally
    return {
        "run_id": run.run_id,
        "started_at": run.started_at.isoformat(),
        "qa_version": run.qa_version,
        "rubric": {"id": run.rubric_id, "version": run.rubric_version, "sha256": run.rubric_sha256},
        "engines": list(run.engines),
        "draft": run.draft,
        "counts": _counts(night),
        "failures": _failures(night),
        "audio_seconds": round(run.audio_seconds, 3),
        "score": percent(tally.percent),
        "earned": points(tally.earned),
        "possible": points(tally.possible),
        "not_measured": list(night.not_measured),
    }


def is_run_json(path: Path) -> bool:
    """Whether this is the ``run.json`` of a report, rather than another program's file or none."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(content, dict) and all(key in content for key in OURS)


class RunJson:
    """Writes ``run.json``."""

    def write(self, night: Night, folder: Path) -> None:
        """Write below ``folder``. Raises `OSError` where the file cannot be written."""
        text = json.dumps(run_json(night), ensure_ascii=False, allow_nan=False, indent=2)
        (folder / RUN).write_text(writable(text) + "\n", encoding="utf-8", newline="\n")
