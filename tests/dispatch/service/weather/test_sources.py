"""Weather from files, from the weather service, and from nowhere."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.clock import BERLIN
from dispatch.domain.errors import DispatchError, InvalidInput
from dispatch.domain.weather import WeatherOrigin
from dispatch.service.weather import dwd
from dispatch.service.weather.dwd import DwdForecast
from dispatch.service.weather.source import (
    GivenWeather,
    WaterSources,
    WeatherFiles,
    WeatherSource,
    gather,
    groundwater_of,
)
from tests.helpers.soils import SETTINGS, station_days, weather_days

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from dispatch.demand.irrigation.et0 import Place
    from dispatch.demand.irrigation.inputs import IrrigationInputs
    from dispatch.demand.irrigation.stations import StationWeather

NOW = datetime(2026, 6, 9, 18, tzinfo=BERLIN)
HEADER = "time_utc,station,temperature_c,humidity_pct,solar_w_m2,wind_speed,rain_mm"


def station_file(*stations: str) -> bytes:
    rows = [
        f"{r.at.isoformat()},{r.station},{r.temperature_c:.1f},60,{r.radiation_w_m2:.0f},6,0.1"
        for station in stations
        for r in station_days(station)
    ]
    return "\n".join([HEADER, *rows]).encode()


def gathered(*sources: WeatherSource) -> IrrigationInputs:
    return gather(WaterSources(sources=sources), now=NOW, settings=SETTINGS)


def test_a_folder_of_station_files_becomes_the_citys_weather(tmp_path: Path) -> None:
    """Packed ones too; only days that are over count as measured."""
    (tmp_path / "a.csv").write_bytes(station_file("A"))
    (tmp_path / "b_943CC645201F.csv.gz").write_bytes(gzip.compress(station_file("B")))
    found = gather(
        WaterSources(sources=[WeatherFiles(folder=tmp_path)]), now=NOW, settings=SETTINGS
    )
    origins = {day: driver.origin for day, driver in found.drivers.items()}
    assert origins[date(2026, 6, 8)] is WeatherOrigin.STATION
    assert origins[date(2026, 6, 9)] is WeatherOrigin.CLIMATE
    assert found.drivers[date(2026, 6, 8)].weather.rain_mm == pytest.approx(2.4)
    assert (found.first, found.known(NOW.date())) == (date(2026, 4, 1), True)


def test_a_forecast_file_fills_the_days_to_come(tmp_path: Path) -> None:
    """Of the day that is measured too, the measurement counts."""
    (tmp_path / "f.csv").write_bytes(station_file("F"))
    files = WeatherFiles(folder=tmp_path, origin=WeatherOrigin.FORECAST)
    found = gathered(files)
    assert found.drivers[date(2026, 6, 11)].origin is WeatherOrigin.FORECAST
    assert found.drivers[date(2026, 6, 20)].origin is WeatherOrigin.CLIMATE
    assert found.drivers[date(2026, 6, 11)].weather.rain_sd_mm > 1


def test_a_file_that_cannot_be_read_is_named_and_the_others_count(tmp_path: Path) -> None:
    """A folder collects all sorts of files."""
    (tmp_path / "a.csv").write_bytes(station_file("A"))
    (tmp_path / "letters.csv").write_text("name,street")
    (tmp_path / "torn.csv.gz").write_bytes(gzip.compress(station_file("B"))[:50])
    found = WeatherFiles(folder=tmp_path).weather(date(2026, 6, 1), date(2026, 6, 30))
    assert len(found.days) == 12
    assert [n.en for n in found.notes] == ["letters.csv not readable", "torn.csv.gz not readable"]


class Broken:
    """A source that cannot be reached."""

    def weather(self, first: date, last: date) -> StationWeather:
        """Fail, as networks do."""
        message = f"no route to host for {first} to {last}"
        raise OSError(message)


def test_a_source_that_fails_leaves_a_note_and_the_others() -> None:
    """Trees must not dry because a forecast could not be fetched."""
    days = weather_days(60)
    found = gather(
        WaterSources(sources=[Broken(), GivenWeather(days=days)]), now=NOW, settings=SETTINGS
    )
    assert found.notes[0].de.startswith("Wetterquelle ausgefallen: no route")
    assert found.drivers[days[3].day].origin is WeatherOrigin.STATION


def test_groundwater_comes_from_a_file(tmp_path: Path) -> None:
    """Rows that cannot be used are left out."""
    file = tmp_path / "groundwater.csv"
    file.write_text("site_id,depth_m,date\nbaum-1,2.5,2026-06-01\nbaum-2,?,2026-06-01\n")
    (level,) = groundwater_of(file)
    assert (level.site_id, level.depth_m) == ("baum-1", 2.5)


def hourly_forecast(place: Place, lon: float) -> Iterable[dwd.Row]:
    """Yield three days as wetterdienst hands them over: long, some values missing."""
    assert (round(place.lat), round(lon)) == (51, 7)
    start = datetime(2026, 6, 9, tzinfo=UTC)
    for hour in range(72):
        at = start + timedelta(hours=hour)
        yield dwd.TEMPERATURE, at, 15.0 + hour % 24 / 3
        yield dwd.DEW_POINT, at, 10.0
        yield dwd.WIND, at, 4.0
        yield dwd.RADIATION, at, 90.0 if 5 < at.hour < 20 else 0.0
        yield dwd.RAIN, at, 0.5 if at.day == 11 and at.hour == 0 else 0.0
        yield "cloud_cover_total", at, None


def test_the_weather_services_forecast_in_our_units() -> None:
    """J/cm2 of an hour, wind at 10 m, the dew point; the rain of the last hour is of yesterday."""
    source = DwdForecast(fetch=hourly_forecast)
    days = source.weather(date(2026, 6, 9), date(2026, 6, 30)).days
    (day,) = [d for d in days if d.day.day == 11]
    assert day.origin is WeatherOrigin.FORECAST
    assert day.radiation_mj == pytest.approx(14 * 0.9, abs=0.05)
    assert day.wind_m_s == pytest.approx(3.0, abs=0.05)
    assert day.rh_max_pct is not None
    assert 70 < day.rh_max_pct < 80
    # Midnight in UTC is two o'clock in Bochum: the hour from one to two.
    assert day.rain_mm == 0.5


def test_without_the_extra_package_the_forecast_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The code of the message is in the README."""
    monkeypatch.setitem(__import__("sys").modules, "wetterdienst.provider.dwd.mosmix", None)
    with pytest.raises(InvalidInput, match="S401"):
        DwdForecast().weather(date(2026, 6, 9), date(2026, 6, 30))


def test_whatever_the_weather_service_runs_into_is_our_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No network, a new format: the climate stands for the forecast."""

    class Module:
        @staticmethod
        def DwdMosmixRequest(**_: object) -> None:  # their name
            raise ConnectionError("name or service not known")

    monkeypatch.setitem(__import__("sys").modules, "wetterdienst.provider.dwd.mosmix", Module())
    with pytest.raises(DispatchError, match="S402"):
        DwdForecast().weather(date(2026, 6, 9), date(2026, 6, 30))
