"""The forecast of the German weather service (MOSMIX) through `wetterdienst`, an extra.

Only this file imports it: `pip install bochum-dispatch[dwd]`. Data: Deutscher Wetterdienst, CC BY
4.0. Names of parameters as in wetterdienst 0.175.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from dispatch.demand.irrigation.et0 import BOCHUM, Place, saturation
from dispatch.demand.irrigation.stations import StationWeather, forecast_weather
from dispatch.domain.clock import BERLIN, to_utc
from dispatch.domain.errors import DispatchError, InvalidInput, Issue
from dispatch.domain.weather import StationReading

TEMPERATURE: Final = "temperature_air_2m"
DEW_POINT: Final = "temperature_dew_point_2m"
WIND: Final = "wind_speed"
RADIATION: Final = "radiation_global"
RAIN: Final = "precipitation_amount_significant_weather_last_1h"
PARAMETERS: Final = (TEMPERATURE, DEW_POINT, WIND, RADIATION, RAIN)
"""In degrees Celsius, m/s at 10 m, J/cm2 of the hour and mm of the hour: wetterdienst's units."""
SUMS: Final = (RADIATION, RAIN)
WIND_HEIGHT_M: Final = 10.0
J_CM2_H_TO_W_M2: Final = 10_000 / 3600

Row = tuple[str, datetime, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DwdForecast:
    """The next ten days at the MOSMIX point nearest to the place.

    `fetch` returns parameter, time and value of each forecast; tests pass their own.
    """

    place: Place = BOCHUM
    lon: float = 7.22
    fetch: Callable[[Place, float], Iterable[Row]] | None = None

    def weather(self, first: date, last: date) -> StationWeather:
        """Return the whole days forecast within the period; raises DispatchError."""
        fetch = self.fetch or _fetch
        readings = _readings(fetch(self.place, self.lon))
        near = [r for r in readings if first <= r.at.astimezone(BERLIN).date() <= last]
        return forecast_weather(near, place=self.place, wind_height_m=WIND_HEIGHT_M)


def _readings(rows: Iterable[Row]) -> list[StationReading]:
    """Return one reading per hour."""
    hours: dict[datetime, dict[str, float]] = defaultdict(dict)
    for parameter, at, value in rows:
        if value is not None and math.isfinite(value):
            # Sums of the last hour belong to the hour that ended then.
            ended = timedelta(hours=parameter in SUMS)
            hours[to_utc(at) - ended][parameter] = value
    return [
        StationReading(
            station="MOSMIX",
            at=at,
            temperature_c=values.get(TEMPERATURE),
            humidity_pct=_humidity(values),
            radiation_w_m2=_scaled(values.get(RADIATION)),
            wind_m_s=values.get(WIND),
            rain_mm=values.get(RAIN),
        )
        for at, values in sorted(hours.items())
    ]


def _scaled(energy_j_cm2: float | None) -> float | None:
    return None if energy_j_cm2 is None else energy_j_cm2 * J_CM2_H_TO_W_M2


def _humidity(values: dict[str, float]) -> float | None:
    if TEMPERATURE not in values or DEW_POINT not in values:
        return None
    return min(100.0, 100 * saturation(values[DEW_POINT]) / saturation(values[TEMPERATURE]))


def _fetch(place: Place, lon: float) -> Iterable[Row]:
    try:
        from wetterdienst.provider.dwd.mosmix import DwdMosmixRequest
    except ImportError as error:
        raise InvalidInput(
            Issue(
                code="S401",
                subject="forecast dwd",
                cause="the package wetterdienst is not installed",
                action="Install bochum-dispatch[dwd], or set no forecast",
            )
        ) from error
    try:
        request = DwdMosmixRequest(parameters=[("hourly", "large", name) for name in PARAMETERS])
        table = request.filter_by_rank(latlon=(place.lat, lon), rank=1).values.all().df
        rows = [(row["parameter"], row["date"], row["value"]) for row in table.to_dicts()]
    except Exception as error:
        # Whatever the weather service or its library runs into, the trees are watered.
        raise DispatchError(
            Issue(
                code="S402",
                subject="forecast dwd",
                cause=f"{type(error).__name__}: {error}"[:200],
                action="Nothing, if it passes; until then the climate stands for the forecast",
            )
        ) from error
    return rows
