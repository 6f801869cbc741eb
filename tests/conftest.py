"""What the tests of several rooms share."""

from __future__ import annotations

import pytest
from scored_calls import hand_made_night

from qa.model.night import Night


@pytest.fixture(scope="session")
def scored_night() -> Night:
    """A night of seven hand-made cards, added up by `qa.summary.night_of`."""
    return hand_made_night()
