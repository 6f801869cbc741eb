"""Dialogues whose speech acts are told by hand: ``acted("agent 0-3 [apology] sorry about that")``.

Independent of how any language says an act, so that these stories hold when wording changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from stories import line, talk

from qa.criteria import check_kinds
from qa.model.conversation import Conversation
from qa.model.dialogue import CallContext, Dialogue, LanguageSupport, SpeechAct
from qa.model.finding import Finding
from qa.model.rubric import CompanyFacts, Json
from qa.model.span import Span

TOLD = re.compile(r"(?P<before>\S+ \S+) (?:\[(?P<acts>[^\]]*)\] )?(?P<words>.+)")


def acted(*told: str, language: str = "en", context: CallContext | None = None) -> Dialogue:
    """Lines with the names of their acts in brackets; each act covers its whole line."""
    parts = [match for one in told if (match := TOLD.fullmatch(one))]
    assert len(parts) == len(told), told
    plain = [f"{part['before']} {part['words']}" for part in parts]
    conversation = talk(*plain, language=language)
    acts = [
        act
        for part, text in zip(parts, plain, strict=True)
        for name in (part["acts"] or "").split()
        for act in _act(conversation, name, text)
    ]
    acts.sort(key=lambda act: (act.span, act.name))
    return Dialogue(conversation, context or CallContext(), tuple(acts), (), LanguageSupport.FULL)


def _act(conversation: Conversation, name: str, text: str) -> Iterator[SpeechAct]:
    told = line(text)
    span = Span(told.start, told.end)
    for number, turn in enumerate(conversation.turns):
        for position, utterance in enumerate(turn.utterances):
            if utterance.span == span and turn.role == told.role:
                yield SpeechAct(name, turn.role, number, position, span, span, told.text, 0.95, "told")


def finding(
    kind: str, parameters: Mapping[str, Json], dialogue: Dialogue, company: CompanyFacts | None = None
) -> Finding:
    """What a check of this kind finds in a dialogue."""
    return check_kinds()[kind].build(parameters, company or CompanyFacts()).judge(dialogue)


def verdict(kind: str, parameters: Mapping[str, Json], *told: str) -> str:
    """The verdict on a dialogue told in lines."""
    return finding(kind, parameters, acted(*told)).verdict.value
