"""PocketSphinx, the recogniser of the demo, hears in the English calls the words that the verdicts rest on."""

from __future__ import annotations

import re

import av
import jiwer
import numpy as np
import pytest
from pocketsphinx import Decoder
from samples_folder import FOLDER, Said, conversations, manifest

KEY_LINES = [
    ("en-01-lost-card", "my name is anna"),
    ("en-01-lost-card", "i have lost my bank card"),
    ("en-01-lost-card", "i am so sorry to hear that"),
    ("en-01-lost-card", "i will call you back tomorrow before noon"),
    ("en-01-lost-card", "and goodbye"),
    ("en-02-flooded-kitchen", "i am really angry about"),
    ("en-02-flooded-kitchen", "you have to call the number"),
    ("en-02-flooded-kitchen", "no we do not repair"),
    ("en-03-savings-on-hold", "this is anna speaking"),
    ("en-03-savings-on-hold", "i will send you an email today before five o'clock"),
    ("en-03-savings-on-hold", "have a great afternoon"),
    ("en-04-birthday-parcel", "i am very disappointed"),
    ("en-04-birthday-parcel", "i am sorry to hear that"),
    ("en-04-birthday-parcel", "i will call you back"),
    ("en-05-card-is-ready", "my name is anna"),
    ("en-05-card-is-ready", "have a lovely day"),
    ("en-06-charged-twice", "my name is peter"),
    ("en-06-charged-twice", "i am really worried"),
    ("en-06-charged-twice", "i will refund the second payment by friday"),
]
WORST_WORD_ERROR_RATE = 0.35
"""Of one line; beyond this the phrases that verdicts rest on are no longer recognisable."""


def key_line(call_id: str, phrase: str) -> tuple[Said, str]:
    """The utterance that contains this phrase, and its plain words."""
    plain = ((said, re.sub(r"[^a-z' ]", "", said.text.lower())) for said in conversations()[call_id])
    return next((said, text) for said, text in plain if phrase in text)


def heard(samples: bytes) -> str:
    """The words PocketSphinx hears in 16-bit samples at 16 kHz."""
    decoder = Decoder(samprate=16_000, loglevel="FATAL")
    decoder.start_utt()
    decoder.process_raw(samples, full_utt=True)
    decoder.end_utt()
    return str(decoder.hyp().hypstr)


def sound(call_id: str, speaker: str, start: float, end: float) -> bytes:
    """A stretch of one speaker's channel as 16-bit samples at 16 kHz."""
    row = manifest()[call_id]
    resampler = av.AudioResampler(format="s16p", rate=16_000)
    with av.open(str(FOLDER / row["recording"])) as container:
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    samples = np.concatenate([frame.to_ndarray() for frame in frames], axis=1)
    agent = int(row["agent_channel"] or 0)
    channel = agent if speaker == "agent" or len(samples) == 1 else 1 - agent
    return samples[channel, round(start * 16_000) : round(end * 16_000)].tobytes()


@pytest.mark.slow
@pytest.mark.parametrize(("call_id", "phrase"), KEY_LINES)
def test_the_lines_that_count_are_heard(call_id: str, phrase: str) -> None:
    said, text = key_line(call_id, phrase)
    hypothesis = heard(sound(call_id, said.speaker, said.span.start - 0.2, said.span.end + 0.25))
    assert jiwer.wer(text, hypothesis) <= WORST_WORD_ERROR_RATE, hypothesis
