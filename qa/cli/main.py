"""The ``qa`` command. Nothing heavy is imported before a command runs: ``qa --help`` answers at once."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli import erase
from qa.cli import options as o
from qa.cli.console import hush_libraries, writable_streams
from qa.cli.exits import end_of, errors_told
from qa.cli.settings import (
    DEFAULT_PIPELINE,
    TOKEN_VARIABLE,
    DiariserName,
    EngineName,
    ExecutorName,
    HearingSettings,
    language_setting,
    moment,
    out_setting,
    rubric_setting,
    store_setting,
)
from qa.model.promise import PromiseState

if TYPE_CHECKING:
    from qa.cli.rescore import Selection

app = typer.Typer(
    name="qa",
    help="Score recorded contact-centre calls against service standards, with evidence for every point.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

rubric_app = typer.Typer(help="Check, test and compare rubrics.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(rubric_app, name="rubric")


app.command()(erase.forget)
app.command()(erase.purge)


@app.callback()
def _qa(version: o.Version = False) -> None:
    pass


@app.command()
def run(
    paths: o.Paths,
    rubric: o.Rubric = None,
    manifest: o.Manifest = None,
    out: o.Out = None,
    store: o.Store = None,
    engine: o.Engine = EngineName.AUTO,
    model: o.Model = None,
    diariser: o.Diariser = DiariserName.AUTO,
    pipeline: o.Pipeline = DEFAULT_PIPELINE,
    language: o.Language = "auto",
    draft: o.Draft = False,
    workers: o.Workers = None,
    executor: o.Executor = ExecutorName.LOCAL,
    limit: o.Limit = None,
    dry_run: o.DryRun = False,
    retry_parked: o.RetryParked = False,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Hear, score and report the calls at PATH. What is unchanged is not heard again.

    Exit status: 0 every call scored, 1 some calls failed (listed, the rest is scored; a PATH that is not there is
    one of them), 2 wrong usage, rubric or manifest, or no PATH is there (nothing was started), 3 nothing done, try
    again (store locked or out of reach, disk full), 130 interrupted. Anything else is a mistake of this program.
    """
    with errors_told(as_json):
        from qa.cli.run import RunSettings, run_batch

        now = datetime.now().astimezone()
        token = os.environ.get(TOKEN_VARIABLE)
        hearing = HearingSettings(engine, model, diariser, language_setting(language), draft, pipeline, token)
        settings = RunSettings(
            paths=tuple(paths),
            rubric=rubric_setting(rubric),
            manifest=manifest,
            out=out_setting(out, now.date()),
            store=store_setting(store),
            hearing=hearing,
            workers=workers,
            limit=limit,
            dry_run=dry_run,
            as_json=as_json,
            quiet=quiet,
            retry_parked=retry_parked,
        )
        sys.exit(run_batch(settings, now))


@app.command()
def score(
    rubric: o.Rubric = None,
    store: o.Store = None,
    since: o.Since = None,
    until: o.Until = None,
    agent: o.Agent = None,
    as_json: o.Json = False,
) -> None:
    """Score what was already heard with this rubric, without touching audio."""
    with errors_told(as_json):
        from qa.cli.rescore import score_again

        sys.exit(score_again(_selection(store, since, until, agent), rubric_setting(rubric), as_json))


@app.command()
def report(
    rubric: o.Rubric = None,
    store: o.Store = None,
    since: o.Since = None,
    until: o.Until = None,
    agent: o.Agent = None,
    out: o.Out = None,
    as_json: o.Json = False,
) -> None:
    """Build the reports again from the store."""
    with errors_told(as_json):
        from qa.cli.rescore import report_again

        now = datetime.now().astimezone()
        selection = _selection(store, since, until, agent)
        sys.exit(report_again(selection, rubric_setting(rubric), out_setting(out, now.date()), now, as_json))


@app.command()
def promises(
    store: o.Store = None,
    due_before: Annotated[str | None, typer.Option("--due-before", help="Due before this date or time.")] = None,
    state: Annotated[PromiseState | None, typer.Option("--state", help="Only promises in this state.")] = None,
    since: o.Since = None,
    until: o.Until = None,
    agent: o.Agent = None,
    as_json: o.Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV on stdout.")] = False,
) -> None:
    """What agents promised: the words, the time they named, and what is known of it."""
    with errors_told(as_json):
        from qa.cli import rescore

        selection = _selection(store, since, until, agent)
        owed = rescore.promises(selection, moment(due_before, "--due-before"), state)
        sys.exit(rescore.tell_promises(owed, as_json, as_csv))


@app.command()
def coach(
    store: o.Store = None,
    since: o.Since = None,
    until: o.Until = None,
    agent: o.Agent = None,
    as_json: o.Json = False,
) -> None:
    """The calls worth a conversation, per agent, with the reason and the second to listen from."""
    with errors_told(as_json):
        from qa.cli import rescore

        sys.exit(rescore.coach(_selection(store, since, until, agent), as_json))


@app.command()
def calibrate(
    human: Annotated[Path, typer.Argument(metavar="HUMAN.csv", help="Columns call_id, criterion, verdict.")],
    store: o.Store = None,
    as_json: o.Json = False,
) -> None:
    """Agreement with human verdicts per criterion: kappa with its interval, and the worst disagreements."""
    with errors_told(as_json):
        from qa.cli.calibrate import agreement

        sys.exit(agreement(human, store_setting(store), as_json))


@app.command()
def doctor(store: o.Store = None, as_json: o.Json = False) -> None:
    """What works on this machine: engines, weights, decoders, store; and what to do about the rest."""
    with errors_told(as_json):
        from qa.cli.doctor import examine

        sys.exit(examine(store_setting(store), as_json))


@rubric_app.command("check")
def rubric_check(file: o.RubricFile, as_json: o.Json = False) -> None:
    """Validate and lint a rubric: every error with its JSON path, what was expected and what to do."""
    with errors_told(as_json):
        from qa.cli import rubric

        sys.exit(rubric.check(file, as_json))


@rubric_app.command("test")
def rubric_test(file: o.RubricFile, as_json: o.Json = False) -> None:
    """Run the examples written in a rubric."""
    with errors_told(as_json):
        from qa.cli import rubric

        sys.exit(rubric.test(file, as_json))


@rubric_app.command("diff")
def rubric_diff(
    old: Annotated[Path, typer.Argument(metavar="OLD")],
    new: Annotated[Path, typer.Argument(metavar="NEW")],
    store: o.Store = None,
    as_json: o.Json = False,
) -> None:
    """Which stored calls would change score, by how much and why. Nothing is stored."""
    with errors_told(as_json):
        from qa.cli import rubric

        sys.exit(rubric.diff(old, new, store_setting(store), as_json))


def _selection(store: str | None, since: str | None, until: str | None, agent: str | None) -> Selection:
    from qa.cli.rescore import Selection

    return Selection(store_setting(store), moment(since, "--since"), moment(until, "--until"), agent)


def main() -> None:
    """The console entry."""
    writable_streams()
    hush_libraries()
    try:
        app()
    except (SystemExit, KeyboardInterrupt) as end:
        end_of(end)
