"""Restriction relations as forbidden sequences of arcs, each applied or listed with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphs.restricted_ways import WayArcs
from graphs.restriction_tags import KINDS, meant_for
from graphs.restriction_tags import Outcome as Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphs.network import StreetNetwork, TurnRestriction
    from graphs.profiles import Profile
    from graphs.turns import Arcs, Turns

Word = tuple[int, ...]
"""Arcs that nobody may drive one after the other."""

REASONS = {
    Outcome.APPLIED: "in force",
    Outcome.APPLIED_ALWAYS: "limited to some hours of the working day, in force at all of them",
    Outcome.APPLIED_UNREAD: "its condition cannot be read, in force at all times",
    Outcome.EXCEPTED: "does not hold for this vehicle (except)",
    Outcome.OTHER_VEHICLE: "holds for other vehicles only",
    Outcome.NIGHT_ONLY: "holds only outside working hours",
    Outcome.DATED: "holds only in a certain year",
    Outcome.MALFORMED: "lacks a from, via or to member",
    Outcome.UNKNOWN_KIND: "its kind is not known",
    Outcome.NOT_IN_EXTRACT: "a member lies outside the extract or is no street",
    Outcome.NOTHING_TO_FORBID: "this vehicle may not drive there anyway",
    Outcome.NOT_CONNECTED: "its members do not meet",
    Outcome.AMBIGUOUS: "its members meet in several ways; which is meant cannot be told",
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


def forbidden_sequences(
    network: StreetNetwork, arcs: Arcs, turns: Turns, profile: Profile
) -> tuple[list[Word], list[RestrictionResult]]:
    """Return the sequences that all restrictions together forbid, and what became of each."""
    if not network.restrictions:
        return [], []
    ways = WayArcs(network, arcs, turns)
    words: set[Word] = set()
    results = []
    for relation in network.restrictions:
        outcome, found = _resolved(relation, ways, profile)
        words |= set(found)
        results.append(
            RestrictionResult(relation_id=relation.relation_id, outcome=outcome, forbids=len(found))
        )
    return sorted(words), results


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
    meant = _meant(routes, relation, value, ways)
    if routes and not meant:
        back = value.endswith("_u_turn")
        return (Outcome.NOTHING_TO_FORBID if back else Outcome.AMBIGUOUS), []
    if not routes and not ways.meets(relation):
        return Outcome.NOT_CONNECTED, []
    if value.startswith("only_"):
        beginnings = sorted({word[:-1] for word in meant}) or ways.beginnings_of(relation)
        if len(beginnings) > 1:
            # Which of the ways in is bound cannot be told: binding all would forbid too much.
            return Outcome.AMBIGUOUS, []
        meant = [word for start in beginnings for word in _other_ways_on(start, meant, ways)]
    return (outcome, meant) if meant else (Outcome.NOTHING_TO_FORBID, [])


def _fault(relation: TurnRestriction, value: str, ways: WayArcs) -> Outcome | None:
    if value.removeprefix("no_").removeprefix("only_") not in KINDS:
        return Outcome.UNKNOWN_KIND
    via = relation.via_nodes or relation.via_ways
    if not (relation.from_ways and via and relation.to_ways):
        return Outcome.MALFORMED
    return None if ways.has(relation) else Outcome.NOT_IN_EXTRACT


def _meant(
    routes: Sequence[Word], relation: TurnRestriction, value: str, ways: WayArcs
) -> list[Word]:
    """Return which of the routes along its members a restriction names.

    Where the members meet in one way only, that is meant. Otherwise, when a way runs on through
    the junction, the name decides: a left turn leads to the left. Turning round is meant only
    where the name says so, or where nothing else is possible.
    """
    kind = value.removeprefix("no_").removeprefix("only_")
    if kind == "u_turn":
        backward = [word for word in routes if ways.turns_back(word)]
        other_street = set(relation.from_ways).isdisjoint(relation.to_ways)
        return backward or (list(routes) if len(routes) == 1 and other_street else [])
    onward = [word for word in routes if not ways.reverses((word[0], word[-1]))] or list(routes)
    if len(onward) <= 1:
        return onward
    low, high = KINDS[kind]
    return [word for word in onward if low <= ways.angle_deg(word) <= high]


def _other_ways_on(beginning: Word, meant: Sequence[Word], ways: WayArcs) -> Iterator[Word]:
    """Yield what an `only_` restriction forbids: every other way on from the last via member.

    With via ways it binds those who came from the first member, as OSRM reads it. Where the to
    member is closed to the vehicle, the sign still forbids the other ways.
    """
    ends = {word[-1] for word in meant}
    for end in ways.following(beginning[-1]):
        if end not in ends:
            yield (*beginning, end)
