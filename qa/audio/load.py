"""From a recording to its sound: decoded in a child process, resampled to 16 kHz, mapped from a scratch file.

Why a new process for each call (and not a pool, a fork or a fork server): the decoder may crash or hang on a
damaged file; limits of CPU time count a whole process; a worker may hold threads and an accelerator, which do
not survive a fork; a fork server would run the program's main module again. A fresh interpreter with PyAV alone
starts in about 0.1 s, and works the same inside a daemonic worker or one of Ray's.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import qa
from qa.audio.damage import EXPORT_AGAIN, FileFacts, is_longer_than_declared, notes_on, refusal
from qa.audio.decoding import DecodeReport, DecodeRequest, Outcome
from qa.audio.folder import unreadable
from qa.audio.formats import Headerless, headerless
from qa.audio.headers import HEAD_BYTES, wav_data
from qa.audio.regular import open_regular, size_of
from qa.errors import CallError, call_error
from qa.model.recording import Medium, Recording
from qa.model.scorecard import FailureKind
from qa.model.sound import SAMPLE_RATE, Audio
from qa.text.clean import clean_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qa.audio.samples import Sound


@dataclass(frozen=True, slots=True)
class LoadLimits:
    """What one recording may cost: seconds of sound, bytes of file, and the child's memory and time.

    Measured for six hours of FLAC: 37 MiB and 8 s of processor time; the defaults leave room for slow machines
    and slow disks.
    """

    max_seconds: float = 6 * 3600
    max_bytes: int = 4 * 1024**3
    memory_bytes: int = 1024**3
    wall_seconds: float = 1800
    cpu_seconds: int = 900


@contextmanager
def loaded(recording: Recording, limits: LoadLimits = LoadLimits(), scratch: Path | None = None) -> Iterator[Audio]:
    """The sound of a recording, for as long as the context lasts.

    The samples are a memory map of a file in ``scratch`` (default: the system's folder for temporary files)
    that has no name, so that nothing is left behind even where this process is killed.
    Raises `CallError` for anything that is wrong with the recording, and nothing else.
    """
    where = clean_text(str(recording.path))[0]
    if recording.medium is not Medium.AUDIO:
        do = "score it with the engine `recorded`"
        raise call_error(FailureKind.NOT_AUDIO, where, "this is a transcript", "a sound file", do)
    with _opened(recording.path, where, limits) as source, _scratch_file(where, scratch) as room:
        facts = _facts(source, where)
        report = _decoded(_request(source, room, facts, limits), where, limits)
        if error := refusal(facts, report, limits.max_seconds):
            raise error
        yield _audio(room, report, facts, limits)


@contextmanager
def _opened(path: Path, where: str, limits: LoadLimits) -> Iterator[BinaryIO]:
    """The file, if it is one and of a size that can be a call."""
    try:
        file = open_regular(path)
    except (OSError, ValueError) as error:
        failure = unreadable(path, error)
        raise call_error(failure.kind, where, failure.wrong, failure.expected, failure.do) from error
    with file:
        if (size := size_of(file)) == 0:
            do = "check the recorder; " + EXPORT_AGAIN
            raise call_error(FailureKind.EMPTY, where, "the file is empty", "a recorded call", do)
        if size > limits.max_bytes:
            wrong, most = f"the file has {size:,} bytes", f"at most {limits.max_bytes:,} bytes"
            raise call_error(FailureKind.TOO_LONG, where, wrong, most, "cut the recording into calls")
        yield file


@contextmanager
def _scratch_file(where: str, folder: Path | None) -> Iterator[BinaryIO]:
    try:
        file = tempfile.TemporaryFile(dir=folder, prefix="qa-")  # noqa: SIM115 - closed below; errors of the caller pass
    except OSError as error:
        raise _no_room(where, error) from error
    with file:
        yield file


def _no_room(where: str, error: OSError | MemoryError) -> CallError:
    wrong = f"there is no room for the decoded sound: {error}"
    do = "free some room, or check the folder for temporary files"
    return call_error(FailureKind.STORAGE, where, wrong, "a folder that can be written to", do)


def _facts(source: BinaryIO, where: str) -> FileFacts:
    size = source.seek(0, os.SEEK_END)
    source.seek(max(0, size - HEAD_BYTES))
    tail = source.read(HEAD_BYTES)
    source.seek(0)
    head = source.read(HEAD_BYTES)
    return FileFacts(where, size, head, tail, wav_data(source, size))


def _request(source: BinaryIO, room: BinaryIO, facts: FileFacts, limits: LoadLimits) -> DecodeRequest:
    bare = headerless(facts.where, facts.head) or Headerless()
    # A wav whose recorder died says less than it holds; FFmpeg then reads on to the end.
    read_on = (("ignore_length", "1"),) if is_longer_than_declared(facts.wav) else ()
    os.lseek(source.fileno(), 0, os.SEEK_SET)
    return DecodeRequest(
        source=source.fileno(),
        scratch=room.fileno(),
        rate=SAMPLE_RATE,
        max_samples=_room_per_channel(limits),
        memory_bytes=limits.memory_bytes,
        cpu_seconds=limits.cpu_seconds,
        parent=os.getpid(),
        format=bare.format,
        codec=bare.codec,
        codec_rate=bare.rate,
        options=bare.options + read_on,
    )


def _room_per_channel(limits: LoadLimits) -> int:
    return int(limits.max_seconds * SAMPLE_RATE)


def _decoded(request: DecodeRequest, where: str, limits: LoadLimits) -> DecodeReport:
    """Run the child and read its report."""
    command = [sys.executable, "-P", "-m", "qa.audio.decode", json.dumps(asdict(request))]
    package = str(Path(qa.__file__).parent.parent)
    search = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
    with subprocess.Popen(  # noqa: S603 - our own module; the file name is not on the command line
        command,
        pass_fds=(request.source, request.scratch),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": search},
    ) as child:
        try:
            answer, _ = child.communicate(timeout=limits.wall_seconds)
        except subprocess.TimeoutExpired as error:
            raise _timed_out(where, f"{limits.wall_seconds:g} s") from error
        finally:
            child.kill()  # whatever happened here, also Ctrl-C; does nothing to a child that has ended
    return _report(answer, child.returncode, where, limits)


def _report(answer: bytes, status: int, where: str, limits: LoadLimits) -> DecodeReport:
    if status == -signal.SIGXCPU:
        raise _timed_out(where, f"{limits.cpu_seconds} s of processor time")
    try:
        values = json.loads(answer)
        return DecodeReport(**{**values, "outcome": Outcome(values["outcome"])})
    except (ValueError, KeyError, TypeError) as error:
        wrong = f"the decoder broke down on this file (exit status {status})"
        do = EXPORT_AGAIN + "; if it still breaks down, leave it out and report the file's codec to us"
        raise call_error(FailureKind.CRASHED, where, wrong, "a file that decodes", do) from error


def _timed_out(where: str, limit: str) -> CallError:
    wrong, expected = f"decoding was stopped after {limit}", "sound that decodes many times faster than it plays"
    return call_error(FailureKind.TIMED_OUT, where, wrong, expected, EXPORT_AGAIN)


def _audio(room: BinaryIO, report: DecodeReport, facts: FileFacts, limits: LoadLimits) -> Audio:
    from qa.audio.samples import map_samples

    try:
        sound = map_samples(room, report.n_channels, report.written, _room_per_channel(limits))
    except (OSError, MemoryError) as error:
        raise _no_room(facts.where, error) from error
    samples, channel_notes = _call_channels(sound, facts.where)
    notes = (*notes_on(facts, report), *_sample_notes(sound), *channel_notes)
    return Audio(samples, report.source_rate, report.codec, report.container, notes)


def _sample_notes(sound: Sound) -> tuple[str, ...]:
    possible = {
        f"damaged samples (no numbers, or impossibly loud) that were silenced: {sound.damaged}": sound.damaged > 0,
        f"the sound was {max(sound.peaks):.0f} times too loud for its format and was scaled down": sound.rescaled,
    }
    return tuple(note for note, holds in possible.items() if holds)


def _call_channels(sound: Sound, where: str) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """The channels of a call: both of two, and of more the one or two that carry sound."""
    from qa.audio.samples import only, sounding

    n_channels = len(sound.peaks)
    if n_channels <= 2:  # noqa: PLR2004 - a call has two sides
        return sound.samples, ()
    voices = sounding(sound) or (0,)
    if len(voices) > 2:  # noqa: PLR2004 - a call has two sides
        wrong = f"{len(voices)} of {n_channels} channels carry sound, and nothing says which are agent and customer"
        do = "export agent and customer as the two channels of one file"
        raise call_error(FailureKind.NOT_AUDIO, where, wrong, "one or two channels with sound", do)
    kept = " and ".join(str(index) for index in voices)
    return only(sound.samples, voices), (f"of {n_channels} channels only {kept} (counted from 0) carries sound",)
