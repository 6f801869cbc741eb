"""What the tests of reports share: a night, and the folder of its pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from reports_night import sample_night

from qa.model.night import Night


@pytest.fixture
def night(tmp_path: Path) -> Night:
    """Three agents, seven calls, failures; media need not exist."""
    return sample_night(tmp_path / "recordings")
