"""A rubric made ready to judge: its checks built once, its language data at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import qa
from qa.criteria import check_kinds
from qa.dialogue.measures import measure
from qa.dialogue.turns import SpokenWords, to_turns
from qa.dialogue.understand import Listener, context_of, listening_sounds
from qa.languages import language
from qa.model.contracts import Check
from qa.model.conversation import Conversation, Hearing, Role, RoleSpeech, Utterance
from qa.model.dialogue import CallContext
from qa.model.finding import Finding
from qa.model.recording import CallMetadata
from qa.model.rubric import Criterion, Example, ExampleLine, Rubric
from qa.model.scorecard import Scorecard
from qa.model.sound import ChannelLayout
from qa.model.span import Span
from qa.model.transcript import EngineDescription, Word, WordTiming
from qa.rubric.load import build_checks
from qa.scoring import judge_criterion, score

WRITTEN = EngineDescription("example", "", "")
"""The engine of a dialogue that was written and never spoken."""


@dataclass(frozen=True)
class Judge:
    """One rubric and everything it needs to judge conversations."""

    rubric: Rubric
    checks: Mapping[str, Check]
    listener: Listener

    @classmethod
    def of(cls, rubric: Rubric) -> Judge:
        """A judge for this rubric; its checks have been validated when the rubric was loaded."""
        return cls(rubric, build_checks(rubric, check_kinds()), Listener(rubric.company))

    def card(self, call: CallMetadata, conversation: Conversation) -> Scorecard:
        """The scorecard of one call."""
        dialogue = self.listener.understand(conversation, context_of(call))
        return score(
            dialogue=dialogue,
            rubric=self.rubric,
            checks=self.checks,
            kinds=check_kinds(),
            call=call,
            metrics=measure(dialogue),
            qa_version=qa.__version__,
        )

    def example(self, criterion: Criterion, example: Example) -> Finding:
        """What a card would say of an example dialogue: after applicability and thresholds."""
        conversation = conversation_of(example.language, example.dialogue)
        dialogue = self.listener.understand(conversation, CallContext(direction=example.direction))
        kind = check_kinds()[criterion.check]
        return judge_criterion(criterion, self.checks[criterion.id], kind, dialogue, self.rubric)


def _spoken(line: ExampleLine) -> SpokenWords:
    """The line's words, its time shared out evenly."""
    texts = line.text.split()
    each = (line.end - line.start) / len(texts)
    words = tuple(Word(t, Span(line.start + i * each, line.start + (i + 1) * each)) for i, t in enumerate(texts))
    return SpokenWords(line.role, Utterance(words, Span(line.start, line.end)))


def conversation_of(code: str, lines: tuple[ExampleLine, ...]) -> Conversation:
    """The conversation that example lines describe, as if it had been heard without any doubt."""
    spoken = tuple(_spoken(line) for line in lines)
    roles = {role.value: role for role in Role}
    speech = tuple(RoleSpeech(roles[s.speaker], s.utterance.span) for s in spoken)
    return Conversation(
        recording_sha256="",
        duration=max(line.end for line in lines),
        language=code,
        turns=to_turns(spoken, roles, listening_sounds(language(code))),
        speech=tuple(sorted(speech, key=lambda s: (s.span, s.role))),
        events=(),
        hearing=Hearing(
            WRITTEN, WRITTEN, ChannelLayout.TRANSCRIPT, WordTiming.INTERPOLATED, 1.0, "transcript", 1.0, None
        ),
    )
