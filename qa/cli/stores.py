"""Stores for the commands that only read: none is ever made by looking."""

from __future__ import annotations

from qa.errors import Problem, UsageError
from qa.store.connect import sqlite_file, store_url
from qa.store.store import Store

IN_MEMORY = "sqlite://"


def is_there(url: str) -> bool:
    """Whether the SQLite file exists; a database server is asked only when it is opened."""
    file = sqlite_file(store_url(url))
    return file is None or file.exists()


def existing_store(url: str) -> Store:
    """Open what ``qa run`` has stored; raises `UsageError` where there is no such file."""
    if not is_there(url):
        do = "correct --store or QA_STORE, or go to the folder of the nightly run; qa run makes the store"
        raise UsageError((Problem(url, "there is no store", "the store of a qa run", do),))
    return Store.open(url)


def store_to_read(url: str) -> Store:
    """The store, or an empty one in memory where there is none yet."""
    return Store.open(url if is_there(url) else IN_MEMORY)
