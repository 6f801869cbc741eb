"""What cannot work is refused before anything starts, with where, what, what else and what to do."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from cli_calls import speech, write_call, write_wav
from cli_command import Answer, qa

from qa.store.store import Store


def newer_store(home: Path) -> None:
    with Store.open(str(home / "newer.sqlite")):
        pass
    with closing(sqlite3.connect(home / "newer.sqlite")) as store:
        store.execute("UPDATE meta SET value = '99' WHERE name = 'schema_version'")
        store.commit()


def foreign_store(home: Path) -> None:
    with closing(sqlite3.connect(home / "foreign.sqlite")) as store:
        store.execute("CREATE TABLE customers (name TEXT)")
        store.commit()


def no_store(home: Path) -> None:
    (home / "letter.sqlite").write_text("Dear Sir or Madam, " * 99)


def documents(home: Path) -> None:
    (home / "documents").mkdir()
    (home / "documents" / "letter.txt").write_text("Dear Sir or Madam")


def broken_rubric(home: Path) -> None:
    (home / "broken.json").write_text('{"id": "x", "criteria": [}')


def wrong_rubric(home: Path) -> None:
    (home / "wrong.json").write_text('{"id": "x", "version": "1", "criteria": [{"id": "a", "weight": "2"}]}')


def manifest(text: str) -> Callable[[Path], None]:
    def prepare(home: Path) -> None:
        (home / "calls" / "manifest.csv").write_text(text)

    return prepare


def sound(home: Path) -> None:
    write_wav(home / "calls" / "sound.wav", speech())


def nothing(home: Path) -> None:
    """The calls are all there is."""


WRONG: dict[str, tuple[Callable[[Path], None], tuple[str, ...], str, str]] = {
    "a path that is not there": (nothing, ("gone",), "gone", "no such file or folder"),
    "a rubric that is not there": (nothing, ("calls", "--rubric", "gone.json"), "gone.json", "no such file"),
    "a rubric that is no JSON": (broken_rubric, ("calls", "--rubric", "broken.json"), "broken.json line 1", "not JSON"),
    "a rubric with mistakes": (wrong_rubric, ("calls", "--rubric", "wrong.json"), "wrong.json $", ""),
    "a manifest that is not there": (nothing, ("calls", "--manifest", "gone.csv"), "gone.csv", "no such file"),
    "a manifest without its column": (
        manifest("file;agent\na;b\n"),
        ("calls",),
        "manifest.csv",
        "no column 'recording'",
    ),
    "a manifest that is empty": (manifest(""), ("calls",), "manifest.csv", "empty"),
    "a manifest naming no rubric": (
        manifest("recording,rubric\ncall.transcript.json,../../etc/passwd\n"),
        ("calls",),
        "manifest, column rubric",
        "there is no rubric",
    ),
    "a store of a newer version": (newer_store, ("calls", "--store", "newer.sqlite"), "newer.sqlite", "newer qa"),
    "a store of another program": (foreign_store, ("calls", "--store", "foreign.sqlite"), "foreign", "another program"),
    "a store that is a letter": (no_store, ("calls", "--store", "letter.sqlite"), "letter.sqlite", "not a database"),
    "a kind of store unheard of": (nothing, ("calls", "--store", "mysql://a/b"), "mysql://a/b", "no kind of store"),
    "a report onto documents": (documents, ("calls", "--out", "documents"), "documents", "not a report"),
    "a language that is none": (nothing, ("calls", "--language", "polski!"), "--language", "no language code"),
    "a model that is none": (
        sound,
        ("calls", "--engine", "whisper", "--model", "huge.pt"),
        "--model huge.pt",
        "no file",
    ),
}


def refused(home: Path, *arguments: str) -> Answer:
    """A run that must not start: nothing is stored and nothing reported."""
    answer = qa("run", *arguments, cwd=home)
    assert answer.out == ""
    assert not (home / "qa.sqlite").exists()
    assert not (home / "reports").exists()
    return answer


SLOW = {"a model that is none", "a kind of store unheard of", "a manifest that is empty"}


@pytest.mark.parametrize("case", [pytest.param(c, marks=[pytest.mark.slow] * (c in SLOW)) for c in WRONG])
def test_wrong_use_starts_nothing(tmp_path: Path, case: str) -> None:
    prepare, arguments, where, wrong = WRONG[case]
    write_call(tmp_path / "calls", "call")
    prepare(tmp_path)
    answer = refused(tmp_path, *arguments)
    assert answer.status == 2
    problem = answer.problems()[0]
    assert where in problem["where"]
    assert wrong in problem["wrong"]
    assert all(problem.values())


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments", [(), ("calls", "--engine", "ear"), ("calls", "--limit", "0"), ("calls", "--frob")]
)
def test_a_command_that_is_not_understood_is_refused(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    write_call(tmp_path / "calls", "call")
    assert refused(tmp_path, *arguments).status == 2


def test_a_store_in_a_folder_that_is_not_mounted_may_come_back(tmp_path: Path) -> None:
    write_call(tmp_path / "calls", "call")
    answer = refused(tmp_path, "calls", "--store", "unmounted/qa.sqlite")
    assert answer.status == 3
    assert "mount" in answer.problems()[0]["do"]
    assert not (tmp_path / "unmounted").exists()


def test_a_database_server_out_of_reach_may_come_back_and_its_password_stays_secret(tmp_path: Path) -> None:
    write_call(tmp_path / "calls", "call")
    answer = refused(tmp_path, "calls", "--store", "postgresql+psycopg://qa:s3cret@127.0.0.1:9/qa")
    assert answer.status == 3
    assert "s3cret" not in answer.err


def test_with_json_the_refusal_is_a_line_on_both_streams(tmp_path: Path) -> None:
    answer = qa("run", "gone", "--json", cwd=tmp_path)
    assert answer.status == 2
    (line,) = answer.lines
    assert (line["message_type"], line["code"], line["where"]) == ("error", 2, "gone")
    assert json.loads(answer.err) == line


READERS = (
    ("score",),
    ("report",),
    ("promises",),
    ("coach",),
    ("calibrate", "human.csv"),
    ("rubric", "diff", "standard.json", "standard.json"),
)


@pytest.mark.slow
@pytest.mark.parametrize("command", READERS, ids=" ".join)
def test_a_store_that_is_not_there_is_said_to_be_missing_and_not_made(tmp_path: Path, command: tuple[str, ...]) -> None:
    standard = Path(__file__).parents[2] / "rubrics" / "standard.json"
    (tmp_path / "standard.json").write_bytes(standard.read_bytes())
    (tmp_path / "human.csv").write_text("call_id,criterion,verdict\na,greeting,met\n")
    answer = qa(*command, "--store", "typo.sqlite", cwd=tmp_path)
    assert answer.status == 2
    assert answer.problems()[0]["wrong"] == "there is no store"
    assert {path.name for path in tmp_path.iterdir()} == {"standard.json", "human.csv"}
