"""Engines picked by name: where settings and what lies on this machine become `Ears`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from qa.cli.console import counted
from qa.cli.settings import MODEL_VARIABLE, DiariserName, EngineName, HearingSettings
from qa.errors import EngineUnavailableError, Problem
from qa.languages import language, languages
from qa.model.recording import Medium, Recording

if TYPE_CHECKING:
    from qa.batch.ears import Ears
    from qa.model.contracts import Diariser, Transcriber
    from qa.model.rubric import CompanyFacts

DEFAULT_MODEL = "large-v3-turbo"
"""The Whisper that hears Polish, Slovak and Hungarian well at a bearable cost; small ones do not (Hungarian
word error rate, FLEURS: large-v3 15 %, small 46 %)."""

NO_WEIGHTS = "get Whisper weights (see the README), lay NAME.transcript.json beside each recording, or pass --draft"


def inventions() -> Mapping[str, tuple[str, ...]]:
    """The sentences that recognisers are known to invent, by language."""
    return MappingProxyType({code: data.inventions for code in languages() if (data := language(code))})


def build_ears(settings: HearingSettings, company: CompanyFacts, recordings: Iterable[Recording]) -> Ears:
    """The engines for these calls.

    Raises `EngineUnavailableError` before the first call where words are needed and no engine can hear them.
    """
    from qa.batch.ears import Ears
    from qa.dialogue.understand import Listener

    calls = tuple(recordings)
    auto = settings.engine is EngineName.AUTO
    use_recorded = auto or settings.engine is EngineName.RECORDED
    unheard = [r for r in calls if r.medium is Medium.AUDIO and not (use_recorded and r.transcript)]
    transcriber = _transcriber(settings, len(unheard)) if unheard else None
    return Ears(
        transcriber=transcriber,
        channels=_channels(),
        mono=_mono(settings, any(r.medium is Medium.AUDIO for r in calls)),
        listener=Listener(company),
        use_recorded=use_recorded,
        language=settings.language,
    )


def _trusted(settings: HearingSettings) -> frozenset[str]:
    from qa.engines.weights import read_lock

    return read_lock(settings.weights_lock)


def _transcriber(settings: HearingSettings, unheard: int) -> Transcriber | None:
    match settings.engine:
        case EngineName.RECORDED:
            return None
        case EngineName.POCKETSPHINX:
            return _draft()
        case EngineName.WHISPER | EngineName.FASTER_WHISPER:
            return _whisper(settings, settings.engine)
        case EngineName.AUTO:
            return _auto(settings, unheard)


def _auto(settings: HearingSettings, unheard: int) -> Transcriber:
    """Whisper where its weights are or can be fetched; the draft recogniser only where it was allowed."""
    from qa.engines.weights import present_or_fetchable

    model = settings.model or os.environ.get(MODEL_VARIABLE) or DEFAULT_MODEL
    missing = present_or_fetchable(EngineName.FASTER_WHISPER, model)
    if missing is None:
        return _whisper(settings, EngineName.FASTER_WHISPER)
    if settings.draft:
        return _draft()
    wrong = f"{counted(unheard, 'recording')} without a transcript, and Whisper cannot be had: {missing.wrong}"
    raise EngineUnavailableError((Problem(f"--engine auto, model {model}", wrong, missing.expected, NO_WEIGHTS),))


def _whisper(settings: HearingSettings, engine: EngineName) -> Transcriber:
    from qa.engines.faster_whisper import FasterWhisper
    from qa.engines.weights import present_or_fetchable
    from qa.engines.whisper import Whisper

    model = settings.model or os.environ.get(MODEL_VARIABLE) or DEFAULT_MODEL
    if missing := present_or_fetchable(engine, model):
        raise EngineUnavailableError((missing,))
    make = Whisper if engine is EngineName.WHISPER else FasterWhisper
    return make(model, device=device(), trusted=_trusted(settings), inventions=inventions())


def _draft() -> Transcriber:
    from qa.engines.pocketsphinx import PocketSphinx

    return PocketSphinx()


def device() -> str:
    """``cuda`` where PyTorch sees an accelerator, else ``cpu``."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _channels() -> Diariser:
    from qa.engines.channels import Channels

    return Channels()


def _mono(settings: HearingSettings, needed: bool) -> Diariser:
    """For mono calls: what was named; in ``auto``, pyannote where its pipeline lies on this machine."""
    from qa.engines.voices import Voices

    if settings.diariser is DiariserName.CHANNELS:
        return _channels()
    if not needed or settings.diariser is DiariserName.VOICES:
        return Voices()
    from qa.engines.pyannote import Pyannote, pyannote_available

    trusted = _trusted(settings)
    missing = pyannote_available(settings.pipeline, trusted)
    if missing is None:
        return Pyannote(settings.pipeline, settings.token, device=device(), trusted=trusted)
    if settings.diariser is DiariserName.PYANNOTE:
        raise EngineUnavailableError((missing,))
    return Voices()
