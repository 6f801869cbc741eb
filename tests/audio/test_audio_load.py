"""Loading: every format that recorders write, and every way in which files are broken."""

from __future__ import annotations

import os
from pathlib import Path

import av
import numpy as np
import pytest
from audio_files import encode, gsm_wav, pcm16, pitch, recording, refused, tone, two_sides, wav

from qa.audio.load import LoadLimits, loaded
from qa.errors import CallError
from qa.model.recording import CallMetadata, Medium, Recording
from qa.model.scorecard import FailureKind

FORMATS = [
    ("a.wav", "pcm_s16le", 8000),
    ("a.wav", "pcm_s24le", 44100),
    ("a.wav", "pcm_alaw", 8000),
    ("a.wav", "pcm_mulaw", 8000),
    ("a.wav", "pcm_f32le", 16000),
    ("a.wav", "adpcm_ima_wav", 8000),
    ("a.wav", "adpcm_ms", 8000),
    ("a.mp3", "libmp3lame", 44100),
    ("a.m4a", "aac", 44100),
    ("a.ogg", "vorbis", 44100),
    ("a.opus", "libopus", 48000),
    ("a.webm", "libopus", 48000),
    ("a.flac", "flac", 16000),
    ("a.wma", "wmav2", 44100),
]

ONE_CHANNEL_FORMATS = [
    ("a.wav", "g722", 16000, None),
    ("a.wav", "g726", 8000, None),
    ("a.amr", "libopencore_amrnb", 8000, None),
    ("a.UL", "pcm_mulaw", 8000, "mulaw"),
    ("a.alaw", "pcm_alaw", 8000, "alaw"),
    ("a.g722", "g722", 16000, "g722"),
    ("a.g726", "g726", 8000, "g726"),
    ("a.sln", "pcm_s16le", 8000, "s16le"),
]


@pytest.mark.parametrize(("name", "codec", "rate"), FORMATS)
def test_agent_and_customer_stay_apart_in_every_two_channel_format(
    tmp_path: Path, name: str, codec: str, rate: int
) -> None:
    path = encode(tmp_path / name, codec, rate, two_sides(2, rate))
    with loaded(recording(path)) as audio:
        assert audio.n_channels == 2
        assert audio.duration == pytest.approx(2, abs=0.1)
        assert audio.samples.dtype == np.float32
        assert pitch(audio.channel(0)) == pytest.approx(300, abs=5)
        assert pitch(audio.channel(1)) == pytest.approx(1100, abs=5)
        assert 0.2 < float(np.abs(audio.samples[:, 1000:-1000]).max()) < 0.7
        assert audio.source_rate == rate
        assert audio.notes == ()


@pytest.mark.parametrize(("name", "codec", "rate", "format_name"), ONE_CHANNEL_FORMATS)
def test_telephone_formats_come_out_at_16_khz(
    tmp_path: Path, name: str, codec: str, rate: int, format_name: str | None
) -> None:
    path = encode(tmp_path / name, codec, rate, tone(600, 2, rate), format_name=format_name)
    with loaded(recording(path)) as audio:
        assert audio.n_channels == 1
        assert audio.duration == pytest.approx(2, abs=0.1)
        assert pitch(audio.channel(0)) == pytest.approx(600, abs=5)
        assert audio.source_rate == rate


def test_gsm_wav_with_a_stray_last_byte_is_heard_and_noted(tmp_path: Path) -> None:
    with loaded(recording(gsm_wav(tmp_path / "a.wav", 50))) as audio:
        assert audio.duration == pytest.approx(2, abs=0.1)
        assert audio.codec == "gsm_ms"
        assert any("left out: 1" in note for note in audio.notes)


def test_raw_gsm_and_dialogic_vox_are_known_by_their_ending(tmp_path: Path) -> None:
    noise = np.random.default_rng(0)
    gsm = tmp_path / "a.gsm"
    gsm.write_bytes(b"".join(bytes([0xD0]) + noise.bytes(32) for _ in range(100)))
    with loaded(recording(gsm)) as audio:
        assert audio.duration == pytest.approx(2, abs=0.1)
    vox = tmp_path / "a.vox"
    vox.write_bytes(noise.bytes(8000))
    with loaded(recording(vox)) as audio:
        assert audio.duration == pytest.approx(2, abs=0.01)


def test_a_wav_that_is_called_ulaw_is_still_a_wav(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.ulaw", pcm16(tone(600, 1, 8000)))
    with loaded(recording(path)) as audio:
        assert audio.codec == "pcm_s16le"


def test_metadata_that_is_not_utf8_does_no_harm(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mp3", "libmp3lame", 16000, tone(600, 2, 16000), title="Zaneta")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"Zaneta", b"\xafa\xf1eta").replace("Zaneta".encode("utf-16-le"), b"\xd8\x00" * 6))
    with loaded(recording(path)) as audio:
        assert audio.duration == pytest.approx(2, abs=0.1)


def test_the_scratch_folder_is_empty_during_and_after(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", pcm16(tone(600, 1, 8000)))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with loaded(recording(path), scratch=scratch) as audio:
        assert isinstance(audio.samples, np.memmap)
        assert list(scratch.iterdir()) == []
    with pytest.raises(KeyError), loaded(recording(path), scratch=scratch):
        raise KeyError("an error of the caller passes")
    assert list(scratch.iterdir()) == []


def test_a_scratch_folder_that_is_not_there_is_a_storage_failure(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", pcm16(tone(600, 1, 8000)))
    with pytest.raises(CallError) as caught, loaded(recording(path), scratch=tmp_path / "none"):
        pass
    assert caught.value.kind is FailureKind.STORAGE


def test_files_that_hold_no_call_are_refused_by_kind(tmp_path: Path) -> None:
    empty = tmp_path / "empty.wav"
    empty.touch()
    assert refused(empty).kind is FailureKind.EMPTY
    assert refused(wav(tmp_path / "zero.wav", b"")).kind is FailureKind.EMPTY
    assert refused(tmp_path / "gone.wav").kind is FailureKind.MISSING_FILE
    folder = tmp_path / "folder.wav"
    folder.mkdir()
    assert refused(folder).kind is FailureKind.UNREADABLE
    text = tmp_path / "text.wav"
    text.write_text("This is no sound. " * 500)
    assert refused(text).kind is FailureKind.NOT_AUDIO
    for ending in ("wav", "mp3", "m4a", "flac", "wma"):
        noise = tmp_path / f"noise.{ending}"
        noise.write_bytes(np.random.default_rng(1).bytes(100_000))
        assert refused(noise).kind is FailureKind.NOT_AUDIO


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.wav"
    os.mkfifo(pipe)
    assert refused(pipe).kind is FailureKind.UNREADABLE
    device = tmp_path / "zero.wav"
    device.symlink_to("/dev/zero")
    assert refused(device).kind is FailureKind.UNREADABLE


def test_a_play_list_does_not_open_other_files(tmp_path: Path) -> None:
    wav(tmp_path / "secret.wav", pcm16(tone(600, 1, 8000)))
    concat, hls = tmp_path / "concat.wav", tmp_path / "hls.wav"
    concat.write_text("ffconcat version 1.0\nfile secret.wav\n")
    hls.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.wav\n#EXT-X-ENDLIST\n")
    assert refused(concat).kind is FailureKind.NOT_AUDIO
    assert refused(hls).kind is FailureKind.NOT_AUDIO


def test_a_transcript_is_not_sound(tmp_path: Path) -> None:
    call = Recording(tmp_path / "a.json", "0" * 64, Medium.TRANSCRIPT, CallMetadata("a"))
    with pytest.raises(CallError), loaded(call):
        pass


def test_time_that_the_file_leaves_out_is_silence_so_that_seconds_stay_true(tmp_path: Path) -> None:
    whole, gap = encode(tmp_path / "a.webm", "libopus", 48000, tone(600, 2, 48000)), tmp_path / "b.webm"
    with av.open(str(whole)) as source, av.open(str(gap), "w") as target:
        stream = target.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.dts is None:
                continue
            late = 3000 if packet.pts * packet.time_base >= 1 else 0
            packet.pts, packet.dts, packet.stream = packet.pts + late, packet.dts + late, stream
            target.mux(packet)
    with loaded(recording(gap)) as audio:
        assert audio.duration == pytest.approx(5, abs=0.1)
        assert float(np.abs(audio.samples[0, 16_000 * 2 : 16_000 * 3]).max()) == 0
        assert any("taken as silence: 3.0 s" in note for note in audio.notes)


class TestLimits:
    """What a file may cost."""

    def test_hours_of_silence_in_a_small_file_are_refused_by_their_length(self, tmp_path: Path) -> None:
        path = encode(tmp_path / "a.flac", "flac", 8000, np.zeros((1, 8000 * 600), np.float32))
        assert path.stat().st_size < 200_000
        assert refused(path, LoadLimits(max_seconds=300)).kind is FailureKind.TOO_LONG
        with loaded(recording(path), LoadLimits(max_seconds=601)) as audio:
            assert audio.duration == 600

    def test_a_file_that_is_too_large_is_not_opened(self, tmp_path: Path) -> None:
        path = wav(tmp_path / "a.wav", pcm16(tone(600, 2, 8000)))
        assert refused(path, LoadLimits(max_bytes=1000)).kind is FailureKind.TOO_LONG

    def test_a_child_that_takes_too_long_is_stopped(self, tmp_path: Path) -> None:
        path = wav(tmp_path / "a.wav", pcm16(tone(600, 2, 8000)))
        assert refused(path, LoadLimits(wall_seconds=0.001)).kind is FailureKind.TIMED_OUT

    def test_a_child_without_memory_costs_one_call(self, tmp_path: Path) -> None:
        path = wav(tmp_path / "a.wav", pcm16(tone(600, 2, 8000)))
        assert refused(path, LoadLimits(memory_bytes=1)).kind is FailureKind.CRASHED

    @pytest.mark.slow
    def test_a_day_of_silence_is_refused_after_the_first_six_hours(self, tmp_path: Path) -> None:
        path = tmp_path / "a.wav"
        wav(path, b"", declared=0xFFFFFFFF)
        os.truncate(path, 8000 * 2 * 24 * 3600)
        assert refused(path).kind is FailureKind.TOO_LONG
