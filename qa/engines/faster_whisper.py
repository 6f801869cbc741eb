"""faster-whisper: Whisper through CTranslate2, two to four times as fast as openai's own code on a CPU.

Decoding never draws at random: CTranslate2's generators live as long as their threads, so a draw would depend
on the calls heard before. A window that loops is decoded once more by the other search (greedy after beam) instead.
Forbidding repeats was tried and given up: it fills the loop with words nobody said, which no guard can tell.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from qa.engines.listen import Inventions, fingerprint, listen
from qa.engines.weights import ct2_weights, identity, require_trusted, unavailable
from qa.model.span import Span
from qa.model.transcript import EngineDescription, Transcript, Word

if TYPE_CHECKING:
    import faster_whisper

    from qa.model.sound import Samples

BEAM_SIZE = 5
"""faster-whisper's own; on int8 it costs 1.1 to 1.5 times the time of greedy decoding."""
NO_SPEECH_THRESHOLD = 0.6
"""faster-whisper's own: above it, and with a poor log probability, a window is taken as silent."""
LOGPROB_THRESHOLD = -1.0
"""faster-whisper's own mean log probability of a token that counts as poor."""
COMPRESSION_RATIO_THRESHOLD = 2.4
"""faster-whisper's own zlib ratio above which a window loops and is decoded again."""
GREEDY = 1
"""The beam of greedy decoding."""


class FasterWhisper:
    """A transcriber by model name, CTranslate2 folder, or checkpoint of openai-whisper (converted once, offline).

    int8 on a CPU, float16 on a GPU. ``cpu_threads`` per call and ``num_workers`` calls at once: one thread per
    worker and as many workers as cores is 1.4 to 1.6 times as fast as all cores for one call. May be called
    from several threads. The model is loaded at the first call; ``cache`` is where converted weights are kept.
    """

    def __init__(
        self,
        model: str,
        device: str = "cpu",
        *,
        cpu_threads: int = 1,
        num_workers: int = 1,
        beam_size: int = BEAM_SIZE,
        trusted: frozenset[str] = frozenset(),
        inventions: Inventions = MappingProxyType({}),
        cache: Path | None = None,
    ) -> None:
        self.model, self.device, self.cpu_threads, self.num_workers = model, device, cpu_threads, num_workers
        self.beam_size, self.trusted, self.inventions, self.cache = beam_size, trusted, dict(inventions), cache
        self._lock = threading.Lock()
        self._recogniser: LoadedFasterWhisper | None = None

    def __reduce__(self) -> tuple[Callable[..., FasterWhisper], tuple[str, str]]:
        """A copy for another process has the settings and loads the model for itself."""
        names = ("cpu_threads", "num_workers", "beam_size", "trusted", "inventions", "cache")
        return partial(type(self), **{name: getattr(self, name) for name in names}), (self.model, self.device)

    @cached_property
    def description(self) -> EngineDescription:
        """``faster-whisper``, the model, the library's version; the settings name the weights by their digest."""
        weights = identity(self.model)
        settings = (
            f"weights={weights.digest} compute={self._compute} beam={self.beam_size} no_speech={NO_SPEECH_THRESHOLD}"
            f" logprob={LOGPROB_THRESHOLD} compression={COMPRESSION_RATIO_THRESHOLD}"
            f" retry_beam={retry_beam(self.beam_size)} previous_text=0 inventions={fingerprint(self.inventions)}"
            f" ctranslate2={version('ctranslate2')}"
        )
        return EngineDescription("faster-whisper", weights.name, version("faster-whisper"), settings=settings)

    def transcribe(self, samples: Samples, speech: tuple[Span, ...], language: str | None) -> Transcript:
        """The words of one channel; see `qa.model.contracts.Transcriber`.

        Raises `EngineUnavailableError` where the weights cannot be had or trusted.
        """
        with self._lock:
            recogniser = self._recogniser = self._recogniser or self._load()
        return listen(recogniser, self.description, samples, speech, language, inventions=self.inventions)

    @cached_property
    def _cuda(self) -> bool:
        if self.device == "auto":
            import ctranslate2

            return bool(ctranslate2.get_cuda_device_count())
        return self.device.startswith("cuda")

    @property
    def _compute(self) -> str:
        return "float16" if self._cuda else "int8"

    def _load(self) -> LoadedFasterWhisper:
        folder = ct2_folder(self.model, self._compute, self.trusted, self.cache)
        import faster_whisper

        # A half-copied folder and a GPU without its libraries fail in many ways, and all mean: no engine.
        try:
            model = faster_whisper.WhisperModel(
                str(folder),
                device="cuda" if self._cuda else "cpu",
                compute_type=self._compute,
                cpu_threads=self.cpu_threads,
                num_workers=self.num_workers,
                local_files_only=True,
            )
        except Exception as error:
            raise _cannot_load(self.model, error) from error
        return LoadedFasterWhisper(model, self.beam_size)


def ct2_folder(model: str, quantization: str, trusted: frozenset[str], cache: Path | None) -> Path:
    """The CTranslate2 folder of a model: as it is, converted from openai's file, or fetched from the hub.

    Raises `EngineUnavailableError` where none of these is possible.
    """
    found = ct2_weights(model)
    if not isinstance(found, Path):
        found = _fetched(model)
    if found.is_file():
        from qa.engines.conversion import converted

        return converted(found, quantization, trusted, cache)
    require_trusted(found / "model.bin", trusted)
    return found


def _fetched(model: str) -> Path:
    from faster_whisper.utils import download_model

    try:
        return Path(download_model(model))
    except Exception as error:
        raise _cannot_load(model, error) from error


def _cannot_load(model: str, error: Exception) -> Exception:
    return unavailable(
        f"--model {model}",
        f"faster-whisper cannot load it: {type(error).__name__}: {str(error)[:300]}",
        "a model name that is in the cache or can be fetched, a CTranslate2 folder, or openai's checkpoint (.pt)",
        "fetch the weights once on a machine with a network and give their path with --model",
    )


class LoadedFasterWhisper:
    """faster-whisper with its weights in memory, as a `qa.engines.listen.Recogniser`."""

    def __init__(self, model: faster_whisper.WhisperModel, beam_size: int) -> None:
        self.model, self.beam_size = model, beam_size

    @cached_property
    def languages(self) -> frozenset[str]:
        """The codes the model was trained on; English only for the ``.en`` models."""
        return frozenset(self.model.supported_languages)

    def language_probabilities(self, window: Samples) -> Mapping[str, float]:
        """How probable each language is, from one window."""
        _, _, probabilities = self.model.detect_language(window)
        return {code: float(probability) for code, probability in probabilities}

    def segments(self, window: Samples, language: str) -> Iterable[tuple[Word, ...]]:
        """The words of one window, in window time; a looping window is decoded a second time."""
        heard = self._decode(window, language, self.beam_size)
        if _loops(heard):
            again = self._decode(window, language, retry_beam(self.beam_size))
            heard = heard if _loops(again) else again
        return tuple(tuple(map(_word, segment.words or ())) for segment in heard)

    def _decode(self, window: Samples, language: str, beam_size: int) -> tuple[faster_whisper.transcribe.Segment, ...]:
        segments, _ = self.model.transcribe(
            window,
            language=language,
            beam_size=beam_size,
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
            vad_filter=False,
            no_speech_threshold=NO_SPEECH_THRESHOLD,
            log_prob_threshold=LOGPROB_THRESHOLD,
            compression_ratio_threshold=COMPRESSION_RATIO_THRESHOLD,
        )
        return tuple(segments)


def retry_beam(beam_size: int) -> int:
    """The beam to try a looping window with: greedy after beam search, beam search after greedy."""
    return GREEDY if beam_size != GREEDY else BEAM_SIZE


def _loops(segments: tuple[faster_whisper.transcribe.Segment, ...]) -> bool:
    return any(float(segment.compression_ratio) > COMPRESSION_RATIO_THRESHOLD for segment in segments)


def _word(word: faster_whisper.transcribe.Word) -> Word:
    # faster-whisper hands over numpy scalars
    start, end = float(word.start), float(word.end)
    return Word(word.word, Span(start, max(start, end)), float(word.probability))
