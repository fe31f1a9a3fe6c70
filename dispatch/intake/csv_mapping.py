"""How a plain CSV says which of its columns means what."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from dispatch.intake.issues import refusal
from dispatch.intake.reading import member, object_or_empty, text_or

if TYPE_CHECKING:
    from collections.abc import Mapping

MARK: Final = "#"
_OFFSET: Final = re.compile(r"([+-])(\d{2}):?(\d{2})", re.ASCII)
_MOST_OFFSET_H: Final = 14


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a row's part comes from: a column's name, or a constant for all rows."""

    column: str = ""
    constant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of each row: its cell, its kind and its unit ("" for the kind's own)."""

    cell: Cell
    kind: Cell
    unit: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvMapping:
    """Which columns a file has; `zone` holds for times without offset."""

    source: str
    time: Cell
    zone: Cell
    device: Cell
    values: tuple[Value, ...]
    time_format: str = ""
    delimiter: str = ""
    decimal: str = ""

    def columns(self) -> frozenset[str]:
        """Return the names of all columns that the file must have."""
        cells = [self.time, self.zone, self.device]
        cells += [cell for value in self.values for cell in (value.cell, value.kind, value.unit)]
        return frozenset(cell.column for cell in cells if cell.column)


def with_mapping(body: bytes, mapping: Mapping[str, object]) -> bytes:
    """Return the payload body for a file: its mapping in a first line, then the file."""
    return f"{MARK} {json.dumps(mapping, ensure_ascii=False)}\n".encode() + body


def read_mapping(raw: object) -> CsvMapping:
    """Return the mapping that a JSON object describes; raises InvalidInput I102, I120.

    `"Zeit"` names a column, `"=900541"` is a constant. A wide file has `values`, one member per
    column with `kind` and `unit`; a long one has `kind`, `value` and `unit` as further columns.
    """
    if not isinstance(raw, dict):
        raise refusal("I120", "mapping", f"is {type(raw).__name__}, wanted an object")
    found = CsvMapping(
        source=text_or(raw, "source", ""),
        time=_cell(raw, "time"),
        zone=_cell(raw, "zone", needed=False),
        device=_cell(raw, "device"),
        values=_values(raw),
        time_format=text_or(raw, "time_format", ""),
        delimiter=text_or(raw, "delimiter", ""),
        decimal=text_or(raw, "decimal", ""),
    )
    if found.delimiter not in {"", ",", ";", "\t", "|"} or found.decimal not in {"", ",", "."}:
        raise refusal("I120", "mapping", "delimiter or decimal is none that a CSV can have")
    return found


def _values(raw: Mapping[str, object]) -> tuple[Value, ...]:
    wide = object_or_empty(raw, "values")
    if wide:
        return tuple(_wide(column, part) for column, part in wide.items())
    return (
        Value(
            cell=_cell(raw, "value"),
            kind=_cell(raw, "kind"),
            unit=_cell(raw, "unit", needed=False),
        ),
    )


def _wide(column: str, part: object) -> Value:
    if isinstance(part, str):
        return Value(cell=Cell(column), kind=Cell(constant=part), unit=Cell())
    if not isinstance(part, dict):
        raise refusal("I120", column, f"is {type(part).__name__}, wanted kind and unit")
    return Value(
        cell=Cell(column),
        kind=Cell(constant=member(part, "kind", str)),
        unit=Cell(constant=text_or(part, "unit", "")),
    )


def _cell(raw: Mapping[str, object], name: str, *, needed: bool = True) -> Cell:
    text = text_or(raw, name, "")
    if text.startswith("="):
        return Cell(constant=text[1:])
    if needed and not text:
        raise refusal("I120", name, "the mapping names no column for it")
    return Cell(column=text)


def zone_of(name: str) -> tzinfo | None:
    """Return a zone such as Europe/Berlin, UTC or +01:00; None if there is none of that name."""
    found = _OFFSET.fullmatch(name)
    if found is not None:
        sign, hours, minutes = found.groups()
        if int(hours) > _MOST_OFFSET_H or int(minutes) >= 60:
            return None
        span = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-span if sign == "-" else span)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


_GERMAN: Final = re.compile(
    r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII
)


def time_of(text: str, time_format: str) -> datetime | None:
    """Return a time as written (aware only if it says its offset), None if it is none.

    Understands ISO 8601, German `14.07.2026 7:12` and `14.7.26 7:12:30`, and `time_format` as
    strptime does.
    """
    try:
        if time_format:
            # The zone is added by whoever knows the file's.
            return datetime.strptime(text, time_format)  # noqa: DTZ007
        german = _GERMAN.fullmatch(text)
        if german is None:
            return datetime.fromisoformat(text)
        day, month, year, hour, minute = (int(part) for part in german.groups()[:5])
        year += 2000 if year < 100 else 0
        return datetime(year, month, day, hour, minute, int(german.group(6) or 0))  # noqa: DTZ001
    except (ValueError, OverflowError, re.error):
        return None
