"""The supervisor's side of one worker process: hire it, give it a task, hear from it, end it."""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Generic, TypeVar

from qa.batch.worker import Begun, Outcome, Ready, serve

Task = TypeVar("Task")
Result = TypeVar("Result")

END_SECONDS = 2.0
"""s; for an idle worker to clean up after itself, and for a dying one to be gone, before it is killed (house rule)."""

STOPS = (signal.SIGINT, signal.SIGTERM)
"""What asks a run to end: Ctrl-C at a terminal, a service manager."""

THREAD_SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
"""What numeric libraries read when they are imported to decide on their threads."""


@dataclass(frozen=True, slots=True)
class Assignment(Generic[Task]):
    """A task on its way to a worker: as it came, as it is sent, and how long it may take in seconds."""

    task: Task
    packed: bytes
    seconds: float


@dataclass(eq=False)
class Hand(Generic[Task, Result]):
    """One worker process and what it is doing.

    ``ready``: it is set up; ``begun``: it has begun its assignment; ``deadline`` is on the monotonic clock, in seconds.
    """

    process: SpawnProcess
    pipe: Connection
    deadline: float
    ready: bool = False
    begun: bool = False
    assignment: Assignment[Task] | None = None

    def take(self, assignment: Assignment[Task]) -> None:
        """Give it a task: at once, or as soon as it is set up."""
        self.assignment = assignment
        if self.ready:
            self._send(assignment)

    def set_up(self) -> None:
        """It is set up: the clock of its task starts."""
        self.ready = True
        if self.assignment is not None:
            self._send(self.assignment)

    def _send(self, assignment: Assignment[Task]) -> None:
        self.deadline = time.monotonic() + assignment.seconds
        with suppress(OSError):  # it died idle, which is found out by the end of its messages
            self.pipe.send_bytes(assignment.packed)

    def message(self) -> Ready | Begun | Outcome[Result] | None:
        """What it sent, if anything. Raises `EOFError` where it is dead and has nothing more to say."""
        alive = self.process.is_alive()  # asked first: what it sent before it died is still in the pipe
        if self.pipe.poll():
            with suppress(OSError):
                return self._unpacked(self.pipe.recv_bytes())
            raise EOFError
        if not alive:
            raise EOFError
        return None

    def _unpacked(self, packed: bytes) -> Ready | Begun | Outcome[Result]:
        try:
            message: Ready | Begun | Outcome[Result] = pickle.loads(packed)  # noqa: S301 - from a process we started
        except Exception as error:
            return Outcome(error)
        return message

    def finish(self) -> None:
        """It has answered: it is free for the next task."""
        self.assignment, self.begun = None, False

    def end(self, patience: float) -> str:
        """Wait ``patience`` seconds for it to end by itself, then kill it and all it started; says how it ended."""
        self.pipe.close()
        self.process.join(patience)
        cause = _cause(self.process.exitcode)
        with suppress(ProcessLookupError, PermissionError):  # nobody left, or not yet a session of its own
            os.killpg(_pid(self.process), signal.SIGKILL)
        self.process.kill()
        self.process.join()
        return cause


def hire(
    work: Callable[[Task], Result], initialise: Callable[[], None] | None, threads: int, seconds: float
) -> Hand[Task, Result]:
    """Start a worker that has ``seconds`` to be set up and counts on ``threads`` cores."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, work, initialise), name="qa worker")
    try:
        with _counting_on(threads):
            process.start()
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()
    return Hand(process, ours, time.monotonic() + seconds)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold back Ctrl-C and SIGTERM until a new worker is on the books, and from it until it knows what to do.

    The mask is for the worker, which inherits it. Here the system may hand a signal to another thread (numeric
    libraries have some), and Python would then run its handler in this one all the same: so that waits as well.
    """
    resource_tracker.ensure_running()  # its start would let the signals through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        with _put_off():
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _put_off() -> Iterator[None]:
    """Handlers run when the block has ended; only the main thread may set them, and only there do they run."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    handlers = {number: signal.signal(number, lambda number, _: came.append(number)) for number in STOPS}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        for late in dict.fromkeys(came):
            signal.raise_signal(late)


@contextmanager
def _counting_on(threads: int) -> Iterator[None]:
    """The environment that a new process starts with; what the user set stays."""
    ours = {name: str(threads) for name in THREAD_SETTINGS if name not in os.environ}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name in ours:
            del os.environ[name]


def _pid(process: SpawnProcess) -> int:
    """The process's id; never 0, which would mean our own group."""
    if not process.pid:
        raise ProcessLookupError
    return process.pid


def _cause(code: int | None) -> str:
    if code is None:
        return "it did not end by itself"
    if code >= 0:
        return f"it ended with status {code}"
    name = signal.Signals(-code).name
    return f"it was killed by {name}" + (", as happens when memory runs out" if name == "SIGKILL" else "")
