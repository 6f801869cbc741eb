"""Who spoke when on a recording that keeps its parties apart: each channel is a speaker."""

from __future__ import annotations

from dataclasses import dataclass

from qa.errors import call_error
from qa.model.scorecard import FailureKind
from qa.model.sound import Activity, Audio, ChannelLayout, Diarisation, SpeakerSpan
from qa.model.span import total
from qa.model.transcript import EngineDescription

LEAST_CONFIDENCE = 0.7
"""Trust where as much speech leaked over as was spoken: what leaked is known and taken out, but not all of it."""


@dataclass(frozen=True)
class Channels:
    """Diariser for two-channel calls: the voice activity of channel 0 is speaker ``channel-0``, and so on."""

    @property
    def description(self) -> EngineDescription:
        """Its name; there is no model."""
        return EngineDescription("channels", "", "")

    def diarise(self, audio: Audio, activity: Activity) -> Diarisation:
        """The speech of every channel under its own label; speakers may overlap.

        Certain, unless one side leaks into the other. Raises `CallError` where the channels do not keep
        two people apart.
        """
        if activity.layout is not ChannelLayout.TWO_CHANNEL:
            raise call_error(
                FailureKind.ENGINE,
                "diariser channels",
                f"the recording is {activity.layout.value}: its channels do not keep the speakers apart",
                "one speaker per channel",
                "run with --diariser auto, which tells such speakers apart by voice",
            )
        spans = (SpeakerSpan(f"channel-{i}", s) for i, spans in enumerate(activity.speech) for s in spans)
        return Diarisation(tuple(sorted(spans, key=lambda s: (s.span, s.speaker))), _confidence(activity))


def _confidence(activity: Activity) -> float:
    """1 without leakage, down to `LEAST_CONFIDENCE` where as much leaked as was spoken."""
    spoken = sum(total(spans) for spans in activity.speech)
    leaked = min(1.0, activity.bleed_seconds / spoken) if spoken else 0.0
    return round(1.0 - (1.0 - LEAST_CONFIDENCE) * leaked, 3)
