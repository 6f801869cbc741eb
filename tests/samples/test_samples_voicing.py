"""The samples can be voiced again, and say what is missing where they cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from samples_folder import FOLDER, REPOSITORY, decode, manifest

if TYPE_CHECKING:
    from pathlib import Path

MISSING = [program for program in ("flite", "espeak-ng") if shutil.which(program) is None]
needs_voices = pytest.mark.skipif(bool(MISSING), reason=f"{', '.join(MISSING)} not installed (apt-get install)")
LISTS = ("manifest.csv", "verdicts.csv")


def voice(*options: object, path: str = os.environ.get("PATH", "")) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(FOLDER / "voice.py"), *map(str, options)]
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.slow
@needs_voices
def test_voicing_again_gives_the_same_calls(tmp_path: Path) -> None:
    done = voice("--out", tmp_path)
    assert done.returncode == 0, done.stderr
    for row in manifest().values():
        before, after = decode(FOLDER / row["recording"]), decode(tmp_path / row["recording"])
        assert after.duration == pytest.approx(before.duration, abs=0.05)
        assert after.samples.shape[0] == before.samples.shape[0]
    for name in (*LISTS, *(path.name for path in FOLDER.glob("*.transcript.json"))):
        assert (tmp_path / name).exists()
    assert all((tmp_path / name).read_bytes() == (FOLDER / name).read_bytes() for name in LISTS)


def test_without_the_synthesisers_the_message_says_which_and_what_to_do(tmp_path: Path) -> None:
    done = voice("--out", tmp_path, path=str(tmp_path))
    assert done.returncode == 2
    for program in ("flite", "espeak-ng"):
        assert f"the speech synthesiser {program} is not installed" in done.stderr
    assert "apt-get install flite espeak-ng" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        pytest.param('"agent_id"', '"agent"', "agent_id", id="a key that is missing"),
        pytest.param(
            '"greeting": "met"', '"greeting": "fine"', "$.verdicts['greeting']", id="a verdict that does not exist"
        ),
        pytest.param('"lines"', "lines", "line 24", id="not JSON"),
    ],
)
def test_a_script_with_a_mistake_is_named(tmp_path: Path, before: str, after: str, named: str) -> None:
    text = (FOLDER / "scripts" / "en-01-lost-card.json").read_text("utf-8")
    (tmp_path / "wrong.json").write_text(text.replace(before, after), "utf-8")
    done = voice("--scripts", tmp_path, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "wrong.json" in done.stderr
    assert named in done.stderr
    assert "Traceback" not in done.stderr
