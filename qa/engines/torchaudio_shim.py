"""Makes torchaudio importable beside a CPU build of PyTorch.

Every torchaudio wheel is linked against CUDA, and so fails on import where PyTorch is a CPU build. The part that
fails is the compiled extension, which nothing here uses: what pyannote needs of torchaudio is plain Python.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import TypeVar

Wrapped = TypeVar("Wrapped", bound=Callable[..., object])

EXTENSION = "torchaudio._extension"


def ensure_torchaudio() -> None:
    """Import torchaudio, without its compiled extension where that cannot be loaded; harmless to repeat.

    Raises `ImportError` where torchaudio is not installed.
    """
    try:
        import torchaudio
    except OSError:
        _forget_torchaudio()
        sys.modules[EXTENSION] = _extension_left_out()
        import torchaudio  # noqa: F401


def _forget_torchaudio() -> None:
    """Drop the half-imported package, so that the next import starts afresh."""
    for name in [name for name in sys.modules if name.split(".")[0] == "torchaudio"]:
        del sys.modules[name]


def _extension_left_out() -> ModuleType:
    """A stand-in with the four names that torchaudio reads from its extension, all saying "not there"."""
    stand_in = ModuleType(EXTENSION)
    absent: dict[str, object] = {
        "_IS_TORCHAUDIO_EXT_AVAILABLE": False,
        "_IS_ALIGN_AVAILABLE": False,
        "fail_if_no_align": _unchanged,
        "_check_cuda_version": lambda: None,
    }
    for name, value in absent.items():
        setattr(stand_in, name, value)
    return stand_in


def _unchanged(function: Wrapped) -> Wrapped:
    return function
