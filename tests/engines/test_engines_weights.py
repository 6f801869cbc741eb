from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
import torch

from qa.engines.conversion import converted
from qa.engines.weights import (
    ct2_weights,
    identity,
    is_not_a_pickle,
    official_name,
    present_or_fetchable,
    reachable,
    read_lock,
    require_trusted,
    sha256_of,
    whisper_weights,
)
from qa.errors import EngineUnavailableError, Problem, UsageError


class Planted:
    """Opened as a pickle it would run a command."""

    def __init__(self, witness: Path) -> None:
        self.witness = witness

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self.witness}",)


@pytest.fixture
def witness(tmp_path: Path) -> Path:
    return tmp_path / "the-command-ran"


@pytest.fixture(params=["zip", "old torch", "protocol 0", "protocol 5", "inside a checkpoint"])
def hostile(request: pytest.FixtureRequest, tmp_path: Path, witness: Path) -> Path:
    path, planted = tmp_path / "hostile.bin", Planted(witness)
    if request.param.startswith("protocol"):
        path.write_bytes(pickle.dumps(planted, protocol=int(request.param[-1])))
    elif request.param == "inside a checkpoint":
        torch.save({"dims": {}, "model_state_dict": {"w": torch.zeros(2), "x": planted}}, path)
    else:
        torch.save(planted, path, _use_new_zipfile_serialization=request.param == "zip")
    return path


def test_a_planted_command_never_runs_and_the_message_names_digest_and_list(hostile: Path, witness: Path) -> None:
    with pytest.raises(EngineUnavailableError) as caught:
        require_trusted(hostile)
    assert not witness.exists()
    assert sha256_of(hostile) in str(caught.value)
    assert "weights.lock" in str(caught.value)


def test_a_file_the_user_vouches_for_passes_and_still_nothing_runs(hostile: Path, witness: Path) -> None:
    require_trusted(hostile, frozenset({sha256_of(hostile)}))
    assert not witness.exists()


def test_the_digest_of_another_file_vouches_for_nothing(hostile: Path) -> None:
    with pytest.raises(EngineUnavailableError):
        require_trusted(hostile, frozenset({"0" * 64}))


@pytest.mark.parametrize("zipped", [True, False])
def test_tensors_and_plain_values_pass(tmp_path: Path, zipped: bool) -> None:
    path = tmp_path / "plain.pt"
    torch.save({"dims": {"n": 1}, "w": torch.zeros(3)}, path, _use_new_zipfile_serialization=zipped)
    require_trusted(path)


def test_a_hostile_file_does_not_pass_under_another_name(tmp_path: Path, witness: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(pickle.dumps(Planted(witness)))
    with pytest.raises(EngineUnavailableError):
        require_trusted(path)
    assert not witness.exists()


def test_formats_that_are_no_pickles_pass(tmp_path: Path, polish_checkpoint: Path) -> None:
    tensors = tmp_path / "model.safetensors"
    tensors.write_bytes((2).to_bytes(8, "little") + b"{}" + b"\0" * 16)
    assert is_not_a_pickle(tensors)
    require_trusted(tensors)
    model = converted(polish_checkpoint, "int8", cache=tmp_path) / "model.bin"
    assert is_not_a_pickle(model)
    require_trusted(model)
    assert not is_not_a_pickle(polish_checkpoint)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x03\x04" + b"x" * 500, b"hello", b"\x80\x02"])
def test_rubbish_is_refused_with_a_message(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rubbish.pt"
    path.write_bytes(content)
    with pytest.raises(EngineUnavailableError, match="more than weights"):
        require_trusted(path)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailableError, match="no such weight file"):
        require_trusted(tmp_path / "none.pt")


def test_the_lock_is_what_sha256sum_writes(tmp_path: Path) -> None:
    lock = tmp_path / "weights.lock"
    lock.write_text(f"# ours\n{'a' * 64}  a.pt\n\n{'B' * 64} *b.bin  # from the vendor\n{'c' * 64}\n")
    assert read_lock(lock) == {"a" * 64, "b" * 64, "c" * 64}
    assert read_lock(tmp_path / "none") == frozenset()


def test_a_slip_in_the_lock_is_named_by_its_line(tmp_path: Path) -> None:
    lock = tmp_path / "weights.lock"
    lock.write_text(f"{'a' * 64}  a.pt\n{'a' * 63}  short.pt\n")
    with pytest.raises(UsageError, match="line 2"):
        read_lock(lock)


def test_weights_are_found_by_path_or_in_openais_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    missing = whisper_weights("tiny")
    assert isinstance(missing, Problem)
    assert "not on this machine" in missing.wrong
    (tmp_path / "whisper").mkdir()
    cached = tmp_path / "whisper" / "large-v3-turbo.pt"
    cached.write_bytes(b"")
    assert whisper_weights("turbo") == cached
    assert whisper_weights(str(cached)) == cached
    unknown = whisper_weights("gigantic")
    assert isinstance(unknown, Problem)
    assert "large-v3" in unknown.expected


def test_openais_weights_serve_faster_whisper_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "whisper").mkdir()
    (tmp_path / "whisper" / "base.pt").write_bytes(b"")
    assert ct2_weights("base") == tmp_path / "whisper" / "base.pt"
    assert isinstance(ct2_weights("small"), Problem)
    assert isinstance(ct2_weights("gigantic"), Problem)
    assert isinstance(ct2_weights(str(tmp_path)), Problem), "a folder without a model"


def test_a_machine_that_may_not_ask_the_network_hears_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert not reachable("https://huggingface.co")
    for engine in ("whisper", "faster-whisper"):
        assert isinstance(present_or_fetchable(engine, "tiny"), Problem)
        assert isinstance(present_or_fetchable(engine, str(tmp_path / "none.pt")), Problem)


def test_present_weights_are_no_problem(polish_checkpoint: Path) -> None:
    for engine in ("whisper", "faster-whisper"):
        assert present_or_fetchable(engine, str(polish_checkpoint)) is None


def test_only_secure_addresses_are_asked() -> None:
    assert not reachable("http://localhost:9")
    assert not reachable("file:///etc/passwd")


def test_provenance_names_a_file_by_its_bytes_and_a_model_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "own.pt"
    path.write_bytes(b"one")
    before = identity(str(path))
    path.write_bytes(b"two")
    assert before.name == identity(str(path)).name == "own"
    assert before.digest != identity(str(path)).digest
    assert identity("large-v3").digest == "official"


def test_openais_own_files_are_known_by_their_digest() -> None:
    assert official_name("e5b1a55b89c1367dacf97e3e19bfd829a01529dbfdeefa8caeb59b3f1b81dadb") == "large-v3"
    assert official_name("0" * 64) is None
