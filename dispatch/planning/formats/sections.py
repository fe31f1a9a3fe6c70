"""The text of a VRPLIB file: headers `KEY : value` and sections of numbered rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from dispatch.planning.formats.faults import Faults


class Row(NamedTuple):
    """The numbers of one line, with its place in the file."""

    line: int
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """Headers and sections by their upper-case name, without `_SECTION`."""

    headers: dict[str, str]
    rows: dict[str, list[Row]]

    @property
    def names(self) -> list[str]:
        """All names of headers and sections."""
        return [*self.headers, *self.rows]


def sections_of(text: str, faults: Faults) -> Sections:
    """Return headers and sections; lines that are neither are noted as P602."""
    found = Sections(headers={}, rows={})
    rows: list[Row] | None = None
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.upper() == "EOF":
            break
        if not line:
            continue
        head = line.rstrip(" :\t").upper()
        if head.endswith("_SECTION"):
            rows = _new_section(found, head.removesuffix("_SECTION"), number, faults)
        elif rows is not None:
            rows.append(Row(number, _numbers(line, number, faults)))
        elif ":" in line:
            _header(found, line, number, faults)
        else:
            faults.add(
                "P602", f"line {number}", f"`{line[:40]}` is no header", "Write it as KEY : value"
            )
    return found


def finite(text: str) -> float | None:
    """Return a number, None for anything else, infinity included."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _new_section(found: Sections, name: str, number: int, faults: Faults) -> list[Row]:
    if name in found.rows:
        faults.add("P602", f"line {number}", f"{name} occurs twice", "Keep one of them")
    rows: list[Row] = []
    found.rows[name] = rows
    return rows


def _header(found: Sections, line: str, number: int, faults: Faults) -> None:
    key, _, value = line.partition(":")
    name = key.strip().upper()
    if name in found.headers:
        faults.add("P602", f"line {number}", f"{name} occurs twice", "Keep one of them")
    found.headers[name] = value.strip()


def _numbers(line: str, number: int, faults: Faults) -> tuple[float, ...]:
    values = [finite(word) for word in line.split()]
    if None in values:
        faults.add("P602", f"line {number}", f"`{line[:40]}` is no row of numbers", "Correct it")
    return tuple(value for value in values if value is not None)
