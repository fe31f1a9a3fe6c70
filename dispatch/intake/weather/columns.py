"""Which columns of a weather station's file mean what; a new kind of file is one entry here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Final

KMH: Final = 1 / 3.6


@dataclass(frozen=True, slots=True, kw_only=True)
class StationColumns:
    """Names of a file's columns; an empty name is a column the file does not have.

    `zone` is for times without offset. Wind is multiplied by `wind_to_m_s`, radiation by
    `radiation_to_w_m2`. `rain` holds the rain of the interval, or where `rain_counts` is set, a
    counter that grows until it is set back to zero.
    """

    time: str
    station: str = ""
    temperature: str = ""
    humidity: str = ""
    radiation: str = ""
    wind: str = ""
    rain: str = ""
    rain_counts: bool = False
    wind_to_m_s: float = 1.0
    radiation_to_w_m2: float = 1.0
    zone: tzinfo = UTC
    delimiter: str = ","


ECOWITT: Final = StationColumns(
    time="datetime",
    temperature="outdoor_temperature",
    humidity="outdoor_humidity",
    radiation="solar_and_uvi_solar",
    wind="wind_wind_speed",
    rain="rainfall_piezo_daily",
    rain_counts=True,
    wind_to_m_s=KMH,
)
"""The city's smart benches as published: every five minutes, times with offset, km/h, a daily
counter of rain. The station stands in the file's name only."""

HOURLY: Final = StationColumns(
    time="time_utc",
    station="station",
    temperature="temperature_c",
    humidity="humidity_pct",
    radiation="solar_w_m2",
    wind="wind_speed",
    rain="rain_mm",
    wind_to_m_s=KMH,
)
"""Hourly means of the same stations; wind in km/h, although the column does not say so."""

DWD_10_MINUTES: Final = StationColumns(
    time="MESS_DATUM",
    station="STATIONS_ID",
    temperature="TT_10",
    humidity="RF_10",
    radiation="GS_10",
    wind="FF_10",
    rain="RWS_10",
    # J per cm2 in ten minutes.
    radiation_to_w_m2=10_000 / 600,
    delimiter=";",
)
"""Ten-minute values of the German weather service, joined from its files by time."""

KNOWN: Final = (ECOWITT, HOURLY, DWD_10_MINUTES)


def columns_of(header: str) -> StationColumns | None:
    """Return the first known kind of file whose time column and one value the header has."""
    for columns in KNOWN:
        names = {name.strip().casefold() for name in header.split(columns.delimiter)}
        values = (columns.temperature, columns.radiation, columns.rain, columns.wind)
        if columns.time.casefold() in names and any(v.casefold() in names for v in values):
            return columns
    return None
