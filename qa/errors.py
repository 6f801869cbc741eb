"""Errors that a user reads: where, what is wrong, what was expected, what to do."""

from __future__ import annotations

from dataclasses import dataclass, field

from qa.model.scorecard import FailureKind


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in the four parts every message of this house has."""

    where: str
    wrong: str
    expected: str
    do: str

    def __str__(self) -> str:
        return f"{self.where}: {self.wrong}; expected {self.expected}; {self.do}"


@dataclass(eq=False)
class QaError(Exception):
    """The base of everything this package raises on purpose; carries one or more problems."""

    problems: tuple[Problem, ...] = field(default=())

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class UsageError(QaError):
    """Wrong arguments, rubric or manifest: nothing was started (exit status 2)."""


class RubricError(UsageError):
    """The rubric is not valid; each problem's ``where`` is a JSON path."""


class ManifestError(UsageError):
    """The manifest as a whole cannot be used."""


class EngineUnavailableError(UsageError):
    """An engine cannot work on this machine: its weights or packages are missing."""


class TryAgainError(QaError):
    """Nothing was done and nothing is broken: the store is locked or out of reach (exit status 3)."""


@dataclass(eq=False)
class CallError(QaError):
    """One call cannot be processed; the batch turns it into a `CallFailure` and goes on."""

    kind: FailureKind = FailureKind.ENGINE

    def __reduce__(self) -> tuple[type[CallError], tuple[tuple[Problem, ...], FailureKind]]:
        return type(self), (self.problems, self.kind)


def call_error(kind: FailureKind, where: str, wrong: str, expected: str, do: str) -> CallError:
    """A `CallError` with one problem."""
    return CallError((Problem(where, wrong, expected, do),), kind)
