"""A new store for each test: an SQLite file always, PostgreSQL where a server is given."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.store.connect import store_url
from qa.store.store import Store


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'qa.sqlite'}"


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    """A database of its own on the test server, dropped afterwards."""
    from sqlalchemy import create_engine, text

    server = os.environ.get("QA_TEST_POSTGRES")
    if not server:
        pytest.skip("no PostgreSQL server: set QA_TEST_POSTGRES=postgresql+psycopg://USER@HOST/DATABASE")
    name = f"qa_test_{os.getpid()}"
    admin = create_engine(store_url(server), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield store_url(server).set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite_url", "postgresql_url"], ids=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        yield opened
