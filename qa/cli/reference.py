"""The command line reference, made from the commands themselves: ``python -m qa.cli.reference > docs/cli.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from qa.cli.main import app

WIDTH = 100
"""Columns of the help texts; fixed, so that the page does not depend on a terminal."""

HEADING = """# Command line

Made from the commands by `make docs`; a test holds it up to date. Results go to stdout, talk to stderr; `--json` prints
JSON lines (`status`, `error`, one `summary` last) that only ever gain fields. Every problem says where, what is wrong,
what was expected and what to do. One that ends a command goes to stderr, and with `--json` to stdout too, as an `error`
line with the exit status as its `code`.
"""


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Every command under its full name; Typer's own copy of Click has no public types."""
    yield name, command
    if isinstance(command, TyperGroup):
        for child in sorted(command.commands):
            yield from _commands(command.commands[child], f"{name} {child}")


def reference() -> str:
    """The whole page, as Markdown."""
    parts = [HEADING]
    for name, command in _commands(get_command(app), "qa"):
        context = typer.Context(command, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH)
        parts.append(f"## `{name}`\n\n```text\n{command.get_help(context).rstrip()}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(reference())
