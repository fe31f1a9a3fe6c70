from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dispatch.demand.levels import filling, split_at_emptyings
from dispatch.demand.settings import GlassSettings
from dispatch.domain.signal import SignalKind
from tests.helpers.histories import DAY, HOUR, NOW, levels, until_now

GLASS = GlassSettings()


def test_an_even_filling_is_found_and_carried_on() -> None:
    """Six points a day for twenty days: the rate is six, and in two days it is twelve more."""
    state = filling(levels(now_pct=50, rate_pct_day=6, days=20), GLASS, now=NOW)
    assert state is not None
    assert state.level_pct == pytest.approx(50, abs=0.5)
    assert state.rate_pct_day == pytest.approx(6, abs=0.2)
    assert state.level_at(NOW + 2 * DAY) == pytest.approx(62, abs=1)


def test_noise_of_six_points_moves_the_rate_little() -> None:
    """Median slopes do not follow the noise."""
    rng = np.random.default_rng(7)
    noisy = [
        replace(s, value=s.value + float(rng.normal(0, 6)))
        for s in levels(now_pct=70, rate_pct_day=5, days=12)
    ]
    state = filling(noisy, GLASS, now=NOW)
    assert state is not None
    assert state.rate_pct_day == pytest.approx(5, abs=0.8)
    assert state.level_pct == pytest.approx(70, abs=6)


def test_a_short_history_is_drawn_towards_the_usual_rate() -> None:
    """One day of 20 points is not yet a container that fills in five days."""
    state = filling(levels(now_pct=40, rate_pct_day=20, days=1), GLASS, now=NOW)
    assert state is not None
    assert GLASS.usual_rate_pct_day <= state.rate_pct_day < 10


def test_emptyings_cut_the_series() -> None:
    """Two falls from nearly full make three cycles; the rate is that of the filling."""
    values = [60, 70, 80, 90, 5, 15, 25, 35, 45, 55, 65, 75, 85, 4, 14, 24]
    series = until_now(SignalKind.FILL_LEVEL, values, every=24 * HOUR)
    assert [c[0].value for c in split_at_emptyings(series, GLASS)] == [60, 5, 4]
    state = filling(series, GLASS, now=NOW)
    assert state is not None
    assert state.rate_pct_day == pytest.approx(10, abs=2)
    assert state.level_pct == pytest.approx(24, abs=2)


@pytest.mark.parametrize(
    "values",
    [
        [60, 62, 64, 5, 66, 68, 70],
        [60, 62, 64, 50, 48, 52, 54],
        [60, 62, 64, 5],
    ],
)
def test_an_echo_a_dent_and_a_lone_last_value_are_no_emptying(values: list[float]) -> None:
    """An emptying is confirmed by a second low value, and is deeper than noise."""
    series = until_now(SignalKind.FILL_LEVEL, values, every=8 * HOUR)
    assert len(split_at_emptyings(series, GLASS)) == 1


def test_emptying_a_container_that_was_not_full_is_an_emptying_too() -> None:
    """Neighbours of a full container are emptied at 35 %."""
    series = until_now(SignalKind.FILL_LEVEL, [31, 33, 35, 2, 4, 6], every=8 * HOUR)
    assert len(split_at_emptyings(series, GLASS)) == 2


def test_without_levels_there_is_no_filling() -> None:
    """Nothing is invented for a container without a sensor."""
    assert filling((), GLASS, now=NOW) is None


def test_the_chance_grows_with_time_and_with_the_age_of_the_news() -> None:
    """Half when the expected level is the limit; less sure the older the last level is."""
    state = filling(levels(now_pct=89, rate_pct_day=6, days=20), GLASS, now=NOW)
    assert state is not None
    assert state.chance_above(95, NOW + DAY) == pytest.approx(0.5, abs=0.1)
    assert state.chance_above(95, NOW) < 0.25 < 0.7 < state.chance_above(95, NOW + 2 * DAY)


def test_what_does_not_fill_is_never_full() -> None:
    """A container that stands still has no day when it is full."""
    state = filling(levels(now_pct=60, rate_pct_day=0, days=30), GLASS, now=NOW)
    assert state is not None
    flat = replace(state, rate_pct_day=0)
    assert flat.reaches(95) is None
    assert flat.reaches(50) == NOW
