"""What the tags of a street mean for a profile: may it pass, in which direction, how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphs import tags as tag_values
from graphs.access import Access, may_enter
from graphs.conditions import Holds, conditionals
from graphs.profiles import Profile, top_kmh
from graphs.speeds import (
    NARROW_KMH,
    SERVICE_KMH,
    SMOOTHNESS_KMH,
    SPARE_WIDTH_M,
    SURFACE_KMH,
    TRACK_KMH,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

FORWARD = frozenset({"yes", "true", "1"})
BACKWARD = frozenset({"-1", "reverse"})
_NOT_RELIABLE = frozenset({"reversible"})
_ROUND = frozenset({"roundabout", "circular"})

SPEED_SOURCES = ("maxspeed:type", "source:maxspeed", "zone:maxspeed", "zone:traffic")
"""Where a limit is looked for when `maxspeed` is missing: they hold words such as DE:urban."""

_CAPS = (
    ("surface", SURFACE_KMH),
    ("smoothness", SMOOTHNESS_KMH),
    ("tracktype", TRACK_KMH),
    ("service", SERVICE_KMH),
)

SLOW_ROADS = frozenset({"service", "living_street", "track", "pedestrian"})


class Passage(NamedTuple):
    """Speeds in km/h along and against a street, 0 = this direction is closed.

    `forward_through` and `backward_through` are False where the vehicle may drive only to stop.
    """

    forward_kmh: float
    backward_kmh: float
    forward_through: bool
    backward_through: bool


CLOSED = Passage(0.0, 0.0, False, False)


def passages_of(tag_sets: Sequence[Mapping[str, str]], profile: Profile) -> NDArray[np.float64]:
    """Return the passages of tag sets as numbers, (k, 4)."""
    return np.array([passage(tags, profile) for tags in tag_sets], dtype=np.float64)


def passage(tags: Mapping[str, str], profile: Profile) -> Passage:
    """Return what the profile may do on a street with these raw tags."""
    along = may_enter(tags, profile, "forward")
    differs = any(key.endswith(("ward", ":conditional")) for key in tags)
    against = may_enter(tags, profile, "backward") if differs else along
    if not (along or against):
        return CLOSED
    one_way, other_way = _directions(tags, profile)
    forward = _speed_kmh(tags, profile, "forward")
    backward = _speed_kmh(tags, profile, "backward") if differs else forward
    return Passage(
        forward if along and one_way else 0.0,
        backward if against and other_way else 0.0,
        along is Access.OPEN and one_way,
        against is Access.OPEN and other_way,
    )


def _directions(tags: Mapping[str, str], profile: Profile) -> tuple[bool, bool]:
    """Return whether a street is open along and against the way it was drawn."""
    value = next((tags[key] for key in profile.oneway_keys if key in tags), None)
    # A street that is one-way at some hours of the day is not driven against them at any.
    for key in profile.oneway_keys:
        for other, holds in conditionals(tags.get(f"{key}:conditional", ""), profile):
            if holds is Holds.ALWAYS or (holds is Holds.SOMETIMES and other != "no"):
                value = other
    if "bicycle" in profile.kinds and tags.get("cycleway", "").startswith("opposite"):
        return True, True
    if value is None:
        implied = tags.get("junction") in _ROUND or tags["highway"].startswith("motorway")
        return True, not implied
    if value in FORWARD:
        return True, False
    if value in BACKWARD:
        return False, True
    # A reversible lane may be against us at any hour; lanes that alternate every few minutes
    # (a narrow bridge with signals) let everybody pass.
    return (False, False) if value in _NOT_RELIABLE else (True, True)


def _speed_kmh(tags: Mapping[str, str], profile: Profile, side: str) -> float:
    """Return the average speed in one direction."""
    road = tags["highway"]
    posted = posted_kmh(tags, profile, side)
    if posted is None or profile.maxspeed_share == 0:
        speed = profile.class_kmh[road]
    else:
        speed = posted * profile.maxspeed_share
    # Nobody goes by a posted 50 through a yard, a play street or a market square.
    if road in SLOW_ROADS:
        speed = min(speed, profile.class_kmh[road])
    top = top_kmh(profile, road, motorroad=tags.get("motorroad") == "yes")
    return min(speed, top, *_caps_kmh(tags, profile))


def _caps_kmh(tags: Mapping[str, str], profile: Profile) -> Iterator[float]:
    """Yield the speeds that surface, purpose and width allow at most."""
    for key, table in _CAPS:
        kmh = table.get(tag_values.first_value(tags[key])) if key in tags else None
        if kmh is not None and (key != "service" or tags["highway"] == "service"):
            yield kmh
    width_m = tag_values.length_m(tags.get("width", ""))
    if width_m is not None and width_m < profile.width_m + SPARE_WIDTH_M:
        yield NARROW_KMH


def posted_kmh(tags: Mapping[str, str], profile: Profile, side: str) -> float | None:
    """Return the limit that holds for the vehicle in a direction, None where none is known.

    A lower limit at hours of the working day counts at all hours.
    """
    keys = [f"maxspeed:{side}", "maxspeed"]
    if profile.heavy:
        keys = [f"maxspeed:hgv:{side}", "maxspeed:hgv", *keys]
    values = (tag_values.speed_kmh(tags[key]) for key in (*keys, *SPEED_SOURCES) if key in tags)
    limit = next((value for value in values if value is not None), None)
    for key in keys:
        for text, holds in conditionals(tags.get(f"{key}:conditional", ""), profile):
            lower = tag_values.speed_kmh(text)
            if holds in (Holds.ALWAYS, Holds.SOMETIMES) and lower is not None:
                limit = lower if limit is None else min(limit, lower)
    return limit
