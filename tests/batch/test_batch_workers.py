"""Workers are born, set up, stopped, killed and orphaned; nobody is left behind, and no call pays for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import batch_toys as toys
import pytest
from batch_toys import PLENTY, alive, failure_of, wait_until

from qa.batch.local import LocalExecutor
from qa.errors import CallError, TryAgainError
from qa.model.scorecard import FailureKind


def test_what_a_hanging_call_started_is_ended_with_it(tmp_path: Path) -> None:
    def seconds(task: tuple[int, Path]) -> float:
        return 3.0 if task[0] == 3 else PLENTY

    tasks = [(n, tmp_path) for n in range(2, 5)]
    found = dict(LocalExecutor(1, seconds).run(toys.hang_with_a_child_on_3, tasks))
    assert failure_of(found[3, tmp_path]).kind is FailureKind.TIMED_OUT
    child = int((tmp_path / "child").read_text())
    wait_until(lambda: not alive(child))


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
    pids = []
    for _, pid in LocalExecutor(1, PLENTY).run(toys.die_after, [0, 0, 0]):
        assert isinstance(pid, int)
        wait_until(lambda pid=pid: not alive(pid))  # type: ignore[misc]
        pids.append(pid)
    assert len(set(pids)) == 3


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
