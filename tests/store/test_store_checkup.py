"""A damaged row is heard again; the check-up names every one of them, and no sound one."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from store_values import failure, keep, raw, recording, run_facts

from qa.store.codec import encode
from qa.store.store import Store


def damage(store: Store, statement: str, **values: object) -> None:
    store._session.execute(text(statement).bindparams(**values))


def fill(store: Store) -> None:
    keep(store, recording("a"))
    keep(store, recording("b"))
    store.keep_failure(failure("c"), "1")
    store.keep_run(run_facts("1"))


def test_a_sound_store_has_nothing_to_complain_about(store: Store) -> None:
    assert store.check() == ()
    fill(store)
    assert store.check() == ()


@pytest.mark.parametrize("body", [b"", b"\x00noise", encode(["another", "value"])], ids=["empty", "noise", "foreign"])
@pytest.mark.parametrize("table", ["heard", "calls", "scorecards", "failures", "runs"])
def test_rows_that_cannot_be_read_are_named_and_treated_as_absent(store: Store, table: str, body: bytes) -> None:
    fill(store)
    damage(store, f"UPDATE {table} SET body = :body", body=body)
    found = store.check()
    assert len(found) == {"heard": 2, "calls": 2, "scorecards": 2, "failures": 1, "runs": 1}[table]
    assert all(table in problem.where for problem in found)
    store.heard("key of a")
    assert len(list(store.scored_calls())) == (2 if table in ("failures", "runs") else 0)
    assert len(list(store.heard_calls())) == (0 if table in ("heard", "calls") else 2)


def test_a_damaged_conversation_is_absent_until_it_is_heard_again(store: Store) -> None:
    keep(store, recording("a"))
    damage(store, "UPDATE heard SET body = :body", body=b"noise")
    assert store.heard("key of a") is None
    keep(store, recording("a"))
    assert store.heard("key of a") is not None
    assert store.check() == ()


def test_rows_that_lost_what_they_belong_to_are_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("store") / "qa.sqlite"
    with Store.open(str(file)) as store:
        fill(store)
    with raw(file) as by_hand:  # another program, with foreign keys off
        by_hand.execute("DELETE FROM heard WHERE key = 'key of a'")
        by_hand.execute("DELETE FROM scorecards WHERE call_id = 'a'")
        by_hand.execute("DELETE FROM calls WHERE call_id = 'b'")
    with Store.open(str(file)) as store:
        wrongs = sorted(problem.wrong for problem in store.check())
    assert wrongs == ["its call is missing", "its current card is missing", "what was heard in it is missing"]


def test_a_file_with_a_torn_page_is_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("store") / "qa.sqlite"
    with Store.open(str(file)) as store:
        fill(store)
        page = store._session.column(text("SELECT rootpage FROM sqlite_master WHERE name = 'calls_by_agent'"))[0]
    with file.open("r+b") as bytes_of:
        bytes_of.seek((page - 1) * 4096 + 8)
        bytes_of.write(b"\x00" * 40)
    with Store.open(str(file)) as store:
        assert any("damaged" in problem.wrong for problem in store.check())
