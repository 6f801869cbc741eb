"""Whatever one call does to its worker, every other call is scored, and nobody is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import batch_toys as toys
import pytest

from qa.batch.local import LocalExecutor
from qa.errors import CallError, TryAgainError
from qa.model.recording import CallMetadata, Medium, Recording
from qa.model.scorecard import FailureKind

PLENTY = 300.0


def alive(pid: int) -> bool:
    """Whether the process runs; one that only waits for its parent to notice does not."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("it never happened")


def failure_of(outcome: object) -> CallError:
    assert isinstance(outcome, CallError)
    (problem,) = outcome.problems
    assert all((problem.where, problem.wrong, problem.expected, problem.do))
    return outcome


def test_every_task_comes_back_with_its_own_result() -> None:
    found = dict(LocalExecutor(2, PLENTY).run(toys.double, range(20)))
    assert found == {n: 2 * n for n in range(20)}


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


def test_what_a_hanging_call_started_is_ended_with_it(tmp_path: Path) -> None:
    def seconds(task: tuple[int, Path]) -> float:
        return 3.0 if task[0] == 3 else PLENTY

    tasks = [(n, tmp_path) for n in range(2, 5)]
    found = dict(LocalExecutor(1, seconds).run(toys.hang_with_a_child_on_3, tasks))
    assert failure_of(found[3, tmp_path]).kind is FailureKind.TIMED_OUT
    child = int((tmp_path / "child").read_text())
    wait_until(lambda: not alive(child))


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


def test_results_come_as_they_finish() -> None:
    durations = [task for task, _ in LocalExecutor(2, PLENTY).run(toys.who, [4.0, 0.0, 0.01])]
    assert durations == [0.0, 0.01, 4.0]


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


def test_a_worker_is_set_up_once() -> None:
    executor = LocalExecutor(1, PLENTY, initialise=toys.set_up)
    assert [v for _, v in executor.run(toys.environment, ["SET_UP"] * 3)] == ["1"] * 3


def test_engines_that_refuse_to_be_set_up_end_the_run() -> None:
    with pytest.raises(CallError, match="no weights"):
        list(LocalExecutor(2, PLENTY, initialise=toys.refuse_to_set_up).run(toys.double, range(5)))


def test_workers_that_die_at_once_mean_the_machine_and_not_a_call() -> None:
    with pytest.raises(TryAgainError, match="SIGKILL"):
        list(LocalExecutor(2, PLENTY, initialise=toys.die_at_set_up).run(toys.double, range(5)))


def test_a_worker_that_dies_once_while_it_is_set_up_costs_no_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_TEST_FIRST", str(tmp_path / "first"))
    executor = LocalExecutor(1, PLENTY, initialise=toys.die_once_at_set_up)
    assert dict(executor.run(toys.double, range(3))) == {0: 0, 1: 2, 2: 4}


def test_a_worker_that_dies_idle_costs_no_call() -> None:
    found = {}
    for task, result in LocalExecutor(1, PLENTY).run(toys.die_after, range(3)):
        found[task] = result
        time.sleep(0.5)
    assert found == {0: 0, 1: 1, 2: 2}


def test_signals_to_all_processes_of_the_service_do_not_cost_the_running_call() -> None:
    assert dict(LocalExecutor(1, PLENTY).run(toys.ignore_everything, range(3))) == {0: 0, 1: 1, 2: 2}


def test_a_stop_finishes_what_runs_and_begins_nothing_more() -> None:
    executor = LocalExecutor(2, PLENTY)
    found = []
    for pair in executor.run(toys.double, range(1000)):
        found.append(pair)
        executor.stop()
    assert 1 <= len(found) <= 3
    assert all(result == 2 * task for task, result in found)
    assert list(executor.run(toys.double, range(5))) == []


def test_nobody_is_left_when_the_results_are_not_wanted_any_more(tmp_path: Path) -> None:
    results = LocalExecutor(2, PLENTY).run(toys.note_and_wait, [(n, tmp_path) for n in range(3)])
    assert next(results) == ((0, tmp_path), 0)  # which waited for 1 to begin
    results.close()  # type: ignore[attr-defined]
    assert not alive(int((tmp_path / "1.pid").read_text()))


SUPERVISOR = """
import sys
from pathlib import Path
import batch_toys as toys
from qa.batch.local import LocalExecutor
if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for (number, _), result in LocalExecutor(2, 600).run(toys.note_and_wait, [(n, folder) for n in range(9)]):
        print(number, flush=True)
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A run of its own whose call 0 is done and whose calls 1 and 2 take for ever."""
    (tmp_path / "supervisor.py").write_text(SUPERVISOR)
    search = os.pathsep.join((str(Path(__file__).parent), str(Path(__file__).parents[2])))
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "supervisor.py"), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": search},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        wait_until(lambda: all((tmp_path / f"{n}.pid").exists() for n in range(3)))
        yield process
        process.kill()


def pids(folder: Path) -> list[int]:
    return [int((folder / f"{n}.pid").read_text()) for n in range(3)]


def test_a_killed_supervisor_leaves_no_orphans(supervisor: subprocess.Popen[str], tmp_path: Path) -> None:
    supervisor.kill()
    wait_until(lambda: not any(alive(pid) for pid in pids(tmp_path)))


def test_ctrl_c_ends_the_workers_and_keeps_what_was_finished(supervisor: subprocess.Popen[str], tmp_path: Path) -> None:
    os.killpg(supervisor.pid, signal.SIGINT)
    out, err = supervisor.communicate(timeout=60)
    assert out == "0\n"
    assert err.count("Traceback") == 1  # the supervisor's own; workers die without a word
    assert "KeyboardInterrupt" in err
    assert supervisor.returncode == -signal.SIGINT
    assert not any(alive(pid) for pid in pids(tmp_path))


def test_standard_output_is_for_results_only(capfd: pytest.CaptureFixture[str]) -> None:
    assert dict(LocalExecutor(1, PLENTY).run(toys.chatter, [1])) == {1: 1}
    captured = capfd.readouterr()
    assert captured.out == ""
    assert "a library says hello" in captured.err
