"""The customer's questions, and whether the agent's next turns answer them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa.dialogue.selection import Selection, select
from qa.languages import language
from qa.model.conversation import Role, Turn
from qa.model.dialogue import Dialogue
from qa.model.span import Span
from qa.text.tokens import Sentence, sentences

QUESTION_ACTS = ("open_question", "closed_question", "clarifying_question", "expectation_question")
"""Acts that are questions, whoever performs them."""

ASKING = ("identity_check", "offer_of_more", "offer_of_help", "hold_permission", "transfer_permission")
"""Acts that ask something too and answer nothing."""

STATEMENT_WORDS = 4
"""Words before a question in one sentence that make a statement of their own ("okay so" is none)."""

STATEMENT_ENDS = (".", "!", "…")
"""Signs that close a statement, whatever question a phrase in it looks like."""

STEM_LETTERS = 5
"""Letters by which words of two questions are compared, so that case endings do not matter."""

CONTENT_LETTERS = 4
"""Letters; shorter words are mostly grammar and make no two questions alike."""


@dataclass(frozen=True, slots=True)
class QuestionRule:
    """What counts; all numbers are the rubric's.

    A question has at least ``question_words`` words; it is asked again where at least ``same_share`` (0 to
    1) of its content words return in a later question; an answer has at least ``answer_words`` words.
    """

    within_turns: int = 2
    question_words: int = 3
    answer_words: int = 1
    same_share: float = 0.6


@dataclass(frozen=True, slots=True)
class Question:
    """A question: its sentence, who says it in which turn, and the stems of its content words."""

    sentence: Sentence
    turn: int
    stems: frozenset[str]


def spoken_sentences(dialogue: Dialogue, turn: Turn) -> Iterator[Sentence]:
    """The sentences of a turn in normal form, with the contractions of the call's language."""
    data = language(dialogue.conversation.language)
    for utterance in turn.utterances:
        yield from sentences(utterance.words, data.contractions if data else {})


def is_question(dialogue: Dialogue, turn: int, sentence: Sentence, unless: tuple[str, ...] = ()) -> bool:
    """By its question mark, or by a phrase; never where one of the ``unless`` acts is said in it."""
    within = Span(sentence.span.start, sentence.span.end)
    if any(act.turn == turn for act in select(dialogue, Selection(unless), None, within)):
        return False
    asked = select(dialogue, Selection(QUESTION_ACTS), None, within)
    return sentence.question or any(act.turn == turn for act in asked)


def find_questions(dialogue: Dialogue, role: Role, rule: QuestionRule, unless: tuple[str, ...]) -> tuple[Question, ...]:
    """The questions of one role by time; the shortest ("Yes?", "Hello?") ask nothing."""
    return tuple(
        Question(sentence, number, _stems(sentence))
        for number, turn in enumerate(dialogue.conversation.turns)
        if turn.role is role and not turn.backchannel
        for sentence in spoken_sentences(dialogue, turn)
        if len(sentence.words) >= rule.question_words and is_question(dialogue, number, sentence, unless)
    )


def _stems(sentence: Sentence) -> frozenset[str]:
    return frozenset(t.text[:STEM_LETTERS] for t in sentence.tokens if len(t.text) >= CONTENT_LETTERS)


def next_agent_turns(dialogue: Dialogue, turn: int, count: int) -> tuple[int, ...]:
    """Numbers of the agent's next turns after (or around) a turn of somebody else."""
    end = dialogue.conversation.turns[turn].span.end
    return tuple(
        number
        for number, other in enumerate(dialogue.conversation.turns)
        if other.role is Role.AGENT and not other.backchannel and other.span.end > end
    )[:count]


def answer_to(
    dialogue: Dialogue, question: Question, all_of_them: tuple[Question, ...], rule: QuestionRule
) -> int | None:
    """The number of the agent's turn that answers, None where none does.

    An answer is a sentence of the agent that is not a question itself. What was said before the customer
    had to ask the same again was no answer.
    """
    again = [q.turn for q in all_of_them if q.turn > question.turn and _same(question, q, rule.same_share)]
    for number in next_agent_turns(dialogue, question.turn, rule.within_turns):
        asked_after = any(turn > number for turn in again)
        if not asked_after and _states(dialogue, number, rule.answer_words):
            return number
    return None


def _same(one: Question, other: Question, share: float) -> bool:
    return bool(one.stems) and len(one.stems & other.stems) >= share * len(one.stems | other.stems)


def _states(dialogue: Dialogue, number: int, least: int) -> bool:
    """Whether a turn holds a statement: a sentence, or what is said before a question in the same sentence.

    Without punctuation a whole turn is one sentence, and may answer first and then ask; with it, a full
    stop tells a statement.
    """
    asked = [act.span.start for act in select(dialogue, Selection((*QUESTION_ACTS, *ASKING)), Role.AGENT)]
    for sentence in spoken_sentences(dialogue, dialogue.conversation.turns[number]):
        first = min((start for start in asked if sentence.span.covers(start)), default=sentence.span.end)
        before = sum(1 for token in sentence.tokens if sentence.words[token.word].span.start < first)
        told = sentence.words[-1].text.endswith(STATEMENT_ENDS) or first == sentence.span.end
        if told and not sentence.question and len(sentence.words) >= least:
            return True
        if first < sentence.span.end and before >= max(least, STATEMENT_WORDS):
            return True
    return False
