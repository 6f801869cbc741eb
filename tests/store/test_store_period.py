"""A period means the clock that the asker meant, and calls come in one order on every machine."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta, timezone

import pytest

from qa.store.period import Period, order

WARSAW = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("started_at", "bound", "before"),
    [
        (datetime(2026, 3, 1, 23, 30, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC), True),
        (datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC), False),
        (datetime(2026, 3, 1, 23, 30, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=WARSAW), False),
        (datetime(2026, 3, 1, 23, 30), datetime(2026, 3, 2, tzinfo=WARSAW), True),
        (datetime(2026, 3, 1, 23, 30, tzinfo=WARSAW), datetime(2026, 3, 2), True),
        (datetime(2026, 3, 2, 0, 30), datetime(2026, 3, 2), False),
    ],
    ids=str,
)
def test_a_period_begins_and_ends_by_the_clock_that_was_meant(
    started_at: datetime, bound: datetime, before: bool
) -> None:
    assert Period(until=bound).holds("call", started_at) is before
    assert Period(since=bound).holds("call", started_at) is not before


def test_a_call_without_a_start_is_in_no_period_but_among_all_calls() -> None:
    assert Period().holds("call", None)
    assert not Period(since=datetime(1, 1, 1)).holds("call", None)
    assert not Period(until=datetime(9999, 1, 1)).holds("call", None)


def test_a_call_is_asked_for_by_its_id() -> None:
    assert Period(call_ids={"a"}).holds("a", None)
    assert not Period(call_ids={"a"}).holds("b", None)
    assert not Period(call_ids=()).holds("a", None)


def test_the_order_does_not_depend_on_where_one_starts() -> None:
    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    wanted = [("b", nine), ("c", datetime(2026, 3, 2, 10)), ("a", None), ("b", None)]
    shuffled = wanted.copy()
    for seed in range(10):
        random.Random(seed).shuffle(shuffled)
        assert sorted(shuffled, key=lambda call: order(*call)) == wanted
