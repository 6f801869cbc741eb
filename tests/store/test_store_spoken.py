"""What a user reads when the database says no in the middle of the work."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.pool import ConnectionPoolEntry
from store_values import conversation, keep, problem, raw, recording

from qa.errors import TryAgainError
from qa.store.connect import store_url
from qa.store.spoken import masked
from qa.store.store import Store


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def test_a_store_that_somebody_else_writes_to_is_waited_for_then_given_up(sqlite_url: str) -> None:
    with Store.open(sqlite_url, wait_seconds=0.2) as store, raw(file_of(sqlite_url)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert store.call_ids() == ()  # reading needs nobody's leave
        with pytest.raises(TryAgainError) as caught:
            keep(store, recording())
        assert "locked" in problem(caught).wrong
        other.execute("COMMIT")
        keep(store, recording())
        assert store.call_ids() == ("call-1",)


def test_a_store_held_exclusively_cannot_be_opened_now(sqlite_url: str) -> None:
    with raw(file_of(sqlite_url)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(TryAgainError):
            Store.open(sqlite_url, wait_seconds=0.2)
    Store.open(sqlite_url, wait_seconds=0.2).close()


def test_a_writer_that_finishes_in_time_is_waited_for(sqlite_url: str) -> None:
    with Store.open(sqlite_url) as store:
        written = threading.Event()
        other = threading.Thread(target=_write_slowly, args=(store, written))
        other.start()
        assert written.wait(30)
        keep(store, recording("mine"))
        other.join()
        assert store.call_ids() == ("mine", "theirs")


def _write_slowly(store: Store, written: threading.Event) -> None:
    with store.transaction():
        keep(store, recording("theirs"))
        written.set()
        threading.Event().wait(0.2)


@contextmanager
def every_file_has(pragma: str) -> Iterator[None]:
    """Every SQLite file opened inside gets this setting."""

    def limit(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        connection.execute(f"PRAGMA {pragma}")

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)


def test_a_disk_that_fills_up_costs_only_the_call_that_no_longer_fits(sqlite_url: str) -> None:
    full = 0
    with Store.open(sqlite_url) as store:
        keep(store, recording("first"))
    for pages in range(30, 120, 6):
        with every_file_has(f"max_page_count={pages}"), Store.open(sqlite_url) as store:
            before, said = store.call_ids(), ""
            try:
                _keep_big(store, f"call-{pages}")
            except TryAgainError as error:
                full, said = full + 1, str(error)
            assert ("the disk is full" in said and "free some space" in said) == (store.call_ids() == before)
        with Store.open(sqlite_url) as store:
            assert store.check() == ()
    assert 0 < full < 15
    assert len(store.call_ids()) == 16 - full


def _keep_big(store: Store, call_id: str) -> None:
    with store.transaction():
        store.keep_heard(
            call_id, replace(conversation(call_id), language=random.Random(call_id).randbytes(40_000).hex())
        )
        store.keep_call(recording(call_id), call_id)


def test_a_store_that_may_not_be_written_says_so(sqlite_url: str) -> None:
    Store.open(sqlite_url).close()
    with every_file_has("query_only=ON"), Store.open(sqlite_url) as store:
        assert store.call_ids() == ()
        with pytest.raises(TryAgainError) as caught:
            keep(store, recording())
    assert "cannot be written" in problem(caught).wrong


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(TryAgainError) as caught:
        Store.open("postgresql://qa:hunter2@127.0.0.1:1/qa?sslpassword=hunter2")
    assert "127.0.0.1:1" in problem(caught).where
    assert "out of reach" in problem(caught).wrong
    assert "hunter2" not in str(caught.value)


def test_a_password_is_masked_wherever_it_stands() -> None:
    url = store_url("postgresql+psycopg://qa:p%40ss@db/qa?password=p%40ss&sslmode=require")
    assert masked(url) == "postgresql+psycopg://qa:***@db/qa?password=%2A%2A%2A&sslmode=require"
