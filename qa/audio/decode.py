"""The child process that decodes one recording with PyAV (FFmpeg's libraries), within limits.

A damaged or hostile file may make the decoder crash, hang or eat memory; in a process of its own that costs
one call, not the batch. Run as ``python -m qa.audio.decode REQUEST``, it starts in about a tenth of a second,
so it imports little. It gets the recording and a scratch file as open descriptors, writes channel after channel
of float32 into the scratch file, and prints one JSON report.

scratch   |channel 0 ......    |channel 1 ......    |      each channel has room for ``max_samples``;
                                                           what is not written is a hole and takes no disk
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import av

from qa.audio.decoding import FORMATS, MAX_CHANNELS, DecodeReport, DecodeRequest, Outcome
from qa.audio.resampling import Resampling, StopDecodingError

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer


def _packets(container: InputContainer, track: AudioStream, report: DecodeReport, parent: int) -> Iterator[Any]:
    """The packets of one track; a reader that gives up ends the sound, it does not lose what was before."""
    packets = container.demux(track)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except (av.FFmpegError, ValueError):
            report.bad_packets += 1
            return
        if os.getppid() != parent:  # whoever asked was killed: nobody waits for this sound
            raise SystemExit(1)
        report.packets += bool(packet.size)
        yield packet


def _decode_packets(
    packets: Iterable[av.Packet | None],
    decode: Callable[[av.Packet | None], Iterable[Any]],
    report: DecodeReport,
    resampling: Resampling,
) -> None:
    """Every packet by itself: one bad packet (sox ends GSM files with one) costs that packet only."""
    for packet in packets:
        try:
            frames = decode(packet)
        except av.error.EOFError:
            continue
        except (av.FFmpegError, ValueError):
            report.bad_packets += 1
            continue
        for frame in frames:
            report.source_rate = report.source_rate or frame.sample_rate
            resampling.take(frame)
    resampling.finish()


def _header_seconds(container: InputContainer, track: AudioStream) -> float | None:
    if track.duration and track.time_base:
        return float(track.duration * track.time_base)
    return container.duration / 1_000_000 if container.duration else None


def _single_track(container: InputContainer) -> AudioStream:
    tracks = container.streams.audio
    if not tracks:
        raise StopDecodingError(Outcome.NO_TRACK)
    if len(tracks) > 1:
        raise StopDecodingError(Outcome.SEVERAL_TRACKS, str(len(tracks)))
    if tracks[0].codec_context is None:
        raise StopDecodingError(Outcome.UNKNOWN_CODEC)
    return tracks[0]


def _decode_container(request: DecodeRequest, report: DecodeReport) -> None:
    options = {"format_whitelist": FORMATS, **dict(request.options)}
    # A file object, not a path: FFmpeg would take names such as "http://..." or "concat:..." for addresses.
    with (
        os.fdopen(request.source, "rb", closefd=False) as file,
        av.open(file, "r", format=request.format, options=options, metadata_errors="ignore") as container,
    ):
        track = _single_track(container)
        report.codec, report.container = track.codec_context.name, container.format.name
        report.source_rate, report.n_streams = track.rate or 0, len(container.streams)
        report.header_seconds = _header_seconds(container, track)
        if track.codec_context.channels > MAX_CHANNELS:
            raise StopDecodingError(Outcome.MANY_CHANNELS, str(track.codec_context.channels))
        packets = _packets(container, track, report, request.parent)
        _decode_packets(packets, track.decode, report, Resampling(request, report))


def _chunks(source: int, report: DecodeReport, parent: int) -> Iterator[Any]:
    """A file without header or packets, in pieces; then None, which flushes the decoder."""
    with os.fdopen(source, "rb", closefd=False) as file:
        while chunk := file.read(4096):
            if os.getppid() != parent:
                raise SystemExit(1)
            report.packets += 1
            yield av.Packet(chunk)
    yield None


def _decode_bare_codec(request: DecodeRequest, report: DecodeReport, codec: str) -> None:
    """Sound for which FFmpeg has a decoder but no file format (.vox)."""
    context: Any = av.CodecContext.create(codec, "r")
    context.sample_rate, context.layout = request.codec_rate, "mono"
    report.codec, report.container, report.source_rate = codec, "headerless", request.codec_rate
    chunks = _chunks(request.source, report, request.parent)
    _decode_packets(chunks, context.decode, report, Resampling(request, report))


def _limit(request: DecodeRequest) -> None:
    """Take the limits on; set here, not between fork and exec, where a threaded parent may hold locks."""
    for what, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, request.cpu_seconds),
        (resource.RLIMIT_AS, request.memory_bytes),
    ):
        with suppress(OSError, ValueError):
            hard = resource.getrlimit(what)[1]
            resource.setrlimit(what, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _outcome_of(error: BaseException) -> tuple[Outcome, str]:
    if isinstance(error, StopDecodingError):
        return error.outcome, error.detail
    if isinstance(error, MemoryError):
        return Outcome.OUT_OF_MEMORY, ""
    if isinstance(error, OSError) and not isinstance(error, av.FFmpegError):
        return Outcome.READ_FAILED, error.strerror or ""
    # Of 12,000 damaged files 94 raised something else than FFmpegError; all of that were kinds of ValueError.
    is_the_files_fault = isinstance(error, av.FFmpegError | ValueError)
    return Outcome.NOT_AUDIO if is_the_files_fault else Outcome.BROKE_DOWN, type(error).__name__


def decode(request: DecodeRequest) -> DecodeReport:
    """Decode the source into the scratch file; every failure is an outcome, none is raised."""
    report = DecodeReport()
    try:
        if request.codec is None:
            _decode_container(request, report)
        else:
            _decode_bare_codec(request, report, request.codec)
    except Exception as error:  # whatever a damaged file raises is an answer
        report.outcome, report.detail = _outcome_of(error)
    return report


def main(argument: str) -> None:
    """Read a request, take its limits on, decode, print the report."""
    request = DecodeRequest(**json.loads(argument))
    _limit(request)
    av.logging.set_level(None)
    sys.stdout.write(json.dumps(asdict(decode(request))))


if __name__ == "__main__":
    main(sys.argv[1])
