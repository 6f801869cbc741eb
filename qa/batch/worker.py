"""The other end of the pipe: one process that does one call after another until nobody asks any more.

A worker leads its own session, so that a Ctrl-C at the terminal reaches only the supervisor, and so that it can be
ended together with everything it started (decoders). It ends itself when the supervisor is gone.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection, parent_process
from multiprocessing.connection import Connection
from types import FrameType
from typing import Generic, TypeVar

from qa.errors import CallError, call_error
from qa.model.recording import Recording
from qa.model.scorecard import FailureKind

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker is set up and waits for a call; ``error`` where setting it up failed."""

    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """The worker has its task: from here on the task is to blame for what happens."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Result]):
    """What came of one call: its result, or the exception it raised."""

    answer: Result | BaseException


def serve(pipe: Connection, work: Callable[[Task], Result], initialise: Callable[[], None] | None) -> None:
    """Set up once, then answer every task with `Begun` and an `Outcome`, until the pipe ends."""
    _stand_alone()
    try:
        if initialise is not None:
            initialise()
    except BaseException as error:
        pipe.send_bytes(_packed(Ready(_portable(error, "worker process"))))
        return
    with suppress(EOFError, OSError):  # nobody is left to ask, or to hear the answer
        pipe.send_bytes(_packed(Ready()))
        while True:
            packed = pipe.recv_bytes()
            pipe.send_bytes(_packed(Begun()))
            pipe.send_bytes(_attempt(work, packed))


def place_of(task: object) -> str:
    """How a message names the task: by its recording's file, if it is one."""
    return str(task.path) if isinstance(task, Recording) else "worker process"


def _stand_alone() -> None:
    os.setsid()
    for stop in (signal.SIGINT, signal.SIGTERM):
        # A handler, not SIG_IGN: what this process starts in turn gets the default back, and can be stopped.
        signal.signal(stop, _leave_it_to_the_supervisor)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # standard output is for results; libraries print to it
    threading.Thread(target=_end_with_the_supervisor, daemon=True).start()


def _leave_it_to_the_supervisor(number: int, frame: FrameType | None) -> None:
    """It finishes the running call or kills this process; a service manager signals every process of a service."""


def _end_with_the_supervisor() -> None:
    supervisor = parent_process()
    if supervisor is not None:
        connection.wait([supervisor.sentinel])
        os.killpg(0, signal.SIGKILL)


def _attempt(work: Callable[[Task], Result], packed: bytes) -> bytes:
    where = "worker process"
    try:
        task: Task = pickle.loads(packed)  # noqa: S301 - from the supervisor, which started this process
        where = place_of(task)
        outcome: Outcome[Result] = Outcome(work(task))
    except BaseException as error:
        return _packed(Outcome(_portable(error, where)))
    try:
        return _packed(outcome)
    except Exception as error:
        wrong = f"a result of type {type(outcome.answer).__name__} cannot be sent ({type(error).__name__})"
        return _packed(Outcome(untold(where, wrong)))


def _packed(message: object) -> bytes:
    return pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)


def _portable(error: BaseException, where: str) -> BaseException:
    """The exception, with word of where it was raised, if it survives the journey; else one that names its type."""
    places = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    error.add_note("raised in a worker process:\n" + "\n".join(places))
    error.__cause__ = error.__context__ = None
    try:
        pickle.loads(_packed(error))  # noqa: S301 - our own bytes: many exceptions can be packed but not unpacked
    except Exception:
        return untold(where, f"{type(error).__module__}.{type(error).__qualname__} was raised")
    return error


def untold(where: str, wrong: str) -> CallError:
    """An engine's error without its message, which may hold a customer's words."""
    do = "run qa doctor, and report this with the call's id"
    return call_error(FailureKind.ENGINE, where, wrong, "a result or an error that can be sent", do)
