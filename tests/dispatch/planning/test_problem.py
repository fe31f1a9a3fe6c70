"""The break rule and the values a solver works on."""

from __future__ import annotations

import pytest

from dispatch.planning.law import ARBZG

HOUR, MINUTE = 3600, 60


@pytest.mark.parametrize(
    ("work_s", "break_s"),
    [
        (6 * HOUR, 0),
        (6 * HOUR + 1, 30 * MINUTE),
        (9 * HOUR, 30 * MINUTE),
        (9 * HOUR + 1, 45 * MINUTE),
    ],
)
def test_breaks_follow_the_law(work_s: int, break_s: int) -> None:
    """ArbZG paragraph 4: more than six hours 30 minutes, more than nine hours 45."""
    assert ARBZG.needed_s(work_s) == break_s


@pytest.mark.parametrize(
    ("span_s", "break_s"),
    [
        (6 * HOUR, 0),
        (6 * HOUR + 10 * MINUTE, 30 * MINUTE),
        (9 * HOUR + 30 * MINUTE, 30 * MINUTE),
        (9 * HOUR + 40 * MINUTE, 45 * MINUTE),
    ],
)
def test_a_shift_reserves_the_shortest_lawful_break(span_s: int, break_s: int) -> None:
    """A shift of 9 h 30 min with 30 minutes of break is nine hours of work, so that is enough."""
    assert ARBZG.reserve_s(span_s) == break_s
