from __future__ import annotations

import threading
from pathlib import Path

import ctranslate2
import numpy as np
import pytest
import torch
import whisper
from numpy.typing import NDArray

from qa.engines.conversion import Dimensions, alignment_heads, converted, default_cache, read_checkpoint
from qa.engines.tokenizer_json import merges, openai_tokenizer, special_tokens, tokenizer_json, vocabulary
from qa.engines.weights import official_alignment_heads
from qa.errors import EngineUnavailableError

TEXTS = (
    " Hello, how can I help you today? It's 3.50 for an e-mail.",
    " Dzień dobry, żółta łódź, w czym mogę pomóc?",
    " Ďakujem, ľúbi sa mi to, dovidenia!",
    " Viszontlátásra, köszönöm a hívást, őszintén.",
    "日本 🙂",
)

Sound = NDArray[np.float32]


@pytest.fixture(scope="module")
def folder(polish_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return converted(polish_checkpoint, "float32", cache=tmp_path_factory.mktemp("cache"))


def test_the_converted_encoder_and_decoder_compute_what_openais_compute(
    polish_checkpoint: Path, folder: Path, noise: Sound, polish_line: str
) -> None:
    ours = ctranslate2.models.Whisper(str(folder), intra_threads=1)
    theirs = whisper.load_model(str(polish_checkpoint), device="cpu")
    mel = whisper.log_mel_spectrogram(whisper.pad_or_trim(noise))
    encoded = ours.encode(ctranslate2.StorageView.from_array(mel[None].numpy()))
    with torch.no_grad():
        expected = theirs.embed_audio(mel[None]).numpy()
    assert np.abs(np.array(encoded) - expected).max() < 1e-4
    tokenizer = openai_tokenizer(True, 99)
    options = whisper.DecodingOptions(language="pl", fp16=False)
    prompt = [tokenizer.sot, tokenizer.to_language_token("pl"), tokenizer.transcribe]
    (result,) = ours.generate(encoded, [prompt], beam_size=1)
    assert [t for t in result.sequences_ids[0] if t != tokenizer.eot] == whisper.decode(theirs, mel, options).tokens
    assert polish_line in tokenizer.decode(result.sequences_ids[0])


@pytest.mark.parametrize(("multilingual", "languages"), [(True, 99), (False, 99), (True, 100)])
def test_the_rebuilt_tokenizer_reads_and_writes_as_openais(multilingual: bool, languages: int) -> None:
    theirs, ours = openai_tokenizer(multilingual, languages), tokenizer_json(multilingual, languages)
    for text in TEXTS:
        assert ours.encode(text).ids == theirs.encode(text)
        assert ours.decode(ours.encode(text).ids) == text
    assert all(ours.token_to_id(token) == number for token, number in theirs.special_tokens.items())
    assert len(vocabulary(multilingual, languages)) == theirs.encoding.n_vocab


def test_a_merge_is_the_last_step_towards_its_token() -> None:
    ranks = {b"a": 0, b"b": 1, b"c": 2, b"ab": 3, b"abc": 4}
    assert merges(ranks) == [("a", "b"), ("ab", "c")]


def test_signs_nobody_speaks_and_orders_are_never_said_but_ordinary_words_are(polish_line: str) -> None:
    tokenizer, tokens = openai_tokenizer(True, 99), special_tokens(True, 99)
    assert tokenizer.encode(" [")[0] in tokens.never_said
    assert tokenizer.sot in tokens.never_said
    assert not set(tokenizer.encode(polish_line)) & set(tokens.never_said)
    assert len(tokens.languages) == 99


def test_converting_again_finds_what_is_there(polish_checkpoint: Path, folder: Path) -> None:
    built = (folder / "model.bin").stat().st_mtime_ns
    assert converted(polish_checkpoint, "float32", cache=folder.parent) == folder
    assert (folder / "model.bin").stat().st_mtime_ns == built


def test_workers_that_convert_at_once_build_one_folder_and_leave_nothing_aside(
    polish_checkpoint: Path, tmp_path: Path
) -> None:
    found: list[Path] = []
    convert = lambda: found.append(converted(polish_checkpoint, "int8", cache=tmp_path))  # noqa: E731
    workers = [threading.Thread(target=convert) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(set(found)) == 1
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {found[0].name}


def test_what_a_killed_worker_left_aside_is_built_anew(polish_checkpoint: Path, tmp_path: Path) -> None:
    finished = converted(polish_checkpoint, "int8", cache=tmp_path)
    half_built = finished.with_name(f".{finished.name}.building")
    finished.rename(half_built)
    (half_built / "model.bin").write_bytes(b"half")
    assert (converted(polish_checkpoint, "int8", cache=tmp_path) / "model.bin").stat().st_size > 1_000_000
    assert not half_built.exists()


def test_a_file_that_is_no_checkpoint_leaves_no_folder(tmp_path: Path) -> None:
    other = tmp_path / "other.pt"
    torch.save({"dims": {"n_mels": 80}, "model_state_dict": {}}, other)
    with pytest.raises(EngineUnavailableError, match="it is no Whisper checkpoint"):
        converted(other, "int8", cache=tmp_path / "cache")
    assert not [path for path in (tmp_path / "cache").iterdir() if path.is_dir()]


def test_a_checkpoint_with_a_tensor_missing_is_named(polish_checkpoint: Path, tmp_path: Path) -> None:
    content = torch.load(polish_checkpoint, weights_only=True)
    del content["model_state_dict"]["encoder.conv2.bias"]
    torch.save(content, tmp_path / "cut.pt")
    with pytest.raises(EngineUnavailableError, match=r"encoder\.conv2\.bias"):
        converted(tmp_path / "cut.pt", "int8", cache=tmp_path / "cache")


def test_a_cache_that_cannot_be_written_says_what_to_do(polish_checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EngineUnavailableError, match="set XDG_CACHE_HOME"):
        converted(polish_checkpoint, "int8", cache=tmp_path / "file" / "cache")


def test_the_cache_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache() == tmp_path / "qa" / "ct2"


def test_words_are_timed_by_openais_own_heads_where_the_file_is_openais(polish_checkpoint: Path) -> None:
    dimensions, _ = read_checkpoint(polish_checkpoint)
    assert alignment_heads(dimensions, None) == [[1, 0], [1, 1]], "the later half of two layers"
    digest = whisper._MODELS["tiny"].split("/")[-2]
    tiny = Dimensions(80, 1500, 384, 6, 4, 51865, 448, 384, 6, 4)
    heads = alignment_heads(tiny, official_alignment_heads(digest))
    assert heads
    assert all(layer < 4 and head < 6 for layer, head in heads)
    assert official_alignment_heads("0" * 64) is None
