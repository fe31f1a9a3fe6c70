"""Text as every medium takes it."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return the text with a space for each sign that cannot be drawn, as ends of lines."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
