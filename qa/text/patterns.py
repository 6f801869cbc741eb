"""Phrase patterns: what rubrics and language files write instead of regular expressions.

A pattern is a line of tokens, matched on folded text (no case, no diacritics), from left to right:

    oddzwonie           this token
    oddzwoni*           a token that begins so; ``*gatnam`` one that ends so
    (call|ring) back    one of several; alternatives may have several tokens
    [please] hold       a token or group that may be missing
    _                   any one token
    ..3                 up to three tokens of anything
    <weekday>           a class of words: of the language file, or of the company's facts
    <name>              any one token that the language does not list under ``not_name``
    ^  $                the beginning, the end of the sentence

Every repetition is bounded, so matching time grows linearly with the text. Patterns never cross the end
of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from qa.text.tokens import Sentence, normal_form

MAX_GAP = 8
"""Tokens. A wider gap joins words that have nothing to do with each other."""
NAME = "name"
KEY_LETTERS = 2
"""Letters by which patterns that begin with a prefix are filed; others are filed under their whole first token."""
OPEN = "*"
"""Ends the key of a beginning: ``ca*`` is for every token that begins so, ``call`` for that token alone."""

Part = tuple[str, frozenset[str] | None, bool]
"""(expression, keys of its first token or None for any, whether it may be empty)."""
_LEXEME = re.compile(r"\s*(\.\.\d+|<[a-z_]+>|[()\[\]|^$]|[^\s()\[\]|<>^$]+)")


class PatternError(ValueError):
    """A pattern that cannot be read; the message says what was expected."""


@dataclass(frozen=True)
class Pattern:
    """A pattern that was read. ``keys`` are its possible first tokens or beginnings; None when it may be any."""

    source: str
    text: str
    keys: frozenset[str] | None

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """Compiled when first tried: of a language's thousands of patterns a call tries a few hundred."""
        return re.compile(self.text)


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a pattern matched: half-open token indices within one sentence."""

    first: int
    last: int


def _lex(source: str) -> list[str]:
    position, lexemes = 0, []
    text = source.strip()
    while position < len(text):
        match = _LEXEME.match(text, position)
        if match is None:
            raise PatternError(f"{source!r}: cannot read {text[position:]!r}; expected a token, group, class or gap")
        lexemes.append(match.group(1))
        position = match.end()
    return lexemes


def _token_expression(lexeme: str, source: str) -> tuple[str, str | None]:
    """The expression of one token, and the key it is filed under (None: any beginning)."""
    if lexeme == "_":
        return r"[^ ]+ ", None
    begins, ends = lexeme.endswith("*"), lexeme.startswith("*")
    core = normal_form(lexeme.strip("*"))
    if not core or "*" in core:
        raise PatternError(f"{source!r}: {lexeme!r} can never match; expected letters or digits, one * at an end")
    expression = ("[^ ]*" if ends else "") + re.escape(core) + ("[^ ]*" if begins else "") + " "
    if ends:
        return expression, None
    return expression, core[:KEY_LETTERS] + OPEN if begins else core


class _Parser:
    """Recursive descent over lexemes; each method returns (expression, first keys, can be empty)."""

    def __init__(self, source: str, classes: WordClasses) -> None:
        self.source = source
        self.lexemes = _lex(source)
        self.classes = classes
        self.at = 0

    def parse(self) -> tuple[str, frozenset[str] | None]:
        expression, keys, empty = self.alternatives("")
        if self.at < len(self.lexemes):
            raise PatternError(f"{self.source!r}: {self.lexemes[self.at]!r} closes nothing; expected balanced groups")
        if empty:
            raise PatternError(f"{self.source!r}: matches nothing at all; expected at least one required token")
        return expression, keys

    def alternatives(self, closing: str) -> Part:
        branches = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.sequence())
        if closing:
            if self.peek() != closing:
                raise PatternError(f"{self.source!r}: a group is not closed; expected {closing!r}")
            self.at += 1
        return _join([b[0] for b in branches]), _union([b[1] for b in branches]), any(b[2] for b in branches)

    def sequence(self) -> Part:
        expression, keys, empty = "", frozenset[str](), True
        first: frozenset[str] | None = keys
        while self.peek() not in ("", "|", ")", "]"):
            part, part_keys, part_empty = self.element()
            expression += part
            if empty:
                first = _union([first, part_keys])
            empty = empty and part_empty
        return expression, first, empty

    def element(self) -> Part:
        lexeme = self.peek()
        self.at += 1
        if lexeme == "(":
            return self.alternatives(")")
        if lexeme == "[":
            expression, keys, _ = self.alternatives("]")
            return f"(?:{expression})?", keys, True
        if lexeme in "^$":
            return (r"\A" if lexeme == "^" else r"\Z"), frozenset(), True
        if lexeme.startswith(".."):
            return self.gap(lexeme)
        if lexeme.startswith("<"):
            return self.word_class(lexeme[1:-1])
        expression, key = _token_expression(lexeme, self.source)
        return expression, None if key is None else frozenset({key}), False

    def gap(self, lexeme: str) -> Part:
        width = int(lexeme[2:]) if lexeme[2:].isdecimal() else 0
        if not 1 <= width <= MAX_GAP:
            raise PatternError(f"{self.source!r}: {lexeme!r} is no gap; expected ..1 to ..{MAX_GAP} tokens")
        return rf"(?:[^ ]+ ){{0,{width}}}?", None, True

    def word_class(self, name: str) -> Part:
        if name != NAME and name not in self.classes.members:
            known = ", ".join(sorted(self.classes.members)) or "none"
            raise PatternError(f"{self.source!r}: unknown class <{name}>; expected one of: {known}")
        return self.classes.part(name)

    def peek(self) -> str:
        return self.lexemes[self.at] if self.at < len(self.lexemes) else ""


def _join(expressions: list[str]) -> str:
    return expressions[0] if len(expressions) == 1 else "(?:" + "|".join(expressions) + ")"


def _union(keys: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    union: frozenset[str] = frozenset()
    for some in keys:
        if some is None:
            return None
        union |= some
    return union


class WordClasses:
    """Word classes that patterns may name, each read once however many patterns name it."""

    def __init__(self, members: Mapping[str, tuple[str, ...]]) -> None:
        self.members = members
        self._parts: dict[str, Part] = {}

    def part(self, name: str) -> Part:
        """The class as a piece of a pattern."""
        if name not in self._parts:
            self._parts[name] = self._any_name() if name == NAME else self._read(self.members[name])
        return self._parts[name]

    def _any_name(self) -> Part:
        """A token without digits that the language does not list as impossible for a name."""
        excluded = "|".join(f"{re.escape(normal_form(word))} " for word in self.members.get("not_name", ()))
        return (rf"(?!{excluded})" if excluded else "") + r"[^\d ]+ ", None, False

    def _read(self, members: tuple[str, ...]) -> Part:
        parts = [_Parser(member, self).parse() for member in members]
        if not parts:
            return "(?!)", frozenset(), False
        return _join([p[0] for p in parts]), _union([p[1] for p in parts]), False


def compile_pattern(source: str, classes: Mapping[str, tuple[str, ...]] | WordClasses) -> Pattern:
    """Read one pattern; ``classes`` are the word classes it may name, each a tuple of patterns.

    Raises `PatternError` where the pattern cannot be read or could never match.
    """
    known = classes if isinstance(classes, WordClasses) else WordClasses(classes)
    expression, keys = _Parser(source, known).parse()
    # A gap is as short as what follows allows; with nothing after it ("before ..3"), it takes all it may.
    return Pattern(source, expression.removesuffix("?") if expression.endswith("}?") else expression, keys)


class PhraseBook:
    """Named patterns, filed by the beginning of their first token so that search is quick."""

    def __init__(self, patterns: Iterable[tuple[str, Pattern]]) -> None:
        self._filed: dict[str, list[tuple[str, Pattern]]] = {}
        self._anywhere: list[tuple[str, Pattern]] = []
        for name, pattern in patterns:
            for key in pattern.keys or ():
                self._filed.setdefault(key, []).append((name, pattern))
            if pattern.keys is None:
                self._anywhere.append((name, pattern))

    def search(self, sentence: Sentence) -> Iterator[tuple[str, Pattern, Hit]]:
        """Every place where a pattern matches, by start; of one name several places may overlap."""
        line = "".join(f"{token.text} " for token in sentence.tokens)
        starts = _starts(sentence)
        index = {start: number for number, start in enumerate([*starts, len(line)])}
        for first, (token, start) in enumerate(zip(sentence.tokens, starts, strict=True)):
            for name, pattern in self._candidates(token.text):
                match = pattern.expression.match(line, start)
                if match and match.end() > start:
                    yield name, pattern, Hit(first, index[match.end()])

    def _candidates(self, token: str) -> Iterator[tuple[str, Pattern]]:
        yield from self._filed.get(token, ())
        yield from self._filed.get(token[:KEY_LETTERS] + OPEN, ())
        if len(token) >= KEY_LETTERS:  # a prefix of one letter is filed under that letter
            yield from self._filed.get(token[:1] + OPEN, ())
        yield from self._anywhere


def _starts(sentence: Sentence) -> list[int]:
    starts, position = [], 0
    for token in sentence.tokens:
        starts.append(position)
        position += len(token.text) + 1
    return starts
