"""Words for people, in the two languages the pages speak."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One statement in German and English, with its figures already in it."""

    de: str
    en: str

    def __str__(self) -> str:
        """Return the English wording, the language of logs and the command line."""
        return self.en
