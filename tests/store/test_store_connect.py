"""What a user reads when the store cannot be opened, and that nothing secret is in it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from store_values import keep, problem, raw, recording

from qa.errors import TryAgainError, UsageError
from qa.store import tables
from qa.store.store import Store


def test_a_store_keeps_its_word(sqlite_url: str) -> None:
    with Store.open(sqlite_url) as store:
        told = {
            name: store._session.column(text(f"PRAGMA {name}"))[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
    assert told == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 5000,
    }


def test_a_bare_path_is_an_sqlite_file(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "night.sqlite")) as store:
        keep(store, recording())
    assert (tmp_path / "night.sqlite").stat().st_size > 0


def test_a_store_in_memory_lives_as_long_as_it_is_open() -> None:
    with Store.open("sqlite://") as store:
        keep(store, recording())
        assert store.call_ids() == ("call-1",)
        assert store.stats().bytes == 0


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:hunter2@host/db",
        "postgresql+psycopg2://u:hunter2@host/db",
        "://",
        "sqlite:///file:qa.sqlite?uri=true",
    ],
)
def test_no_other_kind_of_database_is_a_store(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        Store.open(url)
    assert "hunter2" not in str(caught.value)
    assert "sqlite" in problem(caught).expected


def test_a_folder_that_is_not_there_may_be_a_disk_that_is_not_mounted(tmp_path: Path) -> None:
    with pytest.raises(TryAgainError) as caught:
        Store.open(f"sqlite:///{tmp_path}/nas/qa.sqlite")
    assert "folder" in problem(caught).wrong
    assert not (tmp_path / "nas").exists()


def test_a_folder_in_place_of_the_file_is_out_of_reach(tmp_path: Path) -> None:
    with pytest.raises(TryAgainError) as caught:
        Store.open(str(tmp_path))
    assert "out of reach" in problem(caught).wrong


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("buy milk\n" * 200)
    with pytest.raises(UsageError) as caught:
        Store.open(str(notes))
    assert "not a database" in problem(caught).wrong
    assert notes.read_text() == "buy milk\n" * 200


def test_the_database_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    theirs = tmp_path / "browser.sqlite"
    with raw(theirs) as connection:
        connection.execute("CREATE TABLE cookies (value)")
    before = theirs.read_bytes()
    with pytest.raises(UsageError) as caught:
        Store.open(str(theirs))
    assert "another program" in problem(caught).wrong
    assert theirs.read_bytes() == before


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    (tmp_path / "qa.sqlite").touch()
    with Store.open(str(tmp_path / "qa.sqlite")) as store:
        assert store.call_ids() == ()


def test_a_store_from_a_newer_version_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as future:
        future.setattr(tables, "SCHEMA_VERSION", 2)
        Store.open(url).close()
    with pytest.raises(UsageError) as caught:
        Store.open(url)
    assert "newer" in problem(caught).wrong
    assert "schema 2" in problem(caught).wrong


def test_an_older_store_is_brought_up_to_date_without_losing_a_call(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(url) as store:
        keep(store, recording())
    monkeypatch.setattr(tables, "SCHEMA_VERSION", 3)
    monkeypatch.setattr(tables, "MIGRATIONS", {1: _add("one"), 2: _add("two")})
    for _ in range(2):
        with Store.open(url) as store:
            assert store.call_ids() == ("call-1",)
            assert store.stats().schema == 3
            assert store._session.column(text("SELECT one, two FROM runs")) == []


def test_an_upgrade_that_fails_halfway_has_not_begun(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(url) as store:
        keep(store, recording())
    with monkeypatch.context() as broken:
        broken.setattr(tables, "SCHEMA_VERSION", 3)
        broken.setattr(tables, "MIGRATIONS", {1: _add("one"), 2: _fail})
        with pytest.raises(ZeroDivisionError):
            Store.open(url)
    with Store.open(url) as store:
        assert store.call_ids() == ("call-1",)


def _add(column: str) -> Callable[[Connection], None]:
    def migrate(connection: Connection) -> None:
        connection.exec_driver_sql(f"ALTER TABLE runs ADD COLUMN {column} TEXT")

    return migrate


def _fail(_: Connection) -> None:
    raise ZeroDivisionError


def test_many_programs_may_open_a_new_store_at_once(url: str) -> None:
    opened: list[Store] = []
    threads = [threading.Thread(target=lambda: opened.append(Store.open(url, wait_seconds=30))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, store in enumerate(opened):
        keep(store, recording(f"{number}"))
    assert [len(store.call_ids()) for store in opened] == [8] * 8
    for store in opened:
        store.close()
