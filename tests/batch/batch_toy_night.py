"""A night in miniature, run as a program of its own: toy calls through real workers into a real store."""

from __future__ import annotations

import hashlib
import sys
import time
from pathlib import Path

from qa.batch.local import LocalExecutor
from qa.model.conversation import Conversation, Hearing
from qa.model.recording import CallMetadata, Medium, Recording
from qa.model.sound import ChannelLayout
from qa.model.transcript import EngineDescription, WordTiming
from qa.store.lock import hold_store
from qa.store.store import Store

CALLS = tuple(
    Recording(Path(f"{n:02}.wav"), hashlib.sha256(bytes([n])).hexdigest(), Medium.AUDIO, CallMetadata(f"{n:02}"))
    for n in range(80)
)


def hear(recording: Recording) -> Conversation:
    """Take a moment, as hearing does."""
    time.sleep(0.005)
    engine = EngineDescription("toy", "", "1")
    hearing = Hearing(engine, engine, ChannelLayout.MONO, WordTiming.MEASURED, 1.0, "toy", 1.0, None)
    return Conversation(recording.sha256, 1.0, "en", (), (), (), hearing)


def main(url: str) -> None:
    with hold_store(url), Store.open(url) as store:
        todo = [recording for recording in CALLS if store.heard(recording.sha256) is None]
        for recording, heard in LocalExecutor(2, 300.0).run(hear, todo):
            assert isinstance(heard, Conversation)
            with store.transaction():
                store.keep_heard(recording.sha256, heard)
                store.keep_call(recording, recording.sha256)
            print(recording.metadata.call_id, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
