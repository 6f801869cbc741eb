"""Folders of pyannote pipelines with random weights: real in every part, and of no use for telling voices apart."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import torch

from qa.engines.torchaudio_shim import ensure_torchaudio
from qa.engines.weights import sha256_of

CONFIG = """\
pipeline:
  name: pyannote.audio.pipelines.SpeakerDiarization
  params:
    segmentation: $model/segmentation
    embedding: $model/embedding
    plda: $model/plda
    clustering: AgglomerativeClustering
params:
  segmentation: {min_duration_off: 0.0}
  clustering: {method: centroid, min_cluster_size: 2, threshold: 0.7}
"""


def make_pipeline(folder: Path) -> Path:
    """A complete pipeline below ``folder``, with the classes and file names of the real ones."""
    os.environ["PYANNOTE_METRICS_ENABLED"] = "0"
    ensure_torchaudio()
    from pyannote.audio.core.task import Problem, Resolution, Specifications
    from pyannote.audio.models.embedding import XVectorSincNet
    from pyannote.audio.models.segmentation import PyanNet

    torch.manual_seed(3)
    speaking = Specifications(
        problem=Problem.MONO_LABEL_CLASSIFICATION,
        resolution=Resolution.FRAME,
        duration=5.0,
        classes=["a", "b", "c"],
        powerset_max_classes=2,
        permutation_invariant=True,
    )
    telling = Specifications(
        problem=Problem.REPRESENTATION, resolution=Resolution.CHUNK, duration=5.0, classes=["a", "b"]
    )
    small = {"hidden_size": 16, "num_layers": 1, "bidirectional": True, "monolithic": True, "dropout": 0.0}
    _save(PyanNet(lstm=small, linear={"hidden_size": 16, "num_layers": 1}), speaking, folder / "segmentation")
    _save(XVectorSincNet(dimension=32), telling, folder / "embedding")
    _save_plda(folder / "plda")
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    return folder


def _save(model: Any, specifications: Any, folder: Path) -> None:
    model.specifications = specifications
    model.build()
    folder.mkdir(parents=True)
    checkpoint = {
        "state_dict": model.state_dict(),
        "hyper_parameters": dict(model.hparams),
        "pytorch-lightning_version": "2.5.0",
        "pyannote.audio": {
            "versions": {"torch": "2.8.0", "pyannote.audio": "4.0.0"},
            "architecture": {"module": type(model).__module__, "class": type(model).__name__},
            "specifications": specifications,
        },
    }
    torch.save(checkpoint, folder / "pytorch_model.bin")


def _save_plda(folder: Path) -> None:
    generator = np.random.default_rng(3)
    folder.mkdir()
    basis = np.linalg.qr(generator.standard_normal((128, 128)))[0]
    lda = generator.standard_normal((256, 128))
    np.savez(folder / "xvec_transform.npz", mean1=np.zeros(256), mean2=np.zeros(128), lda=lda)
    np.savez(folder / "plda.npz", mu=np.zeros(128), tr=basis, psi=np.ones(128))


def digests(folder: Path) -> frozenset[str]:
    """What a user writes into weights.lock for this pipeline."""
    return frozenset(sha256_of(path) for path in folder.rglob("*.bin"))
