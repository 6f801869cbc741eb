"""Channels as speakers: certain where they keep people apart, less where they leak, refused where they do not."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from qa.engines.channels import Channels
from qa.errors import CallError
from qa.model.sound import Activity, Audio, ChannelLayout, SpeakerSpan
from qa.model.span import Span

AUDIO = Audio(np.zeros((2, 160_000), dtype=np.float32), 8_000, "pcm_s16le", "wav")
SPEECH = ((Span(0.0, 3.0), Span(6.0, 8.0)), (Span(2.5, 6.0),))


def test_each_channel_is_a_speaker_and_they_may_overlap() -> None:
    heard = Channels().diarise(AUDIO, Activity(ChannelLayout.TWO_CHANNEL, SPEECH))

    assert heard.spans == (
        SpeakerSpan("channel-0", Span(0.0, 3.0)),
        SpeakerSpan("channel-1", Span(2.5, 6.0)),
        SpeakerSpan("channel-0", Span(6.0, 8.0)),
    )
    assert heard.speakers == ("channel-0", "channel-1")
    assert heard.confidence == 1.0


@pytest.mark.parametrize(("leaked", "confidence"), [(0.85, 0.97), (8.5, 0.7), (800.0, 0.7)])
def test_leakage_costs_trust(leaked: float, confidence: float) -> None:
    activity = Activity(ChannelLayout.TWO_CHANNEL, SPEECH, bleed_seconds=leaked)

    assert Channels().diarise(AUDIO, activity).confidence == pytest.approx(confidence)


@pytest.mark.parametrize("layout", [ChannelLayout.MONO, ChannelLayout.DUAL_MONO, ChannelLayout.ONE_SIDED])
def test_channels_that_keep_nobody_apart_are_refused(layout: ChannelLayout) -> None:
    with pytest.raises(CallError, match=r"--diariser auto"):
        Channels().diarise(AUDIO, Activity(layout, (SPEECH[0], ())))


def test_it_travels_to_a_worker() -> None:
    assert pickle.loads(pickle.dumps(Channels())) == Channels()
