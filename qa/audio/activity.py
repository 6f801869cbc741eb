"""Voice activity of a call: who makes sound when, per channel, measured once and used by all after it."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qa.audio.envelope import Envelope, measure_envelope, runs
from qa.audio.events import find_events
from qa.audio.layout import decide_layout
from qa.errors import EngineUnavailableError, Problem
from qa.model.sound import SAMPLE_RATE, Activity
from qa.model.span import Span, merge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from onnxruntime import InferenceSession

    from qa.model.sound import Audio, Samples

CHUNK = 512
"""Samples per decision: 32 ms, the only size the 16 kHz Silero model takes."""

CONTEXT = 64
"""Samples of the chunk before that the model sees again (Silero's own streaming code)."""

BLOCK = 256
"""Chunks per model call (8.2 s): 64 to 1,024 are equally fast, 2,048 is slower (measured 2026-11)."""

SPEECH_PROBABILITY = 0.5
"""Probability that opens a stretch of speech (Silero's default)."""

SILENCE_PROBABILITY = 0.35
"""Probability below which speech may end (Silero's default: 0.15 below the opening one)."""

SHORTEST_SPEECH = 0.2
"""Seconds; shorter stretches are clicks and breaths. Silero's default is 0.25; "mhm" can be shorter."""

SHORTEST_SILENCE = 0.1
"""Seconds of quiet that end a stretch of speech (Silero's default)."""

PADDING = 0.03
"""Seconds added on both sides of a stretch of speech (Silero's default)."""

TARGET_DBFS = -20.0
"""dBFS that loud frames are raised to before the model hears them: 20 dB below that it loses 2 % of
the speech of a telephone talk, 40 dB below 30 %, 50 dB below all of it (measured 2026-11)."""

MOST_GAIN_DB = 30.0
"""dB; more would turn the noise floor of an empty channel (-60 dBFS and below) into something loud."""

LOUD_PERCENTILE = 95
"""The frame level of a channel that stands for its speech, if it has any."""


def detect_activity(audio: Audio) -> Activity:
    """Speech, layout and other sounds of a call.

    Reads the samples in blocks, so a memory-mapped call never fills memory. Channels are taken one after the
    other: the model is faster than 0.002 of real time and a batch has one process per core.
    Raises `qa.errors.EngineUnavailableError` where the Silero model is not installed.
    """
    envelope = measure_envelope(audio)
    heard = tuple(detect_speech(audio.channel(i), gain_for(envelope, i)) for i in range(audio.n_channels))
    return find_events(audio, envelope, decide_layout(envelope, heard))


def gain_for(envelope: Envelope, channel: int) -> float:
    """The factor that brings a quiet channel to a level the model knows; never below 1."""
    if not envelope.power.shape[1]:
        return 1.0
    loud = float(np.percentile(envelope.dbfs[channel], LOUD_PERCENTILE))
    return float(10 ** (min(MOST_GAIN_DB, max(0.0, TARGET_DBFS - loud)) / 20))


def detect_speech(samples: Samples, gain: float = 1.0) -> tuple[Span, ...]:
    """The sorted, disjoint stretches of speech in one channel, in seconds."""
    return speech_spans(speech_probabilities(samples, gain), len(samples) / SAMPLE_RATE)


def speech_probabilities(samples: Samples, gain: float = 1.0) -> NDArray[np.float32]:
    """Silero's probability of speech per 32 ms chunk, shape ``(ceil(n_samples / 512),)``.

    >>> speech_probabilities(np.zeros(0, dtype=np.float32)).shape
    (0,)
    """
    hidden = cell = np.zeros((1, 1, 128), dtype=np.float32)
    found = [np.zeros(0, dtype=np.float32)]
    for block in _blocks(samples, gain):
        probabilities, hidden, cell = _silero().run(
            ["speech_probs", "hn", "cn"], {"input": block, "h": hidden, "c": cell}
        )
        found.append(np.ravel(probabilities))
    return np.concatenate(found)


def speech_spans(probabilities: NDArray[np.float32], duration: float) -> tuple[Span, ...]:
    """Stretches of speech with hysteresis: hard to enter, easy to stay, over after a short quiet."""
    step = CHUNK / SAMPLE_RATE
    likely, possible = probabilities >= SPEECH_PROBABILITY, probabilities >= SILENCE_PROBABILITY
    stretches = merge((Span(a * step, b * step) for a, b in _hysteresis(likely, possible)), bridge=SHORTEST_SILENCE)
    long_enough = (s for s in stretches if s.duration >= SHORTEST_SPEECH)
    padded = (Span(max(0.0, s.start - PADDING), min(duration, s.end + PADDING)) for s in long_enough)
    return merge(Span(round(s.start, 3), round(s.end, 3)) for s in padded)


def _hysteresis(likely: NDArray[np.bool_], possible: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Runs of ``possible`` from their first ``likely`` on; runs without one do not count."""
    for start, end in runs(possible):
        inside = np.flatnonzero(likely[start:end])
        if inside.size:
            yield start + int(inside[0]), end


def _blocks(samples: Samples, gain: float) -> Iterator[NDArray[np.float32]]:
    """Consecutive chunks, each after the last 64 samples of the one before: ``(n <= 256, 576)``."""
    context = np.zeros(CONTEXT, dtype=np.float32)
    for first in range(0, len(samples), BLOCK * CHUNK):
        part = np.asarray(samples[first : first + BLOCK * CHUNK], dtype=np.float32)
        part = np.clip(part * gain, -1.0, 1.0)
        chunks = np.pad(part, (0, -len(part) % CHUNK)).reshape(-1, CHUNK)
        before = np.vstack((context, chunks[:-1, -CONTEXT:]))
        context = chunks[-1, -CONTEXT:]
        yield np.hstack((before, chunks)).astype(np.float32)


@cache
def _silero() -> InferenceSession:
    """The Silero model that takes many chunks a call, on one thread.

    The wheel's own loader would import torch; the file alone needs only onnxruntime, gives the same
    probabilities to the bit, and runs seven times as fast as the TorchScript file (0.0010 : 0.0075 of real time).
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(_model_file()), options, providers=["CPUExecutionProvider"])


def _model_file() -> Path:
    """Where the installed wheel keeps the model; finding it does not import the wheel."""
    spec = find_spec("silero_vad")
    folders = spec.submodule_search_locations if spec else None
    path = Path(folders[0] if folders else "silero_vad") / "data" / "silero_vad_16k_sequence.onnx"
    if not path.is_file():
        raise EngineUnavailableError(
            (
                Problem(
                    where="voice activity",
                    wrong=f"the Silero model {path.name} is not installed",
                    expected="the package silero-vad, 6.2.3 or newer",
                    do="install it: pip install 'silero-vad>=6.2.3'",
                ),
            )
        )
    return path
