"""Who spoke when, by a pyannote.audio pipeline; telemetry off, weights checked before they are opened."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qa.engines.pyannote_folder import CHECKPOINT, fetch_folder, find_folder, require_safe
from qa.engines.torchaudio_shim import ensure_torchaudio
from qa.engines.weights import sha256_of, unavailable
from qa.errors import EngineUnavailableError, Problem, call_error
from qa.model.scorecard import FailureKind
from qa.model.sound import SAMPLE_RATE, ChannelLayout, Diarisation, SpeakerSpan
from qa.model.span import Span
from qa.model.transcript import EngineDescription

if TYPE_CHECKING:
    from pyannote.audio import Pipeline
    from pyannote.core import Annotation

    from qa.model.sound import Activity, Audio, Samples

TELEMETRY = "PYANNOTE_METRICS_ENABLED"
"""pyannote 4 reports usage to its makers unless this is 0 before its first import."""

CONFIDENCE = 0.75
"""Trust in its labels: it errs in about a quarter of two-party telephone speech (community-1 on CALLHOME part 2,
no collar, overlaps counted: 26.7 %, pyannote's own table of 2025-09)."""

LONE_CONFIDENCE = 0.5
"""Trust where it hears one voice though two were asked for."""


@dataclass(frozen=True)
class Pyannote:
    """Diariser by a pyannote pipeline: ``model`` is its folder or its name on the hub.

    ``trusted`` are digests of checkpoints that may be opened though they hold more than weights; ``speakers`` is how
    many voices to tell apart, None to let the pipeline count. Making one raises `EngineUnavailableError` where the
    pipeline cannot be had or must not be opened.
    """

    model: str
    token: str | None = field(default=None, repr=False)
    device: str = "cpu"
    trusted: frozenset[str] = frozenset()
    speakers: int | None = 2
    folder: Path = field(init=False, repr=False)
    digest: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        folder = fetch_folder(self.model, self.token)
        require_safe(folder, self.trusted)
        object.__setattr__(self, "folder", folder)
        object.__setattr__(self, "digest", _digest(folder))

    @property
    def description(self) -> EngineDescription:
        """Name, model, version, and the digest of its configuration and checkpoints."""
        settings = f"speakers={self.speakers} sha256={self.digest}"
        return EngineDescription("pyannote", Path(self.model).name, version("pyannote.audio"), settings=settings)

    def diarise(self, audio: Audio, activity: Activity) -> Diarisation:
        """Speaker spans with pyannote's labels; they overlap where it hears two at once.

        Two channels that carry two people are averaged. Raises `CallError` where the pipeline fails on this call.
        """
        pipeline = load_pipeline(self.folder, self.device, self.trusted)
        try:
            output = pipeline(_waveform(audio, activity), num_speakers=self.speakers)
        except (RuntimeError, ValueError) as error:
            raise _failed(error) from error
        return _diarisation(output.speaker_diarization)


def pyannote_available(model: str, trusted: frozenset[str] | None = None) -> Problem | None:
    """None where the pipeline lies on this machine, else why it cannot be used; touches no network.

    With ``trusted`` (the digests of weights.lock) it must also be safe to open.
    """
    found = find_folder(model)
    if isinstance(found, Problem) or trusted is None:
        return found if isinstance(found, Problem) else None
    try:
        require_safe(found, trusted)
    except EngineUnavailableError as error:
        return error.problems[0]
    return None


@cache
def load_pipeline(folder: Path, device: str, trusted: frozenset[str]) -> Pipeline:
    """The pipeline of a folder, opened once per process; checked once more, as time may have passed."""
    require_safe(folder, trusted)
    os.environ[TELEMETRY] = "0"
    ensure_torchaudio()
    import torch
    from pyannote.audio import Pipeline

    with warnings.catch_warnings():
        # lightning and torch tell of each other's coming changes; nothing of it is ours to act on
        warnings.simplefilter("ignore")
        # A configuration or checkpoint that does not fit makes it fail in every way there is.
        try:
            return Pipeline.from_pretrained(folder).to(torch.device(device))
        except Exception as error:
            raise _unfit(folder, error) from error


def _digest(folder: Path) -> str:
    """One digest of everything in the folder that can change the result: configuration, checkpoints, archives."""
    import hashlib

    relevant = (p for p in folder.rglob("*") if p.name in ("config.yaml", CHECKPOINT) or p.suffix == ".npz")
    parts = [f"{path.relative_to(folder).as_posix()} {sha256_of(path)}" for path in relevant]
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()


def _waveform(audio: Audio, activity: Activity) -> dict[str, object]:
    """One channel in the form pyannote takes from memory: it never decodes a file here."""
    import torch

    with warnings.catch_warnings():
        # A memory map is opened for reading only, and pyannote only reads.
        warnings.filterwarnings("ignore", message="The given NumPy array is not writable", category=UserWarning)
        waveform = torch.from_numpy(_mono(audio, activity))[None]
    return {"waveform": waveform, "sample_rate": SAMPLE_RATE}


def _mono(audio: Audio, activity: Activity) -> Samples:
    if activity.layout is ChannelLayout.TWO_CHANNEL:
        mixed: Samples = audio.samples.mean(axis=0, dtype=np.float32)
        return mixed
    return np.asarray(audio.channel(activity.mono_channel))


def _diarisation(annotation: Annotation) -> Diarisation:
    spans = tuple(
        SpeakerSpan(str(label), Span(round(float(segment.start), 3), round(float(segment.end), 3)))
        for segment, _, label in annotation.itertracks(yield_label=True)
    )
    spans = tuple(sorted(spans, key=lambda s: (s.span, s.speaker)))
    n_voices = len({s.speaker for s in spans})
    if n_voices == 0:
        return Diarisation((), 0.0, ("pyannote hears nobody",))
    if n_voices == 1:
        return Diarisation(spans, LONE_CONFIDENCE, ("only one voice was found",))
    return Diarisation(spans, CONFIDENCE)


def _unfit(folder: Path, error: Exception) -> EngineUnavailableError:
    reason = next(iter(str(error).splitlines()), "")[:200]
    return unavailable(
        str(folder),
        f"pyannote cannot load it ({type(error).__name__}: {reason})",
        "a complete speaker diarisation pipeline of pyannote.audio 4",
        "fetch it again, or use --diariser voices",
    )


def _failed(error: Exception) -> Exception:
    return call_error(
        FailureKind.ENGINE,
        "diariser pyannote",
        f"the pipeline failed on this call: {next(iter(str(error).splitlines()), '')[:200]}",
        "speakers of the call",
        "run again; if it fails again, use --diariser voices",
    )
