from __future__ import annotations

from qa.engines.words import SHORTEST_WORD, fuse, segment_of, spoken
from qa.model.span import Span
from qa.model.transcript import Word


def words(*texts: str) -> tuple[Word, ...]:
    return tuple(Word(text, Span(i, i + 1), 0.9 - i / 10) for i, text in enumerate(texts))


def test_pieces_without_a_leading_space_belong_to_the_word_before() -> None:
    fused = fuse(words(" my", " e", "-mail", " is"))
    assert [word.text for word in fused] == [" my", " e-mail", " is"]
    assert fused[1].span == Span(1, 3)
    assert fused[1].confidence == 0.7, "as certain as the weakest piece"


def test_words_of_a_source_without_leading_spaces_stand_for_themselves() -> None:
    assert len(fuse(words("my", "e-mail", "is"))) == 3
    assert len(fuse(words(" my", "e-mail", "is", "this"))) == 4, "one stray space is no convention"


def test_an_unknown_confidence_stays_unknown_when_words_are_fused() -> None:
    left, right = Word(" e", Span(0, 1)), Word("-mail", Span(1, 2))
    assert fuse((left, right))[0].confidence is None


def test_spoken_words_are_clean_and_take_time() -> None:
    (word,) = spoken([Word(" so\ud800 ", Span(1, 1)), Word(" \x00 ", Span(2, 3))])
    assert word.text == "so"
    assert word.span == Span(1, 1 + SHORTEST_WORD)


def test_a_segment_is_as_long_as_its_words() -> None:
    assert segment_of([Word("b", Span(2, 5)), Word("a", Span(1, 3))], "agent").span == Span(1, 5)
