"""Many calls on the cores of this machine: a supervisor and N processes, any of which may die.

    tasks ──> supervisor ──pipe──> worker 1 ── work(task) ──> result ─┐
                         ──pipe──> worker 2   (crashes, hangs, …)     ├──> (task, result or error), as they finish
                         ──pipe──> worker N                           ┘

Processes are *spawned*: each starts clean, without the supervisor's threads, locks, file handles and CUDA or
OpenMP state, with which torch and CTranslate2 may hang after a fork. A fork server would start workers faster,
but takes its environment only once and stands between us and the way a worker died; workers start a few times
a night. POSIX only: sessions and signal masks are used.
"""

from __future__ import annotations

import atexit
import pickle
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from multiprocessing import connection
from typing import Generic, TypeVar

from qa.batch.hand import END_SECONDS, Assignment, Hand, hire, undisturbed
from qa.batch.worker import Begun, Outcome, Ready, place_of, untold
from qa.errors import CallError, Problem, TryAgainError, call_error
from qa.model.scorecard import FailureKind

Task = TypeVar("Task")
Result = TypeVar("Result")

START_SECONDS = 600.0
"""s; for a worker to import its engines and load their weights, on a slow disk and a busy machine (house rule)."""

TICK_SECONDS = 0.5
"""s; a stop that was asked for is noticed within this time."""

MAX_FAILED_STARTS = 3
"""So many workers in a row that die before they begin a task mean the machine, not a call."""


class LocalExecutor:
    """Runs calls on ``workers`` processes; implements `qa.model.contracts.Executor`.

    ``seconds_per_task``: the time after which a call's worker is taken for hung and killed, as a number or by task.
    ``initialise`` runs once in every new worker; what it raises ends the run. ``threads``: cores each worker counts on;
    one recogniser thread per core, with calls spread over workers, is the fastest (measured).
    """

    def __init__(
        self,
        workers: int,
        seconds_per_task: Callable[..., float] | float,
        initialise: Callable[[], None] | None = None,
        threads: int = 1,
    ) -> None:
        self.workers = workers
        self._seconds = seconds_per_task
        self._initialise = initialise
        self._threads = threads
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Begin no further task; those that run are finished and yielded. For signal handlers and other threads."""
        self._stopping.set()

    def run(
        self, work: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Iterator[tuple[Task, Result | BaseException]]:
        """Apply ``work`` (a function of a module, or a partial of one) to every task; pairs come as they finish.

        Tasks are taken one by one, when a worker is free. What a task raises is yielded in place of its result; so is
        a `CallError` of kind ``crashed`` or ``timed_out`` where its worker died or overran its time. Closing the
        iterator, or Ctrl-C, kills the workers at once. Raises `TryAgainError` where workers cannot be started.
        """
        hire_one = partial(hire, work, self._initialise, self._threads, START_SECONDS)
        crew: _Crew[Task, Result] = _Crew(self.workers, hire_one, self._seconds_of, self._stopping)
        atexit.register(crew.dismiss)  # before multiprocessing's own, which would wait for idle workers for ever
        try:
            yield from crew.work_off(iter(tasks))
        finally:
            atexit.unregister(crew.dismiss)
            crew.dismiss()

    def _seconds_of(self, task: object) -> float:
        return self._seconds(task) if callable(self._seconds) else self._seconds


class _Crew(Generic[Task, Result]):
    """The workers of one run, and which task each one has."""

    def __init__(
        self,
        size: int,
        hire_one: Callable[[], Hand[Task, Result]],
        seconds_of: Callable[[Task], float],
        stopping: threading.Event,
    ) -> None:
        self._size = size
        self._hire = hire_one
        self._seconds_of = seconds_of
        self._stopping = stopping
        self._hands: list[Hand[Task, Result]] = []
        self._failed_starts = 0

    def work_off(self, tasks: Iterator[Task]) -> Iterator[tuple[Task, Result | BaseException]]:
        """Hand out and collect until nothing is left, or nothing is running after a stop."""
        while True:
            yield from self._hand_out(tasks)
            busy = [hand for hand in self._hands if hand.assignment is not None]
            if not busy:
                return
            self._wait(busy)
            for hand in busy:
                yield from self._news(hand)

    def dismiss(self) -> None:
        """End every worker: the busy ones at once, the idle ones with time to clean up."""
        for hand in sorted(self._hands, key=lambda hand: hand.assignment is None):
            hand.end(END_SECONDS if hand.assignment is None else 0)
        self._hands.clear()

    def _hand_out(self, tasks: Iterator[Task]) -> Iterator[tuple[Task, BaseException]]:
        if self._stopping.is_set():
            self._take_back_what_has_not_begun()
        while not self._stopping.is_set() and self._has_room():
            try:
                task = next(tasks)
            except StopIteration:
                return
            assignment = self._assignment(task)
            if isinstance(assignment, BaseException):
                yield task, assignment
            else:
                self._free_hand().take(assignment)

    def _take_back_what_has_not_begun(self) -> None:
        for hand in self._hands:
            if not hand.begun:
                hand.finish()

    def _has_room(self) -> bool:
        return len(self._hands) < self._size or any(hand.assignment is None for hand in self._hands)

    def _assignment(self, task: Task) -> Assignment[Task] | BaseException:
        try:
            seconds = self._seconds_of(task)
        except Exception as error:
            return error
        try:
            return Assignment(task, pickle.dumps(task, protocol=pickle.HIGHEST_PROTOCOL), seconds)
        except Exception as error:
            return untold(place_of(task), f"the task cannot be sent to a worker ({type(error).__name__})")

    def _free_hand(self) -> Hand[Task, Result]:
        for hand in self._hands:
            if hand.assignment is None:
                return hand
        with undisturbed():
            self._hands.append(self._hire())
        return self._hands[-1]

    def _wait(self, busy: list[Hand[Task, Result]]) -> None:
        left = min(hand.deadline for hand in busy) - time.monotonic()
        signs = [sign for hand in busy for sign in (hand.pipe, hand.process.sentinel)]
        connection.wait(signs, min(max(left, 0), TICK_SECONDS))

    def _news(self, hand: Hand[Task, Result]) -> Iterator[tuple[Task, Result | BaseException]]:
        try:
            message = hand.message()
        except EOFError:
            yield from self._gone(hand, END_SECONDS, _crashed)
            return
        if isinstance(message, Ready):
            _set_up(hand, message)
        elif isinstance(message, Begun):
            hand.begun, self._failed_starts = True, 0
        elif message is not None:
            yield from _told(hand, message)
        elif time.monotonic() > hand.deadline:
            yield from self._gone(hand, 0, _timed_out)

    def _gone(
        self, hand: Hand[Task, Result], patience: float, as_error: Callable[[Assignment[Task], str], CallError]
    ) -> Iterator[tuple[Task, CallError]]:
        """End a worker that died or hangs: its task has failed, unless it had not begun it."""
        self._hands.remove(hand)
        cause = hand.end(patience)
        if hand.assignment is None:
            return
        if hand.begun:
            yield hand.assignment.task, as_error(hand.assignment, cause)
            return
        self._failed_starts += 1
        if self._failed_starts >= MAX_FAILED_STARTS:
            raise _no_workers(cause)
        self._free_hand().take(hand.assignment)


def _set_up(hand: Hand[Task, Result], message: Ready) -> None:
    if message.error is not None:
        raise message.error
    hand.set_up()


def _told(hand: Hand[Task, Result], outcome: Outcome[Result]) -> Iterator[tuple[Task, Result | BaseException]]:
    if hand.assignment is not None:
        task = hand.assignment.task
        hand.finish()
        yield task, outcome.answer


def _crashed(assignment: Assignment[Task], cause: str) -> CallError:
    wrong, expected = f"its worker process broke down: {cause}", "an engine that survives the recording"
    do = "run again; if it breaks down again, leave the recording out and report its format, or use fewer workers"
    return call_error(FailureKind.CRASHED, place_of(assignment.task), wrong, expected, do)


def _timed_out(assignment: Assignment[Task], _: str) -> CallError:
    wrong, expected = "it was stopped because it took too long", f"an end within {assignment.seconds:.0f} s"
    do = "run again when the machine is less busy; if it hangs again, leave the recording out and report its format"
    return call_error(FailureKind.TIMED_OUT, place_of(assignment.task), wrong, expected, do)


def _no_workers(cause: str) -> TryAgainError:
    wrong = f"{MAX_FAILED_STARTS} in a row broke down before their first call: {cause}"
    do = "run again with fewer --workers or more free memory; run qa doctor if it persists"
    return TryAgainError((Problem("worker processes", wrong, "workers that start", do),))
