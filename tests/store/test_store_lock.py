"""One batch at a time on one store, and never a lock that outlives its holder."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from store_values import problem

from qa.errors import TryAgainError
from qa.store.lock import hold_lock, hold_store

HOLDER = """
import sys, time
from qa.store.lock import hold_store
with hold_store(sys.argv[1]):
    print("held", flush=True)
    time.sleep(600)
"""


def hold_elsewhere(url: str) -> subprocess.Popen[bytes]:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, url], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    return holder


def test_a_second_batch_on_the_same_store_is_sent_away_and_told_who_is_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'qa.sqlite'}"
    with hold_elsewhere(url) as holder:
        with pytest.raises(TryAgainError) as caught, hold_store(url):
            pytest.fail("two batches on one store")
        assert problem(caught).where == str(tmp_path / "qa.sqlite.qa-lock")
        assert f"process {holder.pid} " in problem(caught).wrong
        holder.kill()


def test_a_killed_holder_holds_nothing(url: str) -> None:
    with hold_elsewhere(url) as holder:
        holder.kill()
        holder.wait()
    if url.startswith("postgresql"):
        _until_the_server_notices(url)
    with hold_store(url):
        pass


def _until_the_server_notices(url: str) -> None:
    for _ in range(200):
        try:
            with hold_store(url):
                return
        except TryAgainError:
            continue
    pytest.fail("the server still holds the lock of a dead process")


def test_after_a_batch_the_next_one_may_begin(url: str) -> None:
    for _ in range(2):
        with hold_store(url), ExitStack() as nested, pytest.raises(TryAgainError):
            nested.enter_context(hold_store(url))


def test_a_batch_that_failed_lets_go(url: str) -> None:
    with pytest.raises(ZeroDivisionError), hold_store(url):
        raise ZeroDivisionError
    with hold_store(url):
        pass


def test_two_stores_have_two_locks(tmp_path: Path) -> None:
    with hold_store(str(tmp_path / "a.sqlite")), hold_store(str(tmp_path / "b.sqlite")), hold_store("sqlite://"):
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.sqlite.qa-lock", "b.sqlite.qa-lock"]


def test_a_lock_in_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(TryAgainError) as caught, hold_lock(tmp_path / "gone" / "qa.qa-lock"):
        pytest.fail("a lock on nothing")
    assert "gone" in problem(caught).where
    assert not (tmp_path / "gone").exists()


def test_the_lock_says_who_holds_it(tmp_path: Path) -> None:
    with hold_lock(tmp_path / "lock"):
        assert f"process {os.getpid()} on " in (tmp_path / "lock").read_text()
