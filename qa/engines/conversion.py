"""openai-whisper checkpoints made into CTranslate2 folders: once, offline, kept in the user's cache.

Whole or absent: built aside, then renamed; a lock of the operating system keeps workers from building the
same folder twice, and is freed when its owner dies.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.engines.conversion_layers import fill
from qa.engines.tokenizer_json import special_tokens, tokenizer_json, vocabulary
from qa.engines.weights import official_alignment_heads, require_trusted, sha256_of, unavailable
from qa.model.sound import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    from ctranslate2.specs.whisper_spec import WhisperConfig
    from numpy.typing import NDArray

FORMAT = 1
"""Raised whenever the folders built here change, so that older ones in the cache are not used."""
MULTILINGUAL_VOCABULARY = 51865
"""Tokens from which a Whisper is multilingual (openai-whisper, model.py)."""
TOKENS_BESIDE_LANGUAGES = 51765
"""Tokens of a model without its language tokens (openai-whisper, model.py)."""


@dataclass(frozen=True, slots=True)
class Dimensions:
    """The sizes of a checkpoint, under openai's names."""

    n_mels: int
    n_audio_ctx: int
    n_audio_state: int
    n_audio_head: int
    n_audio_layer: int
    n_vocab: int
    n_text_ctx: int
    n_text_state: int
    n_text_head: int
    n_text_layer: int

    @property
    def multilingual(self) -> bool:
        """Whether it knows more than English."""
        return self.n_vocab >= MULTILINGUAL_VOCABULARY

    @property
    def n_languages(self) -> int:
        """How many language tokens it has: 99, or 100 for large-v3."""
        return self.n_vocab - TOKENS_BESIDE_LANGUAGES - int(self.multilingual)


def converted(
    checkpoint: Path, quantization: str, trusted: frozenset[str] = frozenset(), cache: Path | None = None
) -> Path:
    """The CTranslate2 folder of an openai checkpoint, built if it is not in ``cache`` yet.

    ``quantization`` is ``int8``, ``float16`` or ``float32``. Raises `EngineUnavailableError` where the file is
    no checkpoint, is more than weights, or the cache cannot be written.
    """
    from filelock import FileLock

    require_trusted(checkpoint, trusted)
    digest = sha256_of(checkpoint)
    folder = (cache or default_cache()) / f"{digest}-{quantization}-{FORMAT}"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(f"{folder.name}.lock")):
            if not folder.is_dir():
                _build(checkpoint, digest, folder, quantization)
    except OSError as error:
        raise unavailable(
            str(folder),
            f"the converted model cannot be kept: {error}",
            "a cache folder that can be written, with as much room as the checkpoint takes",
            "free some room, or set XDG_CACHE_HOME to a folder that has it",
        ) from error
    return folder


def default_cache() -> Path:
    """Where converted models are kept for this user."""
    import platformdirs

    return platformdirs.user_cache_path("qa") / "ct2"


def _build(checkpoint: Path, digest: str, folder: Path, quantization: str) -> None:
    aside = folder.with_name(f".{folder.name}.building")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    try:
        convert(checkpoint, digest, aside, quantization)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def convert(checkpoint: Path, digest: str, folder: Path, quantization: str) -> None:
    """Write ``model.bin``, ``config.json``, the vocabulary and the tokenizer of a checkpoint into ``folder``."""
    from ctranslate2.specs.whisper_spec import WhisperSpec

    dimensions, weights = read_checkpoint(checkpoint)
    spec = WhisperSpec(
        dimensions.n_audio_layer, dimensions.n_audio_head, dimensions.n_text_layer, dimensions.n_text_head
    )
    try:
        fill(spec, weights)
    except KeyError as error:
        raise _no_checkpoint(checkpoint, f"the tensor {error} is missing") from error
    spec.register_vocabulary(vocabulary(dimensions.multilingual, dimensions.n_languages))
    _configure(spec.config, dimensions, official_alignment_heads(digest))
    spec.validate()
    spec.optimize(quantization=None if quantization == "float32" else quantization)
    spec.save(str(folder))
    tokenizer_json(dimensions.multilingual, dimensions.n_languages).save(str(folder / "tokenizer.json"))
    (folder / "preprocessor_config.json").write_text(json.dumps(_features(dimensions)), encoding="utf-8")


def read_checkpoint(path: Path) -> tuple[Dimensions, dict[str, NDArray[np.float32]]]:
    """The sizes and float32 tensors of an openai checkpoint; `EngineUnavailableError` where it is none."""
    import torch

    loaded = torch.load(path, map_location="cpu", weights_only=True)
    try:
        dimensions = Dimensions(**loaded["dims"])
        weights = {name: tensor.float().numpy() for name, tensor in loaded["model_state_dict"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise _no_checkpoint(path, f"{type(error).__name__}: {error}") from error
    return dimensions, weights


def alignment_heads(dimensions: Dimensions, official: bytes | None) -> list[list[int]]:
    """The (layer, head) pairs whose attention times words: openai's own, else the later half of the layers."""
    if official is None:
        layers = range(dimensions.n_text_layer // 2, dimensions.n_text_layer)
        return [[layer, head] for layer in layers for head in range(dimensions.n_text_head)]
    import base64
    import gzip

    flags = gzip.decompress(base64.b85decode(official))
    return [list(divmod(i, dimensions.n_text_head)) for i, flag in enumerate(flags) if flag]


def _configure(config: WhisperConfig, dimensions: Dimensions, official: bytes | None) -> None:
    """What CTranslate2 has to know of the tokens: which never to say, and which mean a language."""
    tokens = special_tokens(dimensions.multilingual, dimensions.n_languages)
    config.suppress_ids = list(tokens.never_said)
    config.suppress_ids_begin = list(tokens.never_first)
    config.lang_ids = list(tokens.languages)
    config.alignment_heads = alignment_heads(dimensions, official)


def _features(dimensions: Dimensions) -> Mapping[str, int | str]:
    """How the sound is measured; faster-whisper assumes 80 bands without this, and large-v3 has 128."""
    return {
        "feature_extractor_type": "WhisperFeatureExtractor",
        "feature_size": dimensions.n_mels,
        "sampling_rate": SAMPLE_RATE,
        "hop_length": 160,
        "n_fft": 400,
        "chunk_length": 30,
    }


def _no_checkpoint(path: Path, wrong: str) -> Exception:
    return unavailable(
        str(path),
        f"it is no Whisper checkpoint ({wrong})",
        "a file with 'dims' and 'model_state_dict', as openai-whisper writes them",
        "give the path of an openai-whisper checkpoint or of a CTranslate2 folder with --model",
    )
