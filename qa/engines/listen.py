"""The road that every Whisper takes: speech into windows, windows into words, words through the guards."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from qa.engines.guard import guard
from qa.engines.spoken_language import UNDETERMINED, cautions, detect, primary
from qa.engines.windows import Window, pack
from qa.engines.words import fuse, segment_of, spoken
from qa.errors import call_error
from qa.model.scorecard import FailureKind
from qa.model.transcript import EngineDescription, Segment, Transcript, Word

if TYPE_CHECKING:
    from qa.model.sound import Samples
    from qa.model.span import Span

Inventions = Mapping[str, tuple[str, ...]]
"""Lines a recogniser is known to make up, by ISO 639-1 language."""


def fingerprint(inventions: Inventions) -> str:
    """A short digest of the lines, for an engine's settings: other lines, other transcripts."""
    return hashlib.sha256(repr(sorted(inventions.items())).encode()).hexdigest()[:12]


class Recogniser(Protocol):
    """A loaded model of the Whisper family."""

    @property
    def languages(self) -> frozenset[str]:
        """The ISO 639-1 codes it knows; one only for an English model."""
        ...

    def language_probabilities(self, window: Samples) -> Mapping[str, float]:
        """How probable each language is for at most 30 s of sound."""
        ...

    def segments(self, window: Samples, language: str) -> Iterable[tuple[Word, ...]]:
        """The words of at most 30 s of sound, in window time, with the model's own leading spaces."""
        ...


def listen(
    recogniser: Recogniser,
    description: EngineDescription,
    samples: Samples,
    speech: tuple[Span, ...],
    language: str | None,
    *,
    inventions: Inventions,
) -> Transcript:
    """The transcript of one channel; raises `CallError` where the model fails or does not know the language."""
    windows = pack(speech, samples)
    if not windows:
        return Transcript(primary(language) if language else UNDETERMINED, (), description)
    try:
        code, confidence = _language(recogniser, samples, windows, language)
        heard = tuple(s for window in windows for s in _heard(recogniser, samples, window, code))
    # a model fails in its own ways: out of memory, a broken tensor, a file changed under it
    except (RuntimeError, ValueError, MemoryError, AttributeError, TypeError, LookupError) as error:
        raise call_error(
            FailureKind.ENGINE,
            str(description),
            f"the recogniser failed: {type(error).__name__}: {error}",
            "a model that can transcribe this call",
            "run it again; if it fails again, try a smaller model or --engine faster-whisper",
        ) from error
    kept = guard(heard, speech, inventions.get(code, ()))
    notes = cautions(description.model, code) + kept.notes
    return Transcript(code, kept.segments, description, language_confidence=confidence, notes=notes)


def _language(
    recogniser: Recogniser, samples: Samples, windows: tuple[Window, ...], given: str | None
) -> tuple[str, float | None]:
    if given is not None:
        return _known(primary(given), recogniser.languages), None
    if len(recogniser.languages) == 1:
        return min(recogniser.languages), None
    return detect((window.cut(samples) for window in windows), recogniser.language_probabilities)


def _known(code: str, languages: frozenset[str]) -> str:
    if code in languages:
        return code
    raise call_error(
        FailureKind.ENGINE,
        "language",
        f"the Whisper model does not know {code!r}",
        f"one of its {len(languages)} languages, such as {', '.join(sorted(languages & {'en', 'pl', 'sk', 'hu'}))}",
        "correct the language in the manifest, or use a multilingual model (without .en in its name)",
    )


def _heard(recogniser: Recogniser, samples: Samples, window: Window, language: str) -> Iterable[Segment]:
    for words in recogniser.segments(window.cut(samples), language):
        placed = (Word(w.text, window.to_recording(w.span), w.confidence) for w in fuse(words))
        if kept := spoken(placed):
            yield segment_of(kept)
