"""Restriction relations as forbidden sequences of arcs, each applied or listed with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from graphs.conditions import Holds, by_day, conditionals
from graphs.restricted_ways import WayArcs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphs.network import StreetNetwork, TurnRestriction
    from graphs.profiles import Profile
    from graphs.turns import Arcs, Turns

Word = tuple[int, ...]
"""Arcs that nobody may drive one after the other."""


class Outcome(StrEnum):
    """What became of a restriction."""

    APPLIED = "applied"
    APPLIED_ALWAYS = "applied_at_all_hours"
    EXCEPTED = "excepted"
    OTHER_VEHICLE = "other_vehicle"
    NIGHT_ONLY = "night_only"
    MALFORMED = "malformed"
    UNKNOWN_KIND = "unknown_kind"
    NOT_IN_EXTRACT = "not_in_extract"
    NOTHING_TO_FORBID = "nothing_to_forbid"
    NOT_CONNECTED = "not_connected"
    AMBIGUOUS = "ambiguous"


REASONS = {
    Outcome.APPLIED: "in force",
    Outcome.APPLIED_ALWAYS: "limited to some hours of the day, in force at all of them",
    Outcome.EXCEPTED: "does not hold for this vehicle (except)",
    Outcome.OTHER_VEHICLE: "holds for other vehicles only",
    Outcome.NIGHT_ONLY: "holds only outside working hours",
    Outcome.MALFORMED: "lacks a from, via or to member",
    Outcome.UNKNOWN_KIND: "its kind is not known",
    Outcome.NOT_IN_EXTRACT: "a member lies outside the extract",
    Outcome.NOTHING_TO_FORBID: "this vehicle may not drive there anyway",
    Outcome.NOT_CONNECTED: "its members do not meet",
    Outcome.AMBIGUOUS: "its members meet in several ways",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionResult:
    """One relation: what became of it, and how many turns or sequences it forbids."""

    relation_id: int
    outcome: Outcome
    forbids: int = 0

    @property
    def reason(self) -> str:
        """The outcome in words."""
        return REASONS[self.outcome]


_KINDS = {
    "left_turn": (-181.0, -10.0),
    "right_turn": (10.0, 181.0),
    "straight_on": (-60.0, 60.0),
    "u_turn": None,
    "entry": (-181.0, 181.0),
    "exit": (-181.0, 181.0),
}
"""Angles at which the name of a restriction can be meant, for members that meet several times."""


def forbidden_sequences(
    network: StreetNetwork, arcs: Arcs, turns: Turns, profile: Profile
) -> tuple[list[Word], list[RestrictionResult]]:
    """Return the sequences that all restrictions together forbid, and what became of each."""
    if not network.restrictions:
        return [], []
    ways = WayArcs(network, arcs, turns)
    words: list[Word] = []
    results = []
    for relation in network.restrictions:
        outcome, found = _resolved(relation, ways, profile)
        words += found
        results.append(
            RestrictionResult(relation_id=relation.relation_id, outcome=outcome, forbids=len(found))
        )
    return words, results


def _resolved(
    relation: TurnRestriction, ways: WayArcs, profile: Profile
) -> tuple[Outcome, list[Word]]:
    """Return what becomes of one restriction, and the sequences it forbids."""
    value, outcome = meant_for(relation, profile)
    if value is None:
        return outcome, []
    fault = _fault(relation, value, ways)
    if fault is not None:
        return fault, []
    routes = ways.routes_along(relation)
    if not routes:
        meets = ways.meets(relation)
        return (Outcome.NOTHING_TO_FORBID if meets else Outcome.NOT_CONNECTED), []
    only = value.startswith("only_")
    if only:
        words = _others(routes, ways)
    else:
        words = _meant(routes, value, ways)
        if not words:
            return Outcome.AMBIGUOUS, []
    return (outcome, words) if words else (Outcome.NOTHING_TO_FORBID, [])


def _fault(relation: TurnRestriction, value: str, ways: WayArcs) -> Outcome | None:
    if value.removeprefix("no_").removeprefix("only_") not in _KINDS:
        return Outcome.UNKNOWN_KIND
    via = relation.via_nodes or relation.via_ways
    if not (relation.from_ways and via and relation.to_ways):
        return Outcome.MALFORMED
    return None if ways.has(relation) else Outcome.NOT_IN_EXTRACT


def meant_for(relation: TurnRestriction, profile: Profile) -> tuple[str | None, Outcome]:
    """Return the kind (`no_left_turn`) if the restriction holds for the vehicle, and the outcome.

    A vehicle's own key goes before the general one. Limits of time that touch the working day
    count at all hours: a turn that may be forbidden is not driven.
    """
    tags = relation.tags
    excepted = {word.strip() for word in tags.get("except", "").split(";")}
    if excepted & profile.kinds:
        return None, Outcome.EXCEPTED
    for vehicle in sorted(profile.kinds):
        if (value := tags.get(f"restriction:{vehicle}")) is not None:
            return _timed(value, tags.get(f"restriction:{vehicle}:conditional", ""), profile)
    value, conditional = tags.get("restriction"), tags.get("restriction:conditional", "")
    if value is None and not conditional:
        own = (tags.get(f"restriction:{word}:conditional", "") for word in sorted(profile.kinds))
        conditional = next((text for text in own if text), "")
        if not conditional:
            return None, Outcome.OTHER_VEHICLE
    if value is not None and any(key in tags for key in ("hour_on", "day_on")):
        span = f"{tags.get('hour_on', '00:00')}-{tags.get('hour_off', '24:00')}"
        if by_day(span) is Holds.NEVER:
            return None, Outcome.NIGHT_ONLY
        return value, Outcome.APPLIED_ALWAYS
    return _timed(value, conditional, profile)


def _timed(value: str | None, conditional: str, profile: Profile) -> tuple[str | None, Outcome]:
    """Return the kind and outcome of a value with a conditional one beside it."""
    for kind, holds in conditionals(conditional, profile):
        if kind.startswith(("no_", "only_")) and holds is Holds.ALWAYS:
            return kind, Outcome.APPLIED
        if kind.startswith(("no_", "only_")) and holds in (Holds.SOMETIMES, Holds.UNREADABLE):
            return kind, Outcome.APPLIED_ALWAYS
    if value is not None:
        return value, Outcome.APPLIED
    return None, Outcome.NIGHT_ONLY if conditional else Outcome.OTHER_VEHICLE


def _meant(routes: Sequence[Word], value: str, ways: WayArcs) -> list[Word]:
    """Return the routes that a `no_` restriction forbids.

    Where the members meet in one way only, that is meant. Otherwise the name decides: a left turn
    leads to the left.
    """
    kind = value.removeprefix("no_")
    if kind == "u_turn":
        backward = [word for word in routes if ways.turns_back(word)]
        return backward or (list(routes) if len(routes) == 1 else [])
    if len(routes) == 1 or kind in ("entry", "exit"):
        return [word for word in routes if not (len(word) == 2 and ways.reverses(word))] or list(
            routes
        )
    span = _KINDS[kind]
    low, high = span if span is not None else (-181.0, 181.0)
    fits = [word for word in routes if low <= ways.angle_deg(word) <= high]
    return [word for word in fits if not ways.reverses(word)]


def _others(routes: Sequence[Word], ways: WayArcs) -> list[Word]:
    """Return what an `only_` restriction forbids: every other way on from the last via member.

    With via ways it binds those who came from the first member, as OSRM reads it.
    """
    allowed: dict[Word, set[int]] = {}
    for word in routes:
        allowed.setdefault(word[:-1], set()).add(word[-1])
    return list(_closed_ways_on(allowed, ways))


def _closed_ways_on(allowed: dict[Word, set[int]], ways: WayArcs) -> Iterator[Word]:
    for beginning, ends in allowed.items():
        for end in ways.following(beginning[-1]):
            if end not in ends:
                yield (*beginning, end)
