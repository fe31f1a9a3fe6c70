"""Time keeps its meaning across clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from dispatch.domain.clock import after, at_local, day_bounds, seconds_between, to_utc


def test_seconds_across_the_autumn_clock_change_are_true_seconds() -> None:
    """00:30 to 05:30 on 25 October 2026 is five hours on the wall and six in truth."""
    day = date(2026, 10, 25)
    assert seconds_between(at_local(day, time(0, 30)), at_local(day, time(5, 30))) == 6 * 3600


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 7, 1), 24), (date(2026, 10, 25), 25)]
)
def test_a_local_day_has_23_24_or_25_hours(day: date, hours: int) -> None:
    """The bounds of a day are local midnights, whatever lies between them."""
    assert seconds_between(*day_bounds(day)) == hours * 3600


def test_adding_seconds_keeps_the_zone() -> None:
    """A stop six hours after midnight of the long day is at five on the wall."""
    moment = after(at_local(date(2026, 10, 25), time()), 6 * 3600)
    assert (moment.hour, moment.utcoffset()) == (5, timedelta(hours=1))


def test_a_time_without_zone_is_refused() -> None:
    """Nobody can know when 08:00 is."""
    naive = datetime(2026, 7, 14, 8, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match="no time zone"):
        to_utc(naive)
