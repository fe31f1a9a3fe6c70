"""Who may enter a street: access tags, limits of weight and size, and what is not understood."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING

from graphs import tags as tag_values
from graphs.conditions import Holds, conditionals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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
            *("destination", "delivery", "deliveries", "customers", "customer", "residents"),
            *("resident", "permit", "loading", "unloading", "tenants", "employees", "visitors"),
            *("students", "variable"),
        ),
        Access.STOP,
    ),
    **dict.fromkeys(
        (
            *("no", "private", "agricultural", "forestry", "emergency", "military", "psv", "bus"),
            *("foot", "bicycle", "horse", "use_sidepath", "dismount", "none", "taxi", "service"),
            *("restricted", "staff", "school", "university", "garages", "opposite", "separate"),
        ),
        Access.CLOSED,
    ),
}
"""Values of access tags for a municipal vehicle on duty that holds no special key or permit. A
value that is not here says nothing: the next, less specific key decides, and it is counted."""

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
    ("hgv:maxweight", "weight_t", tag_values.weight_t),
    ("maxweightrating:hgv", "weight_t", tag_values.weight_t),
    ("maxlength:hgv", "length_m", tag_values.length_m),
)
_SIGNED = frozenset(
    {
        *("maxweight", "maxweightrating", "maxweight:hgv", "hgv:maxweight"),
        *("maxweightrating:hgv", "maxlength", "maxlength:hgv"),
    }
)
"""Limits that a sign may lift for those who stop there; a low bridge it cannot."""

_NO_STREET = frozenset({"emergency_access", "busbay", "construction_access"})
"""Values of `service` for ways that are there, but not for traffic."""

_SEVERAL = re.compile(r"[;,|]")


def value_of(text: str) -> Access | None:
    """Return what an access value means, None if it is unknown; of several the kindest counts."""
    known = [VALUES[part] for one in _SEVERAL.split(text) if (part := one.strip()) in VALUES]
    return max(known, default=None)


def may_enter(tags: Mapping[str, str], profile: Profile, side: str) -> Access:
    """Return what the profile may do on a street with these raw tags, `forward` or `backward`."""
    if tags.get("highway", "") not in profile.class_kmh or tags.get("service") in _NO_STREET:
        return Access.CLOSED
    if tags.get("low_emission_zone") == "yes" and not profile.low_emission_zone:
        return Access.CLOSED
    if tags.get("motorroad") == "yes" and "motor_vehicle" not in profile.kinds:
        return Access.CLOSED
    return min(by_tags(tags, profile, side), fits(tags, profile))


def by_tags(tags: Mapping[str, str], profile: Profile, side: str) -> Access:
    """Return what the access tags of a street say, in one direction."""
    if tags["highway"] not in profile.on_permission:
        return stated(tags, profile.access_keys, profile, side=side, unless=Access.OPEN)
    # "access=yes" on a footpath is meant for people on foot; only a vehicle's own key counts.
    own = tuple(key for key in profile.access_keys if key != "access")
    return stated(tags, own, profile, side=side, unless=Access.CLOSED)


def stated(
    tags: Mapping[str, str],
    keys: Sequence[str],
    profile: Profile,
    *,
    side: str = "",
    unless: Access,
) -> Access:
    """Return what the first of some access keys says, or else `unless`.

    A conditional value lies over its own key and the less specific ones: a ban counts if it
    touches the working day, a permission at some hours is one for a stop.
    """
    result = unless
    for key in reversed(keys):
        for full in (key, f"{key}:{side}"):
            value = value_of(tags[full]) if full in tags else None
            result = result if value is None else value
        if (conditional := f"{key}:conditional") in tags:
            for text, holds in conditionals(tags[conditional], profile):
                result = _combined(result, value_of(text), holds)
    return result


def _combined(base: Access, value: Access | None, holds: Holds) -> Access:
    """Return an access with a conditional value laid over it."""
    if value is None or holds in (Holds.NEVER, Holds.DATED, Holds.UNREADABLE):
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
        own = getattr(profile, attribute)
        if limit is not None and own > limit:
            result = min(result, _spared(tags, profile, key) if key in _SIGNED else Access.CLOSED)
        if key in _SIGNED and f"{key}:conditional" in tags:
            result = min(result, _at_times(tags[f"{key}:conditional"], profile, parse, own))
    return result


def _spared(tags: Mapping[str, str], profile: Profile, key: str) -> Access:
    """Return what a vehicle above a signed limit may do: nothing, stop, or all it likes."""
    result = Access.CLOSED
    if profile.heavy and value_of(tags.get("hgv", "")) is Access.STOP:
        result = Access.STOP
    for value, holds in conditionals(tags.get(f"{key}:conditional", ""), profile):
        if value in ("none", "no", "unlimited", "default"):
            lifted = {Holds.AT_STOPS: Access.STOP, Holds.ALWAYS: Access.OPEN}
            result = max(result, lifted.get(holds, Access.CLOSED))
    return result


def _at_times(
    text: str, profile: Profile, parse: Callable[[str], float | None], own: float
) -> Access:
    """Return what a limit leaves that holds under conditions only."""
    for value, holds in conditionals(text, profile):
        limit = parse(value)
        if limit is not None and own > limit and holds in (Holds.ALWAYS, Holds.SOMETIMES):
            return Access.CLOSED
    return Access.OPEN
