from __future__ import annotations

from datetime import date

import pytest

from dispatch.service.holidays import holidays_around, public_holidays


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 6, 4),
        date(2026, 10, 3),
        date(2026, 11, 1),
        date(2026, 12, 25),
        date(2026, 12, 26),
    ],
)
def test_the_eleven_holidays_of_north_rhine_westphalia(day: date) -> None:
    """Corpus Christi and All Saints' Day among them; there are no others."""
    assert day in public_holidays([2026])
    assert len(public_holidays([2026])) == 11


def test_a_day_in_december_knows_the_new_year() -> None:
    """The next service day may lie in another year."""
    assert date(2027, 1, 1) in holidays_around(date(2026, 12, 31))
    assert date(2025, 12, 26) in holidays_around(date(2026, 1, 2))
