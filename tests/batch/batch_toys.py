"""Work for workers: toys that behave, raise, crash, hang and hoard. A module, since workers import what they do."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.errors import CallError, call_error
from qa.model.scorecard import FailureKind

PLENTY = 300.0
"""s; a limit that no toy reaches unless it hangs."""


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


class HardToSend(Exception):  # noqa: N818
    """Can be packed but not unpacked, as many libraries' exceptions."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"{code}: {words}")


def double(task: int) -> int:
    return 2 * task


def crash_on_17(task: int) -> int:
    if task == 17:
        os.kill(os.getpid(), signal.SIGSEGV)
    return task


def hang_on_3(task: int) -> int:
    if task == 3:
        time.sleep(600)
    return task


def hang_with_a_child_on_3(task: tuple[int, Path]) -> int:
    """Like a decoder that hangs: the one to end is the worker's child."""
    number, folder = task
    if number == 3:
        import subprocess

        with subprocess.Popen(["sleep", "600"]) as child:
            (folder / "child").write_text(str(child.pid))
    return number


def raise_by_number(task: int) -> int:
    if task == 1:
        raise ValueError("one")
    if task == 2:
        raise call_error(FailureKind.NO_SPEECH, "2.wav", "silence", "a call", "listen")
    if task == 3:
        raise HardToSend(3, "the customer said hunter2")
    if task == 4:
        sys.exit(7)
    if task == 5:
        raise KeyboardInterrupt
    if task == 6:
        raise ExceptionGroup("six", [ValueError("a"), CallError()])
    return task


def return_a_lock(task: object) -> object:
    return threading.Lock() if task == 1 else task


def who(task: float) -> int:
    time.sleep(task)
    return os.getpid()


def open_or_pass(task: tuple[str, Path]) -> str:
    """``open`` opens a door; ``pass`` waits for it, and then a little longer."""
    name, door = task
    if name == "open":
        door.touch()
    while not door.exists():
        time.sleep(0.05)
    time.sleep(1.0 if name == "pass" else 0)
    return name


def environment(task: str) -> str | None:
    return os.environ.get(task)


def chatter(task: int) -> int:
    print("a library says hello")  # noqa: T201
    return task


def big(task: int) -> bytes:
    return bytes(task)


def set_up() -> None:
    os.environ["SET_UP"] = str(int(os.environ.get("SET_UP", "0")) + 1)


def refuse_to_set_up() -> None:
    raise call_error(FailureKind.ENGINE, "engine", "no weights", "weights", "fetch them")


def die_at_set_up() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_once_at_set_up() -> None:
    first = Path(os.environ["QA_TEST_FIRST"])
    if not first.exists():
        first.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def note_and_wait(task: tuple[int, Path]) -> int:
    """Leave a file that says which process works on it, then take for ever; 0 only until 1 has begun."""
    number, folder = task
    (folder / f"{number}.part").write_text(str(os.getpid()))
    (folder / f"{number}.part").rename(folder / f"{number}.pid")
    while number != 0 or not (folder / "1.pid").exists():
        time.sleep(0.05)
    return number


def die_after(task: int) -> int:
    """Answer with the process's id, then die while idle."""
    threading.Timer(0.1, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
    return task + os.getpid()


def ignore_everything(task: int) -> int:
    """Survive what a service manager sends to every process of a service."""
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(os.getpid(), number)
    return task


def hang_for_ever(task: object) -> object:
    time.sleep(600)
    return task
