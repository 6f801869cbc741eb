"""``summary.txt``: the night in a few lines, to mail or to page somebody with. No words of any caller."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from qa.model.night import GroupSummary, Night
from qa.reports.plain_text import writable

SUMMARY_TEXT = "summary.txt"


def _percent(group: GroupSummary) -> str:
    percent = group.tally.percent
    return "n/a" if percent is None else f"{percent:.1f} %"


def _agent_line(agent: GroupSummary) -> str:
    name = f"{agent.id} ({agent.name})" if agent.name else agent.id
    return f"  {' '.join(name.split())}: {_percent(agent)}, calls {len(agent.calls)}, to review {agent.needs_review}"


def _failure_lines(night: Night) -> list[str]:
    kinds = Counter(failure.kind.value for failure in night.failures if not failure.notice)
    return [f"  {kind}: {kinds[kind]}" for kind in sorted(kinds)] or ["  none"]


def summary_text(night: Night) -> str:
    """What happened, what failed, where to look; one line an agent, agents by id."""
    run = night.run
    lines = [
        f"Call quality {run.started_at.date().isoformat()}, rubric {run.rubric_id} {run.rubric_version}",
        *(["DRAFT: words come from a recogniser that must not be relied on."] if run.draft else []),
        f"Calls {len(night.calls)} (heard now {run.new}, known before {run.known}), score {_percent(night.team)}",
        f"Auto-failed {night.team.auto_fails}, to review {night.team.needs_review}",
        "Could not be scored:",
        *_failure_lines(night),
        "Agents:",
        *(_agent_line(agent) for agent in night.agents),
        "Open index.html; failures.csv says what to do about each failure.",
    ]
    return "".join(f"{writable(line)}\n" for line in lines)


class SummaryText:
    """Writes ``summary.txt``."""

    def write(self, night: Night, folder: Path) -> None:
        """Write below ``folder``. Raises `OSError` where the file cannot be written."""
        (folder / SUMMARY_TEXT).write_text(summary_text(night), encoding="utf-8", newline="\n")
