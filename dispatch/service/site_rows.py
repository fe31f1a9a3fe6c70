"""A city's own list of sites, as CSV with a mapping of its columns: rows to documents.

What the documents must hold is said where they are checked; here only words become values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from dispatch.domain.clock import BERLIN
from dispatch.domain.errors import InvalidInput, Issue
from dispatch.intake.csv_mapping import time_of
from dispatch.intake.csv_text import cells_of, delimiter_of, lines_of, plain_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_ROWS: Final = 20_000
_THOUSANDS: Final = re.compile(r"\d{1,3}([.,\s]\d{3})+", re.ASCII)

_KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("glass", "glas", "glascontainer", "altglas", "container"), "glass"),
    **dict.fromkeys(("tree", "baum", "jungbaum", "straßenbaum"), "tree"),
    **dict.fromkeys(("rat_station", "köderstation", "köderbox", "rattenstation"), "rat_station"),
    **dict.fromkeys(("pond", "teich", "weiher", "see", "gewässer"), "pond"),
}
_COLOURS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("white", "weiß", "weiss", "weißglas", "klar"), "white"),
    **dict.fromkeys(("green", "grün", "gruen", "grünglas"), "green"),
    **dict.fromkeys(("brown", "braun", "braunglas"), "brown"),
}
_TRUTH: Final[Mapping[str, str]] = {
    **dict.fromkeys(("true", "ja", "yes", "1", "j", "x", "wahr"), "true"),
    **dict.fromkeys(("false", "nein", "no", "0", "n", "falsch"), "false"),
}


def _word(words: Mapping[str, str]) -> Callable[[str], str]:
    return lambda text: words.get(text.casefold(), text)


def _number(text: str) -> str:
    return plain_number(text, "")


def _whole(text: str) -> str:
    """Return a whole number: here `3.000` and `3,000` can only be three thousand."""
    return re.sub(r"[.,\s]", "", text) if _THOUSANDS.fullmatch(text) else _number(text)


def _day(text: str) -> str:
    """Return a day as ISO writes it; `14.07.2026` is one too."""
    moment = time_of(f"{text} 0:00", "") if "." in text else None
    return text if moment is None else moment.date().isoformat()


def _moment(text: str) -> str:
    """Return a moment with its offset; without one it is Bochum's, without an hour midnight."""
    moment = time_of(text if ":" in text else f"{text} 00:00", "")
    if moment is None:
        return text
    return (moment if moment.tzinfo else moment.replace(tzinfo=BERLIN)).isoformat()


def _as_it_is(text: str) -> str:
    return text


SITE_FIELDS: Final[Mapping[str, Callable[[str], str]]] = {
    "id": _as_it_is,
    "name": _as_it_is,
    "lat": _number,
    "lon": _number,
    "kind": _word(_KINDS),
}
ASSET_FIELDS: Final[Mapping[str, Mapping[str, Callable[[str], str]]]] = {
    "glass": {},
    "tree": {
        "species": _as_it_is,
        "planted": _day,
        "girth_cm": _whole,
        "soil": _as_it_is,
        "root_depth_m": _number,
        "root_area_m2": _number,
    },
    "rat_station": {
        "refill_after": _whole,
        "bait_items": _whole,
        "last_checked": _day,
        "in_sewer": _word(_TRUTH),
    },
    "pond": {"alarm_mg_l": _number, "clear_mg_l": _number, "fixed_aerator": _word(_TRUTH)},
}
CONTAINER_FIELDS: Final[Mapping[str, Callable[[str], str]]] = {
    "part_id": _as_it_is,
    "colour": _word(_COLOURS),
    "volume_l": _whole,
    "empty_mm": _whole,
    "full_mm": _whole,
}
DEVICE_FIELDS: Final[Mapping[str, Callable[[str], str]]] = {
    "device_id": _as_it_is,
    "device_model": _as_it_is,
    "mounted_from": _moment,
}
FIELDS: Final[Mapping[str, Callable[[str], str]]] = {
    **SITE_FIELDS,
    **{name: read for fields in ASSET_FIELDS.values() for name, read in fields.items()},
    **CONTAINER_FIELDS,
    **DEVICE_FIELDS,
}


@dataclass(slots=True)
class SiteRows:
    """A site's document and those of its devices, with the row in which each begins."""

    row: int
    site_id: str
    site: dict[str, Any]
    devices: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)


def site_rows(text: str, mapping: Mapping[str, str]) -> tuple[list[SiteRows], list[Issue]]:
    """Return the sites of a CSV, and what is wrong with its rows.

    Each row is a site, and the device there if it names one; rows with the id of a glass site are
    its containers, numbered where they have no name. Raises InvalidInput S804 with every fault of
    the mapping.
    """
    lines = lines_of(text.removeprefix("\ufeff"))
    if not lines or len(lines) > MOST_ROWS + 1:
        raise InvalidInput(_mapping_issue("csv", f"{max(0, len(lines) - 1)} rows"))
    delimiter = delimiter_of(lines[0])
    header = [name.strip() for name in cells_of(lines[0], delimiter)]
    places = _places(mapping, header)
    found: dict[str, SiteRows] = {}
    issues: list[Issue] = []
    for number, line in enumerate(lines[1:], start=2):
        cells = cells_of(line, delimiter)
        if len(cells) != len(header):
            cause = f"it has {len(cells)} columns, the header {len(header)}"
            issues.append(row_issue(number, cause))
            continue
        issues += _add(number, _values(cells, places, mapping), found)
    return list(found.values()), issues


def _places(mapping: Mapping[str, str], header: list[str]) -> dict[str, int | None]:
    """Return in which column each field is, None for a constant."""
    faults = [
        _mapping_issue(name, "no field of that name") for name in mapping if name not in FIELDS
    ]
    faults += [_mapping_issue(name, "is not mapped") for name in SITE_FIELDS if name not in mapping]
    for name, column in mapping.items():
        if not column.startswith("=") and column not in header:
            faults.append(_mapping_issue(name, f"there is no column {column!r}"))
    if faults:
        raise InvalidInput(*faults)
    return {
        name: None if column.startswith("=") else header.index(column)
        for name, column in mapping.items()
    }


def _values(
    cells: list[str], places: Mapping[str, int | None], mapping: Mapping[str, str]
) -> dict[str, str]:
    """Return the row's fields as texts that a schema reads; empty cells are left out."""
    texts = {
        name: (mapping[name][1:] if place is None else cells[place]).strip()
        for name, place in places.items()
    }
    return {name: FIELDS[name](text) for name, text in texts.items() if text}


def _add(row: int, values: Mapping[str, str], found: dict[str, SiteRows]) -> list[Issue]:
    site_id = values.get("id", "")
    kind = values.get("kind", "")
    if not site_id:
        return [row_issue(row, "it names no site id")]
    known = found.get(site_id)
    if known is None:
        known = found[site_id] = SiteRows(row, site_id, _site(values, kind))
    elif kind != "glass" or known.site["asset"]["kind"] != "glass":
        return [row_issue(row, f"site {site_id} is in row {known.row} already")]
    part_id = None
    if kind == "glass":
        containers = known.site["asset"]["containers"]
        part_id = values.get("part_id", f"{site_id}-{len(containers) + 1}")
        container = {name: values[name] for name in CONTAINER_FIELDS if name in values}
        container.pop("part_id", None)
        containers.append({"id": part_id, **container})
    if "device_id" in values:
        known.devices.append((row, values["device_id"], _device(values, site_id, part_id)))
    return []


def _site(values: Mapping[str, str], kind: str) -> dict[str, Any]:
    asset: dict[str, Any] = {"kind": kind}
    asset |= {name: values[name] for name in ASSET_FIELDS.get(kind, {}) if name in values}
    if kind == "glass":
        asset["containers"] = []
    location = (values.get("lon", ""), values.get("lat", ""))
    return {"name": values.get("name", ""), "location": location, "asset": asset}


def _device(values: Mapping[str, str], site_id: str, part_id: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {"site_id": site_id, "model": values.get("device_model", "")}
    found["part_id"] = part_id
    if "mounted_from" in values:
        found["mounted_from"] = values["mounted_from"]
    return found


def row_issue(row: int, cause: str) -> Issue:
    """Return what is wrong with a row."""
    return Issue(
        code="S805", subject=f"row {row}", cause=cause, action="Correct the row; nothing was stored"
    )


def _mapping_issue(subject: str, cause: str) -> Issue:
    return Issue(
        code="S804",
        subject=f"mapping {subject}",
        cause=cause,
        action=f"Map columns to {', '.join(FIELDS)}; id, name, lat, lon and kind are needed",
    )
