"""The benchmark of glass forecasts, on a small city; its seeds are none of the report's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispatch.demand.emptyings import Emptying
from dispatch.demand.throw_in import days_of
from scenarios.bench import demand_glass
from scenarios.bench.demand_glass import emptying_sheet, forecast_sheet, scored
from scenarios.bench.glass_city import simulate
from scenarios.bench.glass_figure import draw_fans
from scenarios.bench.glass_regimes import REGIMES, UNSEEN
from scenarios.bench.glass_score import HORIZONS_H, Score, match, pinball

if TYPE_CHECKING:
    from pathlib import Path

SPARSE = REGIMES[1]
FAULTY = UNSEEN[0]


@pytest.fixture(scope="module")
def score() -> Score:
    return scored(SPARSE, cities=1, seed=403)


def test_the_interval_covers_most_of_what_comes(score: Score) -> None:
    """On one small city chance has its say, so the bounds are wide."""
    for horizon in HORIZONS_H:
        assert 0.75 <= score.covered(horizon) <= 0.99


def test_forecasts_beat_the_last_value_and_its_slope(score: Score) -> None:
    """By a quarter of the loss at least."""
    for horizon in HORIZONS_H:
        assert score.gain(horizon) > 0.25


def test_emptyings_are_found(score: Score) -> None:
    """With three noisy levels a day, too."""
    assert score.found > 20
    assert min(score.precision, score.recall) > 0.94


def test_the_tables_tell_every_goal(score: Score) -> None:
    """Each row has a cell for each column, each goal says whether it was reached."""
    scores = [(SPARSE, score)]
    for sheet in (forecast_sheet(scores), emptying_sheet(scores)):
        assert {len(row) for row in sheet.rows} == {len(sheet.columns)}
        assert [row[0] for row in sheet.rows] == [SPARSE.name, "all"]
        assert all(reached is not None for _, reached in sheet.goals)


def test_the_city_without_sensors_is_told_too() -> None:
    """From levels by eye, from dates, from counts."""
    sheet = demand_glass.without_sensor_sheet(cities=1, sites=3, seed=401)
    assert len(sheet.rows) == 4
    assert sheet.goals[0][1]


def test_the_same_seed_is_the_same_city() -> None:
    """And another seed another."""
    one, again, other = (simulate(FAULTY, sites=2, days=10, seed=s) for s in (1, 1, 2))
    assert np.array_equal(one[0].read, again[0].read)
    assert not np.array_equal(one[0].level, other[0].level)


def test_what_a_sensor_makes_up_is_marked() -> None:
    """Stuck values, spikes and zeros are no measurements."""
    city = simulate(FAULTY, sites=4, days=60, seed=1)
    honest = np.concatenate([c.honest for c in city])
    assert 0.6 < honest.mean() < 0.98


def test_pinball_loss_of_a_sure_forecast() -> None:
    """Half the error, as the median's."""
    assert pinball(np.array([10.0]), np.full((1, 7), 4.0)) == pytest.approx(6 / 2)


def test_emptyings_are_matched_with_the_truth() -> None:
    """One found, one missed, one invented."""
    container = next(
        c for c in simulate(REGIMES[0], sites=4, days=40, seed=3) if len(c.emptied) > 1
    )
    start = days_of(container.start)
    first = container.emptied[0]
    quiet = first + 30

    def seen(hour: float) -> Emptying:
        return Emptying((hour - 1) / 24 + start, hour / 24 + start, 0)

    total = Score()
    match(container, [seen(first), seen(quiet)], 0, 24 * 38, total)
    assert (total.found, total.invented) == (1, 1)
    assert total.missed == sum(first < hour < 24 * 37 for hour in container.emptied)


def test_a_picture_is_drawn(tmp_path: Path) -> None:
    """Levels, truth and fan."""
    path = draw_fans(tmp_path, seed=1, shown=(1,))
    assert path is not None
    assert path.stat().st_size > 10_000
