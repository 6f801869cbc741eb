"""Opening what may be anything: only regular files are opened, so that no pipe blocks and no device is touched."""

from __future__ import annotations

import os
import stat
from io import BufferedReader
from pathlib import Path


def open_regular(path: Path) -> BufferedReader:
    """The file, for reading. Raises OSError where it is not there, not readable, or not a regular file.

    ValueError where the name cannot be one (it holds a NUL).
    """
    _require_regular(path.stat())
    # Again, and without waiting, in case a pipe took its place since.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        _require_regular(os.fstat(descriptor))
        return os.fdopen(descriptor, "rb")
    except OSError:
        os.close(descriptor)
        raise


def size_of(file: BufferedReader) -> int:
    """The size of an open file in bytes."""
    return os.fstat(file.fileno()).st_size


def _require_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise OSError(0, "it is not a regular file")
