"""Power cuts: whatever of the last writes reached the disk, every call is there whole or not at all."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from store_values import keep, recording

from qa.store.store import Store

CALLS = 8
CUTS = 200


@pytest.fixture
def crashed(tmp_path: Path) -> Path:
    """A store as it lies on the disk in the middle of a night: nothing of it has left the write-ahead log yet."""
    live = tmp_path / "live" / "qa.sqlite"
    live.parent.mkdir()
    with Store.open(str(live)) as store:
        for number in range(CALLS):
            keep(store, recording(f"{number}"))
        shutil.copytree(live.parent, tmp_path / "crashed")
    return tmp_path / "crashed"


def revived(crashed: Path, log: bytes, folder: Path) -> int:
    """Open what is left with this much of the log; how many calls survived, all of them whole."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(crashed / "qa.sqlite", folder)
    (folder / "qa.sqlite-wal").write_bytes(log)
    with Store.open(str(folder / "qa.sqlite")) as store:
        assert store.check() == ()
        survived = store.call_ids()
        assert survived == tuple(f"{number}" for number in range(len(survived)))
        assert [call.scorecard.call.call_id for call in store.scored_calls()] == list(survived)
        keep(store, recording("the next night"))
        assert len(store.call_ids()) == len(survived) + 1
    return len(survived)


def test_an_untouched_log_loses_nothing(crashed: Path, tmp_path: Path) -> None:
    assert revived(crashed, (crashed / "qa.sqlite-wal").read_bytes(), tmp_path / "again") == CALLS


@pytest.mark.slow
def test_a_log_cut_anywhere_loses_only_the_last_calls_and_those_whole(crashed: Path, tmp_path: Path) -> None:
    log = (crashed / "qa.sqlite-wal").read_bytes()
    seeded = random.Random(20260302)
    cuts = sorted(seeded.randrange(len(log)) for _ in range(CUTS))
    survived = [revived(crashed, log[:cut], tmp_path / "again") for cut in cuts]
    assert survived == sorted(survived)
    assert set(survived) == set(range(CALLS))


@pytest.mark.slow
def test_a_log_overwritten_with_noise_loses_only_the_last_calls_and_those_whole(crashed: Path, tmp_path: Path) -> None:
    log = (crashed / "qa.sqlite-wal").read_bytes()
    seeded = random.Random(20260303)
    for _ in range(CUTS // 4):
        at = seeded.randrange(len(log))
        noise = seeded.randbytes(min(4096, len(log) - at))
        assert revived(crashed, log[:at] + noise + log[at + len(noise) :], tmp_path / "again") <= CALLS
