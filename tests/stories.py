"""Dialogues told in lines, for tests: ``talk("agent 0-3 thanks for calling", "customer 3-7 hi")``."""

from __future__ import annotations

from qa.batch.judge import conversation_of
from qa.dialogue.understand import Listener
from qa.model.conversation import Conversation
from qa.model.dialogue import CallContext, Dialogue
from qa.model.recording import Direction
from qa.model.rubric import CompanyFacts, ExampleLine
from qa.rubric.examples import read_line


def line(text: str) -> ExampleLine:
    """One line of a story; a line that cannot be read fails the test that tells it."""
    read = read_line(text)
    assert isinstance(read, ExampleLine), read
    return read


def talk(*lines: str, language: str = "en") -> Conversation:
    """The conversation that these lines tell."""
    return conversation_of(language, tuple(line(text) for text in lines))


def understood(
    *lines: str, language: str = "en", direction: Direction | None = None, company: CompanyFacts | None = None
) -> Dialogue:
    """The dialogue that these lines tell, with its speech acts."""
    listener = Listener(company or CompanyFacts())
    return listener.understand(talk(*lines, language=language), CallContext(direction=direction))
