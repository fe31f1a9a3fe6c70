"""VRPLIB `.sol` files: routes of place numbers and a cost."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.formats.faults import Faults
from dispatch.planning.formats.sections import finite
from dispatch.planning.problem import job_visit, reload_visit

if TYPE_CHECKING:
    from dispatch.planning.problem import Problem, Visit
    from dispatch.planning.solution import Solution

ROUTE = re.compile(r"route\s*#?\s*\d*\s*:(.*)", re.IGNORECASE)
COST = re.compile(r"cost\s*:?\s*(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sol:
    """Routes as place numbers, depots first and counted from 0, and the cost that is stated."""

    routes: tuple[tuple[int, ...], ...]
    cost: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """How place numbers and our indices meet.

    Places below `depots` are depots, the job of a customer is its number less `depots`.
    `reloads` are the places of our facilities, in their order. With `vehicles_named` route 1 is
    driven by vehicle 1, so empty routes are written too.
    """

    depots: int
    reloads: tuple[int, ...] = ()
    vehicles_named: bool = False


def sol_of(text: str) -> Sol:
    """Return the routes and the cost; raises InvalidInput P607 for lines that cannot be read.

    Lines of other keys (`Optimal: True`, times, names) say nothing about the routes.
    """
    routes: list[tuple[int, ...]] = []
    cost = None
    faults = Faults()
    for number, line in enumerate(text.splitlines(), 1):
        if route := ROUTE.match(line.strip()):
            words = route[1].split()
            if not all(word.isascii() and word.isdigit() and len(word) < 10 for word in words):
                faults.add("P607", f"line {number}", "a route is no list of places", "Correct it")
                continue
            routes.append(tuple(int(word) for word in words))
        elif stated := COST.match(line.strip()):
            cost = finite(stated[1])
            if cost is None:
                faults.add("P607", f"line {number}", f"`{stated[1]}` is no cost", "Correct it")
    if not routes and not faults.issues:
        faults.add("P607", "solution", "it has no line `Route #1: ..`", "Give one line per route")
    faults.stop()
    return Sol(routes=tuple(routes), cost=cost)


def orders_of(numbering: Numbering, problem: Problem, sol: Sol) -> tuple[tuple[Visit, ...], ...]:
    """Return the visits per shift; raises InvalidInput P607 for places or routes too many."""
    faults = Faults()
    used = [route for route in sol.routes if route or numbering.vehicles_named]
    if len(used) > len(problem.shifts):
        faults.add(
            "P607",
            "solution",
            f"{len(used)} routes for {len(problem.shifts)} vehicles",
            "Give the instance as many vehicles",
        )
    orders = [
        tuple(
            visit
            for place in route
            if (visit := _visit(numbering, problem, place, number, faults)) is not None
        )
        for number, route in enumerate(used, 1)
    ]
    faults.stop()
    return tuple(orders + [()] * (len(problem.shifts) - len(orders)))


def text_of(numbering: Numbering, solution: Solution, cost: str) -> str:
    """Return the solution as the text of a `.sol` file with this cost."""
    routes = [
        [_place(numbering, visit) for visit in order]
        for order in solution.orders
        if order or numbering.vehicles_named
    ]
    lines = [
        f"Route #{number}: {' '.join(map(str, route))}".rstrip()
        for number, route in enumerate(routes, 1)
    ]
    return "\n".join([*lines, f"Cost {cost}", ""])


def _visit(
    numbering: Numbering, problem: Problem, place: int, route: int, faults: Faults
) -> Visit | None:
    job = place - numbering.depots
    if 0 <= job < len(problem.jobs):
        return job_visit(job)
    if place in numbering.reloads:
        return reload_visit(numbering.reloads.index(place))
    cause = "nobody reloads there" if job < 0 else "there is no such place"
    faults.add("P607", f"route {route}", f"place {place}: {cause}", "Correct the number")
    return None


def _place(numbering: Numbering, visit: Visit) -> int:
    if visit.kind is StopKind.JOB:
        return numbering.depots + visit.index
    return numbering.reloads[visit.index]
