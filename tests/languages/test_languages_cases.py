"""Every act of every language, on sentences that must perform it and on hard ones that must not.

``cases_<code>.json`` holds, for each act, ``{"must_fire": [sentence, ...], "must_not_fire": [sentence, ...]}``.
A new language adds its file of cases and no code.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from qa.dialogue.acts import ActRecogniser
from qa.languages import language, languages
from qa.model.conversation import Role, Turn, Utterance
from qa.model.rubric import CompanyFacts
from qa.model.span import Span
from qa.model.transcript import Word

HERE = Path(__file__).parent
CUSTOMER_ACTS = frozenset({"trouble", "complaint", "insult", "escalation_request", "name_given", "need"})
FIRES, SILENT = "must_fire", "must_not_fire"
LEAST_CASES = 4


@cache
def read_cases(code: str) -> dict[str, dict[str, list[str]]]:
    path = HERE / f"cases_{code}.json"
    cases: dict[str, dict[str, list[str]]] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return cases


@cache
def recogniser(code: str) -> ActRecogniser:
    data = language(code)
    assert data is not None
    return ActRecogniser(data, CompanyFacts())


def one_turn(role: Role, text: str) -> Turn:
    words = tuple(Word(word, Span(n * 0.4, n * 0.4 + 0.3)) for n, word in enumerate(text.split()))
    return Turn(role.value, role, (Utterance(words, Span(0.0, words[-1].span.end)),))


def acts_in(code: str, act: str, text: str) -> dict[str, str]:
    """The acts of a sentence said by whoever usually performs ``act``, with the pattern that found each."""
    role = Role.CUSTOMER if act in CUSTOMER_ACTS else Role.AGENT
    return {found.name: found.layer for found in recogniser(code).recognise([one_turn(role, text)])}


def every(kind: str) -> list[tuple[str, str, str]]:
    return [(c, act, text) for c in languages() for act, case in read_cases(c).items() for text in case.get(kind, ())]


@pytest.mark.parametrize(("code", "act", "text"), every(FIRES))
def test_the_act_is_heard(code: str, act: str, text: str) -> None:
    found = acts_in(code, act, text)
    assert act in found, f"only {sorted(found)}"


@pytest.mark.parametrize(("code", "act", "text"), every(SILENT))
def test_the_act_is_not_heard(code: str, act: str, text: str) -> None:
    assert acts_in(code, act, text).get(act) is None


@pytest.mark.parametrize("code", languages())
def test_every_act_has_its_cases(code: str) -> None:
    data, cases = language(code), read_cases(code)
    assert data is not None
    assert set(cases) == set(data.acts)
    few = {act for act, case in cases.items() if min(len(case.get(FIRES, ())), len(case.get(SILENT, ()))) < LEAST_CASES}
    assert not few, f"fewer than {LEAST_CASES} sentences a side: {sorted(few)}"


@pytest.mark.parametrize("code", languages())
def test_no_case_is_both(code: str) -> None:
    assert all(not set(case[FIRES]) & set(case[SILENT]) for case in read_cases(code).values())
