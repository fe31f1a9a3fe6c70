"""Costs known from elsewhere: a `.sol` beside the instance, or a table of many instances."""

from __future__ import annotations

from dispatch.planning.formats.sections import finite


def cost_in_table(text: str, name: str) -> float | None:
    """Return the cost of that instance in lines `set name cost`, None if it is not there."""
    for line in text.splitlines():
        words = line.split()
        if len(words) == 3 and words[1].casefold() == name.casefold():
            return finite(words[2])
    return None
