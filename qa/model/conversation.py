"""The heard call: who said what, when. Right of this value there is no sound, only values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from qa.model.sound import ChannelLayout, SoundEvent
from qa.model.span import Span, intersect, merge, subtract
from qa.model.transcript import EngineDescription, Word, WordTiming


class Role(StrEnum):
    """Who a speaker is. ``other`` is a third voice: an announcement, a second agent."""

    AGENT = "agent"
    CUSTOMER = "customer"
    OTHER = "other"

    @property
    def counterpart(self) -> Role:
        """The other side of a two-party call; ``other`` has none and stays itself."""
        return {Role.AGENT: Role.CUSTOMER, Role.CUSTOMER: Role.AGENT}.get(self, self)


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words of one speaker without a pause long enough to start anew."""

    words: tuple[Word, ...]
    span: Span

    @property
    def text(self) -> str:
        """The words as one line."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Turn:
    """The utterances of one speaker until somebody else takes the floor.

    A backchannel ("mhm" under the other's words) is a turn of its own, marked, and takes no floor.
    """

    speaker: str
    role: Role
    utterances: tuple[Utterance, ...]
    backchannel: bool = False

    @property
    def span(self) -> Span:
        """From the first utterance's start to the last one's end."""
        return Span(self.utterances[0].span.start, max(u.span.end for u in self.utterances))

    @property
    def words(self) -> tuple[Word, ...]:
        """Every word of the turn, in order."""
        return tuple(word for utterance in self.utterances for word in utterance.words)

    @property
    def text(self) -> str:
        """The words as one line."""
        return " ".join(utterance.text for utterance in self.utterances)


@dataclass(frozen=True, slots=True)
class RoleSpeech:
    """A stretch in which the voice of one role is heard, by voice activity where there is sound."""

    role: Role
    span: Span


@dataclass(frozen=True, slots=True)
class Hearing:
    """How the conversation was heard: engines and their trust, for provenance and confidence.

    Confidences are 0 to 1. ``word_confidence`` is the mean over the words that carry one, else None.
    """

    transcriber: EngineDescription
    diariser: EngineDescription
    layout: ChannelLayout
    timing: WordTiming
    role_confidence: float
    role_source: str
    speaker_confidence: float
    word_confidence: float | None
    notes: tuple[str, ...] = ()
    text_cleaned: int = 0
    redactions: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """One call as it was heard and redacted; holds nothing of the manifest.

    ``turns`` are sorted by start; ``speech`` is who can be heard when; ``events`` what else can.
    Silences and overlaps are derived, never stored.
    """

    recording_sha256: str
    duration: float
    language: str
    turns: tuple[Turn, ...]
    speech: tuple[RoleSpeech, ...]
    events: tuple[SoundEvent, ...]
    hearing: Hearing

    def by_role(self, role: Role) -> tuple[Turn, ...]:
        """The turns of one role, in order of start."""
        return tuple(turn for turn in self.turns if turn.role is role)

    def speech_of(self, role: Role) -> tuple[Span, ...]:
        """Sorted disjoint spans in which this role's voice is heard."""
        return merge(s.span for s in self.speech if s.role is role)

    def overlaps(self) -> tuple[Span, ...]:
        """Where agent and customer speak at once."""
        return intersect(self.speech_of(Role.AGENT), self.speech_of(Role.CUSTOMER))

    def silences(self, longer_than: float) -> tuple[Span, ...]:
        """Stretches longer than ``longer_than`` seconds between two sounds of voice, in order.

        Time before the first and after the last speech is not silence of a conversation.
        """
        voiced = merge(s.span for s in self.speech)
        gaps = (Span(left.end, right.start) for left, right in pairwise(voiced))
        return tuple(gap for gap in gaps if gap.duration > longer_than)

    def speech_hull(self) -> Span:
        """From the first sound of voice to the last; empty where nobody speaks."""
        voiced = merge(s.span for s in self.speech)
        return Span(voiced[0].start, voiced[-1].end) if voiced else Span(0.0, 0.0)

    def alone(self, role: Role) -> tuple[Span, ...]:
        """Where this role speaks and its counterpart does not."""
        return subtract(self.speech_of(role), self.speech_of(role.counterpart))

    def clarity(self, role: Role, within: Span) -> float:
        """How sure the recogniser was of this role's words in a span (mean, 0 to 1); 1.0 where it gave no figures.

        What was not found there was not said only as far as what was said there was heard.
        """
        words = (w for t in self.by_role(role) if t.span & within for w in t.words if within.covers(w.span.middle))
        sure = [word.confidence for word in words if word.confidence is not None]
        return sum(sure) / len(sure) if sure else 1.0
