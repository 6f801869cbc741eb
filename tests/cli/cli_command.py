"""The command as users have it: a process of its own, with its streams, signals and exit status."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 300
"""s; a run that takes longer than this hangs, on any machine."""

Values = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What a command said on both streams, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[Values]:
        """The JSON lines of stdout."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def summary(self) -> Values:
        """The last JSON line, which sums the run up."""
        last = self.lines[-1]
        assert last["message_type"] == "summary"
        return last

    def problems(self) -> list[dict[str, str]]:
        """The problems told on stderr, each with its four parts."""
        blocks = [block.splitlines() for block in self.err.split("error: ")[1:]]
        assert all([line[:12] for line in b[1:]] == ["  wrong:    ", "  expected: ", "  do:       "] for b in blocks)
        parts = ("where", "wrong", "expected", "do")
        return [dict(zip(parts, (b[0], *(p[12:] for p in b[1:])), strict=True)) for b in blocks]


@dataclass(frozen=True)
class Done:
    """A finished run: where its calls, store and report lie, and what it said."""

    calls: Path
    store: Path
    out: Path
    answer: Answer


def environment(**more: str) -> dict[str, str]:
    """A machine without settings of its own and without a network hub."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QA_", "HF_"))}
    return {**kept, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", **more}


def begin(*arguments: str | Path, cwd: Path, within: Sequence[str] = (), **env: str) -> subprocess.Popen[str]:
    """Start the command, by another program where one is named with ``within``; the caller ends it."""
    return subprocess.Popen(
        [*within, sys.executable, "-m", "qa", *map(str, arguments)],
        cwd=cwd,
        env=environment(**env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def answered(process: subprocess.Popen[str], heard: str = "") -> Answer:
    """Wait for the end of a command; whatever happened, nobody is shown a traceback or terminal codes."""
    try:
        out, err = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert "Traceback" not in err, err
    assert "\x1b" not in out + err
    return Answer(process.returncode, heard + out, err)


def qa(*arguments: str | Path, cwd: Path, within: Sequence[str] = (), **env: str) -> Answer:
    """Run the command to its end."""
    return answered(begin(*arguments, cwd=cwd, within=within, **env))


def signalled(number: signal.Signals, after: int, *arguments: str | Path, cwd: Path) -> Answer:
    """Run with ``--json``, and send a signal as soon as so many calls have been told to be done."""
    process = begin(*arguments, "--json", cwd=cwd)
    assert process.stdout is not None
    heard = "".join(process.stdout.readline() for _ in range(after))
    process.send_signal(number)
    return answered(process, heard)


def rows(file: Path) -> list[dict[str, str]]:
    """A CSV of the report folder."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def failures(out: Path) -> dict[str, dict[str, str]]:
    """The rows of ``failures.csv`` by the name of the file that they speak of; each says all four parts."""
    found = rows(out / "failures.csv")
    assert all(row[part] for row in found for part in ("call_id", "kind", "where", "wrong", "expected", "do"))
    return {Path(row["where"].split(" (")[0]).name: row for row in found}


def cards(out: Path) -> dict[str, Values]:
    """The scorecards of a report folder by call id."""
    lines = (out / "scorecards.jsonl").read_text(encoding="utf-8").splitlines()
    found = {card["call_id"]: card for card in map(json.loads, lines)}
    assert len(found) == len(lines)  # no call twice
    return found
