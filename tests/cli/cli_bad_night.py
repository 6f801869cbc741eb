"""The folder that a nightly run meets sooner or later."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from cli_calls import LINES, RATE, music, shorten, speech, tone, transcript, write_call, write_coded, write_wav


def bad_night(folder: Path) -> Path:
    """One of each: what cannot be scored, what can be scored all the same, and one good call."""
    folder.mkdir()
    _not_sound(folder)
    _nobody_speaks(folder)
    _damaged_but_spoken(folder)
    for sound in sorted(folder.iterdir()):
        if sound.name != "without-transcript.wav":
            _beside(sound)
    write_call(folder, "good", agent_id="ag1")
    (folder / "five-seconds.json").write_bytes('{"agent_name": "Żaneta"}'.encode("cp1250"))
    return folder


def _beside(sound: Path) -> None:
    """A transcript beside the recording, so that no recogniser is needed."""
    lines = LINES[:2] if sound.stem == "five-seconds" else LINES
    values = transcript(*lines, call_id=sound.stem, agent_id="ag1")
    sound.with_name(f"{sound.stem}.transcript.json").write_text(json.dumps(values), encoding="utf-8")


def _not_sound(folder: Path) -> None:
    (folder / "empty.wav").touch()
    write_wav(folder / "zero-length.wav", np.zeros((1, 0), np.float32))
    (folder / "letter.wav").write_bytes(b"Dear Sir or Madam, this is not a recording. " * 40)
    write_wav(folder / "eight-channels.wav", np.concatenate([tone(3, 200 + 50 * n) for n in range(8)]))
    shorten(write_coded(folder / "cut.m4a", "aac", speech()))
    (folder / "link.wav").symlink_to(folder / "gone.wav")


def _nobody_speaks(folder: Path) -> None:
    write_wav(folder / "silence.wav", tone(8, level=0.0))
    write_wav(folder / "music.wav", music(20))
    write_wav(folder / "beep.wav", tone(6))


def _damaged_but_spoken(folder: Path) -> None:
    broken = speech().copy()
    broken[0, 4000:4400] = np.nan
    write_wav(folder / "nan.wav", broken, as_float=True)
    write_wav(folder / "lying.wav", speech() * 0.9, declared=100)
    write_wav(folder / "five-seconds.wav", speech()[:, 5 * RATE :])
    write_wav(folder / "first-copy.wav", speech() * 0.7)
    write_wav(folder / "second-copy.wav", speech() * 0.7)
    write_wav(folder / "without-transcript.wav", speech() * 0.6)
    shorten(write_wav(folder / "cut-wave.wav", speech() * 0.8))
    shorten(write_coded(folder / "cut-short.mp3", "libmp3lame", speech()))
