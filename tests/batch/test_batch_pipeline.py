"""How a call's failure is told: which recording, and where a mistake of the program was made."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.batch.pipeline import as_call_error, failure_of
from qa.errors import TryAgainError, call_error
from qa.model.recording import CallMetadata, Medium, Recording
from qa.model.scorecard import FailureKind

CALL = Recording(Path("/calls/a.wav"), "0" * 64, Medium.AUDIO, CallMetadata("a", agent_id="ag1"))
SECRET = "my card number is 4111"


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:
        return caught


def test_a_failure_names_its_recording_even_where_an_engine_names_itself() -> None:
    error = call_error(FailureKind.ENGINE, "--engine pocketsphinx", "English only", "English", "use Whisper")
    assert failure_of(CALL, error).where == "/calls/a.wav (--engine pocketsphinx)"


def test_a_failure_that_names_its_recording_is_left_as_it_is() -> None:
    error = call_error(FailureKind.EMPTY, "/calls/a.wav", "empty", "a call", "export it again")
    failure = failure_of(CALL, error)
    assert (failure.where, failure.call_id, failure.agent_id) == ("/calls/a.wav", "a", "ag1")


def test_a_mistake_of_the_program_tells_its_place_and_no_callers_words() -> None:
    failure = failure_of(CALL, as_call_error(CALL, raised(KeyError(SECRET))))
    assert "KeyError at test_batch_pipeline.py:" in failure.wrong
    assert SECRET not in str(failure)


def test_a_mistake_in_a_worker_tells_the_place_there() -> None:
    error = raised(KeyError(SECRET))
    error.add_note("raised in a worker process:\n/x/qa/batch/hear.py:7 in hear\n/x/qa/text/tokens.py:9 in fold")
    assert "KeyError at tokens.py:9 in fold" in failure_of(CALL, as_call_error(CALL, error)).wrong


def test_what_may_work_later_is_no_failure_of_the_call() -> None:
    with pytest.raises(TryAgainError):
        as_call_error(CALL, TryAgainError())
