"""Who may enter a street: access tags, limits of weight and size, and what is not understood."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from graphs import tags as tag_values
from graphs.conditions import Holds, conditionals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from graphs.profiles import Profile


class Access(IntEnum):
    """What a vehicle may do on a street; of several answers the smaller one counts."""

    CLOSED = 0
    STOP = 1
    OPEN = 2


VALUES: Mapping[str, Access] = {
    **dict.fromkeys(
        ("yes", "permissive", "designated", "official", "public", "discouraged", "allowed"),
        Access.OPEN,
    ),
    **dict.fromkeys(
        (
            *("destination", "delivery", "customers", "residents", "permit", "loading"),
            *("unloading", "tenants", "employees", "visitors", "students", "variable"),
        ),
        Access.STOP,
    ),
    **dict.fromkeys(
        (
            *("no", "private", "agricultural", "forestry", "emergency", "military", "psv", "bus"),
            *("agricultural;forestry", "foot", "bicycle", "horse", "use_sidepath", "dismount"),
            *("restricted", "staff", "school", "university", "taxi", "none"),
        ),
        Access.CLOSED,
    ),
}
"""Values of access tags for a municipal vehicle on duty that holds no special key or permit."""

LIMITS: tuple[tuple[str, str, Callable[[str], float | None]], ...] = (
    ("maxweight", "weight_t", tag_values.weight_t),
    ("maxweightrating", "weight_t", tag_values.weight_t),
    ("maxaxleload", "axle_t", tag_values.weight_t),
    ("maxheight", "height_m", tag_values.length_m),
    ("maxheight:physical", "height_m", tag_values.length_m),
    ("maxwidth", "width_m", tag_values.length_m),
    ("maxwidth:physical", "width_m", tag_values.length_m),
    ("maxlength", "length_m", tag_values.length_m),
)
HEAVY_LIMITS: tuple[tuple[str, str, Callable[[str], float | None]], ...] = (
    ("maxweight:hgv", "weight_t", tag_values.weight_t),
    ("maxweightrating:hgv", "weight_t", tag_values.weight_t),
    ("maxlength:hgv", "length_m", tag_values.length_m),
)
_LEGAL = ("maxweight", "maxweightrating", "maxweight:hgv", "maxweightrating:hgv", "maxlength")
"""Limits that a sign may lift for those who stop there; a low bridge it cannot."""


def may_enter(tags: Mapping[str, str], profile: Profile) -> Access:
    """Return what the profile may do on a street with these raw tags."""
    if tags.get("highway", "") not in profile.class_kmh:
        return Access.CLOSED
    if tags.get("low_emission_zone") == "yes" and not profile.low_emission_zone:
        return Access.CLOSED
    if tags.get("motorroad") == "yes" and profile.name == "cargo_bike":
        return Access.CLOSED
    return min(by_tags(tags, profile), fits(tags, profile))


def by_tags(tags: Mapping[str, str], profile: Profile) -> Access:
    """Return what the access tags say; of `profile.access_keys` the first one known decides.

    Conditional values come on top: a ban counts if it touches the working day, a permission at
    some hours is one for a stop.
    """
    stated = next(
        ((key, VALUES[tags[key]]) for key in profile.access_keys if tags.get(key) in VALUES), None
    )
    if tags["highway"] not in profile.on_permission:
        result = Access.OPEN if stated is None else stated[1]
    elif stated is None or stated[0] == "access":
        # "access=yes" on a footpath is meant for people on foot; only a vehicle's own key counts.
        result = Access.CLOSED
    else:
        result = stated[1]
    for key in profile.access_keys:
        for value, holds in conditionals(tags.get(f"{key}:conditional", ""), profile):
            result = _combined(result, VALUES.get(value), holds)
    return result


def _combined(base: Access, value: Access | None, holds: Holds) -> Access:
    """Return an access with a conditional value laid over it."""
    if value is None or holds in (Holds.NEVER, Holds.UNREADABLE):
        return base
    if holds is Holds.ALWAYS:
        return value
    if holds is Holds.AT_STOPS:
        # "yes @ destination" opens for a stop, "no @ delivery" says nothing of driving through.
        return max(base, Access.STOP) if value > Access.CLOSED else base
    return min(base, value) if value < base else max(base, Access.STOP)


def fits(tags: Mapping[str, str], profile: Profile) -> Access:
    """Return whether the vehicle is light and small enough.

    A weight limit that spares those who stop there (`hgv=destination`, `maxweight:conditional=none
    @ destination`) leaves the street open for a stop.
    """
    result = Access.OPEN
    for key, attribute, parse in (*LIMITS, *(HEAVY_LIMITS if profile.heavy else ())):
        limit = parse(tags[key]) if key in tags else None
        if limit is not None and getattr(profile, attribute) > limit:
            spared = key in _LEGAL and _spares_stops(tags, profile, key)
            result = min(result, Access.STOP if spared else Access.CLOSED)
    return result


def _spares_stops(tags: Mapping[str, str], profile: Profile, key: str) -> bool:
    if profile.heavy and VALUES.get(tags.get("hgv", "")) is Access.STOP:
        return True
    return any(
        value in ("none", "no", "unlimited") and holds in (Holds.AT_STOPS, Holds.ALWAYS)
        for value, holds in conditionals(tags.get(f"{key}:conditional", ""), profile)
    )


def not_understood(tags: Mapping[str, str], profile: Profile) -> Iterator[str]:
    """Yield the kind of every value that was passed over because it could not be read."""
    for key in profile.access_keys:
        if key in tags and tags[key] not in VALUES:
            yield "unknown access value"
        for _, holds in conditionals(tags.get(f"{key}:conditional", ""), profile):
            if holds is Holds.UNREADABLE:
                yield "unreadable condition"
            elif holds is Holds.SOMETIMES:
                yield "condition of time"
    for key, _, parse in (*LIMITS, *HEAVY_LIMITS):
        if key in tags and tags[key] not in tag_values.NOT_POSTED and parse(tags[key]) is None:
            yield f"unreadable {key}"
    for key in ("maxspeed", "maxspeed:forward", "maxspeed:backward", "maxspeed:hgv"):
        text = tags.get(key, "")
        if text and text not in tag_values.NOT_POSTED and tag_values.speed_kmh(text) is None:
            yield "unreadable maxspeed"
