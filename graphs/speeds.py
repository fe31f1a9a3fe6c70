"""Speeds by road class, surface and width: one table each."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Average speeds by road class in km/h where no maxspeed is known.
# Source: OSRM, profiles/car.lua (project-osrm/osrm-backend, BSD-2), `speeds`.
CAR_KMH: Mapping[str, float] = MappingProxyType(
    {
        "motorway": 90,
        "motorway_link": 45,
        "trunk": 85,
        "trunk_link": 40,
        "primary": 65,
        "primary_link": 30,
        "secondary": 55,
        "secondary_link": 25,
        "tertiary": 40,
        "tertiary_link": 20,
        "unclassified": 25,
        "residential": 25,
        "living_street": 10,
        "service": 15,
        "road": 20,
        "busway": 20,
        "track": 10,
        "pedestrian": 6,
    }
)

# Upper speeds of heavy vehicles by class. StVO § 3 (3) no. 2b: above 7.5 t 60 km/h outside towns;
# § 18 (5): 80 km/h on motorways and motor roads. Inside towns a lorry loses to a car at every
# start, so its class speeds are OSRM's less a tenth (own estimate).
TRUCK_KMH: Mapping[str, float] = MappingProxyType(
    {
        **{road: kmh * 0.9 for road, kmh in CAR_KMH.items()},
        "motorway": 80,
        "trunk": 75,
        "primary": 55,
        "secondary": 48,
    }
)

# A loaded cargo bike rides about 18 km/h. Source: OSRM, profiles/bicycle.lua (15 to 18 km/h by
# class, 6 km/h where cyclists walk or creep).
BIKE_KMH: Mapping[str, float] = MappingProxyType(
    dict.fromkeys(
        (
            *("primary", "primary_link", "secondary", "secondary_link", "tertiary"),
            *("tertiary_link", "unclassified", "residential", "cycleway", "road"),
        ),
        17.0,
    )
    | {"living_street": 14.0, "service": 14.0, "track": 11.0, "path": 11.0}
    | {"footway": 6.0, "pedestrian": 6.0, "bridleway": 6.0}
)

# Source: OSRM, profiles/car.lua, `surface_speeds`: nobody drives faster than this on it.
SURFACE_KMH: Mapping[str, float] = MappingProxyType(
    {
        **dict.fromkeys(("compacted", "fine_gravel"), 80.0),
        **dict.fromkeys(("paving_stones", "metal", "bricks"), 60.0),
        **dict.fromkeys(("sett", "grass_paver", "wood", "unpaved", "gravel", "ground"), 40.0),
        **dict.fromkeys(("dirt", "earth", "grass", "pebblestone", "tartan"), 40.0),
        **dict.fromkeys(("cobblestone", "clay", "unhewn_cobblestone"), 30.0),
        **dict.fromkeys(("stone", "rocky", "sand"), 20.0),
        "mud": 10.0,
    }
)


# Source: OSRM, profiles/car.lua, `smoothness_speeds` and `tracktype_speeds`.
SMOOTHNESS_KMH: Mapping[str, float] = MappingProxyType(
    {"intermediate": 80, "bad": 40, "very_bad": 20, "horrible": 10, "very_horrible": 5}
)
TRACK_KMH: Mapping[str, float] = MappingProxyType(
    {"grade1": 60, "grade2": 40, "grade3": 30, "grade4": 25, "grade5": 20}
)

# Own estimate: nobody drives through these at the 15 km/h of an ordinary service road.
SERVICE_KMH: Mapping[str, float] = MappingProxyType(
    {"driveway": 8.0, "parking_aisle": 8.0, "alley": 10.0, "drive-through": 5.0}
)

HARD_SURFACES = frozenset(
    {
        *("asphalt", "paved", "concrete", "concrete:plates", "concrete:lanes", "chipseal"),
        *("paving_stones:lanes", "paving_stones:20", "paving_stones:30", "artificial_turf"),
    }
)
SMOOTH = frozenset({"excellent", "good", "impassable"})
"""Surfaces and words that slow nobody down (an impassable street is one for its class)."""

SURFACES = frozenset(SURFACE_KMH) | HARD_SURFACES
SMOOTHNESSES = frozenset(SMOOTHNESS_KMH) | SMOOTH
"""The words we know; any other is counted."""

# Own estimate: with less than half a metre to spare on either side one creeps. Mapped widths are
# often guesses and sometimes those of the pavement, so a narrow street is slow, never closed.
SPARE_WIDTH_M = 1.0
NARROW_KMH = 10.0
