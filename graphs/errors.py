"""What can go wrong with street data, in words that say what to do next."""

from __future__ import annotations


class GraphError(Exception):
    """Root of all errors this package raises on purpose.

    GraphError
      SourceUnreadable   a map file or a place cannot be read        G1xx
      NetworkInvalid     arrays or arguments contradict themselves   G2xx
      PointsInvalid      points or a profile cannot be used          G3xx
      StoredInvalid      a stored network is damaged or foreign      G4xx

    `code` is stable, `subject` names the file, point or argument, `cause` says what is wrong and
    `action` what to do about it.
    """

    def __init__(self, code: str, subject: str, cause: str, action: str) -> None:
        super().__init__(code, subject, cause, action)
        self.code = code
        self.subject = subject
        self.cause = cause
        self.action = action

    def __str__(self) -> str:
        """Return the error as one line for logs and terminals."""
        return f"{self.code} {self.subject}: {self.cause}. {self.action}."


class SourceUnreadable(GraphError):
    """A map file or a place cannot be read."""


class NetworkInvalid(GraphError):
    """The parts of a network, or the arguments to make one, contradict each other."""


class PointsInvalid(GraphError):
    """Points or a profile cannot be used for travel times."""


class StoredInvalid(GraphError):
    """A stored network is missing, damaged or foreign."""
