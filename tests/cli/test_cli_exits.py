"""Exit statuses of what nobody foresaw."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from cli_command import environment

from qa.cli.exits import TRACEBACK_VARIABLE, Exit, errors_told

SECRET = "my card number is 4111"


def mistaken(as_json: bool = False) -> int:
    with pytest.raises(SystemExit) as ended, errors_told(as_json):
        raise ZeroDivisionError(SECRET)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_a_mistake_of_the_program_is_never_taken_for_some_failed_calls(capsys: pytest.CaptureFixture[str]) -> None:
    assert mistaken() == Exit.DEFECT
    said = capsys.readouterr().err
    assert "ZeroDivisionError at test_cli_exits.py:" in said
    assert "Traceback" not in said
    assert SECRET not in said


def test_a_program_is_told_of_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert mistaken(as_json=True) == Exit.DEFECT
    assert json.loads(capsys.readouterr().out)["code"] == Exit.DEFECT


def test_who_wants_to_see_the_trace_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TRACEBACK_VARIABLE, "1")
    with pytest.raises(ZeroDivisionError), errors_told():
        raise ZeroDivisionError


def test_what_the_system_refuses_may_work_later(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, errors_told():
        raise OSError(28, "No space left on device", "/srv/reports")
    assert ended.value.code == Exit.TRY_AGAIN
    assert "/srv/reports" in capsys.readouterr().err


def test_what_a_library_logs_is_not_on_the_terminal() -> None:
    talk = "import logging; logging.getLogger('a library').error('my card number is 4111')"
    hushed = f"from qa.cli.console import hush_libraries; hush_libraries(); {talk}"
    for program, heard in ((talk, True), (hushed, False)):
        done = subprocess.run([sys.executable, "-c", program], env=environment(), capture_output=True, check=True)
        assert (b"4111" in done.stderr) == heard
