"""The options of the commands, each once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

import qa
from qa.cli.settings import DiariserName, EngineName, ExecutorName


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"qa {qa.__version__}\n")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")]
Paths = Annotated[
    list[str],
    typer.Argument(metavar="PATH...", help="Recordings, transcripts (*.json) or folders; URLs that fsspec can open."),
]
RubricFile = Annotated[Path, typer.Argument(metavar="FILE", help="A rubric file.")]
Rubric = Annotated[Path | None, typer.Option("--rubric", help="Rubric file (default: the packaged five criteria).")]
Manifest = Annotated[Path | None, typer.Option("--manifest", help="CSV or JSON lines; see docs/manifest.md.")]
Store = Annotated[
    str | None, typer.Option("--store", help="An SQLite file or a database URL (default: QA_STORE, else qa.sqlite).")
]
Out = Annotated[Path | None, typer.Option("--out", help="Report folder (default: reports/<date>).")]
Engine = Annotated[EngineName, typer.Option("--engine", help="Recogniser.")]
Model = Annotated[
    str | None,
    typer.Option("--model", help="Whisper: a name, a checkpoint or a CTranslate2 folder (default: QA_MODEL)."),
]
Diariser = Annotated[DiariserName, typer.Option("--diariser", help="Who tells speakers apart.")]
Pipeline = Annotated[
    str, typer.Option("--pipeline", envvar="QA_PYANNOTE", help="pyannote pipeline: a name or a local folder.")
]
Language = Annotated[
    str, typer.Option("--language", help="auto, or an ISO 639-1 code for calls whose manifest names none.")
]
Draft = Annotated[
    bool, typer.Option("--draft", help="Allow the embedded draft recogniser (English) where Whisper cannot be had.")
]
Workers = Annotated[int | None, typer.Option("--workers", min=1, help="Calls heard at once (default: one a core).")]
Executor = Annotated[ExecutorName, typer.Option("--executor", help="Where calls are heard.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many calls.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would be done, and do nothing.")]
RetryParked = Annotated[bool, typer.Option("--retry-parked", help="Try again what failed three times.")]
Json = Annotated[bool, typer.Option("--json", help="JSON lines on stdout, for programs.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")]
Since = Annotated[str | None, typer.Option("--since", help="Calls from this date or time on (ISO 8601).")]
Until = Annotated[str | None, typer.Option("--until", help="Calls before this date or time (ISO 8601).")]
Agent = Annotated[str | None, typer.Option("--agent", help="Only this agent's calls, by agent id.")]
CallIds = Annotated[list[str] | None, typer.Option("--call", help="The id of a call; may be given again.")]
CustomerIds = Annotated[list[str] | None, typer.Option("--customer", help="The id of a customer; may be given again.")]
OlderThan = Annotated[
    int, typer.Option("--older-than", metavar="DAYS", min=1, max=36_500, help="Calls that started more days ago.")
]
Reports = Annotated[
    Path, typer.Option("--reports", help="Where report folders lie; those that show an erased call go too.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Erase without asking; needed where nobody can be asked.")]
