from __future__ import annotations

import numpy as np
import pytest

from dispatch.demand.glass_settings import LevelSettings
from dispatch.demand.habits import (
    ContainerDays,
    city_habits,
    container_days,
    rate_prior,
    usual_habits,
    week_of,
)
from dispatch.domain.site import GlassColour

SETTINGS = LevelSettings()
WEEK = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 1.6, 0.4])
ODD_WEEK = np.array([2.2, 0.8, 0.8, 0.8, 0.8, 1.2, 0.4])


def seen(
    rate: float, *, site: str = "a", weeks: int = 4, week: np.ndarray = WEEK, seed: int = 0
) -> ContainerDays:
    rng = np.random.default_rng(seed)
    kinds = np.tile(np.arange(7), weeks)
    inflows = rate * week[kinds] * rng.gamma(8, 1 / 8, len(kinds))
    return container_days(kinds, inflows, site=site, colour=GlassColour.WHITE)


def a_city(rate: float = 8.0, **parts: object) -> list[ContainerDays]:
    return [seen(rate, site=f"s{at // 2}", seed=at, **parts) for at in range(40)]  # type: ignore[arg-type]


def test_a_city_nobody_has_seen_has_the_assumed_habits() -> None:
    """A handful of containers is no city."""
    assert city_habits(a_city()[:3], SETTINGS) == usual_habits(SETTINGS)


def test_a_city_shows_its_rate_and_its_week() -> None:
    """Forty containers of eight points a day and a strong Saturday."""
    habits = city_habits(a_city(), SETTINGS)
    assert habits.rate(GlassColour.WHITE) == pytest.approx(8, rel=0.1)
    assert habits.weights == pytest.approx(WEEK, abs=0.15)


def test_a_colour_nobody_has_seen_is_like_the_others() -> None:
    """There is no brown glass in this city."""
    habits = city_habits(a_city(), SETTINGS)
    assert habits.rate(GlassColour.BROWN) == pytest.approx(8, rel=0.1)


def test_a_new_container_is_expected_to_fill_like_its_neighbours() -> None:
    """Where two neighbours fill twice as fast, the third probably does too."""
    city = [
        seen(8.0 * factor, site=f"s{at}", seed=2 * at + part)
        for at, factor in enumerate(np.exp(np.linspace(-0.7, 0.7, 20)))
        for part in range(2)
    ]
    habits = city_habits(city, SETTINGS)
    new = seen(8.0, weeks=0, site="busy")
    neighbours = [seen(16.0, site="busy", seed=at) for at in (91, 92)]
    alone = rate_prior(new, [new], habits)
    beside = rate_prior(new, [new, *neighbours], habits)
    assert beside.mean > 1.4 * alone.mean
    assert beside.sd / beside.mean < alone.sd / alone.mean


def test_a_week_of_its_own_shows_after_some_weeks() -> None:
    """The pubs' Monday is seen in four weeks, hardly in one, and not at all in none."""
    habits = city_habits(a_city(), SETTINGS)
    mondays = [
        week_of(own, [own], habits)[0]
        for own in (seen(8, weeks=weeks, week=ODD_WEEK, seed=5) for weeks in (0, 1, 6))
    ]
    assert mondays[0] == pytest.approx(habits.weights[0])
    assert mondays[0] <= mondays[1] < mondays[2]
    assert mondays[2] > 1.2


def test_a_container_that_does_not_fill_spoils_no_habit() -> None:
    """Levels that fall a little through noise are no negative rate."""
    still = container_days(
        np.tile(np.arange(7), 4), np.full(28, -0.2), site="s", colour=GlassColour.WHITE
    )
    habits = city_habits([*a_city(), still], SETTINGS)
    assert 6 < habits.rate(GlassColour.WHITE) < 9
    assert all(np.isfinite(week_of(still, [still], habits)))
