"""What the tests of finding share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """An empty folder to put calls into."""
    folder = tmp_path / "calls"
    folder.mkdir()
    return folder
