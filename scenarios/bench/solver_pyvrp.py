"""PyVRP as its makers ship it: its own reading of a file, its own settings, none of ours."""

from __future__ import annotations

from collections import defaultdict
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyvrp
import vrplib
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
INFEASIBLE = 2**63 - 1
"""What PyVRP says that a solution costs that breaks a rule."""


def data_of(file: Path, kind: str) -> pyvrp.ProblemData:
    """Return the file as PyVRP's own parser reads it.

    Solomon's text goes through vrplib, as PyVRP reads VRPLIB alone. Vehicles that may serve only
    some customers are told by loads: PyVRP's reader forbids by huge distances, on which its
    search hangs.
    """
    solomon = file.suffix == ".txt"
    raw: dict[str, Any] = vrplib.read_instance(file, "solomon" if solomon else "vrplib")
    raw.setdefault("dimension", len(raw["edge_weight"]))
    allowed = raw.pop("vehicles_allowed_clients", None)
    rounding = ROUND_FUNCS[ROUNDING[kind]]
    data = _ProblemDataBuilder(_InstanceParser(raw, rounding)).data()
    return data if allowed is None else _with_skills(data, allowed)


def _with_skills(data: pyvrp.ProblemData, allowed: Any) -> pyvrp.ProblemData:
    """Return the data with a load dimension per set of vehicles that customers are open to."""
    may = [{int(place) - 1 for place in np.atleast_1d(places)} for places in allowed]
    of_client = [
        frozenset(vehicle for vehicle, places in enumerate(may) if client.location in places)
        for client in data.clients()
    ]
    kinds = list(dict.fromkeys(kind for kind in of_client if len(kind) < len(may)))
    clients = [
        _loaded(client, [int(kind == of_client[number]) for kind in kinds])
        for number, client in enumerate(data.clients())
    ]
    vehicles = []
    for vehicle_type in data.vehicle_types():
        alike = defaultdict(list)
        for number in map(int, vehicle_type.name.split(",")):
            alike[tuple(number in kind for kind in kinds)].append(number)
        for open_to, numbers in alike.items():
            room = [len(clients) if is_open else 0 for is_open in open_to]
            vehicles.append(
                vehicle_type.replace(
                    num_available=len(numbers),
                    capacity=[*vehicle_type.capacity, *room],
                    name=",".join(map(str, numbers)),
                )
            )
    return data.replace(clients=clients, vehicle_types=vehicles)


def _loaded(client: pyvrp.Client, more: list[int]) -> pyvrp.Client:
    return pyvrp.Client(
        location=client.location,
        delivery=[*client.delivery, *more],
        pickup=[*client.pickup, *(0 for _ in more)],
        service_duration=client.service_duration,
        tw_early=client.tw_early,
        tw_late=client.tw_late,
        release_time=client.release_time,
        prize=client.prize,
        required=client.required,
    )


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
