"""What the page of one call shows, prepared for its template: lanes, moments, lines of the transcript, the player."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

from qa.model.conversation import Role, Turn, Utterance
from qa.model.night import CoachingPick, Night, ScoredCall
from qa.model.recording import Medium
from qa.reports.html_words import seconds
from qa.reports.names import page_name
from qa.reports.svg import Block, Lanes, Mark, lanes

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance: who (``first`` where the speaker changes), what, and when each word starts and the last ends."""

    role: Role
    start: float
    text: str
    backchannel: bool
    first: bool
    times: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CallPage:
    """The whole page. ``audio`` is the address of the recording as seen from the page, None without sound."""

    call: ScoredCall
    audio: str | None
    lanes: Lanes
    moments: tuple[Block | Mark, ...]
    lines: tuple[Line, ...]
    picks: tuple[CoachingPick, ...]
    band: str | None
    previous: str | None
    following: str | None

    @property
    def times(self) -> list[list[int]]:
        """Of every line its start and the steps from there, in hundredths of a second: half as long as times."""
        return [_steps(line.times) for line in self.lines]


def _steps(times: tuple[float, ...]) -> list[int]:
    ticks = [round(100 * time) for time in times]
    return [ticks[0], *(after - before for before, after in pairwise(ticks))]


def media_address(media: Path, page: Path) -> str:
    """Where the recording lies as seen from the page; a ``file:`` address from another drive.

    Percent-encoded as a whole: a file called ``javascript:x.wav`` stays a file.
    """
    try:
        relative = os.path.relpath(Path(media).absolute(), page.absolute().parent)
    except ValueError:
        return media.absolute().as_uri()
    return quote(os.fsencode(relative.replace(os.sep, "/")))


def _line(turn: Turn, utterance: Utterance, first: bool) -> Line:
    # A space inside a word would shift every later word under the player: words are told apart by spaces.
    text = " ".join(_SPACE.sub("\u00a0", word.text.strip()) or "\u00a0" for word in utterance.words)
    times = (*(word.span.start for word in utterance.words), utterance.span.end)
    return Line(turn.role, utterance.span.start, text, turn.backchannel, first, times)


def transcript_lines(turns: tuple[Turn, ...]) -> tuple[Line, ...]:
    """The utterances in order of time, each marked where another speaker takes over."""
    spoken = sorted(((u, t) for t in turns for u in t.utterances), key=lambda pair: pair[0].span)
    roles = [None, *(turn.role for _, turn in spoken)]
    return tuple(_line(turn, u, roles[i] is not turn.role) for i, (u, turn) in enumerate(spoken))


def _moments(drawn: Lanes) -> tuple[Block | Mark, ...]:
    told: tuple[Block | Mark, ...] = (*drawn.interruptions, *drawn.silences, *drawn.dead_air, *drawn.events)
    return tuple(sorted(told, key=lambda moment: moment.start))


def _neighbours(night: Night, call_id: str) -> tuple[str | None, str | None]:
    """The agent's call before and after this one, as page names."""
    calls = next((agent.calls for agent in night.agents if call_id in agent.calls), ())
    if call_id not in calls:
        return None, None
    at = calls.index(call_id)
    before = calls[at - 1] if at else None
    after = calls[at + 1] if at + 1 < len(calls) else None
    return (before and page_name(before), after and page_name(after))


def call_page(night: Night, call: ScoredCall, page: Path) -> CallPage:
    """Everything on the page that will be written at ``page``."""
    card, drawn = call.scorecard, lanes(call)
    before, after = _neighbours(night, card.call.call_id)
    return CallPage(
        call,
        media_address(call.media, page) if call.medium is Medium.AUDIO else None,
        drawn,
        _moments(drawn),
        transcript_lines(call.conversation.turns),
        tuple(pick for pick in night.coaching if pick.call_id == card.call.call_id),
        dict(night.bands).get(card.band or "", card.band),
        before,
        after,
    )


def moment_link(start: float, criterion: str) -> str:
    """The part of an address after the page: this second, this criterion."""
    return f"#t={seconds(start)}&c={quote(criterion, safe='')}"
