"""qa: recorded contact-centre calls in, one QA report per agent out."""

from __future__ import annotations

__version__ = "0.1.0"
