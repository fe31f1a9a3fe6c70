"""PyVRP as its makers ship it: its own reading of a file, its own settings, none of ours."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyvrp
import vrplib
from pyvrp.constants import MAX_VALUE
from pyvrp.read import ROUND_FUNCS, _InstanceParser, _ProblemDataBuilder

from dispatch.planning.problem import job_visit, reload_visit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dispatch.planning.formats.instance import Instance
    from dispatch.planning.problem import Visit

Trace = list[tuple[float, float]]
"""Seconds since the search began and the cost of each better plan, in any one unit."""

ROUNDING = {
    "CVRP": "round",
    **dict.fromkeys(("VRPTW", "PCVRPTW", "MTVRPTWR"), "dimacs"),
    **dict.fromkeys(("MDVRPTW", "SDVRPTW", "HFVRP"), "exact"),
}
"""How the makers of each class round; PyVRP's own names for it."""
FORBIDDEN_LEGS = 10
"""So many dearest legs cost the way to, and from, a customer that a vehicle may not serve."""
INFEASIBLE = 2**63 - 1
"""What PyVRP says that a solution costs that breaks a rule."""


def data_of(file: Path, kind: str) -> pyvrp.ProblemData:
    """Return the file as PyVRP's own parser reads it.

    Solomon's text goes through vrplib, as PyVRP reads VRPLIB alone. Its reader forbids vehicles
    some customers by huge distances, on which its search hangs (0.14.1). Here they are long
    detours instead, in distance alone. As loads that only some vehicles can take, its search
    found no plan within the rules in 10 s.
    """
    solomon = file.suffix == ".txt"
    raw: dict[str, Any] = vrplib.read_instance(file, "solomon" if solomon else "vrplib")
    raw.setdefault("dimension", len(raw["edge_weight"]))
    parser = _InstanceParser(raw, ROUND_FUNCS[ROUNDING[kind]])
    data = _ProblemDataBuilder(parser).data()
    if "vehicles_allowed_clients" not in raw:
        return data
    legs: Any = parser.edge_weight()
    detour = FORBIDDEN_LEGS * int(legs.max())
    tables: list[Any] = [data.distance_matrix(profile) for profile in range(data.num_profiles)]
    told: list[Any] = [np.where(table >= MAX_VALUE, legs + detour, legs) for table in tables]
    return data.replace(distance_matrices=told, duration_matrices=[legs for _ in told])


def defaults(data: pyvrp.ProblemData, *, seconds: float, seed: int) -> tuple[pyvrp.Solution, Trace]:
    """Return the best that PyVRP's `solve` finds with its defaults, and when it became better."""
    began = perf_counter()
    trace: Trace = []
    timed = pyvrp.stop.MaxRuntime(seconds)

    def stop(best_cost: int) -> bool:
        if best_cost != INFEASIBLE and (not trace or best_cost < trace[-1][1]):
            trace.append((perf_counter() - began, float(best_cost)))
        return timed(best_cost)

    found = pyvrp.solve(data, stop=stop, seed=seed, collect_stats=False)
    return found.best, trace


def orders_of(
    instance: Instance, data: pyvrp.ProblemData, best: pyvrp.Solution
) -> tuple[tuple[Visit, ...], ...]:
    """Return the routes as visits per shift; a vehicle is what its type's name says."""
    free = [list(map(int, vehicle.name.split(","))) for vehicle in data.vehicle_types()]
    used = {free[route.vehicle_type()].pop(0): route for route in best.routes()}
    count = len(instance.problem.shifts)
    if used and max(used) >= count:
        used = dict(enumerate(used.values()))
    return tuple(
        tuple(_visits(instance, data, used[shift])) if shift in used else ()
        for shift in range(count)
    )


def _visits(instance: Instance, data: pyvrp.ProblemData, route: pyvrp.Route) -> Iterator[Visit]:
    reloads = instance.numbering.reloads if instance.numbering else ()
    depots = data.depots()
    for step in list(route)[1:-1]:
        if step.is_client():
            yield job_visit(step.idx)
        else:
            yield reload_visit(reloads.index(depots[step.idx].location))
