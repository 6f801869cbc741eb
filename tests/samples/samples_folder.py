"""The sample calls as the tests read them: scripts, lists and recordings."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np

from qa.model.span import Span

if TYPE_CHECKING:
    from qa.model.sound import Samples

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / "audio_samples"


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance with its true time."""

    speaker: str
    span: Span
    text: str

    @property
    def words(self) -> int:
        return len(self.text.split())


@dataclass(frozen=True, slots=True)
class Decoded:
    """A recording as a decoder sees it; ``samples`` has the shape (n_channels, n_samples)."""

    codec: str
    rate: int
    samples: Samples

    @property
    def duration(self) -> float:
        return float(self.samples.shape[1]) / self.rate

    def level(self, channel: int, span: Span) -> float:
        """Root mean square of a stretch of one channel, full scale = 1."""
        part = self.samples[channel, round(span.start * self.rate) : round(span.end * self.rate)]
        return float(np.sqrt(np.mean(part**2)))


def scripts(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """Every script by call id."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((folder / "scripts").glob("*.json"))}


def rows(name: str, folder: Path = FOLDER) -> list[dict[str, str]]:
    """The rows of one of the lists."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def manifest() -> dict[str, dict[str, str]]:
    """The manifest by call id."""
    return {row["call_id"]: row for row in rows("manifest.csv")}


def verdicts() -> dict[tuple[str, str], str]:
    """The true verdicts by call and criterion."""
    return {(row["call_id"], row["criterion"]): row["verdict"] for row in rows("verdicts.csv")}


def conversations() -> dict[str, list[Said]]:
    """Who said what and when, by call id, in order of time."""
    calls: dict[str, list[Said]] = defaultdict(list)
    for row in rows("utterances.csv"):
        span = Span(float(row["start"]), float(row["end"]))
        calls[row["call_id"]].append(Said(row["speaker"], span, row["text"]))
    return dict(calls)


def decode(path: Path) -> Decoded:
    """The whole recording; shape (n_channels, n_samples)."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        resampler = av.AudioResampler(format="fltp", layout=stream.layout.name, rate=stream.rate)
        frames = [part for frame in container.decode(stream) for part in resampler.resample(frame)]
        frames += resampler.resample(None)
        samples = np.concatenate([frame.to_ndarray() for frame in frames], axis=1)
        return Decoded(stream.codec_context.name, int(stream.rate), samples)


def recording(call_id: str) -> Decoded:
    """The recording of one call."""
    return decode(FOLDER / manifest()[call_id]["recording"])
