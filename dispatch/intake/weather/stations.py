"""Weather stations' CSV files, any interval: rows in, readings out; one bad row is one issue."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dispatch.domain.clock import to_utc
from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.weather import StationReading
from dispatch.intake.issues import issue, refusal
from dispatch.intake.reading import csv_text_of, moment_in, number
from dispatch.intake.weather.columns import StationColumns, columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "temperature": (-40, 50),
    "humidity": (1, 100),
    # 1367 W/m2 arrive above the atmosphere; clouds may focus a little.
    "radiation": (0, 1500),
    "wind": (0, 50),
    # More than the most that fell in an hour in Germany.
    "rain": (0, 200),
}
"""What can be, in the units of `StationReading`; anything else was not measured."""
MISSING: Final = -900.0
"""Weather services write -999 for what is missing."""


@dataclass(frozen=True, slots=True)
class StationFile:
    """A file's readings in their order, sent twice only once, and what could not be used."""

    readings: tuple[StationReading, ...] = ()
    issues: tuple[Issue, ...] = ()


def read_stations(
    body: bytes, *, station: str, columns: StationColumns | None = None
) -> StationFile:
    """Return the readings of a file; `station` is its sender where the rows do not name one.

    Without `columns` the header tells which kind of file it is. Raises InvalidInput I101, I113.
    """
    header, *lines = csv_text_of(body, subject=station).splitlines() or [""]
    columns = columns or columns_of(header)
    if columns is None:
        raise refusal("I113", station, f"no known weather station's header: {header}")
    names = [name.strip() for name in header.split(columns.delimiter)]
    if columns.time not in names:
        raise refusal("I113", station, f"the header lacks {columns.time}")
    rows = _Rows(columns, station, names)
    for row_number, line in enumerate(lines, start=2):
        if line.strip():
            rows.add(_cells(line, columns.delimiter), row_number)
    return StationFile(tuple(rows.readings.values()), tuple(rows.issues))


def _cells(line: str, delimiter: str) -> list[str]:
    # Line by line, so that a stray quote spoils its own row and not the rest of the file.
    if '"' not in line:
        return line.split(delimiter)
    return next(csv.reader([line], delimiter=delimiter), [])


class _Rows:
    """Collects the rows of one file; counters of rain are followed per station.

    A city's benches send a million rows in a season, so columns are found once, by their place.
    """

    def __init__(self, columns: StationColumns, station: str, names: list[str]) -> None:
        self.readings: dict[tuple[str, datetime], StationReading] = {}
        self.issues: list[Issue] = []
        self._columns, self._station, self._width = columns, station, len(names)
        place = {name: at for at, name in enumerate(names)}
        self._time_at = place[columns.time]
        self._station_at = place.get(columns.station)
        factors = {"wind": columns.wind_to_m_s, "radiation": columns.radiation_to_w_m2}
        self._values = [
            (name, place.get(getattr(columns, name)), *RANGES[name], factors.get(name, 1.0))
            for name in ("temperature", "humidity", "radiation", "wind", "rain")
        ]
        self._counters: dict[str, float] = {}

    def add(self, cells: list[str], row_number: int) -> None:
        """Add one row, or the issues that keep it or its values out."""
        if len(cells) != self._width:
            found = f"{len(cells)} columns, the header has {self._width}"
            self.issues.append(issue("I113", f"row {row_number}", found))
            return
        try:
            text, zone = _iso(cells[self._time_at]), self._columns.zone
            at = to_utc(moment_in(text, zone, subject=f"row {row_number}"))
        except InvalidInput as error:
            self.issues.extend(error.issues)
            return
        named = "" if self._station_at is None else cells[self._station_at].strip()
        station = named or self._station
        if (station, at) in self.readings:
            return
        temperature, humidity, radiation, wind, rain = self._measured(cells, row_number)
        self.readings[station, at] = StationReading(
            station=station,
            at=at,
            temperature_c=temperature,
            humidity_pct=humidity,
            radiation_w_m2=radiation,
            wind_m_s=wind,
            rain_mm=self._since_last(station, rain) if self._columns.rain_counts else rain,
        )

    def _measured(self, cells: list[str], row_number: int) -> list[float | None]:
        """Return the believable values; an empty cell and the services' -999 are none."""
        found: list[float | None] = []
        for name, at, low, high, factor in self._values:
            raw = "" if at is None else cells[at].strip()
            value = number(raw) if raw else None
            if raw and value is None:
                subject = f"row {row_number} {name}"
                self.issues.append(issue("I105", subject, f"{raw!r} is no number"))
            scaled = None if value is None or value <= MISSING else value * factor
            found.append(scaled if scaled is not None and low <= scaled <= high else None)
        return found

    def _since_last(self, station: str, counter: float | None) -> float | None:
        """Return the rain of the interval; a counter that falls was set back to zero."""
        if counter is None:
            return None
        before = self._counters.get(station, 0.0)
        self._counters[station] = counter
        # Files of a day begin at midnight, so what the first row has counted is its own.
        return counter - before if counter >= before else counter


def _iso(text: str) -> str:
    """Return 202507080010, as the weather service writes, in the way ISO 8601 writes it."""
    digits = text.strip()
    if not digits.isdigit() or len(digits) not in (8, 10, 12):
        return digits
    clock = digits[8:].ljust(4, "0")
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{clock[:2]}:{clock[2:]}"
