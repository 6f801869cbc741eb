"""The page of all service standards: ``python -m qa.cli.criteria_page > docs/criteria.md``."""

from __future__ import annotations

import sys

from qa.cli.rubrics import load
from qa.cli.settings import rubric_folder
from qa.criteria import check_kinds
from qa.rubric.pages import criteria_page

RUBRIC = "service_standards.json"
"""The packaged rubric that holds every standard."""


def page() -> str:
    """The whole page, as Markdown."""
    return criteria_page(load(rubric_folder() / RUBRIC), check_kinds())


if __name__ == "__main__":
    sys.stdout.write(page())
