"""What a reader says to a text: nothing, or the codes of its faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable


def codes_of(read: Callable[[str], object], text: str) -> set[str]:
    """Return the codes of all faults the reader tells; none if it can read the text."""
    try:
        read(text)
    except InvalidInput as error:
        return {issue.code for issue in error.issues}
    return set()
