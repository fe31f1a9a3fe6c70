"""What the tags of a restriction relation say: which turn, for whom, and when."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from graphs.conditions import Holds, conditionals
from graphs.working_hours import names_time, touches_work

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphs.network import TurnRestriction
    from graphs.profiles import Profile


class Outcome(StrEnum):
    """What became of a restriction."""

    APPLIED = "applied"
    APPLIED_ALWAYS = "applied_at_all_hours"
    APPLIED_UNREAD = "applied_condition_unread"
    EXCEPTED = "excepted"
    OTHER_VEHICLE = "other_vehicle"
    NIGHT_ONLY = "night_only"
    DATED = "dated"
    MALFORMED = "malformed"
    UNKNOWN_KIND = "unknown_kind"
    NOT_IN_EXTRACT = "not_in_extract"
    NOTHING_TO_FORBID = "nothing_to_forbid"
    NOT_CONNECTED = "not_connected"
    AMBIGUOUS = "ambiguous"


KINDS: Mapping[str, tuple[float, float]] = {
    "left_turn": (-181.0, -10.0),
    "right_turn": (10.0, 181.0),
    "straight_on": (-60.0, 60.0),
    "u_turn": (-181.0, 181.0),
    "entry": (-181.0, 181.0),
    "exit": (-181.0, 181.0),
}
"""Kinds after `no_` or `only_`, and the angles in degrees that each can mean, right positive."""

_LIFTED = frozenset({"none", "no", "yes"})

_WORKS = {
    Holds.ALWAYS: Outcome.APPLIED,
    Holds.SOMETIMES: Outcome.APPLIED_ALWAYS,
    Holds.UNREADABLE: Outcome.APPLIED_UNREAD,
}


def meant_for(relation: TurnRestriction, profile: Profile) -> tuple[str | None, Outcome]:
    """Return the kind (`no_left_turn`) if the restriction holds for the vehicle, and the outcome.

    A vehicle's own key goes before the general one. Limits of time that touch the working day
    count at all hours: a turn that may be forbidden is not driven.
    """
    tags, kinds = relation.tags, set(profile.kinds)
    if kinds & {word.strip() for word in tags.get("except", "").replace(",", ";").split(";")}:
        return None, Outcome.EXCEPTED
    # An old way to say for whom: type=restriction:hgv.
    _, _, vehicle = tags.get("type", "").partition(":")
    if vehicle and vehicle not in kinds:
        return None, Outcome.OTHER_VEHICLE
    value, conditional = _own(tags, profile)
    if value is None and not conditional:
        known = any(key.startswith("restriction") for key in tags)
        return None, Outcome.OTHER_VEHICLE if known else Outcome.UNKNOWN_KIND
    if value in _LIFTED:
        return None, Outcome.EXCEPTED
    span = _old_span(tags)
    if span and not touches_work(span):
        return None, Outcome.NIGHT_ONLY
    kind, outcome = _under_conditions(value, conditional, profile)
    if span and outcome is Outcome.APPLIED:
        outcome = Outcome.APPLIED_ALWAYS
    return kind, outcome


def _own(tags: Mapping[str, str], profile: Profile) -> tuple[str | None, str]:
    """Return value and conditional value of the most specific keys for a vehicle."""
    value, conditional = tags.get("restriction"), tags.get("restriction:conditional", "")
    for vehicle in reversed(profile.kinds):
        value = tags.get(f"restriction:{vehicle}", value)
        conditional = tags.get(f"restriction:{vehicle}:conditional", conditional)
    return value, conditional


def _old_span(tags: Mapping[str, str]) -> str:
    """Return times in the old keys (`day_on`, `hour_on`, ...) as a condition, empty if none."""
    if not {"day_on", "hour_on"} & set(tags):
        return ""
    days = f"{tags.get('day_on', 'Mo')[:2]}-{tags.get('day_off', 'Su')[:2]}"
    return f"{days} {tags.get('hour_on', '00:00')}-{tags.get('hour_off', '24:00')}"


def _under_conditions(
    value: str | None, conditional: str, profile: Profile
) -> tuple[str | None, Outcome]:
    """Return the kind and outcome of a value with a conditional one beside it."""
    missed = Outcome.OTHER_VEHICLE
    for kind, holds in conditionals(conditional, profile):
        if kind in _LIFTED:
            if holds is Holds.ALWAYS:
                return None, Outcome.EXCEPTED
        elif holds in _WORKS:
            return kind, _WORKS[holds]
        elif holds is Holds.DATED:
            missed = Outcome.DATED
        elif holds is Holds.NEVER and names_time(conditional):
            missed = Outcome.NIGHT_ONLY
    return (None, missed) if value is None else (value, Outcome.APPLIED)
