"""`qa forget` and `qa purge`: with a receipt, without leftovers, and never without consent."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cli_calls import write_call
from cli_command import Answer, Values, cards, environment, qa

from qa.store.lock import hold_store

OLD = "2026-03-02T09:00:00+01:00"
NOW = datetime.now(UTC).isoformat(timespec="seconds")
"""Purging looks at the machine's clock; a start in the future would be refused."""
WORDS = "Zanzibar marmalade"
"""Said by the customer who is to be forgotten, and by nobody else."""


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two calls of customer k1, one of k2, one without a customer, scored in two folders."""
    home = tmp_path_factory.mktemp("kept")
    line = ("customer", f"Hello, {WORDS} I want to cancel.")
    for name in ("k1-a", "k1-b"):
        write_call(home / "first", name, line, customer_id="k1", started_at=OLD)
    write_call(home / "first", "k2-a", customer_id="k2", started_at=NOW)
    (home / "first" / "broken.wav").touch()
    write_call(home / "second", "nobody")
    assert qa("run", "first", "--out", "reports/2026-03-02", cwd=home).status == 1
    assert qa("run", "second", "--out", "reports/2026-03-03", cwd=home).status == 0
    return home


@pytest.fixture
def home(tmp_path: Path, kept: Path) -> Path:
    """A copy of that, without the calls themselves."""
    shutil.copytree(kept, tmp_path / "home", symlinks=True, ignore=shutil.ignore_patterns("first", "second"))
    return tmp_path / "home"


def everything(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-shm", ".qa-lock")))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def counts(summary: Values) -> tuple[int, ...]:
    rows = (summary[kind] for kind in ("calls", "conversations", "scorecards", "failures"))
    return *rows, len(summary["report_folders"])


def erased(home: Path, *arguments: str | Path) -> Answer:
    answer = qa(*arguments, "--yes", "--json", cwd=home)
    assert answer.status == 0, answer.err
    return answer


def test_a_customer_is_forgotten_and_the_others_are_not(home: Path) -> None:
    other = everything(home / "reports" / "2026-03-03")
    answer = erased(home, "forget", "--customer", "k1")
    assert counts(answer.summary) == (2, 2, 2, 0, 1)
    assert answer.summary["report_folders"] == ["reports/2026-03-02"]
    assert not (home / "reports" / "2026-03-02").exists()
    assert everything(home / "reports" / "2026-03-03") == other
    assert not [name for name, held in everything(home).items() if b"k1-a" in held or WORDS.encode() in held]
    assert qa("report", "--out", "reports/again", cwd=home).status == 0
    assert cards(home / "reports" / "again").keys() == {"k2-a", "nobody"}
    assert counts(erased(home, "forget", "--customer", "k1").summary) == (0, 0, 0, 0, 0)


def test_a_call_that_only_failed_can_be_forgotten_by_its_id(home: Path) -> None:
    answer = erased(home, "forget", "--call", "broken")
    assert counts(answer.summary) == (0, 0, 0, 1, 1)


def test_a_report_is_found_even_where_the_store_knows_the_call_no_more(home: Path) -> None:
    shutil.copytree(home / "reports" / "2026-03-02", home / "elsewhere" / "week" / "copy")
    erased(home, "forget", "--customer", "k1")
    answer = erased(home, "forget", "--call", "k1-a", "--reports", "elsewhere")
    assert answer.summary["report_folders"] == ["elsewhere/week/copy"]


def test_who_is_not_there_is_no_error_and_nothing_changes(home: Path) -> None:
    before = everything(home / "reports")
    answer = qa("forget", "--customer", "k9", "--call", "k", "--yes", cwd=home)
    assert answer.status == 0
    assert "erased: 0 calls, 0 conversations, 0 cards, 0 failures, 0 report folders (" in answer.out
    assert everything(home / "reports") == before


def test_a_dry_run_counts_and_changes_nothing(home: Path) -> None:
    before = everything(home)
    answer = qa("forget", "--customer", "k1", "--dry-run", "--json", cwd=home)
    assert (answer.status, counts(answer.summary), answer.summary["dry_run"]) == (0, (2, 2, 2, 0, 1), True)
    assert everything(home) == before


@pytest.mark.parametrize(
    ("arguments", "where"),
    [(("forget", "--customer", "k1"), "--yes"), (("purge", "--older-than", "1"), "--yes"), (("forget",), "qa forget")],
)
def test_without_consent_or_a_name_nothing_is_erased(home: Path, arguments: tuple[str, ...], where: str) -> None:
    before = everything(home)
    answer = qa(*arguments, cwd=home)
    assert (answer.status, answer.problems()[0]["where"]) == (2, where)
    assert everything(home) == before


@pytest.mark.parametrize(("typed", "status", "left"), [("y\n", 0, False), ("\n", 3, True)])
def test_at_a_terminal_the_person_is_asked(home: Path, typed: str, status: int, left: bool) -> None:
    keyboard, terminal = pty.openpty()
    os.write(keyboard, typed.encode())
    command = [sys.executable, "-m", "qa", "forget", "--customer", "k1"]
    with os.fdopen(keyboard, "wb"), os.fdopen(terminal, "rb") as stdin:
        done = subprocess.run(
            command, cwd=home, env=environment(), stdin=stdin, capture_output=True, text=True, check=False
        )
    assert "this erases for good: 2 calls" in done.stderr
    assert (done.returncode, (home / "reports" / "2026-03-02").exists()) == (status, left)


def test_age_takes_what_is_older_and_counts_what_has_no_start(home: Path) -> None:
    answer = erased(home, "purge", "--older-than", "1")
    assert counts(answer.summary) == (2, 2, 2, 0, 1)
    assert answer.summary["undated"] == 2  # "nobody" and the broken file
    assert counts(erased(home, "purge", "--older-than", "36500").summary) == (0, 0, 0, 0, 0)


def test_a_folder_without_a_mark_and_what_a_link_leads_to_stay(home: Path) -> None:
    report = home / "reports" / "2026-03-02"
    shutil.copytree(report, home / "reports" / "mine")
    (home / "reports" / "mine" / "run.json").unlink()
    shutil.copytree(report, home / "outside")
    (home / "reports" / "link").symlink_to(home / "outside", target_is_directory=True)
    shutil.copytree(report, home / "reports" / "other program")
    (home / "reports" / "other program" / "run.json").write_text('{"run": 1}')
    (report / "linked").symlink_to(home / "outside", target_is_directory=True)
    stay = (home / "outside", home / "reports" / "mine", home / "reports" / "other program")
    before = [everything(folder) for folder in stay]
    assert counts(erased(home, "forget", "--call", "k1-b").summary) == (1, 1, 1, 0, 1)
    assert [everything(folder) for folder in stay] == before


def test_a_store_inside_a_report_folder_is_not_torn_down_with_it(home: Path) -> None:
    report = home / "reports" / "2026-03-02"
    (home / "qa.sqlite").rename(report / "qa.sqlite")
    before = everything(report)
    answer = qa("forget", "--call", "k1-a", "--yes", "--store", report / "qa.sqlite", cwd=home)
    assert (answer.status, answer.problems()[0]["where"]) == (2, "reports/2026-03-02")
    assert everything(report) == before


def test_the_pointer_to_an_erased_report_goes_with_it(home: Path) -> None:
    erased(home, "forget", "--call", "nobody")
    assert not (home / "reports" / "latest").is_symlink()
    assert (home / "reports" / "2026-03-02").is_dir()


def test_what_a_killed_run_left_half_built_goes_too(home: Path) -> None:
    left = home / "reports" / ".tmp-killed"
    left.mkdir()
    (left / ".building").touch()
    (left / "index.html").write_text(WORDS)
    erased(home, "forget", "--customer", "k1")
    assert not left.exists()


def test_while_a_batch_holds_the_store_nothing_is_erased(home: Path) -> None:
    before = everything(home)
    with hold_store(str(home / "qa.sqlite")):
        answer = qa("forget", "--customer", "k1", "--yes", "--json", cwd=home)
    assert answer.status == 3
    assert json.loads(answer.out)["message_type"] == "error"
    assert everything(home) == before
