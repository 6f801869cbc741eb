"""Decoded frames on their way to the scratch file: one rate, one sample format, each in its place in time."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import av

from qa.audio.decoding import MAX_CHANNELS, DecodeReport, DecodeRequest, Outcome

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

SMALLEST_GAP_SECONDS = 0.1
"""Shorter steps in the time stamps are rounding (ASF counts milliseconds) or resampler delay."""

LARGEST_GAP_SECONDS = 60.0
"""A longer hole in the time stamps is believed only where the header promises that much time."""


class StopDecodingError(Exception):
    """Ends decoding with an outcome."""

    def __init__(self, outcome: Outcome, detail: str = "") -> None:
        super().__init__(outcome, detail)
        self.outcome = outcome
        self.detail = detail


class Scratch:
    """The scratch file: one stretch of ``max_samples`` for each channel."""

    def __init__(self, request: DecodeRequest, report: DecodeReport) -> None:
        self._descriptor = request.scratch
        self._stride = request.max_samples
        self._report = report

    def append(self, frame: AudioFrame) -> None:
        """Write the samples of a planar float frame behind what is there."""
        self._make_room(frame.samples)
        planes, n_bytes = frame.planes, frame.samples * 4
        for channel in range(self._report.n_channels):
            offset = (channel * self._stride + self._report.written) * 4
            self._write(memoryview(planes[channel])[:n_bytes], offset)
        self._report.written += frame.samples

    def leave_silence(self, samples: int) -> None:
        """Go on ``samples`` later; a hole in a file reads as zeros."""
        self._make_room(samples)
        self._report.written += samples
        self._report.filled += samples

    def _make_room(self, samples: int) -> None:
        if self._report.written + samples > self._stride:
            raise StopDecodingError(Outcome.TOO_LONG)

    def _write(self, data: memoryview, offset: int) -> None:
        while data:
            try:
                done = os.pwrite(self._descriptor, data, offset)
            except OSError as error:
                raise StopDecodingError(Outcome.WRITE_FAILED, error.strerror or "") from error
            data, offset = data[done:], offset + done


class Resampling:
    """Frames of any rate and sample format in, planar float32 at one rate into the scratch file."""

    def __init__(self, request: DecodeRequest, report: DecodeReport) -> None:
        self._rate = request.rate
        self._report = report
        self._scratch = Scratch(request, report)
        self._resampler: Any = None
        self._shape: tuple[int, str, int] | None = None
        self._origin: float | None = None

    def take(self, frame: AudioFrame) -> None:
        """Put one decoded frame where its time stamp says, never before what is already there."""
        shape = (frame.sample_rate, frame.format.name, frame.layout.nb_channels)
        if shape != self._shape:
            self._begin(shape)
        if gap := self._gap(frame):
            self._begin(shape)
            self._scratch.leave_silence(gap)
        frame.pts = None  # the position is kept here; PyAV would complain of stamps that run backwards
        for resampled in self._resampler.resample(frame):
            self._scratch.append(resampled)

    def finish(self) -> None:
        """Write the resampler's tail; without this the last milliseconds are lost."""
        if self._resampler is not None:
            for resampled in self._resampler.resample(None):
                self._scratch.append(resampled)
            self._resampler = None

    def _begin(self, shape: tuple[int, str, int]) -> None:
        self.finish()
        self._shape = shape
        n_channels = self._report.n_channels = self._report.n_channels or shape[2]
        if n_channels > MAX_CHANNELS:
            raise StopDecodingError(Outcome.MANY_CHANNELS, str(n_channels))
        layout = None
        if shape[2] != n_channels:
            self._report.layout_changed = True
            layout = av.AudioLayout({1: "mono", 2: "stereo"}.get(n_channels, f"{n_channels} channels"))
        self._resampler = av.AudioResampler(format="fltp", layout=layout, rate=self._rate)

    def _gap(self, frame: AudioFrame) -> int:
        """Samples of silence missing before this frame; 0 where the stamps run on, or cannot be believed."""
        if frame.pts is None or frame.time_base is None:
            return 0
        seconds = float(frame.pts * frame.time_base)
        position = self._report.written / self._rate
        if self._origin is None:
            self._origin = seconds - position
        gap = seconds - self._origin - position
        latest = (self._report.header_seconds or 0.0) + 1.0
        believable = gap <= LARGEST_GAP_SECONDS or position + gap <= latest
        return int(gap * self._rate) if gap >= SMALLEST_GAP_SECONDS and believable else 0
