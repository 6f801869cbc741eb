"""A call that fails is tried again on three nights, then left alone until something changes."""

from __future__ import annotations

from store_values import failure, keep, recording, sha256

from qa.store.store import Store


def test_a_failure_is_counted_once_a_night_and_parked_after_three(store: Store) -> None:
    attempts = []
    for night in ("1", "2", "2", "3"):
        attempts.append(store.keep_failure(failure(), night).attempts)
        parked = store.is_parked("call-1")
        assert parked == (attempts[-1] >= 3)
    assert attempts == [1, 2, 2, 3]
    assert [f.attempts for f in store.failures()] == [3]
    assert not store.is_parked("call-2")


def test_a_parked_call_whose_file_was_replaced_is_tried_anew(store: Store) -> None:
    for night in "123":
        store.keep_failure(failure(), night, sha256("broken"))
    assert store.is_parked("call-1", sha256("broken"))
    assert store.is_parked("call-1")
    assert not store.is_parked("call-1", sha256("mended"))
    assert store.keep_failure(failure(), "4", sha256("mended")).attempts == 1


def test_a_call_that_succeeds_at_last_has_failed_no_more(store: Store) -> None:
    store.keep_failure(failure(), "1")
    store.keep_failure(failure(where="second copy", notice=True), "1")
    store.keep_failure(failure("call-2"), "1")
    keep(store, recording())
    assert [(f.call_id, f.where) for f in store.failures()] == [("call-1", "second copy"), ("call-2", "in/call-1.wav")]


def test_a_notice_is_never_parked(store: Store) -> None:
    for night in "12345":
        store.keep_failure(failure(notice=True), night)
    assert not store.is_parked("call-1")


def test_failures_can_be_asked_for_by_run_and_forgotten_by_call(store: Store) -> None:
    store.keep_failure(failure("b"), "1")
    store.keep_failure(failure("a"), "2")
    assert [f.call_id for f in store.failures()] == ["a", "b"]
    assert [f.call_id for f in store.failures("1")] == ["b"]
    store.clear_failures("b")
    assert [f.call_id for f in store.failures()] == ["a"]
