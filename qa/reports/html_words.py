"""Values as a reader meets them on a page: clock times, percentages, dates, words for verdicts."""

from __future__ import annotations

import re
from datetime import datetime

from qa.model.conversation import Role
from qa.model.finding import Verdict
from qa.model.recording import UNKNOWN_AGENT

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Written out here because ``strftime`` asks the machine's locale, and the same night must give the same bytes."""

NOTHING = "–"
"""What stands where there is no value: never 0."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_VERDICTS = {
    Verdict.MET: "Met",
    Verdict.PARTLY: "Partly met",
    Verdict.MISSED: "Missed",
    Verdict.NOT_APPLICABLE: "Not applicable",
    Verdict.UNSURE: "Unsure",
}
_ROLES = {Role.AGENT: "Agent", Role.CUSTOMER: "Customer", Role.OTHER: "Other voice"}


def seconds(value: float) -> str:
    """Seconds as data: at most two decimals, no trailing zeros.

    >>> seconds(62.40000001)
    '62.4'
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def clock(value: float) -> str:
    """A position in the recording.

    >>> clock(62.4), clock(3725)
    ('1:02', '1:02:05')
    """
    whole = int(value)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def length(value: float) -> str:
    """How long something took.

    >>> length(0.9), length(15), length(254.1), length(7320)
    ('0.9 s', '15 s', '4 min 14 s', '2 h 2 min')
    """
    if value < 10:  # noqa: PLR2004 - below ten seconds the tenth matters
        return f"{seconds(round(value, 1))} s"
    whole = round(value)
    parts = ((whole // 3600, "h"), (whole // 60 % 60, "min"), (whole % 60, "s"))
    told = [f"{count} {unit}" for count, unit in parts if count]
    return " ".join(told[:2])


def percent(value: float | None) -> str:
    """A percentage with at most one decimal; a dash where there is none.

    >>> percent(83.333), percent(100.0), percent(None)
    ('83.3%', '100%', '–')
    """
    return NOTHING if value is None else f"{number(round(value, 1))}%"


def share(value: float | None) -> str:
    """A share of 0 to 1 as a percentage."""
    return NOTHING if value is None else percent(100 * value)


def number(value: float) -> str:
    """Points, or any figure: at most two decimals, no trailing zeros.

    >>> number(2.0), number(1.5)
    ('2', '1.5')
    """
    return seconds(value)


def day(value: datetime | None) -> str:
    """A date and time of day, with the zone's offset where it is known.

    >>> from datetime import UTC
    >>> day(datetime(2026, 3, 2, 9, 5, tzinfo=UTC))
    '2 Mar 2026, 09:05 UTC'
    """
    if value is None:
        return NOTHING
    told = f"{value.day} {MONTHS[value.month - 1]} {value.year}, {value:%H:%M}"
    offset = f"{value:%z}"
    if not offset:
        return told
    return f"{told} UTC" if offset == "+0000" else f"{told} {offset[:3]}:{offset[3:5]}"


def verdict_word(verdict: Verdict) -> str:
    """The verdict in a reader's words."""
    return _VERDICTS[verdict]


def role_word(role: Role) -> str:
    """Who speaks, in a reader's words."""
    return _ROLES[role]


def agent_word(agent_id: str, name: str | None) -> str:
    """The agent's name, or the id where no name is known."""
    return name or ("Unknown agent" if agent_id == UNKNOWN_AGENT else agent_id)


def language_tag(code: str) -> str:
    """A language for a ``lang`` attribute; ``und`` (undetermined) where it is none, so that no reader guesses.

    >>> language_tag("pl"), language_tag("no idea")
    ('pl', 'und')
    """
    return code if _LANGUAGE.fullmatch(code) else "und"


def plain_word(value: str) -> str:
    """A word of the program's own, such as ``no_speech``, as a reader writes it.

    >>> plain_word("no_speech")
    'No speech'
    """
    return value.replace("_", " ").capitalize()
