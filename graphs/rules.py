"""What the tags of a street mean for a profile: may it pass, in which direction, how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from graphs import tags as tag_values
from graphs.profiles import SURFACE_KMH, Profile, top_kmh

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ALLOWING = frozenset(
    [
        "yes",
        "permissive",
        "designated",
        "official",
        "destination",
        "delivery",
        "customers",
        "residents",
        "permit",
        "public",
    ]
)
"""Access values under which a municipal vehicle on duty may enter. `destination` and `delivery`
are let through as well as in; forbidding the through traffic needs edge states."""

LIMITS: tuple[tuple[str, str, Callable[[str], float | None]], ...] = (
    ("maxweight", "weight_t", tag_values.weight_t),
    ("maxheight", "height_m", tag_values.length_m),
    ("maxwidth", "width_m", tag_values.length_m),
    ("maxlength", "length_m", tag_values.length_m),
)

_FORWARD = frozenset({"yes", "true", "1"})
_BACKWARD = frozenset({"-1", "reverse"})
_ROUND = frozenset({"roundabout", "circular"})


class Passage(NamedTuple):
    """Speeds in km/h along and against a street; 0 = this direction is closed."""

    forward_kmh: float
    backward_kmh: float


CLOSED = Passage(0.0, 0.0)


def passage(tags: Mapping[str, str], profile: Profile) -> Passage:
    """Return what the profile may do on a street with these raw tags."""
    if not _may_enter(tags, profile) or not _fits(tags, profile):
        return CLOSED
    along, against = _directions(tags, profile)
    return Passage(
        _speed_kmh(tags, profile, "maxspeed:forward") if along else 0.0,
        _speed_kmh(tags, profile, "maxspeed:backward") if against else 0.0,
    )


def _may_enter(tags: Mapping[str, str], profile: Profile) -> bool:
    road = tags.get("highway", "")
    if road not in profile.class_kmh:
        return False
    stated = next(((key, tags[key]) for key in profile.access_keys if key in tags), None)
    if road not in profile.on_permission:
        return stated is None or stated[1] in ALLOWING
    # "access=yes" on a footpath is meant for people on foot; only a vehicle's own key counts.
    return stated is not None and stated[0] != "access" and stated[1] in ALLOWING


def _fits(tags: Mapping[str, str], profile: Profile) -> bool:
    for key, attribute, parse in LIMITS:
        limit = parse(tags[key]) if key in tags else None
        if limit is not None and getattr(profile, attribute) > limit:
            return False
    return True


def _directions(tags: Mapping[str, str], profile: Profile) -> tuple[bool, bool]:
    value = next((tags[key] for key in profile.oneway_keys if key in tags), None)
    if value is None:
        implied = tags.get("junction") in _ROUND or tags["highway"].startswith("motorway")
        return True, not implied
    if value in _FORWARD:
        return True, False
    if value in _BACKWARD:
        return False, True
    # A reversible lane may be against us at any hour.
    return (False, False) if value == "reversible" else (True, True)


def _speed_kmh(tags: Mapping[str, str], profile: Profile, side_key: str) -> float:
    road = tags["highway"]
    posted = tag_values.speed_kmh(tags.get(side_key) or tags.get("maxspeed") or "")
    if posted is None or profile.maxspeed_share == 0:
        speed = profile.class_kmh[road]
    else:
        speed = posted * profile.maxspeed_share
    # Nobody goes by a posted 50 through a yard, a play street or a market square.
    if road in ("service", "living_street", "track", "pedestrian"):
        speed = min(speed, profile.class_kmh[road])
    surface = SURFACE_KMH.get(tags.get("surface", ""), speed)
    return min(speed, surface, top_kmh(profile, road))
