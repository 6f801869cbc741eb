"""What is told to go is gone from every byte; what belongs to others stays as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from store_values import NINE_O_CLOCK, card, conversation, failure, keep, raw, recording, sha256

from qa.errors import TryAgainError
from qa.model.conversation import Conversation
from qa.model.recording import Recording
from qa.model.transcript import Word
from qa.store.codec import encode
from qa.store.erase import ErasedRows
from qa.store.store import Store

NOTHING = ErasedRows(0, 0, 0, 0)


def of(customer: str | None, call_id: str, days_ago: float = 0) -> Recording:
    call = recording(call_id, started_at=NINE_O_CLOCK - timedelta(days=days_ago))
    return replace(call, metadata=replace(call.metadata, customer_id=customer))


def saying(call_id: str, secret: str) -> Conversation:
    """A conversation with one more word in it."""
    heard = conversation(call_id)
    (turn,) = heard.turns
    (utterance,) = turn.utterances
    word = Word(secret, utterance.words[-1].span, None)
    said = replace(utterance, words=(*utterance.words[:-1], word))
    return replace(heard, turns=(replace(turn, utterances=(said,)),))


def everything(store: Store, ids: tuple[str, ...]) -> list[object]:
    return [(store.recording_of(i), store.conversation_of(i), store.scorecard(i), store.heard_key_of(i)) for i in ids]


def test_a_customer_goes_and_the_others_stay_as_they_were(store: Store) -> None:
    for n in range(6):
        keep(store, of("k1" if n % 2 else "k2", f"call-{n}"))
    store.keep_failure(failure("call-1", notice=True), "run")
    store.keep_failure(failure("call-2", notice=True), "run")
    others = ("call-0", "call-2", "call-4")
    before = everything(store, others)
    wanted = store.calls_of_customers(["k1"])
    assert wanted == ("call-1", "call-3", "call-5")
    assert store.belongings(wanted) == store.erase(wanted) == ErasedRows(3, 3, 3, 1)
    assert store.call_ids() == others
    assert everything(store, others) == before
    assert [one.call_id for one in store.failures()] == ["call-2"]
    assert store.calls_of_customers(["k1"]) == ()
    assert store.erase(wanted) == NOTHING
    assert store.check() == ()


def test_looking_changes_nothing(store: Store) -> None:
    keep(store, of("k1", "call-1"))
    before = everything(store, ("call-1",))
    assert store.belongings(["call-1"]) == ErasedRows(1, 1, 1, 0)
    assert everything(store, ("call-1",)) == before


def test_a_conversation_that_another_call_uses_stays_until_that_goes_too(store: Store) -> None:
    keep(store, of("k1", "call-1"))
    twin = replace(of("k2", "call-2"), sha256=sha256("call-1"))
    store.keep_call(twin, "key of call-1")
    assert store.erase(["call-1"]) == ErasedRows(1, 0, 1, 0)
    assert store.conversation_of("call-2") is not None
    assert store.erase(["call-2"]) == ErasedRows(1, 1, 0, 0)
    assert store.heard("key of call-1") is None


def test_what_other_engines_heard_in_the_call_goes_as_well(store: Store) -> None:
    for n in (1, 2):
        store.keep_heard(f"old key of call-{n}", conversation(f"call-{n}"))
        keep(store, of("k1", f"call-{n}"))
    assert store.erase(["call-1"]) == ErasedRows(1, 2, 1, 0)
    assert store.heard("old key of call-1") is None
    assert store.heard("old key of call-2") is not None


def test_more_calls_than_fit_into_one_statement(store: Store) -> None:
    with store.transaction():
        store.keep_heard("one", conversation())
        for n in range(1_050):
            store.keep_call(of("k1", f"call-{n:04}"), "one")
    ids = store.calls_of_customers(["k1"])
    assert len(ids) == 1_050
    assert store.erase(ids) == ErasedRows(1_050, 1, 0, 0)


def test_age_is_told_by_the_start_and_nothing_else(store: Store) -> None:
    keep(store, of("k1", "older", days_ago=90.001))
    keep(store, of("k1", "younger", days_ago=89.999))
    keep(store, recording("undated", started_at=None))
    store.keep_failure(replace(failure("failed-older"), started_at=NINE_O_CLOCK - timedelta(days=100)), "run")
    store.keep_failure(replace(failure("failed-younger"), started_at=NINE_O_CLOCK), "run")
    store.keep_failure(failure("failed-undated"), "run")
    aged = store.calls_before(NINE_O_CLOCK - timedelta(days=90))
    assert (aged.call_ids, aged.undated) == (("failed-older", "older"), 2)


def test_not_a_byte_stays_in_any_file(tmp_path: Path) -> None:
    secrets = [f"tajemnica-{sha256(str(n))[:20]}" for n in range(40)]
    path = tmp_path / "qa.sqlite"
    planted = []
    with Store.open(str(path)) as store:
        for n, secret in enumerate(secrets):
            heard = saying(f"{secret}-id", secret)
            call = of("k1", f"{secret}-id")
            keep(store, call)
            store.keep_heard(f"key of {secret}-id", heard)  # what keep kept is replaced: its bytes must go as well
            store.keep_failure(failure(f"{secret}-id", where=f"in/{secret}.wav", notice=True), "run")
            keep(store, of("k2", f"other-{n}"))
            planted += [secret.encode(), encode(heard), encode(call), encode(card(call.metadata))]
        others = tuple(f"other-{n}" for n in range(40))
        before = everything(store, others)
        assert all(needle in bytes_of(tmp_path) for needle in planted[:2])  # a needle is seen where it lies
        assert store.erase(store.calls_of_customers(["k1"])) == ErasedRows(40, 40, 40, 40)
        left = bytes_of(tmp_path)  # with the store still open: log and index file beside it
        assert everything(store, others) == before
    assert not [needle for needle in planted if chunk(needle) in left]
    assert encode(card(of("k2", "other-1").metadata)) in left
    with raw(path) as plain:
        assert plain.execute("PRAGMA freelist_count").fetchone() == (0,)
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def bytes_of(folder: Path) -> bytes:
    files = sorted(folder.iterdir())
    assert {"qa.sqlite", "qa.sqlite-wal", "qa.sqlite-shm"} <= {file.name for file in files}
    return b"\n".join(file.read_bytes() for file in files)


def chunk(needle: bytes) -> bytes:
    """The last bytes of a body, which its checksum makes its own: they would betray a piece of it, too."""
    return needle if needle.startswith(b"taj") else needle[-24:]


def test_a_reader_that_keeps_the_old_bytes_is_told_and_the_second_time_they_go(tmp_path: Path) -> None:
    path = tmp_path / "qa.sqlite"
    with Store.open(str(path), wait_seconds=0.1) as store:
        keep(store, of("k1", "call-1"))
        with raw(path) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM calls").fetchone()
            with pytest.raises(TryAgainError, match="bytes in the log"):
                store.erase(["call-1"])
        needle = encode(conversation("call-1"))
        assert needle in bytes_of(tmp_path)
        assert store.erase(["call-1"]) == NOTHING
        assert needle not in bytes_of(tmp_path)
