"""Nights that several tests look at: each is run once."""

from __future__ import annotations

import pytest
from cli_bad_night import bad_night
from cli_calls import write_night
from cli_command import Done, qa


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """Six good calls of three agents, scored. Tests that change something take a copy of the store."""
    home = tmp_path_factory.mktemp("night")
    calls = write_night(home / "calls", 6)
    answer = qa("run", calls, "--store", "qa.sqlite", "--out", "out", "--workers", "1", cwd=home)
    return Done(calls, home / "qa.sqlite", home / "out", answer)


@pytest.fixture(scope="session")
def worst_night(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """Everything that may lie in a folder of recordings, in one run."""
    home = tmp_path_factory.mktemp("worst")
    calls = bad_night(home / "calls")
    options = ("--engine", "recorded", "--diariser", "channels", "--store", "qa.sqlite", "--out", "out", "--json")
    return Done(calls, home / "qa.sqlite", home / "out", qa("run", calls, *options, cwd=home))
