"""``python -m qa`` is ``qa``."""

from __future__ import annotations

import os

INTERRUPTED = 130
"""`qa.cli.exits.Exit.INTERRUPTED`, before that can be imported."""


def main() -> None:
    """Run the command; Ctrl-C while it is still being loaded ends it without a word."""
    try:
        from qa.cli.main import main as command
    except KeyboardInterrupt:
        os._exit(INTERRUPTED)
    command()


if __name__ == "__main__":
    main()
