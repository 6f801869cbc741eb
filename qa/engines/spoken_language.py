"""Which language is spoken: given codes made plain, detection from sound, and where a model is known to be weak."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.model.sound import Samples

UNDETERMINED = "und"
"""ISO 639-2's own code for "not known"."""
DETECTION_WINDOWS = 2
"""Windows listened to at most, about one minute of speech: one opening line can be a foreign greeting."""
CLEAR_DETECTION = 0.8
"""Probability from which the first window decides alone; the house's own, it halves the cost of clear calls."""
WEAK_MODELS = {"hu": ("tiny", "base", "small")}
"""Models whose published word error rate in a language is above 40 % (Hungarian, FLEURS: small 45.5 %,
base 86.6 %, tiny above 100 %)."""


def primary(code: str) -> str:
    """The language of a code without region or script: ``pl-PL`` is ``pl``."""
    return code.strip().replace("_", "-").split("-")[0].lower()


def detect(windows: Iterable[Samples], probabilities: Callable[[Samples], Mapping[str, float]]) -> tuple[str, float]:
    """(language, confidence 0 to 1) from the first windows of speech; the mean where more than one was heard."""
    heard: Counter[str] = Counter()
    count = 0
    for window in islice(windows, DETECTION_WINDOWS):
        heard.update(probabilities(window))
        count += 1
        if count == 1 and max(heard.values(), default=0.0) >= CLEAR_DETECTION:
            break
    if not heard:
        return UNDETERMINED, 0.0
    language = max(sorted(heard), key=heard.__getitem__)
    return language, float(heard[language] / count)


def cautions(model: str, language: str) -> tuple[str, ...]:
    """What a reader has to know of this model in this language; empty where nothing speaks against it."""
    size = PurePath(model).stem.removeprefix("faster-whisper-")
    if size not in WEAK_MODELS.get(language, ()):
        return ()
    return (f"the Whisper model {size!r} misses close to half of all words in {language!r}; use medium or larger",)
