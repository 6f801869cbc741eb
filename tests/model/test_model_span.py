from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from qa.model.span import Span, intersect, merge, subtract, total

seconds = st.floats(min_value=0, max_value=1000, allow_nan=False).map(lambda x: round(x, 3))
spans = st.builds(lambda start, length: Span(start, start + length), seconds, seconds)
several = st.lists(spans, max_size=8)


def test_touching_spans_have_no_gap_and_share_nothing() -> None:
    one, other = Span(0, 2), Span(2, 3)
    assert one.gap(other) == 0
    assert not one & other
    assert one.hull(other) == Span(0, 3)


def test_an_end_is_not_covered_by_its_span() -> None:
    assert Span(1, 2).covers(1)
    assert not Span(1, 2).covers(2)


def test_a_span_that_ends_before_it_begins_is_empty() -> None:
    assert not Span(3, 2)
    assert Span(3, 2).duration == 0


def test_breaths_are_bridged_and_pauses_are_not() -> None:
    assert merge([Span(0, 1), Span(1.2, 2), Span(4, 5)], bridge=0.3) == (Span(0, 2), Span(4, 5))


@given(several)
def test_merged_spans_are_sorted_disjoint_and_cover_the_same_time(some: list[Span]) -> None:
    merged = merge(some)
    assert all(left.end < right.start for left, right in itertools.pairwise(merged))
    assert merge(merged) == merged


@given(several, several)
def test_what_is_shared_and_what_is_left_make_the_whole(ours: list[Span], theirs: list[Span]) -> None:
    both, left = intersect(ours, theirs), subtract(ours, theirs)
    assert abs(total(both) + total(left) - total(ours)) < 1e-6
    assert not intersect(left, theirs)


@given(several, seconds)
def test_time_can_be_shifted_without_changing_lengths(some: list[Span], later: float) -> None:
    assert abs(total(span.shifted(later) for span in some) - total(some)) < 1e-6
