"""``qa doctor``: what works on this machine, and what to do about the rest."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version

import qa
from qa.cli.assemble import DEFAULT_MODEL, device
from qa.cli.console import json_line, say
from qa.cli.exits import Exit
from qa.cli.settings import DEFAULT_PIPELINE, MODEL_VARIABLE, PIPELINE_VARIABLE
from qa.errors import Problem, QaError
from qa.languages import language, languages

DECODERS = (
    "pcm_s16le",
    "pcm_alaw",
    "pcm_mulaw",
    "gsm",
    "adpcm_ima_wav",
    "g722",
    "g726",
    "mp3",
    "aac",
    "opus",
    "flac",
    "wmav2",
)
PACKAGES = (
    "openai-whisper",
    "faster-whisper",
    "pyannote.audio",
    "pocketsphinx",
    "silero-vad",
    "resemblyzer",
    "librosa",
    "torch",
)


class State(StrEnum):
    """``missing`` is something a run may need; ``broken`` stops every run."""

    WORKS = "works"
    MISSING = "missing"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at, and what to do where it does not work."""

    what: str
    state: State
    found: str
    do: str = ""


def examine(store_url: str, as_json: bool) -> Exit:
    """Tell every check; status 1 where something is broken."""
    checks = [found for look in _looks(store_url) for found in look()]
    for one in checks:
        if as_json:
            json_line("check", {"what": one.what, "state": one.state.value, "found": one.found, "do": one.do})
        else:
            say(f"{one.state.value:8} {one.what}: {one.found}" + (f"\n         → {one.do}" if one.do else ""))
    broken = sum(one.state is State.BROKEN for one in checks)
    if as_json:
        json_line("summary", {"checks": len(checks), "broken": broken})
    return Exit.SOME_FAILED if broken else Exit.ALL_SCORED


def _looks(store_url: str) -> tuple[Callable[[], Iterator[Check]], ...]:
    return _machine, _packages, _decoders, _weights, _speakers, _languages, lambda: _store(store_url)


def _machine() -> Iterator[Check]:
    yield Check("qa", State.WORKS, f"{qa.__version__} on Python {platform.python_version()}, {sys.platform}")
    yield Check("accelerator", State.WORKS, "CUDA" if device() == "cuda" else f"none; {os.cpu_count()} cores")


def _packages() -> Iterator[Check]:
    for name in PACKAGES:
        try:
            yield Check(name, State.WORKS, version(name))
        except PackageNotFoundError:
            yield Check(name, State.BROKEN, "not installed", "install the requirements again")


def _decoders() -> Iterator[Check]:
    import av

    missing = sorted(set(DECODERS) - av.codecs_available)
    if missing:
        yield Check("decoders", State.MISSING, f"without {', '.join(missing)}", "install the av wheel from PyPI")
    else:
        yield Check("decoders", State.WORKS, ", ".join(DECODERS))


def _weights() -> Iterator[Check]:
    from qa.engines.weights import ct2_weights, whisper_weights

    model = os.environ.get(MODEL_VARIABLE) or DEFAULT_MODEL
    for engine, found in (("whisper", whisper_weights(model)), ("faster-whisper", ct2_weights(model))):
        if isinstance(found, Problem):
            yield Check(f"{engine} weights ({model})", State.MISSING, found.wrong, found.do)
        else:
            yield Check(f"{engine} weights ({model})", State.WORKS, str(found))
    yield Check("pocketsphinx", State.WORKS, "English, draft grade; used only with --draft or --engine pocketsphinx")


def _speakers() -> Iterator[Check]:
    from qa.engines.pyannote import pyannote_available

    pipeline = os.environ.get(PIPELINE_VARIABLE) or DEFAULT_PIPELINE
    missing = pyannote_available(pipeline)
    if missing:
        do = f"{missing.do}; until then mono calls are told apart by voices"
        yield Check(f"pyannote ({pipeline})", State.MISSING, missing.wrong, do)
    else:
        yield Check(f"pyannote ({pipeline})", State.WORKS, "its pipeline can be loaded")
    yield Check("voices", State.WORKS, "Silero and Resemblyzer, in their wheels")


def _languages() -> Iterator[Check]:
    found = [f"{data.name} ({code})" for code in languages() if (data := language(code))]
    yield Check("languages", State.WORKS if found else State.BROKEN, ", ".join(found) or "no language data")


def _store(url: str) -> Iterator[Check]:
    from qa.cli.stores import existing_store, is_there

    try:
        if not is_there(url):
            yield Check("store", State.WORKS, f"none yet at {url}; the first qa run makes it")
            return
        with existing_store(url) as store:
            problems, stats = store.check(), store.stats()
    except QaError as error:
        yield Check("store", State.BROKEN, error.problems[0].wrong, error.problems[0].do)
        return
    kept = f"{stats.calls} calls, {stats.scorecards} cards, {stats.runs} runs, {stats.failures} failures"
    facts = f"{stats.where}: {kept} ({stats.parked} parked), {stats.bytes / 1e6:.1f} MB, schema {stats.schema}"
    yield Check("store", State.WORKS, facts)
    for problem in problems:
        yield Check(f"store {problem.where}", State.BROKEN, problem.wrong, problem.do)
