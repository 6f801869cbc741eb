"""While a worker is hired, nothing may come between: a half-started worker would complain on the user's terminal."""

from __future__ import annotations

import signal
import threading

import pytest

from qa.batch.hand import undisturbed


@pytest.fixture
def came() -> list[int]:
    return []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_another_thread_receives_waits_until_the_end(number: signal.Signals, came: list[int]) -> None:
    started, go = threading.Event(), threading.Event()

    def receive() -> None:
        started.set()
        go.wait(60)
        signal.raise_signal(number)

    other = threading.Thread(target=receive)
    other.start()  # before the signals are held back, as the threads of numeric libraries are
    before = signal.signal(number, lambda n, _: came.append(n))
    try:
        started.wait(60)
        with undisturbed():
            go.set()
            other.join(60)
            assert came == []
        assert came == [number]
        assert callable(signal.getsignal(number))
    finally:
        signal.signal(number, before)


def test_ctrl_c_comes_as_ever_afterwards() -> None:
    with pytest.raises(KeyboardInterrupt), undisturbed():
        signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_a_thread_beside_the_main_one_may_hire_too(came: list[int]) -> None:
    def hire() -> None:
        with undisturbed():
            came.append(1)

    beside = threading.Thread(target=hire)
    beside.start()
    beside.join(60)
    assert came == [1]
