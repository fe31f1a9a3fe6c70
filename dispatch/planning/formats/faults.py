"""Faults of a file, collected so that the reader hears of all of them at once."""

from __future__ import annotations

from dispatch.domain.errors import InvalidInput, Issue

MOST_TOLD = 50
"""Faults told of one file: nobody reads more, and a damaged file may have a million."""


class Faults:
    """The faults found so far; `stop` raises them together."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []

    def add(self, code: str, subject: str, cause: str, action: str) -> None:
        """Note one fault."""
        self.issues.append(Issue(code=code, subject=subject, cause=cause, action=action))

    def stop(self) -> None:
        """Raise InvalidInput with everything found so far, if anything was."""
        if self.issues:
            raise InvalidInput(*self.issues[:MOST_TOLD])


def refusal(code: str, subject: str, cause: str, action: str) -> InvalidInput:
    """Return the error of one fault after which nothing more can be read."""
    return InvalidInput(Issue(code=code, subject=subject, cause=cause, action=action))
