"""PocketSphinx: a draft in English on any machine; its model lies in its wheel.

Draft grade: it mishears about every tenth word of clean read speech and up to every third over the telephone
(measured on voiced sentences), so it shows that the road works and lowers the confidence of every verdict.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING

from qa.engines.spoken_language import primary
from qa.engines.windows import stretches
from qa.engines.words import segment_of, spoken
from qa.errors import call_error
from qa.model.scorecard import FailureKind
from qa.model.sound import SAMPLE_RATE
from qa.model.span import Span
from qa.model.transcript import EngineDescription, Grade, Segment, Transcript, Word

if TYPE_CHECKING:
    import pocketsphinx

    from qa.model.sound import Samples

LONGEST_UTTERANCE = 20.0
"""Seconds. The search grows with the utterance; a longer stretch is divided where it is quietest."""
MOST_STATES = 5000
"""States searched per frame (its own default is 30,000): a third less time on telephone speech, and its word
error rate goes from 0.103 to 0.115 there and stays at 0.029 on wide-band speech (24 voiced sentences)."""
FRAMES_PER_SECOND = 100
"""PocketSphinx's own: one frame every 10 ms."""
FULL_SCALE = 32767
"""The largest 16-bit sample."""
ALTERNATIVE = re.compile(r"\(\d+\)$")
"""``the(2)`` is the second pronunciation of "the"."""
NOT_A_WORD = re.compile(r"<.*>|\[.*\]|\+\+.*\+\+")
"""Silence, noise and the marks of an utterance's begin and end."""


class PocketSphinx:
    """A transcriber for English, of draft grade, with nothing to download. One call at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type[PocketSphinx], tuple[()]]:
        return type(self), ()

    @cached_property
    def description(self) -> EngineDescription:
        """``pocketsphinx en-us`` and the library's version, of draft grade."""
        settings = f"utterance={LONGEST_UTTERANCE:g} states={MOST_STATES}"
        return EngineDescription("pocketsphinx", "en-us", version("pocketsphinx"), Grade.DRAFT, settings)

    def transcribe(self, samples: Samples, speech: tuple[Span, ...], language: str | None) -> Transcript:
        """The words of one channel; see `qa.model.contracts.Transcriber`.

        Raises `CallError` for a language other than English. Without a language it takes the call for English.
        """
        if language is not None and primary(language) != "en":
            raise _english_only(language)
        with self._lock:
            segments = tuple(self._segments(samples, stretches(speech, samples, LONGEST_UTTERANCE)))
        notes = ("heard by the draft recogniser: many words are misheard",)
        assumed = () if language else ("no language was given; the draft recogniser takes every call for English",)
        return Transcript("en", segments, self.description, notes=notes + assumed)

    def _segments(self, samples: Samples, utterances: tuple[Span, ...]) -> Iterator[Segment]:
        # it levels the sound by what it heard so far: within the call that helps, from another call it must not
        self._decoder.reinit_feat()
        for utterance in utterances:
            sound = _pcm(samples[round(utterance.start * SAMPLE_RATE) : round(utterance.end * SAMPLE_RATE)])
            # digital silence is heard as a word, and with full confidence
            if any(sound) and (words := spoken(self._words(sound, utterance))):
                yield segment_of(words)

    def _words(self, sound: bytes, utterance: Span) -> Iterator[Word]:
        """The words of one utterance (16-bit samples), in recording time."""
        self._decoder.start_utt()
        self._decoder.process_raw(sound, full_utt=True)
        self._decoder.end_utt()
        for heard in self._decoder.seg() or ():
            if not NOT_A_WORD.fullmatch(heard.word):
                frames = Span(heard.start_frame / FRAMES_PER_SECOND, (heard.end_frame + 1) / FRAMES_PER_SECOND)
                span = frames.shifted(utterance.start) & utterance
                yield Word(ALTERNATIVE.sub("", heard.word), span, min(1.0, float(heard.prob)))

    @cached_property
    def _decoder(self) -> pocketsphinx.Decoder:
        from pocketsphinx import Decoder

        return Decoder(samprate=SAMPLE_RATE, loglevel="FATAL", maxhmmpf=MOST_STATES)


def _pcm(sound: Samples) -> bytes:
    """The sound as 16-bit samples, clipped."""
    import numpy as np

    scaled = np.clip(np.nan_to_num(np.asarray(sound, dtype=np.float32)), -1.0, 1.0) * FULL_SCALE
    return scaled.astype("<i2").tobytes()


def _english_only(language: str) -> Exception:
    return call_error(
        FailureKind.ENGINE,
        "--engine pocketsphinx",
        f"the draft recogniser knows English only, and the call is in {language!r}",
        "a call in English, or an engine that knows the language",
        "put a transcript beside the recording, or install Whisper weights",
    )
