from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dispatch.demand.glass_settings import GlassSettings
from dispatch.demand.history import Occasion, SiteHistory
from dispatch.demand.outlook import Outlook, fillings, outlooks
from dispatch.domain.clock import BERLIN
from dispatch.domain.signal import SignalKind
from tests.helpers.histories import (
    DAY,
    HOUR,
    NOW,
    a_bank,
    a_history,
    emptied_every,
    levels,
    the_evening,
    until_now,
)
from tests.helpers.signals import a_signal

if TYPE_CHECKING:
    from dispatch.demand.filling import Filling

GLASS = GlassSettings()


def the_filling(*signals: Any, occasion: Occasion | None = None) -> Filling:
    found = fillings(a_history(a_bank(), *signals), GLASS, occasion or the_evening())
    return found[0][1]


def the_outlook(history: SiteHistory, occasion: Occasion | None = None) -> Outlook:
    (outlook,) = outlooks(history, GLASS, occasion or the_evening())
    return outlook


def test_an_even_filling_is_found_and_carried_on() -> None:
    """Six points a day for twenty days: the rate is six, and in a week it is 42 more."""
    filling = the_filling(levels(now_pct=50, rate_pct_day=6, days=20))
    assert filling.level_pct == pytest.approx(50, abs=1)
    assert filling.rate_pct_day == pytest.approx(6, abs=0.5)
    assert filling.level_at(NOW + 7 * DAY) == pytest.approx(92, abs=3)


def test_noise_of_six_points_moves_the_forecast_little() -> None:
    """Many noisy readings know the level better than one."""
    rng = np.random.default_rng(7)
    noisy = [
        replace(s, value=s.value + float(rng.normal(0, 6)))
        for s in levels(now_pct=70, rate_pct_day=5, days=12)
    ]
    filling = the_filling(noisy)
    assert filling.rate_pct_day == pytest.approx(5, abs=1)
    assert filling.level_pct == pytest.approx(70, abs=5)


def test_a_short_history_is_drawn_towards_the_usual_rate() -> None:
    """One day of 20 points is not yet a container that fills in five days."""
    filling = the_filling(levels(now_pct=40, rate_pct_day=20, days=1))
    assert GLASS.usual_rate_pct_day <= filling.rate_pct_day < 12


def test_a_saturday_brings_more_than_a_monday() -> None:
    """Weeks of the same pattern: the next Saturday is forecast like the last ones."""
    hours = 24 * 28
    start = NOW - (hours - 1) * HOUR
    level, values = 0.0, []
    for at in range(hours):
        moment = start + at * HOUR
        if 7 <= moment.hour < 20:
            level += (14 if moment.weekday() == 5 else 1) / 13
        values.append(level)
        if level > 80:
            level = 2
    filling = the_filling(until_now(SignalKind.FILL_LEVEL, values, every=HOUR, part_id="white"))

    def inflow(day: int) -> float:
        begin = datetime(2026, 7, day, tzinfo=BERLIN)
        return filling.level_at(begin + DAY) - filling.level_at(begin)

    assert inflow(18) > 3 * inflow(20)


def test_uncertainty_grows_with_time_and_with_the_age_of_the_news() -> None:
    """The interval of a week is wider than that of a day; old news widens both."""
    fresh = the_filling(levels(now_pct=50, rate_pct_day=6, days=20))
    old = the_filling(
        [s for s in levels(now_pct=50, rate_pct_day=6, days=20) if s.observed_at <= NOW - 3 * DAY]
    )

    def width(filling: Filling, ahead: timedelta) -> float:
        spread = filling.spread(NOW + ahead)
        return spread.quantile(0.95) - spread.quantile(0.05)

    assert width(fresh, DAY) < width(fresh, 7 * DAY)
    assert width(fresh, DAY) < width(old, DAY)


def test_the_date_when_full_comes_with_its_interval() -> None:
    """Earliest, middle and latest are in order, and the risk grows day by day."""
    outlook = the_outlook(a_history(a_bank(), levels(now_pct=60, rate_pct_day=6, days=20)))
    full = outlook.full
    assert full.earliest is not None
    assert full.middle is not None
    assert full.latest is not None
    assert full.earliest < full.middle < full.latest
    assert abs((full.middle - NOW) / DAY - 35 / 6) < 1
    risks = [risk for _, risk in outlook.overflow_by_day(14)]
    assert risks == sorted(risks)
    assert risks[0] < 0.01 < 0.95 < risks[-1]


def test_what_does_not_fill_is_never_full() -> None:
    """A container that stands still has no day when it is full."""
    filling = the_filling(levels(now_pct=10, rate_pct_day=0, days=30, noise=1))
    assert filling.reaches(95, chance=0.95) is None
    assert filling.reaches(5) == NOW


def test_glass_of_a_party_is_there_at_once() -> None:
    """Thirty points overnight are not noise: five readings say so."""
    calm = levels(now_pct=40, rate_pct_day=3, days=14)
    party = [
        a_signal(SignalKind.FILL_LEVEL, 72, observed_at=NOW + at * HOUR, part_id="white")
        for at in range(1, 6)
    ]
    filling = the_filling(calm, party, occasion=the_evening(now=NOW + 6 * HOUR))
    assert filling.level_pct == pytest.approx(72, abs=3)


def test_without_a_sensor_the_emptyings_tell_the_rate() -> None:
    """Found at 84 % every fortnight: six points a day, and 18 days make it overflow."""
    filling = the_filling(emptied_every(14, times=8, last_days_ago=7, found_pct=84))
    assert filling.rate_pct_day == pytest.approx(6, abs=0.7)
    assert filling.level_pct == pytest.approx(43, abs=6)


def test_mere_dates_tell_less_than_levels() -> None:
    """The same forecast, with a wider interval."""
    dates = the_filling(emptied_every(10, times=8, last_days_ago=5))
    found = the_filling(emptied_every(10, times=8, last_days_ago=5, found_pct=60))
    in_a_week = NOW + 7 * DAY
    assert dates.rate_pct_day == pytest.approx(found.rate_pct_day, abs=1)
    widths = [
        f.spread(in_a_week).quantile(0.95) - f.spread(in_a_week).quantile(0.05)
        for f in (found, dates)
    ]
    assert widths[0] < widths[1]


def test_counts_of_deposits_make_a_level() -> None:
    """Found at 75 % after 1,000 deposits: 600 deposits later it is at 47 %."""
    counts = [
        a_signal(SignalKind.DEPOSITS, 50, observed_at=NOW - at * DAY / 2, part_id="white")
        for at in range(100)
    ]
    # Counts sent in the evening and in the morning; emptied at noon, so never at the same moment.
    reports = [
        replace(s, observed_at=s.observed_at + 6 * HOUR)
        for s in emptied_every(10, times=4, last_days_ago=6.5, found_pct=75)
    ]
    filling = the_filling(sorted([*counts, *reports], key=lambda s: s.observed_at))
    assert filling.level_pct == pytest.approx(2 + 13 * 50 * 0.073, abs=3)


def test_nothing_is_known_of_a_container_that_never_sent() -> None:
    """Nothing is invented for it."""
    assert outlooks(a_history(a_bank()), GLASS, the_evening()) == ()


def test_a_clock_change_moves_no_forecast() -> None:
    """Across 25 October 2026 a week is 169 hours, and brings a week's glass."""
    now = datetime(2026, 10, 21, 18, tzinfo=BERLIN)
    series = [
        replace(s, observed_at=s.observed_at + (now - NOW))
        for s in levels(now_pct=40, rate_pct_day=6, days=20)
    ]
    filling = the_filling(series, occasion=Occasion(now=now, day=date(2026, 10, 22)))
    later = datetime(2026, 10, 28, 18, tzinfo=BERLIN)
    assert filling.level_at(later) - filling.level_at(now) == pytest.approx(42, abs=3)
