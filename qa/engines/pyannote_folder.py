"""The folder of a pyannote pipeline, and whether it may be opened.

pyannote opens checkpoints with the pickle loader, which runs whatever a hostile file holds, and takes the class of
the pipeline by name from ``config.yaml``, which may name any class on the machine. So before it sees a folder:
the class must be pyannote's own, every model must lie inside the folder, and every checkpoint must pass
`require_trusted`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from qa.engines.weights import require_trusted, unavailable
from qa.errors import EngineUnavailableError, Problem

CONFIG = "config.yaml"
CHECKPOINT = "pytorch_model.bin"
INSIDE = "$model/"
"""How a configuration names a subfolder of its own folder."""

PIPELINES = (
    "pyannote.audio.pipelines.SpeakerDiarization",
    "pyannote.audio.pipelines.speaker_diarization.SpeakerDiarization",
)
"""The one class that makes what is wanted here, under its two names."""

MODELS = ("segmentation", "embedding")
"""Parameters that name a checkpoint; ``plda`` names numpy archives, which are opened without pickle."""

CONFIG_KEYS = frozenset({"pipeline", "params", "version", "dependencies"})
"""Parts of a configuration that only name versions, numbers and the pipeline itself."""

FETCH = (
    "accept its conditions on the hub, fetch it once with 'hf download NAME' on a machine with a network, "
    "and give the folder with --pipeline; or use --diariser voices"
)


def find_folder(pipeline: str) -> Path | Problem:
    """The local folder of a pipeline, named by path or by hub name, or why there is none; touches no network."""
    path = Path(pipeline).expanduser()
    if path.is_dir():
        missing = Problem(str(path), f"it holds no {CONFIG}", "the folder of a pyannote pipeline", "correct the path")
        return path if (path / CONFIG).is_file() else missing
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    try:
        return Path(snapshot_download(pipeline, local_files_only=True))
    except (OSError, ValueError, HFValidationError):
        return _absent(pipeline, "it is not on this machine")


def fetch_folder(pipeline: str, token: str | None) -> Path:
    """The same folder, fetched from the hub where it is not here; raises `EngineUnavailableError`."""
    found = find_folder(pipeline)
    if isinstance(found, Path):
        return found
    if Path(pipeline).expanduser().is_dir():
        raise EngineUnavailableError((found,))
    from huggingface_hub import snapshot_download

    # Offline, refused, gated, unknown: the hub's client has an error of its own for each, in each version others.
    try:
        return Path(snapshot_download(pipeline, token=token))
    except Exception as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)[:200]
        raise EngineUnavailableError((_absent(pipeline, f"it could not be fetched ({reason})"),)) from error


def require_safe(folder: Path, trusted: frozenset[str]) -> None:
    """Returns where opening the folder runs nothing but pyannote; raises `EngineUnavailableError` naming the rest."""
    config = folder / CONFIG
    for checkpoint in _checkpoints(folder, _read(config)):
        require_trusted(checkpoint, trusted)


def _read(config: Path) -> Mapping[str, object]:
    """What the configuration says of its pipeline."""
    import yaml  # type: ignore[import-untyped]

    try:
        read = yaml.safe_load(config.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise _refused(config, f"it cannot be read ({type(error).__name__})") from error
    if not isinstance(read, dict) or not isinstance(read.get("pipeline"), dict):
        raise _refused(config, "it names no pipeline")
    unknown = sorted(str(key) for key in read if key not in CONFIG_KEYS)
    if unknown:
        raise _refused(config, f"it has parts that could load something else: {', '.join(unknown)}")
    pipeline: dict[str, object] = read["pipeline"]
    return pipeline


def _checkpoints(folder: Path, pipeline: Mapping[str, object]) -> Iterator[Path]:
    """Every file that pyannote would open with the pickle loader."""
    name, params = pipeline.get("name"), pipeline.get("params")
    if name not in PIPELINES:
        raise _refused(folder / CONFIG, f"its pipeline is {name!r}")
    if not isinstance(params, dict) or not params.keys() >= {*MODELS, "plda"}:
        raise _refused(folder / CONFIG, "it does not name its segmentation, embedding and plda")
    for key in (*MODELS, "plda"):
        subfolder = _inside(folder, key, params[key])
        if key in MODELS:
            yield subfolder / CHECKPOINT


def _inside(folder: Path, key: str, value: object) -> Path:
    """The subfolder that a parameter names; anything else, a hub name or a way out of the folder, is refused."""
    parts = value.removeprefix(INSIDE).split("/") if isinstance(value, str) and value.startswith(INSIDE) else []
    if not parts or any(part in ("", ".", "..") or "@" in part for part in parts):
        raise _refused(folder / CONFIG, f"its {key} is {value!r}, which does not lie in its own folder")
    return folder.joinpath(*parts)


def _refused(config: Path, wrong: str) -> EngineUnavailableError:
    return unavailable(
        str(config),
        wrong,
        f"a speaker diarisation pipeline of pyannote.audio 4 whose models lie in its folder ({INSIDE}…)",
        "use one like pyannote/speaker-diarization-community-1, or --diariser voices",
    )


def _absent(pipeline: str, wrong: str) -> Problem:
    return Problem(f"pyannote pipeline {pipeline}", wrong, "the folder or the hub's name of a pipeline", FETCH)
