"""Depths of groundwater per site and day, as the groundwater model's contract has them.

`site_id,depth_m,date,capillary_mm_d,sigma,method`; the last three may be empty or missing.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.ids import SiteId
from dispatch.domain.weather import GroundwaterLevel
from dispatch.intake.issues import issue, refusal
from dispatch.intake.reading import csv_text_of, number

if TYPE_CHECKING:
    from collections.abc import Mapping

NEEDED: Final = ("site_id", "depth_m", "date")
DEEPEST_M: Final = 500.0
MOST_RISE_MM: Final = 20.0
"""More than any plant uses in a day."""


@dataclass(frozen=True, slots=True)
class GroundwaterFile:
    """The levels of a file, and what could not be used."""

    levels: tuple[GroundwaterLevel, ...] = ()
    issues: tuple[Issue, ...] = ()


def read_groundwater(body: bytes) -> GroundwaterFile:
    """Return the levels, sorted by site and day; of two for one day the later row counts.

    Commas or semicolons, `3.4` or `3,4`. Raises InvalidInput I101, I113.
    """
    header, *lines = csv_text_of(body, subject="groundwater").splitlines() or [""]
    delimiter = ";" if ";" in header else ","
    names = [name.strip().casefold() for name in header.split(delimiter)]
    if missing := [name for name in NEEDED if name not in names]:
        raise refusal("I113", "groundwater", f"the header lacks {', '.join(missing)}")
    levels: dict[tuple[SiteId, date], GroundwaterLevel] = {}
    issues: list[Issue] = []
    for row_number, line in enumerate(lines, start=2):
        if not line.strip():
            continue
        cells = next(csv.reader([line], delimiter=delimiter))
        try:
            level = _level(dict(zip(names, cells, strict=False)))
        except InvalidInput as error:
            causes = "; ".join(f"{fault.subject}: {fault.cause}" for fault in error.issues)
            issues.append(issue("I130", f"row {row_number}", causes))
            continue
        levels[level.site_id, level.day] = level
    return GroundwaterFile(tuple(levels[key] for key in sorted(levels)), tuple(issues))


def _level(row: Mapping[str, str]) -> GroundwaterLevel:
    if not row.get("site_id", "").strip():
        raise refusal("I130", "site_id", "is missing")
    rise = row.get("capillary_mm_d", "").strip()
    return GroundwaterLevel(
        site_id=SiteId(row["site_id"].strip()),
        day=_day(row.get("date", "")),
        depth_m=_figure(row, "depth_m", highest=DEEPEST_M),
        capillary_mm_d=_figure(row, "capillary_mm_d", highest=MOST_RISE_MM) if rise else None,
        sigma_m=_figure(row, "sigma", highest=DEEPEST_M, missing=0.0),
        method=row.get("method", "").strip(),
    )


def _figure(
    row: Mapping[str, str], name: str, *, highest: float, missing: float | None = None
) -> float:
    """Return a number from 0 to `highest`; raises InvalidInput I130."""
    raw = row.get(name, "").strip()
    if not raw and missing is not None:
        return missing
    value = number(raw.replace(",", "."))
    if value is None or not 0 <= value <= highest:
        raise refusal("I130", name, f"is {raw!r}, wanted 0 to {highest:g}")
    return value


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise refusal("I130", "date", f"{text!r} is not a date") from None
