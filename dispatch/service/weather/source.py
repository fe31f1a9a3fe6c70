"""Where the irrigation model's weather comes from, and how its inputs are put together."""

from __future__ import annotations

import gzip
import logging
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from dispatch.demand.irrigation.et0 import BOCHUM, Place
from dispatch.demand.irrigation.inputs import IrrigationInputs, make_inputs
from dispatch.demand.irrigation.rootzone import season_start
from dispatch.demand.irrigation.stations import (
    StationWeather,
    city_weather,
    forecast_weather,
)
from dispatch.domain.clock import BERLIN
from dispatch.domain.errors import DispatchError, InvalidInput
from dispatch.domain.text import Text
from dispatch.domain.weather import GroundwaterLevel, WeatherDay, WeatherOrigin
from dispatch.intake.weather.groundwater import read_groundwater
from dispatch.intake.weather.stations import read_stations

if TYPE_CHECKING:
    from dispatch.demand.irrigation.settings import IrrigationSettings
    from dispatch.domain.weather import StationReading

log = logging.getLogger(__name__)

MARGIN_DAYS = 2
"""Days of weather beyond the model's own horizon: jobs are also made for the day after tomorrow."""
_STATION = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{12}(?![0-9A-Fa-f])")


class WeatherSource(Protocol):
    """Gives the weather of days, past or to come; days it does not know are left out."""

    def weather(self, first: date, last: date) -> StationWeather:
        """Return the days from first to last it knows; raises DispatchError or OSError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherFiles:
    """Stations' CSV files (.gz too) in a folder, measured or, by `origin`, forecast.

    A file's station is the twelve hexadecimal digits in its name, else its name; the readings of
    one station may be spread over many files. `wind_height_m` is that of the anemometers.
    """

    folder: Path
    place: Place = BOCHUM
    origin: WeatherOrigin = WeatherOrigin.STATION
    wind_height_m: float = 2.0

    def weather(self, first: date, last: date) -> StationWeather:
        """Return the days of all files together; a file that cannot be read is left out, and said.

        Raises OSError.
        """
        readings: list[StationReading] = []
        unread: list[Text] = []
        for path in sorted(self.folder.glob("*.csv*")):
            try:
                readings += _readings_of(path)
            except (InvalidInput, OSError) as error:
                log.warning("%s: %s", path.name, error)
                unread.append(Text(de=f"{path.name} nicht lesbar", en=f"{path.name} not readable"))
        near = [r for r in readings if first <= r.at.astimezone(BERLIN).date() <= last]
        read = city_weather if self.origin is WeatherOrigin.STATION else forecast_weather
        joined = read(near, place=self.place, wind_height_m=self.wind_height_m)
        return StationWeather(joined.days, (*unread, *joined.notes))


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenWeather:
    """Days somebody made already, such as a scenario."""

    days: Sequence[WeatherDay] = ()
    notes: tuple[Text, ...] = ()

    def weather(self, first: date, last: date) -> StationWeather:
        """Return those within the period."""
        return StationWeather(tuple(d for d in self.days if first <= d.day <= last), self.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterSources:
    """Everything outside the signals that the irrigation model looks at, and glass on hot days.

    Of two sources for one day a measurement wins over a forecast, then the first source.
    Days that none knows get the climate.
    """

    sources: Sequence[WeatherSource] = ()
    groundwater: Sequence[GroundwaterLevel] = ()
    place: Place = BOCHUM


def groundwater_of(path: Path) -> tuple[GroundwaterLevel, ...]:
    """Return the levels of a file; raises InvalidInput I101, I113 and OSError."""
    found = read_groundwater(_unpacked(path))
    for fault in found.issues:
        log.warning("%s: %s", path.name, fault)
    return found.levels


def gather(water: WaterSources, *, now: datetime, settings: IrrigationSettings) -> IrrigationInputs:
    """Return the model's inputs as seen at `now`, from the season's start to its horizon."""
    return inputs_of(ask(water, now=now, settings=settings), water, now=now, settings=settings)


def ask(water: WaterSources, *, now: datetime, settings: IrrigationSettings) -> StationWeather:
    """Return what the sources know at `now` of the days from the season's start to the horizon.

    A source that fails leaves a note and the other sources: trees must not dry because a forecast
    could not be fetched.
    """
    today = now.astimezone(BERLIN).date()
    first, last = _period(today, settings)
    days: list[WeatherDay] = []
    notes: list[Text] = []
    for source in water.sources:
        try:
            found = source.weather(first, last)
        except (DispatchError, OSError) as error:
            log.warning("weather source failed: %s", error)
            notes.append(Text(de=f"Wetterquelle ausgefallen: {error}", en=f"no weather: {error}"))
            continue
        # A measurement of today is not complete, and one of tomorrow has a wrong clock.
        days += [d for d in found.days if d.origin is not WeatherOrigin.STATION or d.day < today]
        notes += found.notes
    for note in notes:
        log.info("weather: %s", note)
    return StationWeather(tuple(days), tuple(notes))


def inputs_of(
    weather: StationWeather, water: WaterSources, *, now: datetime, settings: IrrigationSettings
) -> IrrigationInputs:
    """Return the irrigation model's inputs from what the sources knew at `now`."""
    first, last = _period(now.astimezone(BERLIN).date(), settings)
    return make_inputs(
        weather.days,
        first=first,
        last=last,
        place=water.place,
        settings=settings,
        groundwater=water.groundwater,
        notes=weather.notes,
    )


def forecast_maxima(weather: StationWeather) -> dict[date, float]:
    """Return the highest temperature forecast for each day; the first source's, if there are more.

    Measured days are over, and the climate is no forecast.
    """
    forecast = [d for d in weather.days if d.origin is WeatherOrigin.FORECAST]
    return {d.day: d.t_max_c for d in reversed(forecast)}


def _period(today: date, settings: IrrigationSettings) -> tuple[date, date]:
    ahead = settings.horizon_days + settings.after_days + MARGIN_DAYS
    return season_start(today, settings), today + timedelta(days=ahead)


def _readings_of(path: Path) -> tuple[StationReading, ...]:
    named = _STATION.search(path.name)
    station = named.group() if named else path.name.split(".")[0]
    found = read_stations(_unpacked(path), station=station)
    for fault in found.issues:
        log.warning("%s: %s", path.name, fault)
    return found.readings


def _unpacked(path: Path) -> bytes:
    raw = path.read_bytes()
    if path.suffix != ".gz":
        return raw
    try:
        return gzip.decompress(raw)
    except (EOFError, zlib.error) as error:
        message = f"{path.name} is not a gzip file ({error})"
        raise OSError(message) from error
