"""The decoding child: what it reports, and that nothing it does or suffers reaches beyond one call."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile

import av
import numpy as np
import pytest
from audio_files import encode, gsm_wav, pcm16, recording, seconds_heard, tone, two_sides, wav

from qa.audio.decode import decode
from qa.audio.decoding import DecodeReport, DecodeRequest, Outcome
from qa.audio.load import LoadLimits, loaded
from qa.errors import CallError
from qa.model.scorecard import FailureKind


@contextmanager
def request_for(path: Path, seconds: int = 60) -> Iterator[DecodeRequest]:
    with path.open("rb") as source, TemporaryFile() as scratch:
        yield DecodeRequest(
            source=source.fileno(),
            scratch=scratch.fileno(),
            rate=16_000,
            max_samples=seconds * 16_000,
            memory_bytes=2**30,
            cpu_seconds=60,
            parent=os.getppid(),
        )


def report_on(path: Path, seconds: int = 60) -> DecodeReport:
    with request_for(path, seconds) as request:
        return decode(request)


def test_the_report_says_what_the_file_held(tmp_path: Path) -> None:
    report = report_on(wav(tmp_path / "a.wav", pcm16(two_sides(2, 8000)), channels=2))
    assert report.outcome is Outcome.DECODED
    assert (report.codec, report.container, report.source_rate) == ("pcm_s16le", "wav", 8000)
    assert (report.n_channels, report.written, report.bad_packets, report.filled) == (2, 32_000, 0, 0)
    assert report.header_seconds == pytest.approx(2)


def test_each_channel_lies_in_its_own_stretch_of_the_scratch_file(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", pcm16(two_sides(2, 16_000)), channels=2, rate=16_000)
    with request_for(path) as request:
        decode(request)
        second = np.frombuffer(os.pread(request.scratch, 32_000 * 4, request.max_samples * 4), np.float32)
    assert np.abs(second - two_sides(2, 16_000)[1]).max() < 0.001


def test_one_bad_packet_is_counted_and_the_rest_is_kept(tmp_path: Path) -> None:
    report = report_on(gsm_wav(tmp_path / "a.wav", 50))
    assert (report.outcome, report.bad_packets, report.written) == (Outcome.DECODED, 1, 32_000)


def test_more_than_the_limit_is_too_long_and_exactly_the_limit_is_not(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", pcm16(tone(600, 2, 16_000)), rate=16_000)
    assert report_on(path, seconds=1).outcome is Outcome.TOO_LONG
    assert report_on(path, seconds=2).outcome is Outcome.DECODED


def test_a_full_disk_is_told_apart_from_a_bad_file(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", pcm16(tone(600, 2, 16_000)))
    with request_for(path) as request, Path("/dev/null").open("rb") as not_writable:
        report = decode(replace(request, scratch=not_writable.fileno()))
    assert report.outcome is Outcome.WRITE_FAILED


def test_two_tracks_are_not_guessed_at(tmp_path: Path) -> None:
    path = tmp_path / "a.mka"
    with av.open(str(path), "w") as container:
        tracks = [container.add_stream("pcm_s16le", rate=8000, layout="mono") for _ in range(2)]
        for track in tracks:
            frame = av.AudioFrame.from_ndarray(np.ones((1, 8000), np.int16), format="s16", layout="mono")
            frame.sample_rate = 8000
            for packet in (*track.encode(frame), *track.encode(None)):
                container.mux(packet)
    report = report_on(path)
    assert (report.outcome, report.detail) == (Outcome.SEVERAL_TRACKS, "2")


def test_a_child_stops_when_whoever_asked_is_gone(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", pcm16(tone(600, 2, 16_000)))
    with request_for(path) as request, pytest.raises(SystemExit):
        decode(replace(request, parent=-1))


def test_a_crash_of_the_child_is_a_failure_of_one_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crashing = tmp_path / "python"
    crashing.write_text("#!/bin/sh\nkill -SEGV $$\n")
    crashing.chmod(0o755)
    path = wav(tmp_path / "a.wav", pcm16(tone(600, 2, 16_000)))
    monkeypatch.setattr(sys, "executable", str(crashing))
    with pytest.raises(CallError) as caught, loaded(recording(path)):
        pass
    assert caught.value.kind is FailureKind.CRASHED
    assert "-11" in str(caught.value)


def test_a_child_that_eats_processor_time_is_stopped_by_the_system(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", b"", declared=0xFFFFFFFF)
    os.truncate(path, 8000 * 2 * 24 * 3600)
    with pytest.raises(CallError) as caught, loaded(recording(path), LoadLimits(cpu_seconds=1)):
        pass
    assert caught.value.kind is FailureKind.TIMED_OUT


def test_loading_works_inside_a_worker_that_may_have_no_children(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", pcm16(tone(600, 2, 16_000)), rate=16_000)
    with multiprocessing.get_context("spawn").Pool(1) as daemons:
        assert daemons.apply(seconds_heard, (path,)) == pytest.approx(2)


def mutate(data: bytes, dice: np.random.Generator) -> bytes:
    """Damage as copies, disks and attackers do it: bits flipped, bytes overwritten, cut, moved, doubled."""
    damaged = bytearray(data)
    for _ in range(int(dice.integers(1, 12))):
        limit = 200 if dice.random() < 0.6 else len(damaged)  # headers are where damage matters
        at, length = int(dice.integers(0, min(limit, len(damaged)))), int(dice.integers(1, 64))
        match int(dice.integers(0, 5)):
            case 0:
                damaged[at] ^= 1 << int(dice.integers(0, 8))
            case 1:
                damaged[at : at + length] = dice.bytes(length)
            case 2:
                damaged[at : at + length] = b"\xff" * length
            case 3:
                damaged[at:at] = damaged[at : at + length]
            case _:
                del damaged[at + 1 : at + length]
    return bytes(damaged)


MUTANTS = 30
SEEDS = [
    ("a.wav", "adpcm_ms", 8000),
    ("a.mp3", "libmp3lame", 16000),
    ("a.m4a", "aac", 16000),
    ("a.wma", "wmav2", 16000),
]
SEEDS += [("a.flac", "flac", 16000), ("a.opus", "libopus", 48000), ("a.ogg", "vorbis", 16000)]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "codec", "rate"), SEEDS)
def test_a_damaged_file_is_either_sound_or_a_failure_in_words(tmp_path: Path, name: str, codec: str, rate: int) -> None:
    data = encode(tmp_path / name, codec, rate, two_sides(3, rate)).read_bytes()
    dice = np.random.default_rng(rate)
    path = tmp_path / f"damaged-{name}"
    refused: list[CallError] = []
    for _ in range(MUTANTS):
        path.write_bytes(mutate(data, dice))
        try:
            with loaded(recording(path), LoadLimits(max_seconds=600, wall_seconds=30)) as audio:
                assert np.isfinite(audio.samples).all()
                assert audio.samples.shape[1] > 0
        except CallError as error:
            refused.append(error)
    assert all(error.problems[0].do for error in refused)
    assert FailureKind.STORAGE not in {error.kind for error in refused}
    assert refused
