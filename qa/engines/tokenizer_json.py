"""Whisper's tokenizer in the format that faster-whisper reads, rebuilt from the ranks that openai-whisper ships.

openai's file lists byte strings by rank; the other format wants the merges that lead to them. A string of two
or more bytes, taken apart with lower ranks only, falls into exactly the two parts that were merged last.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tokenizers
    import whisper.tokenizer

TIMESTAMP = re.compile(r"<\|\d+\.\d+\|>")
"""The token of a time; faster-whisper decodes it as ordinary text."""
PRINTABLE_BYTES = (*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100))
"""Bytes that stand for themselves in a byte-level vocabulary (GPT-2)."""
_UNPRINTABLE = tuple(byte for byte in range(0x100) if byte not in PRINTABLE_BYTES)
BYTE_AS_TEXT = tuple(
    chr(byte) if byte in PRINTABLE_BYTES else chr(0x100 + _UNPRINTABLE.index(byte)) for byte in range(0x100)
)
"""Every byte as one visible character; the unprintable ones follow each other from U+0100 on."""


@dataclass(frozen=True, slots=True)
class SpecialTokens:
    """Token numbers with a meaning of their own."""

    languages: tuple[int, ...]
    never_said: tuple[int, ...]
    never_first: tuple[int, ...]


def openai_tokenizer(multilingual: bool, n_languages: int) -> whisper.tokenizer.Tokenizer:
    """openai-whisper's own tokenizer; its ranks are read once a process."""
    from whisper.tokenizer import get_tokenizer

    with warnings.catch_warnings():
        # openai-whisper leaves the file of ranks to the garbage collector
        warnings.filterwarnings("ignore", message="unclosed file", category=ResourceWarning)
        return get_tokenizer(multilingual, num_languages=n_languages)


def special_tokens(multilingual: bool, n_languages: int) -> SpecialTokens:
    """The tokens of languages, and those that are never text: signs nobody speaks, and orders to the decoder."""
    whisper = openai_tokenizer(multilingual, n_languages)
    orders = {whisper.transcribe, whisper.translate, whisper.sot, whisper.sot_prev, whisper.sot_lm}
    return SpecialTokens(
        tuple(sorted(whisper.all_language_tokens)),
        tuple(sorted(orders | set(whisper.non_speech_tokens))),
        (whisper.encode(" ")[0], whisper.eot),
    )


def vocabulary(multilingual: bool, n_languages: int) -> list[str]:
    """Every token as text, in order of its number."""
    encoding = openai_tokenizer(multilingual, n_languages).encoding
    numbered = {rank: _shown(token) for token, rank in encoding._mergeable_ranks.items()}
    numbered |= {number: token for token, number in encoding._special_tokens.items()}
    return [numbered[number] for number in range(encoding.n_vocab)]


def tokenizer_json(multilingual: bool, n_languages: int) -> tokenizers.Tokenizer:
    """The same tokenizer for the ``tokenizers`` library; its ``save`` writes ``tokenizer.json``."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    encoding = openai_tokenizer(multilingual, n_languages).encoding
    ranks: dict[bytes, int] = encoding._mergeable_ranks
    built = Tokenizer(models.BPE(vocab={_shown(token): rank for token, rank in ranks.items()}, merges=merges(ranks)))
    built.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    built.decoder = decoders.ByteLevel()
    for token, _ in sorted(encoding._special_tokens.items(), key=lambda item: item[1]):
        added = AddedToken(token, special=TIMESTAMP.fullmatch(token) is None, normalized=False)
        (built.add_special_tokens if added.special else built.add_tokens)([added])
    return built


def merges(ranks: Mapping[bytes, int]) -> list[tuple[str, str]]:
    """The two parts of every token of two or more bytes, in order of rank."""
    ordered = sorted(ranks.items(), key=lambda item: item[1])
    parts = (_parts(token, rank, ranks) for token, rank in ordered if len(token) > 1)
    return [(_shown(left), _shown(right)) for left, right in parts]


def _parts(token: bytes, rank: int, ranks: Mapping[bytes, int]) -> list[bytes]:
    """``token`` put together by merges of a lower rank than its own, as far as they go."""
    parts = [token[i : i + 1] for i in range(len(token))]
    while len(parts) > 1:
        candidates = [(ranks.get(parts[i] + parts[i + 1], rank), i) for i in range(len(parts) - 1)]
        best, at = min(candidates)
        if best >= rank:
            break
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts


def _shown(token: bytes) -> str:
    return "".join(BYTE_AS_TEXT[byte] for byte in token)
