from __future__ import annotations

import numpy as np
import pytest

from dispatch.demand.glass_settings import LevelSettings
from dispatch.demand.levels import Levels, read_levels
from dispatch.demand.series import columns_of
from dispatch.domain.signal import SignalKind
from tests.helpers.histories import HOUR, until_now

SETTINGS = LevelSettings()


def read(values: list[float], *, every_h: float = 1) -> Levels:
    signals = until_now(SignalKind.FILL_LEVEL, values, every=every_h * HOUR)
    return read_levels(signals, columns_of(signals), SETTINGS)


def noisy(count: int, *, level: float = 50, seed: int = 1, sd: float = 6) -> list[float]:
    rng = np.random.default_rng(seed)
    return [float(v) for v in np.round(np.clip(level + rng.normal(0, sd, count), 0, 100))]


def test_ordinary_levels_are_all_believed() -> None:
    """Noise of six points is what vibration sensors do."""
    values = noisy(200)
    assert read(values).pct.tolist() == values


@pytest.mark.parametrize("sd", [1.5, 6])
def test_each_sensor_has_its_own_noise(sd: float) -> None:
    """A distance sensor is quieter than one that listens to the glass."""
    assert read(noisy(400, sd=sd)).noise_pct == pytest.approx(sd, rel=0.35)


def test_the_noise_of_a_new_sensor_is_the_usual_one() -> None:
    """Three values tell nothing about their scatter."""
    assert read([50, 51, 52]).noise_pct == pytest.approx(SETTINGS.noise_pct, rel=0.1)


@pytest.mark.parametrize("value", [0, 100])
def test_a_single_spike_is_not_believed(value: float) -> None:
    """An echo says nothing about the glass."""
    values = noisy(60)
    levels = read([*values[:30], value, *values[30:]])
    assert levels.pct.tolist() == values


def test_zeros_for_some_hours_are_a_dropout() -> None:
    """The level is back afterwards, so nobody has emptied anything."""
    values = noisy(60)
    levels = read([*values[:30], *[0.0] * 8, *values[30:]])
    assert levels.pct.tolist() == values


def test_zeros_that_have_just_begun_are_no_news_yet() -> None:
    """Either an emptying or a dropout: half a day will tell."""
    values = noisy(60)
    assert read([*values, *[0.0] * 4]).pct.tolist() == values


def test_a_noisy_sensor_that_repeats_itself_is_stuck() -> None:
    """The first of the equal values is still a measurement."""
    values = noisy(60)
    levels = read([*values, *[values[-1]] * 30])
    assert levels.pct.tolist() == values


def test_a_quiet_sensor_may_repeat_itself_at_night() -> None:
    """A distance sensor reads the same while nobody throws anything in."""
    values = [40.0 + at // 24 for at in range(24 * 8)]
    assert read(values).pct.tolist() == values


def test_what_stands_at_full_may_be_full() -> None:
    """A container that overflows reads 100 for days."""
    values = [*noisy(60, level=90), *[100.0] * 30]
    assert len(read(values)) > 80


def test_no_levels_are_no_levels() -> None:
    """Nothing is invented."""
    assert len(read([])) == 0
