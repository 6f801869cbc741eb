"""A recording is what it contains: under a new id it is the same call, and is kept once."""

from __future__ import annotations

from dataclasses import replace

from store_values import keep, recording

from qa.store.store import Store


def test_a_recording_that_is_named_anew_has_one_call(store: Store) -> None:
    old, bystander = recording("old"), recording("bystander")
    keep(store, old)
    keep(store, bystander)
    new = replace(old, metadata=replace(old.metadata, call_id="new"))
    store.keep_call(new, "key of old")
    assert store.forget_other_ids(new) == ("old",)
    assert store.call_ids() == ("bystander", "new")
    assert store.scorecard("old") is None
    assert store.conversation_of("new") is not None
    assert store.check() == ()


def test_where_nothing_was_named_anew_nothing_is_forgotten(store: Store) -> None:
    keep(store, recording("one"))
    keep(store, recording("two"))
    assert store.forget_other_ids(recording("one")) == ()
    assert store.call_ids() == ("one", "two")
