"""Points to travel between, from a CSV file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphs.errors import PointsInvalid
from graphs.snap import Side

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COLUMNS = ("id", "lat", "lon")
SHOWN = 5
"""So many faults are named; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """n points: ids, places (lat, lon), and the side of the vehicle on which they must lie."""

    ids: tuple[str, ...]
    places: tuple[tuple[float, float], ...]
    sides: tuple[Side, ...]


def read_points(path: Path) -> Points:
    """Return the points of a CSV file with the columns id, lat, lon and, if wanted, side.

    Commas or semicolons between the columns, UTF-8, `side` one of any, right, left or empty. Raises
    PointsInvalid G309, naming all faulty lines, for anything else.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        first = text.partition("\n")[0]
        rows = csv.DictReader(text.splitlines(), delimiter=";" if ";" in first else ",")
        # Spreadsheets like blanks around names and capitals in words.
        rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
        numbered = [(rows.line_num, row) for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _refused(path, f"it cannot be read ({error})") from error
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise _refused(path, f"it has no column {', '.join(missing)}")
    found: list[dict[str, str]] = []
    faults: list[str] = []
    seen: set[str] = set()
    for number, row in numbered:
        fault = _fault(row, seen)
        if fault:
            faults.append(f"line {number}: {fault}")
        else:
            seen.add(row["id"])
            found.append(row)
    if faults:
        more = f" and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        raise _refused(path, "; ".join(faults[:SHOWN]) + more)
    return Points(
        ids=tuple(row["id"] for row in found),
        places=tuple((float(row["lat"]), float(row["lon"])) for row in found),
        sides=tuple(_side(row) for row in found),
    )


def _side(row: Mapping[str, str | None]) -> Side:
    """Return the side a row asks for; raises ValueError for an unknown one."""
    return Side((row.get("side") or "").strip().lower() or "any")


def _fault(row: Mapping[str, str | None], seen: set[str]) -> str | None:
    """Return what is wrong with a row, if anything."""
    if not row["id"] or row["id"] in seen:
        return f"id '{row['id']}' is missing or there twice"
    try:
        lat, lon = float(row["lat"] or ""), float(row["lon"] or "")
    except ValueError:
        return f"'{row['lat']}', '{row['lon']}' are no numbers"
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return f"{lat}, {lon} are no latitude and longitude"
    try:
        _side(row)
    except ValueError:
        return f"side '{row['side']}' is not any, right or left"
    return None


def _refused(path: Path, cause: str) -> PointsInvalid:
    return PointsInvalid(
        "G309", path.name, cause, "Give a CSV file with the columns id, lat, lon and maybe side"
    )
