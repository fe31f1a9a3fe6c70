"""The irrigation benchmark on a generated summer, and on the city's real one where it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scenarios.bench import demand_water
from scenarios.bench.demand_water import SETTINGS, Summer, generated_summer, real_summer
from scenarios.bench.water_examples import examples
from scenarios.bench.water_season import season_inputs, water_season
from tests.helpers.soils import a_zone

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def summer() -> Summer:
    return generated_summer()


def test_every_worked_example_is_reproduced() -> None:
    """The sheet's goal is reached."""
    sheet = examples()
    assert [reached for _, reached in sheet.goals] == [True]


def test_the_generated_stations_faults_are_seen(summer: Summer) -> None:
    """One stands in the shade, one has a stuck anemometer; the days are whole."""
    assert [note.en.split(":")[0] for note in summer.weather.notes] == [
        "station BANK-SCHATTEN",
        "station BANK-WIND",
    ]
    assert len(summer.days) > 175
    assert all(day.radiation_mj is not None for day in summer.days)


def test_a_summers_waterings_are_few_and_large_and_spare_the_tree(summer: Summer) -> None:
    """As practice has it, and with near groundwater less."""
    until = summer.days[-1].day
    runs = {
        depth: water_season(
            a_zone(efficiency=0.9, rain_share=0.85),
            season_inputs(summer.days, SETTINGS, depth_m=depth),
            SETTINGS,
            until=until,
        )
        for depth in (1.0, 4.0)
    }
    assert 3 <= len(runs[4.0].litres) <= 12
    assert all(75 <= litres <= 200 for litres in runs[4.0].litres.values())
    assert runs[4.0].stress_days < 10
    assert sum(runs[1.0].litres.values()) < 0.5 * sum(runs[4.0].litres.values())


def test_the_seasons_picture_is_drawn(summer: Summer, tmp_path: Path) -> None:
    """One panel per setting; needs the extra `plot`."""
    pytest.importorskip("matplotlib", reason="matplotlib (extra plot) is not installed")
    from scenarios.bench.water_plot import draw_seasons

    short = summer.days[:60]
    inputs = season_inputs(short, SETTINGS)
    run = water_season(a_zone(), inputs, SETTINGS, until=short[-1].day)
    draw_seasons({"one": run, "two": run}, "Two trees", tmp_path / "season.png")
    assert (tmp_path / "season.png").stat().st_size > 10_000


@pytest.mark.city_data
def test_the_real_summer_beside_pyfao56(shared_dir: Path) -> None:
    """Real weather of 2025: our water balance within 5 % of pyfao56's."""
    pytest.importorskip("pyfao56", reason="pyfao56 (test extra) is not installed")
    found = real_summer(shared_dir)
    if found is None:
        pytest.skip("the city's weather is not in the folder of its data")
    days = found.days[:90]
    sheet = demand_water._peer(replace(found, weather=replace(found.weather, days=tuple(days))))
    assert [reached for _, reached in sheet.goals] == [True]
    assert len(sheet.rows) == 9
