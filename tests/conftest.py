"""What the tests of several rooms share."""

from __future__ import annotations

import pytest
from hypothesis import settings
from scored_calls import hand_made_night

from qa.model.night import Night

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")
"""The same examples on every machine, and no test that fails because the machine is busy."""


@pytest.fixture(scope="session")
def scored_night() -> Night:
    """A night of seven hand-made cards, added up by `qa.summary.night_of`."""
    return hand_made_night()
