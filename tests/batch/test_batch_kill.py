"""Killed at any moment and run again to the end, a night is as if nothing had happened."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from batch_toy_night import CALLS

from qa.store.store import Store

KILLS = 20
TABLES = ("meta", "heard", "calls", "scorecards", "failures", "runs")


def begin(file: Path) -> subprocess.Popen[str]:
    here = Path(__file__).parent
    return subprocess.Popen(
        [sys.executable, str(here / "batch_toy_night.py"), str(file)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(here), str(here.parents[1])))},
        stdout=subprocess.PIPE,
        text=True,
    )


def run_to_the_end(file: Path) -> list[str]:
    with begin(file) as night:
        out, _ = night.communicate(timeout=300)
    assert night.returncode == 0
    return out.split()


def killed_after(file: Path, calls: int, seconds: float) -> list[str]:
    """The calls that were reported as kept before the night was killed."""
    with begin(file) as night:
        assert night.stdout is not None
        kept = [night.stdout.readline().strip() for _ in range(calls)]
        time.sleep(seconds)
        night.kill()
        return [*kept, *night.stdout.read().split("\n")[:-1]]


def rows(file: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(file)) as connection:
        return {table: sorted(connection.execute(f"SELECT * FROM {table}")) for table in TABLES}


@pytest.mark.slow
def test_a_night_killed_twenty_times_loses_and_doubles_no_call(tmp_path: Path) -> None:
    seeded = random.Random(20260302)
    disturbed, undisturbed = tmp_path / "disturbed.sqlite", tmp_path / "undisturbed.sqlite"
    kept: list[str] = []
    for _ in range(KILLS):
        kept += killed_after(disturbed, seeded.randrange(3), seeded.uniform(0, 0.02))
    assert 0 < len(kept) < len(CALLS)
    kept += run_to_the_end(disturbed)
    run_to_the_end(undisturbed)
    assert len(kept) == len(set(kept))  # what was reported as kept was never heard again
    assert rows(disturbed) == rows(undisturbed)
    with Store.open(str(disturbed)) as store:
        assert store.check() == ()
        assert store.call_ids() == tuple(call.metadata.call_id for call in CALLS)


@pytest.mark.slow
def test_of_two_nights_at_once_one_works_and_one_is_sent_away(tmp_path: Path) -> None:
    file = tmp_path / "qa.sqlite"
    with begin(file) as first:
        assert first.stdout is not None
        first.stdout.readline()
        with begin(file) as second:
            assert second.wait(300) == 1
            assert second.stdout is not None
            assert second.stdout.read() == ""
        assert first.wait(300) == 0
    with Store.open(str(file)) as store:
        assert len(store.call_ids()) == len(CALLS)
