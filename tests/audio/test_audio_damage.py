"""Damaged files, lying headers and odd samples: heard with a note, or refused in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from audio_files import encode, pcm16, pitch, recording, refused, shorten, tone, two_sides, wav

from qa.audio.load import loaded
from qa.model.scorecard import FailureKind


class TestCutOff:
    """Files that lost their end, and headers that lie."""

    @pytest.mark.parametrize(("name", "codec", "rate"), [("a.mp3", "libmp3lame", 44100), ("a.flac", "flac", 16000)])
    def test_more_than_half_is_heard_with_a_note_and_less_is_refused(
        self, tmp_path: Path, name: str, codec: str, rate: int
    ) -> None:
        path = encode(tmp_path / name, codec, rate, two_sides(8, rate))
        with loaded(recording(shorten(path, 0.7))) as audio:
            assert 5 < audio.duration < 6.5
            assert any("cut off" in note for note in audio.notes)
        assert refused(shorten(path, 0.5)).kind is FailureKind.TRUNCATED

    def test_a_wav(self, tmp_path: Path) -> None:
        data = pcm16(tone(600, 10, 8000))
        with loaded(recording(wav(tmp_path / "a.wav", data[: len(data) * 6 // 10], declared=len(data)))) as audio:
            assert audio.duration == pytest.approx(6, abs=0.01)
            assert audio.notes == ("the file is cut off: its header says 10 s, 6 s are there",)
        lying = wav(tmp_path / "b.wav", data, declared=len(data) * 49)
        assert refused(lying).kind is FailureKind.TRUNCATED

    def test_a_whole_wav_with_tags_behind_its_sound_says_nothing(self, tmp_path: Path) -> None:
        tags = b"LIST" + (9000).to_bytes(4, "little") + b"INFO" + bytes(8996)
        with loaded(recording(wav(tmp_path / "a.wav", pcm16(tone(600, 2, 8000)), behind=tags))) as audio:
            assert audio.duration == pytest.approx(2, abs=0.01)
            assert audio.notes == ()

    @pytest.mark.parametrize("declared", [0, 0xFFFFFFFF, 0x7FFFF000])
    def test_a_recorder_that_did_not_know_the_length(self, tmp_path: Path, declared: int) -> None:
        with loaded(recording(wav(tmp_path / "a.wav", pcm16(tone(600, 3, 8000)), declared=declared))) as audio:
            assert audio.duration == pytest.approx(3, abs=0.01)
            assert audio.notes == ()

    def test_a_recorder_that_died_before_it_corrected_the_header(self, tmp_path: Path) -> None:
        data = pcm16(tone(600, 6, 8000))
        with loaded(recording(wav(tmp_path / "a.wav", data, declared=len(data) // 3))) as audio:
            assert audio.duration == pytest.approx(6, abs=0.01)
            assert "more sound than its header says" in audio.notes[0]

    def test_an_mp4_without_its_index(self, tmp_path: Path) -> None:
        path = encode(tmp_path / "a.m4a", "aac", 44100, two_sides(4, 44100))
        error = refused(shorten(path, 0.6))
        assert error.kind is FailureKind.TRUNCATED
        assert "moov" in str(error)

    def test_an_opus_without_its_last_page(self, tmp_path: Path) -> None:
        path = encode(tmp_path / "a.opus", "libopus", 48000, two_sides(4, 48000))
        with loaded(recording(shorten(path, 0.6))) as audio:
            assert audio.notes == ("the file has no proper end: it may be cut off",)


class TestOddSamples:
    """NaN, wrong scales, many channels."""

    def test_samples_that_are_no_numbers_become_silence(self, tmp_path: Path) -> None:
        sound = tone(600, 2, 16000)[0]
        sound[100:200], sound[9000], sound[12000] = np.nan, np.inf, -np.inf
        with loaded(recording(wav(tmp_path / "a.wav", sound.tobytes(), tag=3, rate=16000, bits=32))) as audio:
            assert np.isfinite(audio.samples).all()
            assert float(np.abs(audio.samples).max()) < 0.4
            assert audio.notes == ("damaged samples (no numbers, or impossibly loud) that were silenced: 102",)

    def test_floats_on_the_scale_of_integers_are_scaled_back(self, tmp_path: Path) -> None:
        sound = tone(600, 2, 16000) * 30_000
        path = wav(tmp_path / "a.wav", sound.astype("<f4").tobytes(), tag=3, rate=16000, bits=32)
        with loaded(recording(path)) as audio:
            assert float(np.abs(audio.samples).max()) == pytest.approx(1)
            assert "too loud" in audio.notes[0]

    def test_two_of_eight_channels_with_sound_are_the_call(self, tmp_path: Path) -> None:
        sound = np.zeros((8, 32_000), np.float32)
        sound[2], sound[5] = two_sides(2, 16000)
        with loaded(recording(wav(tmp_path / "a.wav", pcm16(sound), channels=8, rate=16000))) as audio:
            assert audio.n_channels == 2
            assert pitch(audio.channel(0)) == pytest.approx(300, abs=5)
            assert pitch(audio.channel(1)) == pytest.approx(1100, abs=5)
            assert "2 and 5" in audio.notes[0]

    def test_one_of_three_channels(self, tmp_path: Path) -> None:
        sound = np.zeros((3, 32_000), np.float32)
        sound[1] = tone(600, 2, 16000)
        with loaded(recording(wav(tmp_path / "a.wav", pcm16(sound), channels=3, rate=16000))) as audio:
            assert audio.n_channels == 1
            assert pitch(audio.channel(0)) == pytest.approx(600, abs=5)

    @pytest.mark.parametrize("channels", [3, 8, 20])
    def test_more_than_two_channels_with_sound_are_refused(self, tmp_path: Path, channels: int) -> None:
        sound = np.repeat(tone(600, 2, 16000), channels, axis=0)
        error = refused(wav(tmp_path / "a.wav", pcm16(sound), channels=channels, rate=16000))
        assert str(channels) in error.problems[0].wrong
        assert "two channels" in error.problems[0].do
