"""What is not a report is never replaced by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import UsageError
from qa.model.night import Night
from qa.reports.folder import write_report
from qa.reports.run_json import RunJson

OTHER = {
    "documents alone": {"thesis.txt": b"years of work"},
    "another program's run.json": {"run.json": b'{"run_id": 7}', "thesis.txt": b"years of work"},
    "a run.json that is none": {"run.json": b"\xff{", "thesis.txt": b"years of work"},
    "a run.json of another shape": {"run.json": b"[1]", "thesis.txt": b"years of work"},
}


@pytest.mark.parametrize("files", OTHER.values(), ids=OTHER)
def test_a_folder_with_somebodys_documents_is_refused_and_untouched(
    scored_night: Night, tmp_path: Path, files: dict[str, bytes]
) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    with pytest.raises(UsageError, match="exists and is not a report"):
        write_report(scored_night, folder, [RunJson()])
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files


def test_a_report_of_this_program_is_replaced(scored_night: Night, tmp_path: Path) -> None:
    first = write_report(scored_night, tmp_path / "out", [RunJson()])
    (first / "left.html").write_text("of the old report")
    write_report(scored_night, tmp_path / "out", [RunJson()])
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"run.json"}
