"""The door for weight files: opened only as weights, or when their digest is on the user's own list.

A pickle can run any command while it is opened. PyTorch's ``weights_only`` loader refuses everything but tensors
and plain values (safe from 2.6 on: CVE-2025-32434), so a file that it opens is only weights.
"""

from __future__ import annotations

import hashlib
import os
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

from qa.errors import EngineUnavailableError, Problem, UsageError

LOCK_LINE = re.compile(r"([0-9a-fA-F]{64})(?:\s+\*?(.*))?")
"""``sha256sum`` writes the digest, two spaces and the name."""
REACH_SECONDS = 3.0
"""Seconds to wait for a weight server: a machine without a network has to hear so before its first call."""
CT2_SPEC = b"WhisperSpec\x00"
"""The name that a CTranslate2 ``model.bin`` of Whisper carries after its 4-byte version and 2-byte length."""
HUB = "https://huggingface.co"
"""Where faster-whisper fetches converted weights."""


@dataclass(frozen=True, slots=True)
class WeightIdentity:
    """The short name of weights for provenance, and their digest (``official`` where a name stands for them)."""

    name: str
    digest: str


def identity(name_or_path: str) -> WeightIdentity:
    """How provenance names these weights: a local file or CTranslate2 folder by its bytes, a model by its name."""
    path = Path(name_or_path).expanduser()
    weights = path / "model.bin" if path.is_dir() else path
    if weights.is_file():
        return WeightIdentity(path.name if path.is_dir() else path.stem, sha256_of(weights))
    return WeightIdentity(name_or_path, "official")


def sha256_of(path: Path) -> str:
    """The hex digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_lock(path: Path) -> frozenset[str]:
    """The digests of a ``weights.lock`` (lines as ``sha256sum`` writes them, ``#`` comments); none where no file is.

    Raises `UsageError` naming the first line that is neither.
    """
    if not path.exists():
        return frozenset()
    digests = set()
    for number, line in enumerate(path.read_text(encoding="utf-8-sig", errors="replace").splitlines(), start=1):
        if not (text := line.split("#")[0].strip()):
            continue
        if not (match := LOCK_LINE.fullmatch(text)):
            raise UsageError((_bad_lock_line(path, number, text),))
        digests.add(match[1].lower())
    return frozenset(digests)


def require_trusted(path: Path, trusted: frozenset[str] = frozenset()) -> None:
    """Returns where the file is only weights or its digest is in ``trusted``; nothing in it is ever run.

    Raises `EngineUnavailableError` with the digest to put into ``weights.lock``. A ``.safetensors`` file and a
    CTranslate2 ``model.bin`` are no pickles and pass; never hand such a file to a pickle loader.
    """
    if not path.is_file():
        raise unavailable(str(path), "there is no such weight file", "a file that can be read", "correct the path")
    if is_not_a_pickle(path):
        return
    if (wrong := _not_only_weights(path)) is None:
        return
    digest = sha256_of(path)
    if digest not in trusted:
        raise unavailable(
            str(path),
            f"it is more than weights, opening it could run a program ({wrong})",
            f"a file of tensors only, or one whose digest is in weights.lock; its digest is {digest}",
            f"if you know where it comes from, add the line '{digest}  {path.name}' to weights.lock",
        )


def is_not_a_pickle(path: Path) -> bool:
    """Whether the file is safetensors (by name and header) or a CTranslate2 Whisper (by header)."""
    with path.open("rb") as file:
        head = file.read(32)
    if path.suffix == ".safetensors":
        return int.from_bytes(head[:8], "little") < path.stat().st_size and head[8:9] == b"{"
    return head[4:6] == len(CT2_SPEC).to_bytes(2, "little") and head[6 : 6 + len(CT2_SPEC)] == CT2_SPEC


def whisper_weights(name_or_path: str) -> Path | Problem:
    """The local file of openai-whisper weights, or what is missing; touches no network."""
    path = Path(name_or_path).expanduser()
    if path.is_file():
        return path
    url = _official_urls().get(name_or_path)
    if url is None:
        return _unknown(name_or_path, sorted(_official_urls()))
    cached = _whisper_cache() / url.rsplit("/", 1)[-1]
    return cached if cached.is_file() else _missing(name_or_path, str(cached))


def ct2_weights(name_or_path: str) -> Path | Problem:
    """The local CTranslate2 folder, or the openai file to convert, or what is missing; touches no network."""
    path = Path(name_or_path).expanduser()
    if path.is_dir():
        return path if (path / "model.bin").is_file() else _missing(name_or_path, str(path / "model.bin"))
    if path.is_file():
        return path
    from faster_whisper.utils import _MODELS, download_model

    if _is_path(name_or_path):
        return _unknown(name_or_path, sorted(_MODELS))
    if name_or_path not in _MODELS and "/" not in name_or_path:
        return _unknown(name_or_path, sorted(_MODELS))
    # Each version of the hub's client has its own errors for "not in the cache".
    try:
        return Path(download_model(name_or_path, local_files_only=True))
    except Exception:
        found = whisper_weights(name_or_path)
        return found if isinstance(found, Path) else _missing(name_or_path, f"the cache of {HUB}")


def present_or_fetchable(engine: str, name_or_path: str) -> Problem | None:
    """None where the weights of ``whisper`` or ``faster-whisper`` are here or their server answers, else why not."""
    found = (ct2_weights if engine == "faster-whisper" else whisper_weights)(name_or_path)
    if isinstance(found, Path) or _is_path(name_or_path):
        return found if isinstance(found, Problem) else None
    url = HUB if engine == "faster-whisper" else _official_urls().get(name_or_path)
    return None if url and reachable(url) else found


def reachable(url: str, seconds: float = REACH_SECONDS) -> bool:
    """Whether the server of an https address answers at all within ``seconds``."""
    import urllib.error
    import urllib.request

    if os.environ.get("HF_HUB_OFFLINE", "") not in ("", "0") or not url.startswith("https://"):
        return False
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=seconds):  # noqa: S310
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, ValueError):
        return False


def official_name(digest: str) -> str | None:
    """The name of openai's own checkpoint with this SHA-256, longest name first (``large-v3``, not ``large``)."""
    names = (name for name, url in _official_urls().items() if f"/{digest}/" in url)
    return max(names, key=len, default=None)


def official_alignment_heads(digest: str) -> bytes | None:
    """The word-timing heads of openai's own checkpoint with this digest; None for any other file."""
    import whisper

    name = official_name(digest)
    return whisper._ALIGNMENT_HEADS[name] if name else None


def unavailable(where: str, wrong: str, expected: str, do: str) -> EngineUnavailableError:
    """An `EngineUnavailableError` with one problem."""
    return EngineUnavailableError((Problem(where, wrong, expected, do),))


def _not_only_weights(path: Path) -> str | None:
    """Why PyTorch's safe loader refuses the file; None where it does not."""
    import torch

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.load(path, map_location="cpu", weights_only=True, mmap=_is_zip(path))
    # A mutated file makes the reader fail in every way there is, and each of them means: not only weights.
    except Exception as error:
        return next(iter(str(error).splitlines()), type(error).__name__)[:200]
    return None


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _is_path(name: str) -> bool:
    return name.endswith((".pt", ".bin", ".ckpt")) or Path(name).is_absolute() or name.startswith((".", "~"))


def _official_urls() -> dict[str, str]:
    import whisper

    return dict(whisper._MODELS)


def _whisper_cache() -> Path:
    """openai-whisper's own rule for its cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "whisper"


def _missing(name: str, place: str) -> Problem:
    return Problem(
        f"--model {name}",
        f"its weights are not on this machine ({place})",
        "weights that are here, or a network to fetch them over",
        "fetch them once on a machine with a network and give their path with --model",
    )


def _unknown(name: str, known: list[str]) -> Problem:
    return Problem(
        f"--model {name}",
        "there is no Whisper model and no file of this name",
        f"a path, or one of {', '.join(known)}",
        "correct the name or the path",
    )


def _bad_lock_line(path: Path, number: int, text: str) -> Problem:
    return Problem(
        f"{path}, line {number}",
        f"{text[:80]!r} is no digest",
        "64 hexadecimal digits, two spaces and a name, as sha256sum writes them",
        "correct or delete the line",
    )
