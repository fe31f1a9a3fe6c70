"""The weather's settings from the command line's side."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

import pytest

from dispatch.cli.water import rules_of, water_of
from dispatch.domain.errors import InvalidInput
from dispatch.domain.weather import WeatherOrigin
from dispatch.service.weather.dwd import DwdForecast
from dispatch.service.weather.source import WeatherFiles
from dispatch.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def test_without_a_folder_of_weather_there_is_no_own_model() -> None:
    """The interval waters the trees."""
    assert water_of(Settings(weather_dir=None)) is None


def test_weather_forecast_and_groundwater_are_found_where_the_settings_say(tmp_path: Path) -> None:
    """A folder of stations, one of forecasts, a file of wells."""
    wells = tmp_path / "wells.csv"
    wells.write_text("site_id,depth_m,date\nbaum-1,2.5,2026-06-01\n")
    settings = Settings(weather_dir=tmp_path, forecast=str(tmp_path), groundwater_file=wells)
    water = water_of(settings)
    assert water is not None
    stations, forecast = water.sources
    assert isinstance(stations, WeatherFiles)
    assert isinstance(forecast, WeatherFiles)
    assert (stations.origin, forecast.origin) == (WeatherOrigin.STATION, WeatherOrigin.FORECAST)
    assert [level.depth_m for level in water.groundwater] == [2.5]


def test_dwd_is_the_weather_service(tmp_path: Path) -> None:
    """Nothing is fetched until jobs are made."""
    water = water_of(Settings(weather_dir=tmp_path, forecast="DWD"))
    assert water is not None
    assert isinstance(water.sources[1], DwdForecast)


def test_a_forecast_alone_is_enough_for_hot_days(tmp_path: Path) -> None:
    """Glass needs no stations."""
    water = water_of(Settings(weather_dir=None, forecast=str(tmp_path)))
    assert water is not None
    (source,) = water.sources
    assert isinstance(source, WeatherFiles)
    assert source.origin is WeatherOrigin.FORECAST


def test_the_start_on_hot_days_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """None unless the authority allows one."""
    monkeypatch.delenv("DISPATCH_GLASS_HOT_OPENS", raising=False)
    assert rules_of(Settings()).glass.hot_opens is None
    monkeypatch.setenv("DISPATCH_GLASS_HOT_OPENS", "06:00")
    assert rules_of(Settings()).glass.hot_opens == time(6)


@pytest.mark.parametrize("name", ["weather_dir", "forecast", "groundwater_file"])
def test_a_folder_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    """Not silence, but what to correct."""
    parts: dict[str, object] = {"weather_dir": tmp_path, name: tmp_path / "nowhere"}
    parts = {key: str(value) if key == "forecast" else value for key, value in parts.items()}
    with pytest.raises(InvalidInput, match="C230"):
        water_of(Settings(**parts))  # type: ignore[arg-type]  # checked by pydantic itself
