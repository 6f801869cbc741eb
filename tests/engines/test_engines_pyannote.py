"""pyannote: heard from a local folder, never from a file that could run something, never with telemetry."""

from __future__ import annotations

import os
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from pyannote_pipelines import CONFIG, digests, make_pipeline

from qa.engines.pyannote import Pyannote, pyannote_available
from qa.errors import EngineUnavailableError
from qa.model.sound import Activity, Audio, ChannelLayout
from qa.model.span import Span


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_pipeline(tmp_path_factory.mktemp("pyannote") / "pipeline")


@pytest.fixture
def pipeline(original: Path, tmp_path: Path) -> Path:
    return shutil.copytree(original, tmp_path / "pipeline")


def sound(seconds: float) -> tuple[Audio, Activity]:
    samples = 0.1 * np.random.default_rng(2).standard_normal((1, round(seconds * 16_000))).astype(np.float32)
    samples.flags.writeable = False
    return Audio(samples, 8_000, "pcm_s16le", "wav"), Activity(ChannelLayout.MONO, ((Span(0.0, seconds),),))


def test_a_pipeline_in_a_folder_hears_a_call_from_memory(pipeline: Path) -> None:
    heard = Pyannote(str(pipeline), trusted=digests(pipeline)).diarise(*sound(12.0))

    assert heard.spans
    assert all(0 <= s.span.start < s.span.end <= 12.1 for s in heard.spans)
    assert len(heard.speakers) <= 2
    assert 0.0 <= heard.confidence < 1.0
    assert os.environ["PYANNOTE_METRICS_ENABLED"] == "0"


def test_provenance_names_the_weights_and_not_the_token(pipeline: Path) -> None:
    engine = Pyannote(str(pipeline), token="hf_secret", trusted=digests(pipeline))
    before = engine.description
    (pipeline / "plda" / "plda.npz").write_bytes(b"other")

    after = Pyannote(str(pipeline), trusted=digests(pipeline)).description

    assert before.name == "pyannote"
    assert before.settings != after.settings
    assert "hf_secret" not in repr(engine) + str(before) + before.settings


def test_an_engine_travels_to_a_worker(pipeline: Path) -> None:
    engine = Pyannote(str(pipeline), trusted=digests(pipeline))

    assert pickle.loads(pickle.dumps(engine)) == engine


def test_checkpoints_that_are_more_than_weights_need_the_users_trust(pipeline: Path) -> None:
    with pytest.raises(EngineUnavailableError, match=r"weights\.lock"):
        Pyannote(str(pipeline))

    problem = pyannote_available(str(pipeline), frozenset())
    assert problem is not None
    assert "weights.lock" in problem.do
    assert pyannote_available(str(pipeline), digests(pipeline)) is None


class Attack:
    """What a planted checkpoint holds."""

    def __init__(self, proof: Path) -> None:
        self.proof = proof

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self.proof}",)


@pytest.mark.parametrize("part", ["segmentation", "embedding"])
def test_a_planted_checkpoint_never_runs(pipeline: Path, tmp_path: Path, part: str) -> None:
    trusted = digests(pipeline)
    proof = tmp_path / "it-ran"
    torch.save({"state_dict": Attack(proof)}, pipeline / part / "pytorch_model.bin")

    with pytest.raises(EngineUnavailableError):
        Pyannote(str(pipeline), trusted=trusted)

    assert not proof.exists()


def test_a_checkpoint_planted_after_the_start_never_runs(pipeline: Path, tmp_path: Path) -> None:
    engine = Pyannote(str(pipeline), trusted=digests(pipeline))
    proof = tmp_path / "it-ran"
    torch.save({"state_dict": Attack(proof)}, pipeline / "embedding" / "pytorch_model.bin")

    with pytest.raises(EngineUnavailableError):
        engine.diarise(*sound(1.0))

    assert not proof.exists()


PIPELINE = "pyannote.audio.pipelines.SpeakerDiarization"


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        (PIPELINE, "subprocess.Popen", "subprocess.Popen"),
        (PIPELINE, "[1]", r"\[1\]"),
        ("$model/embedding", "other/embedding", "does not lie in its own folder"),
        ("$model/embedding", "$model/../embedding", "does not lie in its own folder"),
        ("$model/embedding", "$model//etc", "does not lie in its own folder"),
        ("$model/plda", "{checkpoint: somebody/plda}", "does not lie in its own folder"),
        ("    embedding: $model/embedding\n", "", "does not name"),
        ("pipeline:", "preprocessors: {audio: os.system}\npipeline:", "preprocessors"),
        ("pipeline:", "pipeline: [", "cannot be read"),
        ("pipeline:", "nothing:", "names no pipeline"),
        ("pipeline:", "x: !!python/object/apply:os.system [ls]\npipeline:", "cannot be read"),
    ],
)
def test_a_configuration_that_leads_elsewhere_is_refused(pipeline: Path, old: str, new: str, wrong: str) -> None:
    trusted = digests(pipeline)
    (pipeline / "config.yaml").write_text(CONFIG.replace(old, new), encoding="utf-8")

    with pytest.raises(EngineUnavailableError, match=wrong):
        Pyannote(str(pipeline), trusted=trusted)


def test_a_pipeline_that_is_not_here_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))

    problem = pyannote_available("pyannote/speaker-diarization-community-1")

    assert problem is not None
    assert "--pipeline" in problem.do
    with pytest.raises(EngineUnavailableError, match="--diariser voices"):
        Pyannote("pyannote/speaker-diarization-community-1", token="hf_secret")


def test_a_pipeline_that_does_not_fit_together_says_so(pipeline: Path) -> None:
    (pipeline / "plda" / "plda.npz").unlink()
    engine = Pyannote(str(pipeline), trusted=digests(pipeline))

    with pytest.raises(EngineUnavailableError, match="pyannote cannot load it"):
        engine.diarise(*sound(1.0))


def test_a_folder_without_a_pipeline_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailableError, match=r"config\.yaml"):
        Pyannote(str(tmp_path))
