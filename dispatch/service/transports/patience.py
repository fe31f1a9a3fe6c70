"""How long to wait before trying again: longer each time, and never all at the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

FIRST_S = 1.0


def pause_s(failures: int, *, most_s: float, random: Random) -> float:
    """Return the seconds to wait after so many failures in a row: doubled, cut, then shaken.

    Between half of it and all of it, so that services that lost their server together do not
    come back together.
    """
    longest: float = min(most_s, FIRST_S * 2 ** min(failures - 1, 30))
    return longest * random.uniform(0.5, 1.0)
