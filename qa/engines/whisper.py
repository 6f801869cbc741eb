"""openai-whisper: its own weights and code, on decoded arrays; the ffmpeg program is never called."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property, partial
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from qa.engines.listen import Inventions, fingerprint, listen
from qa.engines.tokenizer_json import openai_tokenizer
from qa.engines.weights import identity, official_alignment_heads, require_trusted, sha256_of, unavailable
from qa.model.span import Span
from qa.model.transcript import EngineDescription, Transcript, Word

if TYPE_CHECKING:
    import whisper.model

    from qa.model.sound import Samples

TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""openai-whisper's own fallback: a window that loops or that the model doubts is decoded again, more freely."""
NO_SPEECH_THRESHOLD = 0.6
"""openai-whisper's own: above it, and with a poor log probability, a window is taken as silent."""
LOGPROB_THRESHOLD = -1.0
"""openai-whisper's own mean log probability of a token below which a window is decoded again."""
COMPRESSION_RATIO_THRESHOLD = 2.4
"""openai-whisper's own zlib ratio above which a window loops and is decoded again."""
SEED = 0
"""Decoding at temperatures above 0 draws at random: the same draw for the same window, always."""


class Whisper:
    """A transcriber by model name (``large-v3-turbo``) or path of a checkpoint in openai's own format.

    ``device`` is ``cpu``, ``cuda`` or ``auto``; half precision on a GPU only. ``trusted`` are SHA-256 digests
    of weight files the user vouches for. ``beam_size`` None is greedy, the library's default (beam 5 costs
    2.6 times the time). ``cpu_threads`` sets the threads of torch for the whole process, None leaves them alone:
    one per worker is best, as more of them wait in a spin on a busy machine (7 times slower, measured). Loaded at
    the first call; one call at a time.
    """

    def __init__(
        self,
        model: str,
        device: str = "cpu",
        trusted: frozenset[str] = frozenset(),
        *,
        inventions: Inventions = MappingProxyType({}),
        beam_size: int | None = None,
        cpu_threads: int | None = 1,
    ) -> None:
        self.model, self.device, self.trusted = model, device, trusted
        self.inventions, self.beam_size, self.cpu_threads = dict(inventions), beam_size, cpu_threads
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[Callable[..., Whisper], tuple[str, str, frozenset[str]]]:
        """A copy for another process has the settings and loads the model for itself."""
        names = ("inventions", "beam_size", "cpu_threads")
        return partial(type(self), **{name: getattr(self, name) for name in names}), (
            self.model,
            self.device,
            self.trusted,
        )

    @cached_property
    def description(self) -> EngineDescription:
        """``whisper``, the model, the library's version; the settings name the weights by their digest."""
        weights = identity(self.model)
        settings = (
            f"weights={weights.digest} beam={self.beam_size or 'greedy'} half={int(self._cuda)}"
            f" temperatures={TEMPERATURES[0]}-{TEMPERATURES[-1]} seed={SEED} no_speech={NO_SPEECH_THRESHOLD}"
            f" logprob={LOGPROB_THRESHOLD} compression={COMPRESSION_RATIO_THRESHOLD} previous_text=0"
            f" inventions={fingerprint(self.inventions)}"
        )
        return EngineDescription("whisper", weights.name, version("openai-whisper"), settings=settings)

    def transcribe(self, samples: Samples, speech: tuple[Span, ...], language: str | None) -> Transcript:
        """The words of one channel; see `qa.model.contracts.Transcriber`.

        Raises `EngineUnavailableError` where the weights cannot be had or trusted.
        """
        with self._lock:
            return listen(self._loaded, self.description, samples, speech, language, inventions=self.inventions)

    @cached_property
    def _cuda(self) -> bool:
        if self.device == "auto":
            import torch

            return bool(torch.cuda.is_available())
        return self.device.startswith("cuda")

    @cached_property
    def _loaded(self) -> LoadedWhisper:
        device = self.device if self.device != "auto" else ("cuda" if self._cuda else "cpu")
        if self.cpu_threads:
            import torch

            torch.set_num_threads(self.cpu_threads)
        return LoadedWhisper(load_weights(self.model, device, self.trusted), self._cuda, self.beam_size)


def load_weights(model: str, device: str, trusted: frozenset[str] = frozenset()) -> whisper.model.Whisper:
    """The model with its weights; a name is fetched by openai-whisper, which checks its digest.

    Raises `EngineUnavailableError`: unknown name, no network, a file that is not a checkpoint or not only weights.
    """
    import whisper

    local = Path(model).expanduser()
    if local.is_file():
        require_trusted(local, trusted)
    # A user's file, a missing network and a foreign format fail in many ways, and all mean: no engine.
    try:
        loaded: whisper.model.Whisper = whisper.load_model(str(local) if local.is_file() else model, device=device)
    except Exception as error:
        raise unavailable(
            f"--model {model}",
            f"openai-whisper cannot load it: {type(error).__name__}: {error}",
            "a model name that is in the cache or can be fetched, or a checkpoint of openai-whisper (.pt)",
            "fetch the weights once on a machine with a network and give their path with --model",
        ) from error
    openai_tokenizer(loaded.is_multilingual, loaded.num_languages)
    if local.is_file() and (heads := official_alignment_heads(sha256_of(local))):
        loaded.set_alignment_heads(heads)
    return loaded


class LoadedWhisper:
    """openai-whisper with its weights in memory, as a `qa.engines.listen.Recogniser`."""

    def __init__(self, model: whisper.model.Whisper, half: bool, beam_size: int | None) -> None:
        self.model, self.half, self.beam_size = model, half, beam_size

    @cached_property
    def languages(self) -> frozenset[str]:
        """The codes the model was trained on; English only for the ``.en`` models."""
        from whisper.tokenizer import LANGUAGES

        if not self.model.is_multilingual:
            return frozenset({"en"})
        return frozenset(list(LANGUAGES)[: self.model.num_languages])

    def language_probabilities(self, window: Samples) -> Mapping[str, float]:
        """How probable each language is, from one window."""
        from whisper.audio import N_FRAMES, N_SAMPLES, log_mel_spectrogram, pad_or_trim

        mel = pad_or_trim(log_mel_spectrogram(window, self.model.dims.n_mels, padding=N_SAMPLES), N_FRAMES)
        mel = mel.to(self.model.device)
        _, probabilities = self.model.detect_language(mel.half() if self.half else mel)
        return {code: float(probability) for code, probability in probabilities.items()}

    def segments(self, window: Samples, language: str) -> Iterable[tuple[Word, ...]]:
        """The words of one window, in window time."""
        import whisper

        with _seeded(self.model.device.index), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Performing inference on CPU when CUDA is available")
            result = whisper.transcribe(
                self.model,
                window,
                language=language,
                fp16=self.half,
                beam_size=self.beam_size,
                temperature=TEMPERATURES,
                condition_on_previous_text=False,
                word_timestamps=True,
                no_speech_threshold=NO_SPEECH_THRESHOLD,
                logprob_threshold=LOGPROB_THRESHOLD,
                compression_ratio_threshold=COMPRESSION_RATIO_THRESHOLD,
            )
        return tuple(tuple(map(_word, segment["words"])) for segment in result["segments"])


def _word(word: Mapping[str, object]) -> Word:
    # openai-whisper hands over numpy scalars
    start, end, probability = (float(word[key]) for key in ("start", "end", "probability"))  # type: ignore[arg-type]
    return Word(str(word["word"]), Span(start, max(start, end)), probability)


@contextmanager
def _seeded(device_index: int | None) -> Iterator[None]:
    """Random draws of torch start anew inside, and the caller's go on undisturbed outside."""
    import torch

    with torch.random.fork_rng(devices=[] if device_index is None else [device_index]):
        torch.manual_seed(SEED)
        yield
