"""Whatever one call does to its worker, every other call is scored, and nobody is left behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import batch_toys as toys
import pytest
from batch_toys import PLENTY, failure_of

from qa.batch.local import LocalExecutor
from qa.model.contracts import Executor
from qa.model.recording import CallMetadata, Medium, Recording
from qa.model.scorecard import FailureKind


def test_every_task_comes_back_with_its_own_result() -> None:
    found = dict(LocalExecutor(2, PLENTY).run(toys.double, range(20)))
    assert found == {n: 2 * n for n in range(20)}


def test_it_keeps_the_contract() -> None:
    executor: Executor = LocalExecutor(1, PLENTY)
    assert list(executor.run(toys.double, [21])) == [(21, 42)]


def test_no_tasks_need_no_workers() -> None:
    assert list(LocalExecutor(2, PLENTY).run(toys.double, [])) == []


def test_a_crash_on_call_17_costs_call_17() -> None:
    found = dict(LocalExecutor(2, PLENTY).run(toys.crash_on_17, range(40)))
    error = failure_of(found.pop(17))
    assert error.kind is FailureKind.CRASHED
    assert "SIGSEGV" in str(error)
    assert found == {n: n for n in range(40) if n != 17}


def test_a_call_that_hangs_is_stopped_and_the_rest_goes_on() -> None:
    found = dict(LocalExecutor(1, lambda task: 0.5 if task == 3 else PLENTY).run(toys.hang_on_3, range(6)))
    error = failure_of(found.pop(3))
    assert error.kind is FailureKind.TIMED_OUT
    assert found == {n: n for n in range(6) if n != 3}


def test_what_a_call_raises_is_a_value() -> None:
    found = dict(LocalExecutor(1, PLENTY).run(toys.raise_by_number, range(8)))
    assert repr(found[1]) == "ValueError('one')"
    assert failure_of(found[2]).kind is FailureKind.NO_SPEECH
    assert isinstance(found[4], SystemExit)
    assert isinstance(found[5], KeyboardInterrupt)
    assert isinstance(found[6], ExceptionGroup)
    assert (found[0], found[7]) == (0, 7)


def test_an_error_says_where_in_the_worker_it_was_raised() -> None:
    ((_, error),) = LocalExecutor(1, PLENTY).run(toys.raise_by_number, [1])
    assert isinstance(error, ValueError)
    assert "batch_toys.py" in error.__notes__[0]
    assert "raise_by_number" in error.__notes__[0]


def test_an_error_that_cannot_travel_is_named_without_its_words() -> None:
    ((_, error),) = LocalExecutor(1, PLENTY).run(toys.raise_by_number, [3])
    assert failure_of(error).kind is FailureKind.ENGINE
    assert "HardToSend" in str(error)
    assert "hunter2" not in str(error)


def test_a_result_that_cannot_travel_is_an_error_of_its_call() -> None:
    found = dict(LocalExecutor(1, PLENTY).run(toys.return_a_lock, range(3)))
    assert failure_of(found[1]).kind is FailureKind.ENGINE
    assert (found[0], found[2]) == (0, 2)


def test_a_task_that_cannot_travel_is_an_error_of_its_own() -> None:
    unsendable = lambda: 1  # noqa: E731
    tasks: list[object] = [1, unsendable, 3]
    found = list(LocalExecutor(1, PLENTY).run(toys.return_a_lock, tasks[1:]))
    assert [task for task, _ in found] == [unsendable, 3]
    assert failure_of(found[0][1]).kind is FailureKind.ENGINE


def test_a_time_limit_that_cannot_be_told_is_an_error_of_its_call() -> None:
    found = dict(LocalExecutor(1, lambda task: 1 / (task - 1) + PLENTY).run(toys.double, range(3)))
    assert isinstance(found.pop(1), ZeroDivisionError)
    assert found == {0: 0, 2: 4}


def test_a_failure_names_the_recording_it_befell() -> None:
    recording = Recording(Path("in/17.wav"), "0" * 64, Medium.AUDIO, CallMetadata("17"))
    ((_, error),) = LocalExecutor(1, 0.5).run(toys.hang_for_ever, [recording])
    assert failure_of(error).problems[0].where == "in/17.wav"


def test_calls_are_spread_over_the_workers() -> None:
    found = list(LocalExecutor(3, PLENTY).run(toys.who, [0.3] * 12))
    assert len({pid for _, pid in found}) == 3
    assert os.getpid() not in {pid for _, pid in found}


def test_results_come_as_they_finish(tmp_path: Path) -> None:
    tasks = [(name, tmp_path / "door") for name in ("pass", "open")]
    assert [name for _, name in LocalExecutor(2, PLENTY).run(toys.open_or_pass, tasks)] == ["open", "pass"]


def test_tasks_are_taken_only_when_a_worker_is_free() -> None:
    taken: list[int] = []

    def tasks() -> Iterator[int]:
        for n in range(10):
            taken.append(n)
            yield n

    results = LocalExecutor(2, PLENTY).run(toys.double, tasks())
    next(results)
    assert len(taken) <= 3
    results.close()  # type: ignore[attr-defined]


def test_large_values_travel_whole() -> None:
    ((_, found),) = LocalExecutor(1, PLENTY).run(toys.big, [3_000_000])
    assert found == bytes(3_000_000)


def test_a_worker_counts_on_one_core_unless_the_user_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("MKL_NUM_THREADS", "5")
    names = ["OMP_NUM_THREADS", "MKL_NUM_THREADS"]
    assert [v for _, v in LocalExecutor(1, PLENTY).run(toys.environment, names)] == ["1", "5"]
    assert [v for _, v in LocalExecutor(1, PLENTY, threads=4).run(toys.environment, names)] == ["4", "5"]
    assert "OMP_NUM_THREADS" not in os.environ


def test_standard_output_is_for_results_only(capfd: pytest.CaptureFixture[str]) -> None:
    assert dict(LocalExecutor(1, PLENTY).run(toys.chatter, [1])) == {1: 1}
    captured = capfd.readouterr()
    assert captured.out == ""
    assert "a library says hello" in captured.err
