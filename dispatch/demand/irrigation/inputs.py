"""The weather and groundwater that all sites share, day by day and without gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from dispatch.demand.irrigation.balance import DayWeather, crop_day
from dispatch.demand.irrigation.climate import usual_day
from dispatch.demand.irrigation.et0 import USUAL_WIND, Place, reference_et
from dispatch.demand.irrigation.rootzone import season_start
from dispatch.domain.ids import SiteId
from dispatch.domain.text import Text
from dispatch.domain.weather import GroundwaterLevel, WeatherDay, WeatherOrigin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispatch.demand.irrigation.settings import IrrigationSettings


USUAL_RH_MIN_PCT: Final = 45.0
"""Where humidity is not known: what the crop coefficients were made for (FAO-56, 72)."""
KNOWN_DAYS: Final = 14
KNOWN_SHARE: Final = 0.5
"""Of the last two weeks this share must be measured, else the balance is guesswork (assumed)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """What a day's weather does to every root zone, and how it is known."""

    weather: DayWeather
    origin: WeatherOrigin


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IrrigationInputs:
    """Drivers of every day from `first` to `last`; groundwater by site, oldest first.

    `notes` say what was not believed of the stations' data.
    """

    first: date
    last: date
    drivers: Mapping[date, Driver]
    groundwater: Mapping[SiteId, tuple[GroundwaterLevel, ...]] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()

    def known(self, today: date) -> bool:
        """Tell whether enough of the last two weeks before today was measured."""
        return self.measured(today) >= KNOWN_SHARE * KNOWN_DAYS

    def measured(self, today: date, *, back: int = KNOWN_DAYS) -> int:
        """Return how many of the days before today were measured."""
        days = (today - timedelta(days=n) for n in range(1, back + 1))
        return sum(
            driver.origin is WeatherOrigin.STATION
            for day in days
            if (driver := self.drivers.get(day)) is not None
        )

    def level(self, site_id: SiteId, day: date, *, oldest_days: int) -> GroundwaterLevel | None:
        """Return the newest level known on that day, None when it is too old or there is none."""
        levels = (at for at in reversed(self.groundwater.get(site_id, ())) if at.day <= day)
        newest = next(levels, None)
        if newest is None or (day - newest.day).days > oldest_days:
            return None
        return newest


def make_inputs(
    weather: Iterable[WeatherDay],
    *,
    first: date,
    last: date,
    place: Place,
    settings: IrrigationSettings,
    groundwater: Iterable[GroundwaterLevel] = (),
    notes: tuple[Text, ...] = (),
) -> IrrigationInputs:
    """Return the inputs of a period; days without weather get the climate.

    Of two for one day what was measured counts before what was forecast.
    """
    known: dict[date, WeatherDay] = {}
    for day in weather:
        before = known.get(day.day)
        if before is None or before.origin is not WeatherOrigin.STATION:
            known[day.day] = day
    dates = (first + timedelta(days=n) for n in range((last - first).days + 1))
    levels: dict[SiteId, list[GroundwaterLevel]] = defaultdict(list)
    for level in groundwater:
        levels[level.site_id].append(level)
    return IrrigationInputs(
        first=first,
        last=last,
        drivers={day: _driver(known.get(day) or usual_day(day), place, settings) for day in dates},
        groundwater={
            site: tuple(sorted(found, key=lambda at: at.day)) for site, found in levels.items()
        },
        notes=notes,
    )


def _driver(day: WeatherDay, place: Place, settings: IrrigationSettings) -> Driver:
    basal, highest, cover = crop_day(
        settings.crop,
        season_day=(day.day - season_start(day.day, settings)).days,
        wind_m_s=USUAL_WIND if day.wind_m_s is None else day.wind_m_s,
        rh_min_pct=USUAL_RH_MIN_PCT if day.rh_min_pct is None else day.rh_min_pct,
    )
    return Driver(
        weather=DayWeather(
            day=day.day,
            et0_mm=reference_et(day, place),
            rain_mm=day.rain_mm,
            rain_sd_mm=day.rain_sd_mm,
            basal=basal,
            highest=highest,
            cover=cover,
            et_error=settings.et_error,
        ),
        origin=day.origin,
    )
