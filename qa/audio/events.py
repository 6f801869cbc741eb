"""What can be heard where nobody speaks: hold music, ring tones, noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.audio.envelope import Envelope
    from qa.model.sound import Activity, Audio


def find_events(audio: Audio, envelope: Envelope, activity: Activity) -> Activity:
    """The activity with its sound events."""
    return activity
