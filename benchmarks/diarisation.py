"""How well and how fast speakers are told apart: one line per recording, diarisation error rate and speed.

    python benchmarks/diarisation.py FOLDER [--pipeline NAME_OR_FOLDER]

Takes from FOLDER every ``NAME.wav`` with a ``NAME.rttm`` (who spoke when), and every pair ``NAME_agent.wav``,
``NAME_customer.wav`` (two sides of one call): their mono mix is diarised, the voice activity of each side is the
truth. No collar, overlaps count, as in published tables.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import librosa
import numpy as np
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate

from qa.audio.activity import detect_activity
from qa.engines.pyannote import Pyannote
from qa.engines.voices import Voices
from qa.model.contracts import Diariser
from qa.model.sound import SAMPLE_RATE, Audio, Diarisation
from qa.model.span import Span

if TYPE_CHECKING:
    from qa.model.sound import Samples


@dataclass(frozen=True)
class Case:
    """A recording on one channel, and who speaks when on it."""

    name: str
    samples: Samples
    truth: tuple[tuple[str, Span], ...]


def read(path: Path) -> Samples:
    """A recording as float32 at 16 kHz, one channel."""
    samples: Samples = librosa.load(path, sr=SAMPLE_RATE, mono=True)[0].astype(np.float32)
    return samples


def cases(folder: Path) -> Iterator[Case]:
    """Every recording of the folder whose truth is known."""
    for rttm in sorted(folder.glob("*.rttm")):
        rows = [line.split() for line in rttm.read_text(encoding="utf-8").splitlines() if line.startswith("SPEAKER")]
        truth = tuple((r[7], Span(float(r[3]), float(r[3]) + float(r[4]))) for r in rows)
        yield Case(rttm.stem, read(rttm.with_suffix(".wav")), truth)
    for agent in sorted(folder.glob("*_agent.wav")):
        customer = agent.with_name(agent.name.replace("_agent", "_customer"))
        if customer.exists():
            yield mixed(agent.stem.removesuffix("_agent"), read(agent), read(customer))


def mixed(name: str, agent: Samples, customer: Samples) -> Case:
    """Two sides of a call as one channel; what each side says is the truth."""
    length = min(len(agent), len(customer))
    sides = {"agent": agent[:length], "customer": customer[:length]}
    truth = tuple((who, span) for who, side in sides.items() for span in detect_activity(mono(side)).speech[0])
    return Case(name, (sides["agent"] + sides["customer"]) * np.float32(0.5), truth)


def mono(samples: Samples) -> Audio:
    """One channel as a recording."""
    return Audio(samples[None], SAMPLE_RATE, "pcm", "wav")


def error(case: Case, heard: Diarisation) -> dict[str, float]:
    """Components of the error, each as a share of the speech."""
    found = [(s.speaker, s.span) for s in heard.spans]
    whole = Timeline([Segment(0, len(case.samples) / SAMPLE_RATE)])
    parts = DiarizationErrorRate(collar=0.0)(annotation(case.truth), annotation(found), uem=whole, detailed=True)
    names = ("diarization error rate", "missed detection", "false alarm", "confusion")
    return {name: parts[name] / (1 if name == names[0] else parts["total"]) for name in names}


def annotation(spoken: list[tuple[str, Span]] | tuple[tuple[str, Span], ...]) -> Annotation:
    """Labelled spans in the form of pyannote.metrics."""
    made = Annotation()
    for track, (who, span) in enumerate(spoken):
        made[Segment(span.start, span.end), track] = who
    return made


def row(case: Case, name: str, diariser: Diariser) -> str:
    """One line of the table: the errors, then seconds of work per second of call."""
    audio = mono(case.samples)
    start = time.perf_counter()
    activity = detect_activity(audio)
    between = time.perf_counter()
    heard = diariser.diarise(audio, activity)
    end = time.perf_counter()
    parts = "".join(f"{value:8.3f}" for value in error(case, heard).values())
    speed = f"{(between - start) / audio.duration:10.4f}{(end - between) / audio.duration:10.4f}"
    return f"{case.name:20}{name:10}{audio.duration:7.0f}{len(heard.speakers):4}{parts}{speed}{heard.confidence:8.2f}"


def main() -> None:
    """Print the table."""
    import torch

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pipeline", help="a pyannote pipeline to compare with")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    engines: dict[str, Diariser] = {"voices": Voices()}
    if chosen.pipeline:
        engines["pyannote"] = Pyannote(chosen.pipeline)
    heading = "".join(f"{title:>8}" for title in ("DER", "missed", "false", "wrong"))
    print(f"{'recording':20}{'engine':10}{'s':>7}{'n':>4}{heading}{'VAD rtf':>10}{'rtf':>10}{'trust':>8}")
    for case in cases(chosen.folder):
        for name, diariser in engines.items():
            print(row(case, name, diariser), flush=True)


if __name__ == "__main__":
    main()
