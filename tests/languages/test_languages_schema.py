"""Every language file: valid by the schema, every pattern readable, the same acts in every language."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from importlib import resources

import pytest
from jsonschema import Draft202012Validator

import qa.languages
from qa.languages import SCHEMA, Language, language, languages
from qa.model.promise import PromisedAct
from qa.text.patterns import compile_pattern
from qa.text.tokens import normal_form

FROM_THE_RUBRIC = {"company": (), "department": ()}
MOST_BACKCHANNEL_WORDS = 2


@cache
def raw(name: str) -> str:
    return (resources.files(qa.languages) / name).read_text("utf-8")


def data_of(code: str) -> Language:
    data = language(code)
    assert data is not None
    return data


def _sources(data: Language) -> list[str]:
    acts = [phrase for act in data.acts.values() for phrase in (*act.phrases, *act.unless)]
    return [*acts, *data.card_code]


@pytest.mark.parametrize("code", languages())
def test_the_file_is_valid(code: str) -> None:
    schema = json.loads(raw(SCHEMA))
    Draft202012Validator.check_schema(schema)
    errors = list(Draft202012Validator(schema).iter_errors(json.loads(raw(f"{code}.json"))))
    assert not errors, [error.message for error in errors]
    assert data_of(code).code == code


@pytest.mark.parametrize("code", languages())
def test_every_pattern_compiles(code: str) -> None:
    data = data_of(code)
    classes = {**data.classes, **FROM_THE_RUBRIC}
    for source in _sources(data):
        compile_pattern(source, classes)


@pytest.mark.parametrize("code", languages())
def test_every_class_compiles(code: str) -> None:
    classes = data_of(code).classes
    for name in classes:
        compile_pattern(f"<{name}>", classes)


@pytest.mark.parametrize("code", languages())
def test_no_phrase_stands_twice(code: str) -> None:
    data = data_of(code)
    for name, act in data.acts.items():
        for phrases in (act.phrases, act.unless):
            written = Counter(" ".join(normal_form(t) or t for t in phrase.split()) for phrase in phrases)
            assert not [phrase for phrase, count in written.items() if count > 1], name


@pytest.mark.parametrize("code", languages())
def test_no_act_is_left_without_phrases(code: str) -> None:
    assert all(act.phrases for act in data_of(code).acts.values())


@pytest.mark.parametrize("code", languages())
def test_every_language_knows_the_same_acts(code: str) -> None:
    assert set(data_of(code).acts) == set(data_of("en").acts)


@pytest.mark.parametrize("code", languages())
def test_every_kind_of_promise_has_its_act(code: str) -> None:
    assert {f"promise.{act.value}" for act in PromisedAct} <= set(data_of(code).acts)


@pytest.mark.parametrize("code", languages())
def test_listening_sounds_are_short(code: str) -> None:
    assert all(len(sound.split()) <= MOST_BACKCHANNEL_WORDS for sound in data_of(code).backchannels)


@pytest.mark.parametrize("code", languages())
def test_short_forms_are_written_as_tokens(code: str) -> None:
    for short, long in data_of(code).contractions.items():
        assert normal_form(short) == short
        assert [normal_form(token) for token in long.split()] == long.split()


@pytest.mark.parametrize("code", languages())
def test_the_numerals_reach_from_zero_to_a_thousand(code: str) -> None:
    values = set(data_of(code).numbers.values())
    assert {*range(21), 30, 40, 50, 60, 70, 80, 90, 100, 1000} <= values
