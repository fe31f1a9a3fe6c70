"""Weather stations' CSV files, any interval: rows in, readings out; one bad row is one issue."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from dispatch.domain.clock import to_utc
from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.weather import StationReading
from dispatch.intake.issues import issue, refusal
from dispatch.intake.reading import csv_text_of, moment_in, number
from dispatch.intake.weather.columns import StationColumns, columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    rows = _Rows(columns, station, [name.strip() for name in header.split(columns.delimiter)])
    for row_number, line in enumerate(lines, start=2):
        if line.strip():
            rows.add(next(csv.reader([line], delimiter=columns.delimiter)), f"row {row_number}")
    return StationFile(tuple(rows.readings.values()), tuple(rows.issues))


@dataclass(slots=True)
class _Rows:
    """Collects the rows of one file; counters of rain are followed per station."""

    columns: StationColumns
    station: str
    names: Sequence[str]
    readings: dict[tuple[str, datetime], StationReading] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    counters: dict[str, float] = field(default_factory=dict)

    def add(self, cells: Sequence[str], subject: str) -> None:
        """Add one row, or the issues that keep it or its values out."""
        if len(cells) != len(self.names):
            found = f"{len(cells)} columns, the header has {len(self.names)}"
            self.issues.append(issue("I113", subject, found))
            return
        row = dict(zip(self.names, cells, strict=True))
        try:
            at = to_utc(moment_in(_iso(row[self.columns.time]), self.columns.zone, subject=subject))
        except InvalidInput as error:
            self.issues.extend(error.issues)
            return
        station = row.get(self.columns.station, "").strip() or self.station
        if (station, at) in self.readings:
            return
        self.readings[station, at] = StationReading(
            station=station,
            at=at,
            temperature_c=self._value("temperature", row, subject),
            humidity_pct=self._value("humidity", row, subject),
            radiation_w_m2=self._value(
                "radiation", row, subject, factor=self.columns.radiation_to_w_m2
            ),
            wind_m_s=self._value("wind", row, subject, factor=self.columns.wind_to_m_s),
            rain_mm=self._rain(station, row, subject),
        )

    def _value(
        self, name: str, row: Mapping[str, str], subject: str, *, factor: float = 1.0
    ) -> float | None:
        """Return a believable value; an empty cell and the services' -999 are none."""
        raw = row.get(getattr(self.columns, name), "").strip()
        if not raw or raw.startswith("-999"):
            return None
        value = number(raw)
        low, high = RANGES[name]
        if value is None:
            self.issues.append(issue("I105", f"{subject} {name}", f"{raw!r} is no number"))
            return None
        return value * factor if low <= value * factor <= high else None

    def _rain(self, station: str, row: Mapping[str, str], subject: str) -> float | None:
        """Return the rain of the interval; a counter that falls was set back to zero."""
        value = self._value("rain", row, subject)
        if value is None or not self.columns.rain_counts:
            return value
        before = self.counters.get(station)
        self.counters[station] = value
        # The first row of a file has counted since midnight: nobody knows since when it is ours,
        # except that files of a day begin with it.
        if before is None:
            return value
        return value - before if value >= before else value


def _iso(text: str) -> str:
    """Return 202507080010, as the weather service writes, in the way ISO 8601 writes it."""
    digits = text.strip()
    if not digits.isdigit() or len(digits) not in (8, 10, 12):
        return digits
    clock = digits[8:].ljust(4, "0")
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{clock[:2]}:{clock[2:]}"
