"""Plain CSV with a mapping: what a vendor's portal or a spreadsheet exports.

The mapping stands in a first line `# {...}` or beside the file in a JSON envelope
`{"mapping": {...}, "csv": "..."}`; see `csv_mapping`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Final

from dispatch.intake.collector import Collector, Origin
from dispatch.intake.csv_mapping import (
    MARK,
    Cell,
    CsvMapping,
    Value,
    read_mapping,
    time_of,
    zone_of,
)
from dispatch.intake.csv_text import cells_of, delimiter_of, lines_of, plain_number, text_of
from dispatch.intake.issues import refusal
from dispatch.intake.properties import kind_of
from dispatch.intake.reading import FIRST_YEAR, LAST_YEAR, json_object, member

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dispatch.domain.signal import Payload, SignalKind
    from dispatch.intake.decoded import Decoded

SOURCE: Final = "csv"


def decode(payload: Payload) -> Decoded:
    """Return the signals of a file; a bad row or cell is an issue and the others are kept.

    Bytes are UTF-8 or UTF-16 with its mark, else Windows-1252. Raises InvalidInput I101, I102,
    I113 and I120.
    """
    mapping, text = _parted(payload)
    lines = lines_of(text)
    header = lines[0] if lines else ""
    delimiter = mapping.delimiter or delimiter_of(header)
    names = [name.strip() for name in cells_of(header, delimiter)]
    missing = sorted(mapping.columns() - set(names))
    if missing:
        raise refusal("I113", SOURCE, f"the header lacks {', '.join(missing)}")
    source = f"{SOURCE}:{mapping.source}" if mapping.source else SOURCE
    found = Collector(payload, source)
    rows = list(_rows(lines, names, delimiter, found))
    file = _File(mapping, found, newest_first=_is_newest_first(rows, mapping))
    for row_number, cells in rows:
        file.read_row(cells, f"row {row_number}")
    return found.decoded()


def _parted(payload: Payload) -> tuple[CsvMapping, str]:
    """Return the mapping and the text of the file itself."""
    text = text_of(payload.body)
    if text.lstrip().startswith("{"):
        body = json_object(payload)
        return read_mapping(body.get("mapping")), member(body, "csv", str)
    first, _, rest = text.lstrip().partition("\n")
    if not first.startswith(MARK):
        raise refusal("I120", SOURCE, "neither a first line # {...} nor an envelope maps it")
    try:
        raw = json.loads(first.removeprefix(MARK))
        json.dumps(raw, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise refusal("I120", SOURCE, f"the first line is no JSON object ({error})") from None
    return read_mapping(raw), rest


def _rows(
    lines: list[str], names: list[str], delimiter: str, found: Collector
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield number (the header is row 1) and cells of each row that fits the header."""
    for row_number, line in enumerate(lines[1:], start=2):
        cells = cells_of(line, delimiter)
        if len(cells) != len(names):
            cause = f"{len(cells)} columns, the header has {len(names)}"
            found.fault("I113", f"row {row_number}", cause)
            continue
        yield row_number, dict(zip(names, (cell.strip() for cell in cells), strict=True))


def _is_newest_first(rows: Sequence[tuple[int, Mapping[str, str]]], mapping: CsvMapping) -> bool:
    """Tell whether the file begins with its newest row, as portals like to export."""
    if not rows:
        return False
    first, last = (
        time_of(_of(cells, mapping.time), mapping.time_format) for _, cells in (rows[0], rows[-1])
    )
    if first is None or last is None:
        return False
    return first.replace(tzinfo=None) > last.replace(tzinfo=None)


class _File:
    """What one file's rows share: its mapping, its clocks and what was understood before."""

    def __init__(self, mapping: CsvMapping, found: Collector, *, newest_first: bool) -> None:
        self.found = found
        self._mapping = mapping
        self._newest_first = newest_first
        self._zones: dict[str, tzinfo | None] = {}
        self._kinds: dict[tuple[str, str], SignalKind | None] = {}
        self._last: dict[tuple[str, ...], tuple[datetime, Mapping[str, str]]] = {}

    def read_row(self, cells: Mapping[str, str], subject: str) -> None:
        """Add the values of one row, or the issues that keep them out."""
        device_id = _of(cells, self._mapping.device)
        if not device_id:
            self.found.fault("I113", subject, "no device")
            return
        observed_at = self._moment(cells, device_id, subject)
        if observed_at is None:
            return
        for value in self._mapping.values:
            raw = _of(cells, value.cell)
            kind, unit = self._meaning(cells, value, subject) if raw else (None, "")
            if kind is not None:
                origin = Origin(
                    device_id=device_id,
                    observed_at=observed_at,
                    subject=f"{subject} {value.cell.column}",
                )
                number = plain_number(raw, self._mapping.decimal)
                self.found.add(kind, number, origin, unit=unit)

    def _meaning(
        self, cells: Mapping[str, str], value: Value, subject: str
    ) -> tuple[SignalKind | None, str]:
        name, unit = _of(cells, value.kind), _of(cells, value.unit)
        if (name, unit) not in self._kinds:
            self._kinds[name, unit] = kind_of(name, unit)
        kind = self._kinds[name, unit]
        if kind is None:
            cause = f"{name!r} in {unit or 'no unit'!r} is nothing that we know"
            self.found.fault("I118", subject, cause)
        return kind, unit

    def _moment(self, cells: Mapping[str, str], device_id: str, subject: str) -> datetime | None:
        text = _of(cells, self._mapping.time)
        moment = time_of(text, self._mapping.time_format)
        if moment is None or not FIRST_YEAR <= moment.year < LAST_YEAR:
            cause = f"{text!r} is not a time between {FIRST_YEAR} and {LAST_YEAR}"
            self.found.fault("I104", subject, cause)
            return None
        if moment.tzinfo is not None:
            return moment
        zone = self._zone(_of(cells, self._mapping.zone), subject)
        if zone is None:
            return None
        # In a long file the kinds of one device have rows of the same time.
        series = (device_id, *(_of(cells, value.kind) for value in self._mapping.values))
        chosen = self._in_zone(moment, zone, cells, self._last.get(series))
        if chosen is None:
            self.found.fault("I104", subject, f"{text} never was: the clocks went forward then")
            return None
        self._last[series] = (chosen, cells)
        return chosen

    def _zone(self, name: str, subject: str) -> tzinfo | None:
        if name not in self._zones:
            self._zones[name] = zone_of(name) if name else None
        zone = self._zones[name]
        if zone is None:
            cause = f"{name!r} is no time zone" if name else "a time without time zone"
            self.found.fault("I103", subject, cause)
        return zone

    def _in_zone(
        self,
        wall: datetime,
        zone: tzinfo,
        cells: Mapping[str, str],
        last: tuple[datetime, Mapping[str, str]] | None,
    ) -> datetime | None:
        """Return what a clock on the wall meant, None for an hour that was left out in March.

        The hour that comes twice in October is told by the rows before: when the clock stands
        or goes back, the second one has begun (in a file with its newest row first: the other
        way round), unless the row is a copy of the one before.
        """
        first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        if first == second:
            return first
        if first.astimezone(zone).replace(tzinfo=None) != wall:
            return None
        near, far = (second, first) if self._newest_first else (first, second)
        if last is None or last == (near, cells):
            return near
        is_next = last[0] > near if self._newest_first else last[0] < near
        return near if is_next else far


def _of(cells: Mapping[str, str], cell: Cell) -> str:
    return cells.get(cell.column, "") if cell.column else cell.constant
