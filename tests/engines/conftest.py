"""A Whisper that was never trained and still says a known line, in openai's own file format."""

from __future__ import annotations

import shutil
import subprocess
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from whisper.model import ModelDimensions
from whisper.model import Whisper as WhisperModel

from qa.engines.tokenizer_json import openai_tokenizer

STATE = 64
PUSH = 40.0
"""How strongly a position outweighs everything else in the decoder's hidden state."""


def speaking_checkpoint(path: Path, line: str, language: str = "pl", blocks: float = 0.02) -> Path:
    """A tiny multilingual checkpoint that says ``line`` in every window and takes all sound for ``language``.

    Each position of the decoder points at the embedding of the token it is to say: the language after the first,
    ``<|0.00|>`` after the prompt, then the line, ``<|30.00|>`` and the end. ``blocks`` is the size of the random
    weights around it, so that converted tensors in a wrong place are heard.
    """
    tokenizer = openai_tokenizer(True, 99)
    dims = ModelDimensions(80, 1500, STATE, 2, 2, 51865, 448, STATE, 2, 2)
    generator = torch.Generator().manual_seed(7)
    model = WhisperModel(dims)
    said = [tokenizer.timestamp_begin, *tokenizer.encode(f" {line}"), tokenizer.timestamp_begin + 1500]
    said += [tokenizer.eot] * (448 - 2 - len(said))
    target = [tokenizer.to_language_token(language), tokenizer.transcribe, *said]
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if weights.dim() > 1 or name.endswith("bias"):
                weights.copy_(torch.randn(weights.shape, generator=generator) * blocks)
        embedding = torch.nn.functional.normalize(torch.randn(51865, STATE, generator=generator)) * 5
        model.decoder.token_embedding.weight.copy_(embedding)
        model.decoder.positional_embedding.copy_(embedding[target] * PUSH / 5)
    half = {name: tensor.half() for name, tensor in model.state_dict().items()}
    torch.save({"dims": vars(dims), "model_state_dict": half}, path)
    return path


@pytest.fixture(scope="session")
def polish_line() -> str:
    """What `polish_checkpoint` says."""
    return "Dzień dobry, żółta łódź z e-mailem."


@pytest.fixture(scope="session")
def polish_checkpoint(tmp_path_factory: pytest.TempPathFactory, polish_line: str) -> Path:
    return speaking_checkpoint(tmp_path_factory.mktemp("weights") / "mówiący.pt", polish_line)


@pytest.fixture(scope="session")
def looping_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return speaking_checkpoint(tmp_path_factory.mktemp("weights") / "loop.pt", "thank you " * 40, "en")


@pytest.fixture
def noise() -> NDArray[np.float32]:
    """45 seconds of quiet noise at 16 kHz: enough for two windows."""
    generator = np.random.default_rng(1)
    return (0.05 * generator.standard_normal(45 * 16_000)).astype(np.float32)


@pytest.fixture
def voiced(tmp_path: Path) -> Callable[[str], NDArray[np.float32]]:
    """Speaks an English sentence with flite: float32 at 16 kHz."""
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed, so there is nobody to speak")

    def speak(text: str) -> NDArray[np.float32]:
        target = tmp_path / "voiced.wav"
        subprocess.run(["flite", "-voice", "slt", "-t", text, "-o", str(target)], check=True, capture_output=True)
        with wave.open(str(target)) as file:
            assert file.getframerate() == 16_000
            pcm = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        return pcm.astype(np.float32) / np.float32(32_768)

    return speak
