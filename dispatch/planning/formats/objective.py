"""What a `.sol` costs, from the instance's text alone: read by `vrplib`, summed up anew.

No line is shared with the readers, the rounding or the Problem beside it: if both sums agree,
the reader, the way back to the class's cost and the written file are right.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from math import floor
from typing import TYPE_CHECKING, Any

from vrplib.parse.parse_solomon import parse_solomon
from vrplib.parse.parse_vrplib import parse_vrplib

from dispatch.planning.formats.faults import refusal

if TYPE_CHECKING:
    from dispatch.planning.formats.sol import Sol

UNREADABLE = (ValueError, TypeError, KeyError, IndexError, RuntimeError, OverflowError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The cost of a `.sol` in the unit of its class, customers left and customers served twice."""

    cost: float
    left: tuple[int, ...]
    twice: tuple[int, ...]


def verdict_on(text: str, sol: Sol) -> Verdict:
    """Return cost and completeness of these routes; raises InvalidInput P608 if vrplib cannot."""
    try:
        data = _read(text)
        depots = len(data.get("depot", [0]))
        seen = Counter(place for route in sol.routes for place in route if place >= depots)
        places = range(depots, len(data["edge_weight"]))
        left = tuple(place for place in places if not seen[place])
        cost = sum(_route(data, n, route) for n, route in enumerate(sol.routes) if route)
        cost += sum(_prize(data, place) for place in left)
    except UNREADABLE as error:
        cause = f"the independent reader cannot follow it: {error!r}"
        raise refusal("P608", "solution", cause, "Compare instance and routes") from error
    twice = tuple(place for place, times in sorted(seen.items()) if times > 1)
    return Verdict(cost=_stated(data, cost), left=left, twice=twice)


def _read(text: str) -> dict[str, Any]:
    if "_SECTION" in text:
        data: dict[str, Any] = parse_vrplib(text)
        return data
    return {**parse_solomon(text), "type": "VRPTW"}


def _route(data: dict[str, Any], number: int, route: tuple[int, ...]) -> float:
    home = int(data["vehicles_depot"][number]) - 1 if "vehicles_depot" in data else 0
    rate, fixed = _of(data, "vehicles_unit_distance_cost", 1, number), 0.0
    if "vehicles_fixed_cost" in data:
        fixed = _leg(data, _of(data, "vehicles_fixed_cost", 0, number))
    weights = data["edge_weight"]
    legs = (_leg(data, float(weights[a][b])) for a, b in pairwise((home, *route, home)))
    return fixed + rate * sum(legs)


def _of(data: dict[str, Any], name: str, default: float, number: int) -> float:
    values = data.get(name, default)
    return float(values if isinstance(values, int | float) else values[number])


def _prize(data: dict[str, Any], place: int) -> float:
    return _leg(data, float(data["prize"][place])) if "prize" in data else 0.0


def _leg(data: dict[str, Any], distance: float) -> float:
    """Return a distance as its class counts it."""
    kind = str(data["type"]).upper()
    if kind in ("VRPTW", "PCVRPTW", "MTVRPTWR"):
        return floor(10 * distance)
    if kind in ("MDVRPTW", "SDVRPTW"):
        return round(1000 * distance)
    return distance if kind == "HFVRP" else floor(distance + 0.5)


def _stated(data: dict[str, Any], cost: float) -> float:
    kind = str(data["type"]).upper()
    if kind == "VRPTW":
        return cost / 10
    return round(cost / 100, 2) if kind == "HFVRP" else cost
