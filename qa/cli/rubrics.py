"""Rubrics for the commands: loaded with every kind of check, one judge each."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from qa.batch.judge import Judge
from qa.cli.settings import rubric_folder
from qa.criteria import check_kinds
from qa.errors import Problem, UsageError
from qa.model.recording import Recording
from qa.model.rubric import Rubric
from qa.rubric.load import load_rubric


def load(path: Path) -> Rubric:
    """The rubric of a file; raises `RubricError` with everything that is wrong in it."""
    return load_rubric(path, check_kinds())


class ByCall:
    """The judge of each call: its own rubric where the manifest names one, else the run's."""

    def __init__(self, default: Judge, named: dict[str, Judge]) -> None:
        self._default, self._named = default, named

    def __call__(self, recording: Recording) -> Judge:
        """The judge for this call; a rubric that no longer can be found leaves the run's."""
        return self._named.get(recording.metadata.rubric or "", self._default)


def judges_for(default: Judge, recordings: Iterable[Recording], beside: Path) -> ByCall:
    """Judges for every rubric that the calls name, loaded before the first call.

    Raises `UsageError` where a named rubric cannot be found, `RubricError` where it is not valid.
    """
    names = sorted({r.metadata.rubric for r in recordings if r.metadata.rubric})
    own = default.rubric.stamp.id
    return ByCall(default, {name: Judge.of(load(_named(name, beside))) for name in names if name != own})


def _named(name: str, beside: Path) -> Path:
    """The file of a rubric that a manifest names: beside the run's rubric, or packaged. Never a path."""
    folders = tuple(dict.fromkeys((beside.parent.absolute(), rubric_folder())))
    file = name if name.endswith(".json") else f"{name}.json"
    if Path(file).name == file:
        for folder in folders:
            if (folder / file).is_file():
                return folder / file
    wrong = f"there is no rubric {name!r} in {' or '.join(map(str, folders))}"
    raise UsageError(
        (Problem("manifest, column rubric", wrong, "the name of a rubric file there", "correct the name"),)
    )
