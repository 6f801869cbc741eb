"""How fast the transcribers are, as ratios to faster-whisper's own defaults within one run.

Wall times on a shared machine differ by half from run to run; configurations that take turns in the same
minute can be compared. Each round times every configuration once, on every channel of the call, voice
activity detection included, model loading and decoding of the file not. The median over the rounds counts.

    python benchmarks/transcription.py --model base.pt --rounds 3 call.wav
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import faster_whisper

from qa.audio.activity import detect_activity
from qa.audio.load import loaded
from qa.engines.faster_whisper import FasterWhisper, ct2_folder
from qa.engines.pocketsphinx import PocketSphinx
from qa.engines.weights import sha256_of
from qa.engines.whisper import Whisper
from qa.model.recording import CallMetadata, Medium, Recording

if TYPE_CHECKING:
    from qa.model.contracts import Transcriber
    from qa.model.sound import Audio

Pass: TypeAlias = Callable[["Audio"], int]
"""Hears every channel of a call and says how many words it heard."""

PEER = "faster-whisper's own defaults (int8, beam 5, its VAD)"
GREEDY = 1
"""The beam of greedy decoding."""


def our_pass(engine: Transcriber, language: str, workers: int = 1) -> Pass:
    """Voice activity once, then every channel, ``workers`` at a time."""

    def hear(audio: Audio) -> int:
        activity = detect_activity(audio)
        channels = range(audio.n_channels)
        with ThreadPoolExecutor(workers) as pool:
            heard = pool.map(lambda i: engine.transcribe(audio.channel(i), activity.speech[i], language), channels)
            return sum(len(transcript.words) for transcript in heard)

    return hear


def peer_pass(folder: Path, language: str, threads: int) -> Pass:
    """What a user would write with faster-whisper alone, with word times as we have them."""
    model = faster_whisper.WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads)

    def hear(audio: Audio) -> int:
        words = 0
        for i in range(audio.n_channels):
            segments, _ = model.transcribe(audio.channel(i), language=language, vad_filter=True, word_timestamps=True)
            words += sum(len(segment.words or ()) for segment in segments)
        return words

    return hear


def configurations(model: str, language: str, threads: int, slow: bool) -> Mapping[str, Pass]:
    """Every way of hearing that is compared, by the name it is printed under."""
    folder = ct2_folder(model, "int8", frozenset(), None)
    greedy = FasterWhisper(str(folder), beam_size=GREEDY, num_workers=threads)
    found = {
        PEER: peer_pass(folder, language, threads),
        "qa faster-whisper": our_pass(FasterWhisper(str(folder), cpu_threads=threads), language),
        "qa faster-whisper, a thread per channel": our_pass(
            FasterWhisper(str(folder), num_workers=threads), language, threads
        ),
        "qa faster-whisper, a thread per channel, greedy": our_pass(greedy, language, threads),
    }
    if slow:
        found["qa whisper"] = our_pass(Whisper(model, cpu_threads=threads), language)
        found["qa pocketsphinx"] = our_pass(PocketSphinx(), "en")
    return found


def timings(passes: Mapping[str, Pass], audio: Audio, rounds: int) -> Iterator[tuple[str, float, int]]:
    """(name, wall seconds, words) of every pass; one untimed round first loads the models."""
    for round_number in range(rounds + 1):
        for name, hear in passes.items():
            began = time.perf_counter()
            words = hear(audio)
            if round_number:
                yield name, time.perf_counter() - began, words


def table(measured: Iterable[tuple[str, float, int]], duration: float) -> Iterator[str]:
    """One line a configuration: median wall, real-time factor, how often faster than the peer, words."""
    walls: dict[str, list[float]] = {}
    words: dict[str, int] = {}
    for name, wall, count in measured:
        walls.setdefault(name, []).append(wall)
        words[name] = count
    peer = statistics.median(walls[PEER])
    yield f"{'wall s':>8} {'min':>7} {'max':>7} {'RTF':>8} {'x real':>7} {'x peer':>7} {'words':>6}  configuration"
    for name, seconds in walls.items():
        wall = statistics.median(seconds)
        figures = f"{wall:8.2f} {min(seconds):7.2f} {max(seconds):7.2f} {wall / duration:8.4f} {duration / wall:7.1f}"
        yield f"{figures} {peer / wall:7.2f} {words[name]:6d}  {name}"


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("call", type=Path, help="a recording, with one channel a speaker or mono")
    parser.add_argument("--model", required=True, help="a checkpoint of openai-whisper (.pt)")
    parser.add_argument("--language", default="en", help="given, so that no time goes into detecting it")
    parser.add_argument("--threads", type=int, default=2, help="cores to use")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slow", action="store_true", help="openai-whisper and pocketsphinx too")
    given = parser.parse_args()
    recording = Recording(given.call, sha256_of(given.call), Medium.AUDIO, CallMetadata(given.call.stem))
    with loaded(recording) as audio:
        passes = configurations(given.model, given.language, given.threads, given.slow)
        measured = timings(passes, audio, given.rounds)
        print(f"{audio.n_channels} channels of {audio.duration:.1f} s, {given.threads} threads, {given.rounds} rounds")
        for line in table(measured, audio.duration):
            print(line)


if __name__ == "__main__":
    main()
