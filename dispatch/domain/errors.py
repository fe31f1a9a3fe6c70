"""What can go wrong, in words a dispatcher can act on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One fault: a stable code, what it concerns, what is wrong and what to do about it."""

    code: str
    subject: str
    cause: str
    action: str

    def __str__(self) -> str:
        """Return the issue as one line for logs and terminals."""
        return f"{self.code} {self.subject}: {self.cause}. {self.action}."


class DispatchError(Exception):
    """Root of all errors we raise on purpose; carries every issue found, not just the first.

    DispatchError
      InvalidInput        what came in cannot be used            exit code 2
        NothingToPlan     nobody works, or nothing is to do      exit code 2
      NotFound            an id nobody knows                     exit code 2
      Conflict            the state has moved on meanwhile       exit code 2
      NotRecognised       nobody knows who asks                  exit code 2
      NotAllowed          that is not this one's to see or do    exit code 2
      TooMany             asked too often, later it may work     exit code 2
      Unavailable         what we rest upon does not answer now  exit code 1
      MatrixUnavailable   no travel times for these points       exit code 1
      PlanningFailed      the solver process ended without plan  exit code 1
    """

    exit_code = 1

    def __init__(self, *issues: Issue) -> None:
        super().__init__("\n".join(str(issue) for issue in issues))
        self.issues = issues


class InvalidInput(DispatchError):
    """What came in cannot be used as it is."""

    exit_code = 2


class NothingToPlan(InvalidInput):
    """An organisation has no shift, no job or no job that can be done on a day."""


class NotFound(DispatchError):
    """The id that was asked for is not known."""

    exit_code = 2


class Conflict(DispatchError):
    """The request does not fit the present state."""

    exit_code = 2


class NotRecognised(DispatchError):
    """The request does not say who asks, or what it says is not (or no longer) true."""

    exit_code = 2


class NotAllowed(DispatchError):
    """Who asks is known, and may not have this."""

    exit_code = 2


class TooMany(DispatchError):
    """Somebody asked too often; it may work again after so many seconds."""

    exit_code = 2

    def __init__(self, *issues: Issue, retry_after_s: int) -> None:
        super().__init__(*issues)
        self.retry_after_s = retry_after_s


class Unavailable(DispatchError):
    """What we rest upon is busy or does not answer; the same request may succeed later."""


class MatrixUnavailable(DispatchError):
    """No travel times could be computed for the points given."""


class PlanningFailed(DispatchError):
    """The solver process ended without a solution."""
