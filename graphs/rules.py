"""What the tags of a street mean for a profile: may it pass, in which direction, how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from graphs import tags as tag_values
from graphs.access import Access, may_enter
from graphs.conditions import Holds, conditionals
from graphs.profiles import (
    SERVICE_KMH,
    SMOOTHNESS_KMH,
    SURFACE_KMH,
    TRACK_KMH,
    Profile,
    top_kmh,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

FORWARD = frozenset({"yes", "true", "1"})
BACKWARD = frozenset({"-1", "reverse"})
_NOT_RELIABLE = frozenset({"reversible", "alternating"})
_ROUND = frozenset({"roundabout", "circular"})

SPEED_SOURCES = ("maxspeed:type", "source:maxspeed", "zone:maxspeed", "zone:traffic")
"""Where a limit is looked for when `maxspeed` is missing: they hold words such as DE:urban."""

SLOW_ROADS = frozenset({"service", "living_street", "track", "pedestrian"})


class Passage(NamedTuple):
    """Speeds in km/h along and against a street, 0 = this direction is closed.

    `through` is False where the vehicle may drive only to stop there.
    """

    forward_kmh: float
    backward_kmh: float
    through: bool = True


CLOSED = Passage(0.0, 0.0)


def passage(tags: Mapping[str, str], profile: Profile) -> Passage:
    """Return what the profile may do on a street with these raw tags."""
    access = may_enter(tags, profile)
    if access is Access.CLOSED:
        return CLOSED
    along, against = _directions(tags, profile)
    return Passage(
        _speed_kmh(tags, profile, "forward") if along else 0.0,
        _speed_kmh(tags, profile, "backward") if against else 0.0,
        access is Access.OPEN,
    )


def _directions(tags: Mapping[str, str], profile: Profile) -> tuple[bool, bool]:
    value = next((tags[key] for key in profile.oneway_keys if key in tags), None)
    for conditional in conditionals(tags.get("oneway:conditional", ""), profile):
        # A street that is one-way at some hours of the day is not driven against them at any.
        if conditional.holds in (Holds.ALWAYS, Holds.SOMETIMES):
            value = conditional.value if conditional.value != "no" else value
    if value is None:
        implied = tags.get("junction") in _ROUND or tags["highway"].startswith("motorway")
        return True, not implied
    if value in FORWARD:
        return True, False
    if value in BACKWARD:
        return False, True
    # A reversible lane may be against us at any hour.
    return (False, False) if value in _NOT_RELIABLE else (True, True)


def _speed_kmh(tags: Mapping[str, str], profile: Profile, side: str) -> float:
    road = tags["highway"]
    posted = posted_kmh(tags, profile, side)
    if posted is None or profile.maxspeed_share == 0:
        speed = profile.class_kmh[road]
    else:
        speed = posted * profile.maxspeed_share
    # Nobody goes by a posted 50 through a yard, a play street or a market square.
    if road in SLOW_ROADS:
        speed = min(speed, profile.class_kmh[road])
    caps = (
        SURFACE_KMH.get(tags.get("surface", "")),
        SMOOTHNESS_KMH.get(tags.get("smoothness", "")),
        TRACK_KMH.get(tags.get("tracktype", "")),
        SERVICE_KMH.get(tags.get("service", "")) if road == "service" else None,
    )
    return min(speed, top_kmh(profile, road), *(cap for cap in caps if cap is not None))


def posted_kmh(tags: Mapping[str, str], profile: Profile, side: str) -> float | None:
    """Return the limit that holds for the vehicle in a direction, None where none is known."""
    keys = [f"maxspeed:{side}", "maxspeed"]
    if profile.heavy:
        keys = [f"maxspeed:hgv:{side}", "maxspeed:hgv", *keys]
    text = next((tags[key] for key in (*keys, *SPEED_SOURCES) if key in tags), "")
    limit = tag_values.speed_kmh(text)
    for conditional in conditionals(tags.get("maxspeed:conditional", ""), profile):
        lower = tag_values.speed_kmh(conditional.value)
        if conditional.holds is Holds.ALWAYS and lower is not None:
            limit = lower if limit is None else min(limit, lower)
    return limit
