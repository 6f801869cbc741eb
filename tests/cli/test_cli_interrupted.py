"""Stopped at any moment and run again, a night is as if nothing had happened."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest
from cli_calls import write_night
from cli_command import answered, begin, cards, qa, signalled

from qa.store.lock import hold_store
from qa.store.store import Store

CALLS = 60
"""So many that a signal after the first ones always comes in the middle."""


def command(home: Path) -> tuple[str | Path, ...]:
    return "run", home / "calls", "--store", home / "qa.sqlite", "--out", home / "out", "--workers", "1"


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night that nobody stopped."""
    home = tmp_path_factory.mktemp("undisturbed")
    write_night(home / "calls", CALLS)
    assert qa(*command(home), cwd=home).status == 0
    return home


def as_disturbed(home: Path, undisturbed: Path) -> Path:
    """The same calls in another place."""
    home.mkdir(exist_ok=True)
    (home / "calls").symlink_to(undisturbed / "calls")
    return home


def stored(home: Path) -> tuple[str, ...]:
    with Store.open(str(home / "qa.sqlite")) as store:
        assert store.check() == ()
        return store.call_ids()


def finish(home: Path, undisturbed: Path) -> None:
    """Run again: only the rest is heard, and nothing shows that it was ever stopped."""
    before = stored(home)
    again = qa(*command(home), "--json", cwd=home)
    assert again.status == 0
    assert (again.summary["known"], again.summary["new"]) == (len(before), CALLS - len(before))
    assert len(cards(home / "out")) == CALLS
    for name in ("scorecards.jsonl", "scores.csv"):
        assert (home / "out" / name).read_bytes() == (undisturbed / "out" / name).read_bytes()
    assert [path.name for path in home.iterdir() if path.name.startswith(".")] == []  # nothing half built is left


def test_ctrl_c_keeps_what_was_finished(tmp_path: Path, undisturbed: Path) -> None:
    home = as_disturbed(tmp_path, undisturbed)
    answer = signalled(signal.SIGINT, 3, *command(home), cwd=home)
    assert answer.status == 130
    error = answer.lines[-1]
    assert (error["message_type"], error["code"]) == ("error", 130)
    assert "run the same command" in error["do"]
    told = {line["call_id"] for line in answer.lines if line["message_type"] == "status"}
    assert told <= set(stored(home))
    assert 3 <= len(stored(home)) < CALLS
    assert not (home / "out").exists()
    finish(home, undisturbed)


@pytest.mark.slow
def test_a_service_that_is_stopped_finishes_the_running_call(tmp_path: Path, undisturbed: Path) -> None:
    home = as_disturbed(tmp_path, undisturbed)
    answer = signalled(signal.SIGTERM, 3, *command(home), cwd=home)
    assert answer.status == 130
    told = [line["call_id"] for line in answer.lines if line["message_type"] == "status"]
    assert sorted(told) == list(stored(home))
    assert 3 <= len(told) < CALLS
    finish(home, undisturbed)


def test_ctrl_c_is_told_to_a_person_in_words(tmp_path: Path, undisturbed: Path) -> None:
    home = as_disturbed(tmp_path, undisturbed)
    process = begin(*command(home), cwd=home)
    while not (home / "qa.sqlite").exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    answer = answered(process)
    assert (answer.status, answer.out) == (130, "")
    (problem,) = answer.problems()
    assert "interrupted" in problem["wrong"]


def killed(home: Path, after: int, seconds: float) -> None:
    """``kill -9`` so many calls and seconds into a run."""
    process = begin(*command(home), "--json", cwd=home)
    assert process.stdout is not None
    for _ in range(after):
        process.stdout.readline()
    time.sleep(seconds)
    process.kill()
    process.communicate()
    assert process.returncode in (0, -signal.SIGKILL)


@pytest.mark.slow
def test_killed_at_many_moments_nothing_is_lost_and_nothing_doubled(tmp_path: Path, undisturbed: Path) -> None:
    home = as_disturbed(tmp_path, undisturbed)
    seeded = random.Random(20260302)
    kept: tuple[str, ...] = ()
    for after in (0, 0, 1, 2, 10, 20, 0, CALLS // 2):
        killed(home, after, seeded.uniform(0, 1.5) if after == 0 else seeded.uniform(0, 0.05))
        if (home / "qa.sqlite").exists():
            assert set(kept) <= set(stored(home))
            kept = stored(home)
    assert kept
    finish(home, undisturbed)


@pytest.mark.slow
def test_killed_while_the_report_is_written_the_old_report_stays(tmp_path: Path, undisturbed: Path) -> None:
    home = as_disturbed(tmp_path, undisturbed)
    assert qa(*command(home), "--limit", "5", cwd=home).status == 0
    before = (home / "out" / "scorecards.jsonl").read_bytes()
    process = begin(*command(home), cwd=home)
    while process.poll() is None and not list(home.glob(".tmp-*")):
        time.sleep(0.001)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert (home / "out" / "scorecards.jsonl").read_bytes() == before
    assert len(stored(home)) == CALLS
    finish(home, undisturbed)


def test_of_two_runs_at_once_the_second_is_sent_away(tmp_path: Path, undisturbed: Path) -> None:
    home = as_disturbed(tmp_path, undisturbed)
    with hold_store(str(home / "qa.sqlite")):
        answer = qa(*command(home), cwd=home)
    assert answer.status == 3
    (problem,) = answer.problems()
    assert "is using the store" in problem["wrong"]
    assert not (home / "out").exists()


def limited(kibibytes: int) -> tuple[str, ...]:
    """No file may grow beyond so much: the disk is full, as far as the program can tell."""
    return "bash", "-c", f'ulimit -f {kibibytes}; exec "$0" "$@"'


@pytest.mark.slow
@pytest.mark.parametrize("kibibytes", [0, 64, 256])
def test_a_full_disk_is_told_and_after_it_the_night_goes_on(tmp_path: Path, undisturbed: Path, kibibytes: int) -> None:
    home = as_disturbed(tmp_path, undisturbed)
    answer = qa(*command(home), cwd=home, within=limited(kibibytes))
    assert answer.status == 3
    assert answer.problems()[0]["do"]
    assert not (home / "out").exists()
    finish(home, undisturbed)


@pytest.mark.slow
def test_on_a_small_disk_that_fills_up_nothing_is_lost(tmp_path: Path, undisturbed: Path) -> None:
    home = as_disturbed(tmp_path / "disk", undisturbed) if _mounted(tmp_path / "disk") else None
    if home is None:
        pytest.skip("only the administrator can mount a small disk")
    try:
        answer = qa(*command(home), cwd=home)
        assert answer.status == 3
        assert answer.problems()[0]["do"]
        assert not (home / "out").exists()
        subprocess.run(["mount", "-o", "remount,size=64m", home], check=True)
        finish(home, undisturbed)
    finally:
        subprocess.run(["umount", home], check=True)


def _mounted(folder: Path) -> bool:
    folder.mkdir()
    small = ("mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder))
    return subprocess.run(small, check=False, capture_output=True).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_at_any_moment_of_its_start_it_ends_without_noise(
    tmp_path: Path, undisturbed: Path, number: signal.Signals
) -> None:
    home = as_disturbed(tmp_path, undisturbed)
    for tenths in range(5, 20, 2):  # before, it is Python that starts, and not qa
        process = begin(*command(home), cwd=home)
        time.sleep(tenths / 10)
        process.send_signal(number)
        ended = {0, 130} | ({-number} if number is signal.SIGTERM else set())  # not yet listening to SIGTERM
        assert answered(process).status in ended
    finish(home, undisturbed)


@pytest.mark.slow
def test_a_store_that_another_program_has_locked_is_tried_again_later(tmp_path: Path, undisturbed: Path) -> None:
    home = as_disturbed(tmp_path, undisturbed)
    assert qa(*command(home), "--limit", "5", cwd=home).status == 0
    with closing(sqlite3.connect(home / "qa.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        answer = qa(*command(home), cwd=home)
    assert answer.status == 3
    assert "locked by another program" in answer.problems()[0]["wrong"]
    finish(home, undisturbed)
