"""The tables of the store, and the road from every older schema to this one.

    heard 1 --- * calls 1 --- * scorecards          failures      runs      meta
    (conversation)  (recording)   (one per rubric)   (by call and place)

Bodies are compressed JSON (`qa.store.codec`); a column of its own has only what the database must find or sort by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

SCHEMA_VERSION = 1
"""Raised by one with every change of a table; each raise adds a function to `MIGRATIONS`."""

MIGRATIONS: Mapping[int, Callable[[Connection], None]] = MappingProxyType({})
"""From version n to n + 1, keyed by n; all that are due run in one transaction with the new version number."""

metadata = MetaData()

meta = Table("meta", metadata, Column("name", String, primary_key=True), Column("value", String, nullable=False))
"""``schema_version`` and nothing else yet."""

heard = Table(
    "heard",
    metadata,
    Column("key", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
"""A heard conversation under the digest of everything that can change it: bytes, engines, settings."""

calls = Table(
    "calls",
    metadata,
    Column("call_id", String, primary_key=True),
    Column("agent_id", String, nullable=False),
    Column("customer_id", String),
    Column("started_at", String, doc="ISO 8601, with a zone where the manifest gave one"),
    Column("recording_sha256", String, nullable=False),
    Column("heard_key", String, ForeignKey("heard.key"), nullable=False),
    Column("current_rubric_sha256", String, doc="the rubric of the latest card; null before the first"),
    Column("body", LargeBinary, nullable=False, doc="the recording: paths, medium and metadata"),
    Index("calls_by_agent", "agent_id"),
    Index("calls_by_customer", "customer_id"),
    Index("calls_by_recording", "recording_sha256"),
    Index("calls_by_heard", "heard_key"),
)
"""Every call that was heard, once."""

scorecards = Table(
    "scorecards",
    metadata,
    Column("call_id", String, ForeignKey("calls.call_id", ondelete="CASCADE"), primary_key=True),
    Column("rubric_sha256", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
"""The latest card of each call by each rubric; ``calls.current_rubric_sha256`` says which one counts."""

failures = Table(
    "failures",
    metadata,
    Column("call_id", String, primary_key=True),
    Column("place", String, primary_key=True, doc="the failure's ``where``"),
    Column("attempts", Integer, nullable=False),
    Column("notice", Boolean, nullable=False),
    Column("recording_sha256", String, doc="what was refused; other content under the same id starts anew"),
    Column("run_id", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("failures_by_run", "run_id"),
)
"""What could not be scored, until it can."""

runs = Table(
    "runs",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("started_at", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""The counts, versions and clock of every run; no words of any call."""
