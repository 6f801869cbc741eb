"""What a card says of interruptions."""

from __future__ import annotations

from stories import understood

from qa.criteria import check_kinds
from qa.model.rubric import CompanyFacts


def test_one_interruption_is_not_called_allowed_where_it_costs_points() -> None:
    over = ("customer 0-6 I want to tell you what happened to me", "agent 4-7 you have to wait for that now")
    check = check_kinds()["interruptions"].build({}, CompanyFacts())
    assert str(check.judge(understood(*over)).reason) == "Interruptions by the agent: 1; up to 1 still earn “partly”"
    assert str(check.judge(understood(over[0])).reason).startswith("Interruptions by the agent: 0")
