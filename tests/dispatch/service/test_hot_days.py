"""Glass on hot days: an earlier start where the authority allows it and the forecast says so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest

from dispatch.demand.settings import DemandSettings
from dispatch.domain.job import JobKind
from dispatch.domain.weather import WeatherDay, WeatherOrigin
from dispatch.service.ingest import ingest
from dispatch.service.make_jobs import JobsRequest, make_jobs
from dispatch.service.react import Reactor
from dispatch.service.weather.source import GivenWeather, WaterSources, WeatherSource
from tests.helpers.towns import NOW, TODAY, an_uplink, filling

if TYPE_CHECKING:
    from dispatch.demand.irrigation.stations import StationWeather
    from dispatch.store import Store

FULL = (60.0, 65.0, 70.0, 75.0, 80.0, 85.0, 90.0, 96.0)
USUAL = DemandSettings()
ALLOWED = replace(USUAL, glass=replace(USUAL.glass, hot_opens=time(6)))


@dataclass
class Broken:
    """A source that cannot be reached, and counts who tried."""

    asked: int = 0

    def weather(self, first: date, last: date) -> StationWeather:
        """Fail."""
        self.asked += 1
        raise OSError(f"no answer for {first} to {last}")


def forecast(
    t_max_c: float, *, day: date = TODAY, origin: WeatherOrigin = WeatherOrigin.FORECAST
) -> GivenWeather:
    known = WeatherDay(day=day, t_min_c=15, t_max_c=t_max_c, rain_mm=0, rain_sd_mm=1, origin=origin)
    return GivenWeather(days=[known])


def first_hour(store: Store, *sources: WeatherSource, settings: DemandSettings = ALLOWED) -> int:
    """Return from when on the full container may be emptied."""
    ingest(filling(*FULL), store=store)
    water = WaterSources(sources=sources)
    request = JobsRequest(now=NOW, day=TODAY, settings=settings, water=water)
    (job,) = [j for j in make_jobs(request, store=store).created if j.kind is JobKind.EMPTY]
    return job.windows[0].earliest.hour


@pytest.mark.parametrize(("hottest", "hour"), [(28.0, 6), (27.9, 7)])
def test_a_hot_forecast_lets_crews_start_earlier(town: Store, hottest: float, hour: int) -> None:
    """From 28 degrees on, if the authority allows it."""
    assert first_hour(town, forecast(hottest)) == hour


def test_without_the_authority_no_day_is_hot(town: Store) -> None:
    """Whatever the forecast says."""
    assert first_hour(town, forecast(36), settings=USUAL) == 7


@pytest.mark.parametrize(
    "sources",
    [
        (),
        (Broken(),),
        (forecast(36, day=TODAY + timedelta(days=1)),),
        (forecast(36, origin=WeatherOrigin.CLIMATE),),
    ],
    ids=["no source", "no answer", "another day", "no forecast"],
)
def test_without_a_forecast_of_the_day_the_usual_hours_hold(
    town: Store, sources: tuple[WeatherSource, ...]
) -> None:
    """Nobody starts early on a guess; a source that fails stops nothing."""
    assert first_hour(town, *sources) == 7


def test_the_next_source_stands_in_and_the_first_one_counts(town: Store) -> None:
    """One that fails is passed over; of two forecasts the first is believed."""
    assert first_hour(town, Broken(), forecast(30), forecast(20)) == 6


def test_who_looks_at_a_pond_or_has_no_exception_asks_for_no_weather(town: Store) -> None:
    """A new signal must not wait for an answer that changes nothing."""
    source = Broken()
    water = WaterSources(sources=[source])
    request = JobsRequest(now=NOW, day=TODAY, water=water)
    reactor = Reactor(town)
    reactor.react([an_uplink(320, at=NOW - timedelta(hours=1))], request)
    given = replace(request, settings=ALLOWED, max_temp_c={TODAY: 30.0})
    reactor.react([an_uplink(325, at=NOW)], given)
    assert source.asked == 0
    asking = replace(given, now=NOW + timedelta(hours=1), max_temp_c=None)
    reactor.react([an_uplink(330, at=NOW + timedelta(hours=1))], asking)
    assert source.asked == 1
