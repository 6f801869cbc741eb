"""The report folder is whole or absent, whatever befalls it."""

from __future__ import annotations

import errno
import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from filelock import FileLock

from qa.errors import TryAgainError, UsageError
from qa.model.night import Night
from qa.reports import folder as report_folder
from qa.reports.folder import BUILDING, write_report
from qa.reports.jsonl import ScorecardLines
from qa.reports.run_json import RunJson
from qa.reports.scores_csv import FailuresCsv, ScoresCsv
from qa.reports.summary_text import SummaryText
from qa.reports.xlsx import Workbook

FORMATS = (RunJson(), ScorecardLines(), ScoresCsv(), FailuresCsv(), Workbook(), SummaryText())


def mark(run_id: str) -> str:
    """A ``run.json`` as small as one can be."""
    return json.dumps({"run_id": run_id, "qa_version": "0.1.0", "rubric": {}})


@dataclass(frozen=True)
class OneFile:
    """A report format that writes its text."""

    text: str

    def write(self, night: Night, folder: Path) -> None:
        (folder / "run.json").write_text(mark(self.text))
        (folder / "pages").mkdir()
        (folder / "pages" / "a.html").write_text(self.text)


@dataclass(frozen=True)
class Refused:
    """A report format whose disk is full."""

    def write(self, night: Night, folder: Path) -> None:
        (folder / "half.csv").write_text("half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """The operating system refuses to let any file grow over ``size`` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_every_format_of_the_contract_lies_in_the_folder(scored_night: Night, tmp_path: Path) -> None:
    made = write_report(scored_night, tmp_path / "deep" / "2026-03-02", FORMATS)
    assert names(made) == {"run.json", "scorecards.jsonl", "scores.csv", "failures.csv", "report.xlsx", "summary.txt"}
    assert names(made.parent) == {"2026-03-02", "latest"}


def test_the_same_night_gives_the_same_bytes_in_every_file(scored_night: Night, tmp_path: Path) -> None:
    first = content(write_report(scored_night, tmp_path / "a", FORMATS))
    second = content(write_report(scored_night, tmp_path / "b", FORMATS))
    assert first == second


def test_a_report_of_the_same_date_is_replaced_whole(scored_night: Night, tmp_path: Path) -> None:
    write_report(scored_night, tmp_path / "2026-03-02", FORMATS)
    made = write_report(scored_night, tmp_path / "2026-03-02", [OneFile("new")])
    assert content(made) == {"run.json": mark("new").encode(), "pages/a.html": b"new"}
    assert names(tmp_path) == {"2026-03-02", "latest"}


def test_latest_points_to_the_newest_date_even_when_an_old_one_is_written_again(
    scored_night: Night, tmp_path: Path
) -> None:
    for date in ("2026-03-02", "2026-03-03", "2026-03-02"):
        write_report(scored_night, tmp_path / date, [OneFile(date)])
    assert (tmp_path / "latest" / "run.json").read_text() == mark("2026-03-03")
    assert not (tmp_path / "latest").readlink().is_absolute()


def test_a_folder_that_is_no_date_gets_no_pointer_beside_it(scored_night: Night, tmp_path: Path) -> None:
    write_report(scored_night, tmp_path / "out", [OneFile("x")])
    assert names(tmp_path) == {"out"}


def test_where_links_do_not_work_latest_is_a_file_with_the_name(
    scored_night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    write_report(scored_night, tmp_path / "2026-03-02", [OneFile("x")])
    assert (tmp_path / "latest").read_text() == "2026-03-02\n"


def test_a_pointer_that_cannot_be_replaced_is_told_and_the_report_stands(scored_night: Night, tmp_path: Path) -> None:
    (tmp_path / "latest").mkdir()
    with pytest.raises(TryAgainError, match="the report is written, but not the pointer"):
        write_report(scored_night, tmp_path / "2026-03-02", [OneFile("x")])
    assert (tmp_path / "2026-03-02" / "run.json").read_text() == mark("x")


def test_on_a_full_disk_the_old_report_stays_and_the_message_says_what_to_do(
    scored_night: Night, tmp_path: Path
) -> None:
    write_report(scored_night, tmp_path / "2026-03-02", [OneFile("old")])
    with pytest.raises(TryAgainError) as caught:
        write_report(scored_night, tmp_path / "2026-03-02", [OneFile("new"), Refused()])
    (problem,) = caught.value.problems
    assert problem.where == str(tmp_path / "2026-03-02")
    assert "No space left on device" in problem.wrong
    assert "qa report" in problem.do
    assert (tmp_path / "2026-03-02" / "run.json").read_text() == mark("old")
    assert names(tmp_path) == {"2026-03-02", "latest"}


@pytest.mark.parametrize("size", [0, 200, 2_000, 6_000, 10_000, 20_000])
def test_whichever_file_the_system_cuts_short_no_half_report_is_seen(
    scored_night: Night, tmp_path: Path, size: int
) -> None:
    write_report(scored_night, tmp_path / "out", [OneFile("old")])
    with largest_file(size), pytest.raises(TryAgainError, match="File too large"):
        write_report(scored_night, tmp_path / "out", FORMATS)
    assert content(tmp_path / "out") == {"run.json": mark("old").encode(), "pages/a.html": b"old"}
    assert names(tmp_path) == {"out"}


def test_with_room_for_every_file_the_same_limit_lets_the_report_through(scored_night: Night, tmp_path: Path) -> None:
    with largest_file(1_000_000):
        made = write_report(scored_night, tmp_path / "out", FORMATS)
    assert (made / "report.xlsx").is_file()


def test_an_error_of_our_own_leaves_nothing_behind_and_is_not_hidden(scored_night: Night, tmp_path: Path) -> None:
    class Broken:
        def write(self, night: Night, folder: Path) -> None:
            (folder / "half").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_report(scored_night, tmp_path / "out", [Broken()])
    assert names(tmp_path) == set()


def test_an_empty_folder_is_taken(scored_night: Night, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert (write_report(scored_night, tmp_path / "out", [OneFile("x")]) / "run.json").is_file()


def test_a_file_in_the_folders_place_is_refused(scored_night: Night, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(UsageError, match="not a report"):
        write_report(scored_night, tmp_path / "out", FORMATS)


def test_what_a_killed_run_left_half_built_is_swept_away(scored_night: Night, tmp_path: Path) -> None:
    (tmp_path / ".tmp-killed").mkdir()
    (tmp_path / ".tmp-killed" / BUILDING).touch()
    (tmp_path / ".tmp-killed" / "half.csv").touch()
    write_report(scored_night, tmp_path / "out", [OneFile("x")])
    assert names(tmp_path) == {"out"}


def test_what_another_run_builds_right_now_and_foreign_folders_are_left_alone(
    scored_night: Night, tmp_path: Path
) -> None:
    for name in (".tmp-alive", ".tmp-foreign"):
        (tmp_path / name).mkdir()
    with FileLock(tmp_path / ".tmp-alive" / BUILDING):
        write_report(scored_night, tmp_path / "out", [OneFile("x")])
    assert names(tmp_path) == {"out", ".tmp-alive", ".tmp-foreign"}


def test_killed_between_the_two_renames_the_old_report_comes_back(scored_night: Night, tmp_path: Path) -> None:
    (tmp_path / ".qa-replaced-out").mkdir()
    (tmp_path / ".qa-replaced-out" / "run.json").write_text(mark("old"))
    with pytest.raises(TryAgainError):
        write_report(scored_night, tmp_path / "out", [Refused()])
    assert content(tmp_path / "out") == {"run.json": mark("old").encode()}


def test_when_the_new_report_cannot_take_the_place_the_old_one_returns(
    scored_night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(scored_night, tmp_path / "out", [OneFile("old")])
    rename = Path.rename

    def refuse_new(path: Path, target: Path) -> Path:
        if path.name.startswith(".tmp-"):
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse_new)
    with pytest.raises(TryAgainError, match="busy"):
        write_report(scored_night, tmp_path / "out", [OneFile("new")])
    assert (tmp_path / "out" / "run.json").read_text() == mark("old")
    assert names(tmp_path) == {"out"}


def test_everything_is_on_disk_before_the_folder_takes_its_name(
    scored_night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    to_disk, swap = report_folder._to_disk, report_folder._swap

    def noted(path: Path) -> None:
        done.append(path.name)
        to_disk(path)

    def noted_swap(aside: Path, folder: Path, old: Path) -> None:
        done.append("renamed")
        swap(aside, folder, old)

    monkeypatch.setattr(report_folder, "_to_disk", noted)
    monkeypatch.setattr(report_folder, "_swap", noted_swap)
    write_report(scored_night, tmp_path / "out", [OneFile("x")])
    before = done[: done.index("renamed")]
    assert {"run.json", "a.html", "pages"} <= set(before)


def test_a_run_id_cannot_lead_out_of_the_reports(scored_night: Night, tmp_path: Path) -> None:
    night = replace(scored_night, run=replace(scored_night.run, run_id="../../x"))
    write_report(night, tmp_path / "in" / "out", [OneFile("x")])
    assert names(tmp_path) == {"in"}
    assert names(tmp_path / "in") == {"out"}


def test_an_empty_folder_of_a_run_killed_before_its_mark_is_swept_and_others_are_not(
    scored_night: Night, tmp_path: Path
) -> None:
    (tmp_path / ".tmp-20260301T010203Z").mkdir()
    (tmp_path / ".tmp-somebody").mkdir()
    write_report(scored_night, tmp_path / "2026-03-02", [RunJson()])
    assert not (tmp_path / ".tmp-20260301T010203Z").exists()
    assert (tmp_path / ".tmp-somebody").exists()
