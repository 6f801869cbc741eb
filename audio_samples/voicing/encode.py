"""A mix into a file, through PyAV; the same mix gives the same bytes with the same version of PyAV."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
from av.codec.context import Flags

if TYPE_CHECKING:
    from pathlib import Path

    from qa.model.sound import Samples
    from voicing.script import Format

CODECS = {"flac": "flac", "opus": "libopus", "mulaw": "pcm_mulaw", "mp3": "libmp3lame"}
BIT_RATE_PER_CHANNEL = 24_000
"""Bits a second, for the two codecs that lose something: speech stays clear, and a call stays small."""


def encode(channels: Samples, recorded: Format, path: Path) -> None:
    """Write ``channels``, shape ``(n_channels, n_samples)``, to ``path``."""
    with av.open(str(path), "w", options={"fflags": "+bitexact"}) as container:
        layout = "stereo" if recorded.channels == 2 else "mono"  # noqa: PLR2004 - two channels are stereo
        stream = container.add_stream(CODECS[recorded.kind], rate=recorded.rate, layout=layout)
        stream.codec_context.flags |= Flags.bitexact
        if recorded.kind in ("opus", "mp3"):
            stream.bit_rate = BIT_RATE_PER_CHANNEL * recorded.channels
        for packet in (*stream.encode(_frame(channels, recorded.rate, layout)), *stream.encode(None)):
            container.mux(packet)


def _frame(channels: Samples, rate: int, layout: str) -> av.AudioFrame:
    whole = np.round(np.clip(channels, -1, 1) * 32767).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(whole.T.reshape(1, -1), format="s16", layout=layout)
    frame.sample_rate = rate
    return frame
