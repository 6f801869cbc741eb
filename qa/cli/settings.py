"""What the arguments mean: paths, defaults and the few environment variables."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from qa.errors import Problem, UsageError

STORE_VARIABLE = "QA_STORE"
MODEL_VARIABLE = "QA_MODEL"
PIPELINE_VARIABLE = "QA_PYANNOTE"
TOKEN_VARIABLE = "HF_TOKEN"  # noqa: S105 - the name of the variable, not a token
DEFAULT_STORE = "qa.sqlite"
DEFAULT_RUBRIC = "standard.json"
DEFAULT_PIPELINE = "pyannote/speaker-diarization-community-1"
WEIGHTS_LOCK = "weights.lock"


class EngineName(StrEnum):
    """Recognisers, as ``--engine`` names them."""

    AUTO = "auto"
    WHISPER = "whisper"
    FASTER_WHISPER = "faster-whisper"
    POCKETSPHINX = "pocketsphinx"
    RECORDED = "recorded"


class DiariserName(StrEnum):
    """Diarisers, as ``--diariser`` names them."""

    AUTO = "auto"
    CHANNELS = "channels"
    PYANNOTE = "pyannote"
    VOICES = "voices"


class ExecutorName(StrEnum):
    """Executors, as ``--executor`` names them."""

    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class HearingSettings:
    """How calls are to be heard; ``pipeline`` is pyannote's, by name or local folder."""

    engine: EngineName = EngineName.AUTO
    model: str | None = None
    diariser: DiariserName = DiariserName.AUTO
    language: str | None = None
    draft: bool = False
    pipeline: str = DEFAULT_PIPELINE
    token: str | None = None
    weights_lock: Path = Path(WEIGHTS_LOCK)


def store_setting(given: str | None) -> str:
    """The store's URL or file: the argument, else the environment's, else a file in this folder."""
    return given or os.environ.get(STORE_VARIABLE) or DEFAULT_STORE


def rubric_folder() -> Path:
    """Where the rubrics that come with the package lie: inside it when installed, beside it in a checkout."""
    inside = Path(__file__).parents[1] / "rubrics"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "rubrics"


def rubric_setting(given: Path | None) -> Path:
    """The rubric's file: the argument, else the packaged five-criterion rubric."""
    return given or rubric_folder() / DEFAULT_RUBRIC


def out_setting(given: Path | None, today: date) -> Path:
    """The report folder: the argument, else ``reports/<date>``."""
    return given or Path("reports") / today.isoformat()


def language_setting(given: str) -> str | None:
    """``auto`` or an ISO 639-1 code (Whisper knows a few languages by three letters); else raises `UsageError`."""
    code = given.casefold()
    if code == "auto":
        return None
    if not (code.isascii() and code.isalpha() and len(code) in (2, 3)):
        expected = "auto, or a code of ISO 639-1 such as en, pl, sk or hu"
        raise UsageError((Problem("--language", f"{given!r} is no language code", expected, "correct it"),))
    return code


def moment(given: str | None, option: str) -> datetime | None:
    """A date or time of ISO 8601; raises `UsageError` for anything else."""
    if given is None:
        return None
    try:
        return datetime.fromisoformat(given)
    except ValueError as error:
        problem = Problem(
            option, f"{given!r} is no date", "ISO 8601, such as 2026-03-29 or 2026-03-29T08:00+01:00", "correct it"
        )
        raise UsageError((problem,)) from error
