"""What a night keeps, the next night finds: on SQLite always, on PostgreSQL where there is one."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from store_values import RUBRIC, card, conversation, failure, keep, recording, run_facts

from qa.errors import CallError
from qa.model.recording import CallMetadata
from qa.model.scorecard import FailureKind, RubricStamp
from qa.store import period
from qa.store.store import Store

OTHER_RUBRIC = RubricStamp("strict", "2.0.0", "s" * 64)
WARSAW = timezone(timedelta(hours=1))


def ids(store: Store, **wanted: object) -> list[str]:
    return [call.scorecard.call.call_id for call in store.scored_calls(**wanted)]  # type: ignore[arg-type]


def test_an_unchanged_call_is_found_as_it_was_heard(store: Store) -> None:
    store.keep_heard("key", conversation())
    assert store.heard("key") == conversation()
    assert store.heard("key of another engine") is None


def test_hearing_again_replaces_what_was_heard(store: Store) -> None:
    store.keep_heard("key", conversation(words=4))
    store.keep_heard("key", conversation(words=9))
    assert store.heard("key") == conversation(words=9)


def test_a_kept_call_gives_back_all_of_its_parts(store: Store) -> None:
    keep(store, recording())
    assert store.call_ids() == ("call-1",)
    assert store.recording_of("call-1") == recording()
    assert store.heard_key_of("call-1") == "key of call-1"
    assert store.conversation_of("call-1") == conversation()
    assert store.scorecard("call-1") == card(recording().metadata)


def test_of_a_call_nobody_kept_there_is_nothing(store: Store) -> None:
    assert store.call_ids() == ()
    assert store.recording_of("x") is None
    assert store.heard_key_of("x") is None
    assert store.conversation_of("x") is None
    assert store.scorecard("x") is None
    assert list(store.scored_calls()) == []
    assert list(store.heard_calls()) == []


def test_a_corrected_manifest_replaces_the_metadata_and_leaves_the_card(store: Store) -> None:
    keep(store, recording(agent_id="anna"))
    store.keep_call(recording(agent_id="beata"), "key of call-1")
    corrected = store.recording_of("call-1")
    assert corrected is not None
    assert corrected.metadata.agent_id == "beata"
    assert store.scorecard("call-1") is not None
    assert ids(store, agent_id="beata") == ["call-1"]


def test_a_call_cannot_be_kept_before_what_was_heard_in_it(store: Store) -> None:
    with pytest.raises(CallError):
        store.keep_call(recording(), "never heard")
    assert store.call_ids() == ()


def test_a_card_cannot_be_kept_before_its_call(store: Store) -> None:
    with pytest.raises(CallError):
        store.keep_scorecard(card(recording().metadata), RUBRIC.sha256)


def test_the_latest_rubric_counts_and_the_earlier_card_stays(store: Store) -> None:
    call = recording()
    keep(store, call, RUBRIC)
    store.keep_scorecard(card(call.metadata, OTHER_RUBRIC), OTHER_RUBRIC.sha256)
    assert [c.scorecard.rubric for c in store.scored_calls()] == [OTHER_RUBRIC]
    assert store.scorecard("call-1") == card(call.metadata, OTHER_RUBRIC)
    assert store.scorecard("call-1", RUBRIC.sha256) == card(call.metadata, RUBRIC)
    store.keep_scorecard(card(call.metadata, RUBRIC), RUBRIC.sha256)
    assert [c.scorecard.rubric for c in store.scored_calls()] == [RUBRIC]


def test_calls_come_by_start_then_id_and_those_without_a_start_last(store: Store) -> None:
    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    keep(store, recording("z", started_at=nine))
    keep(store, recording("ż", started_at=nine))
    keep(store, recording("Z", started_at=nine))
    keep(store, recording("a", started_at=None))
    keep(store, recording("early", started_at=datetime(2026, 3, 2, 9, 30, tzinfo=WARSAW)))  # 8:30 UTC
    assert ids(store) == ["early", "Z", "z", "ż", "a"]
    assert [call.recording.metadata.call_id for call in store.heard_calls()] == ["early", "Z", "z", "ż", "a"]


def test_more_calls_than_one_batch_holds_come_in_order(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(period, "BATCH", 3)
    start = datetime(2026, 3, 2, tzinfo=UTC)
    for n in range(7):
        keep(store, recording(f"{n}", started_at=start - timedelta(minutes=n)))
    assert ids(store) == ["6", "5", "4", "3", "2", "1", "0"]


def test_the_reader_may_write_while_it_reads(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(period, "BATCH", 2)
    for n in range(5):
        keep(store, recording(f"{n}"))
    for call in store.heard_calls():
        metadata = call.recording.metadata
        store.keep_scorecard(card(metadata, OTHER_RUBRIC), OTHER_RUBRIC.sha256)
    assert {call.scorecard.rubric for call in store.scored_calls()} == {OTHER_RUBRIC}


def test_only_the_wanted_calls_come(store: Store) -> None:
    keep(store, recording("a", agent_id="anna"))
    keep(store, recording("b", agent_id="beata"))
    keep(store, recording("c", agent_id="anna"))
    assert ids(store, agent_id="anna") == ["a", "c"]
    assert ids(store, call_ids={"c", "b", "unheard"}) == ["b", "c"]
    assert ids(store, agent_id="anna", call_ids=["c", "b"]) == ["c"]
    assert ids(store, agent_id="nobody") == ids(store, call_ids=()) == []


def test_only_the_calls_of_the_period_come(store: Store) -> None:
    for day in (1, 2, 3):
        keep(store, recording(f"{day}", started_at=datetime(2026, 3, day, 12, tzinfo=UTC)))
    assert ids(store, since=datetime(2026, 3, 2, tzinfo=UTC)) == ["2", "3"]
    assert ids(store, until=datetime(2026, 3, 2, tzinfo=UTC)) == ["1"]
    assert ids(store, since=datetime(2026, 3, 2), until=datetime(2026, 3, 3)) == ["2"]


def test_a_unit_of_work_that_fails_leaves_nothing_behind(store: Store) -> None:
    def work() -> None:
        with store.transaction():
            keep(store, recording())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert store.call_ids() == ()
    assert store.heard("key of call-1") is None


def test_inside_a_unit_of_work_its_own_words_can_be_read(store: Store) -> None:
    with store.transaction():
        keep(store, recording())
        assert store.call_ids() == ("call-1",)
        assert ids(store) == ["call-1"]


def test_an_error_that_is_swallowed_inside_a_unit_of_work_is_not_swallowed_by_the_store(store: Store) -> None:
    def work() -> None:
        with store.transaction():
            keep(store, recording())
            with suppress(CallError):
                store.keep_call(recording("other"), "never heard")

    with pytest.raises(RuntimeError, match="nothing was stored"):
        work()
    assert store.call_ids() == ()


def test_an_error_of_the_caller_passes_through_unchanged(store: Store) -> None:
    with pytest.raises(UnicodeDecodeError), store.transaction():
        b"\xff".decode()


def test_each_thread_has_its_own_unit_of_work(store: Store) -> None:
    def work(name: str) -> None:
        for n in range(10):
            keep(store, recording(f"{name}{n}"))

    threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.call_ids()) == 30


def test_a_value_that_json_cannot_hold_is_a_failure_of_its_call_only(store: Store) -> None:
    with pytest.raises(CallError) as caught, store.transaction():
        store.keep_heard("key", replace(conversation(), duration=float("nan")))
    assert caught.value.kind is FailureKind.STORAGE
    assert store.heard("key") is None


@pytest.mark.parametrize("call_id", ["\ud800", "a\x00b"], ids=["lone surrogate", "NUL"])
def test_an_id_the_database_cannot_hold_is_a_failure_of_its_call_or_comes_back_whole(
    store: Store, call_id: str
) -> None:
    refused = ""
    try:
        keep(store, recording(call_id))
    except CallError as error:
        refused = error.kind
    assert (refused, store.call_ids()) in [(FailureKind.STORAGE, ()), ("", (call_id,))]


def test_runs_come_by_start_and_the_last_word_on_each_counts(store: Store) -> None:
    late, early = run_facts("a", datetime(2026, 3, 2, tzinfo=UTC)), run_facts("b", datetime(2026, 3, 1, tzinfo=UTC))
    store.keep_run(run_facts("a", datetime(2020, 1, 1, tzinfo=UTC)))
    store.keep_run(late)
    store.keep_run(early)
    assert store.runs() == (early, late)


def test_doctor_is_told_what_there_is(store: Store) -> None:
    keep(store, recording("a"))
    keep(store, recording("b"))
    for night in "123":
        store.keep_failure(failure("c"), night)
    store.keep_run(run_facts("1"))
    found = store.stats()
    assert (found.calls, found.heard, found.scorecards, found.failures, found.parked, found.runs) == (2, 2, 2, 1, 1, 1)
    assert found.schema == 1
    assert found.bytes > 0
    assert store.check() == ()


def test_metadata_that_say_nothing_are_kept_too(store: Store) -> None:
    bare = replace(recording(), metadata=CallMetadata("bare"))
    keep(store, bare)
    assert store.recording_of("bare") == bare
    assert ids(store, agent_id="unknown") == ["bare"]
