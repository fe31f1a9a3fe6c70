"""A solution as VROOM writes it: summary, routes with steps, and what was left."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from dispatch.domain.plan import StopKind
from dispatch.planning.costs import route_costs
from dispatch.planning.formats.vroom_input import VroomInput
from dispatch.planning.problem import Problem

if TYPE_CHECKING:
    from dispatch.planning.solution import Solution, SolutionRoute, SolutionStop

SUMS = ("setup", "service", "duration", "waiting_time", "priority", "distance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What the way back needs: the document, its problem, base of times, parts of a cost.

    `folded` are the jobs whose setup went into their service.
    """

    given: VroomInput
    problem: Problem
    base_s: int
    parts: int
    folded: frozenset[int]


def solution_text(wording: Wording, solution: Solution) -> str:
    """Return the solution as VROOM's JSON."""
    routes = [_route(wording, route) for route in solution.routes if route.stops]
    summary: dict[str, Any] = {
        "cost": sum(route["cost"] for route in routes),
        "routes": len(routes),
        "unassigned": len(solution.unassigned),
    }
    for name in ("delivery", "pickup"):
        amounts = [route[name] for route in routes if name in route]
        if amounts:
            summary[name] = [sum(column) for column in zip(*amounts, strict=True)]
    for name in SUMS:
        if all(name in route for route in routes):
            summary[name] = sum(route[name] for route in routes)
    jobs = [wording.given.jobs[number] for number in solution.unassigned]
    answer = {
        "code": 0,
        "summary": {**summary, "violations": []},
        "unassigned": [{"id": job.id, "type": "job", **job.shown} for job in jobs],
        "routes": routes,
    }
    return json.dumps(answer, separators=(",", ":"), ensure_ascii=False) + "\n"


def _route(wording: Wording, route: SolutionRoute) -> dict[str, Any]:
    vehicle = wording.given.vehicles[route.shift]
    steps = _Steps(wording, route).all()
    served = [wording.given.jobs[s.index] for s in route.stops if s.kind is StopKind.JOB]
    money = sum(route_costs(wording.problem, route).values())
    told: dict[str, Any] = {"vehicle": vehicle.id, "cost": round(money / wording.parts)}
    if "description" in vehicle.shown:
        told["description"] = vehicle.shown["description"]
    if vehicle.capacity:
        width = len(vehicle.capacity)
        told["delivery"] = _sum([job.delivery for job in served], width)
        told["pickup"] = _sum([job.pickup for job in served], width)
    for name in ("setup", "service", "waiting_time"):
        told[name] = sum(step[name] for step in steps)
    told["duration"] = steps[-1]["duration"]
    told["priority"] = sum(job.priority for job in served)
    if "distance" in steps[-1]:
        told["distance"] = steps[-1]["distance"]
    return {**told, "steps": steps, "violations": []}


def _sum(amounts: list[tuple[int, ...]], width: int) -> list[int]:
    return [sum(amount[d] for amount in amounts if amount) for d in range(width)]


class _Steps:
    """The steps of one route; nobody leaves home earlier than the first window asks for."""

    def __init__(self, wording: Wording, route: SolutionRoute) -> None:
        self.wording = wording
        self.vehicle = wording.given.vehicles[route.shift]
        self.tables = wording.given.matrices[self.vehicle.profile]
        self.seconds = wording.problem.matrices[wording.problem.shifts[route.shift].matrix]
        self.route = route
        self.late_s = 0

    def all(self) -> list[dict[str, Any]]:
        """Return start, jobs and end; without start or end place there is no such step."""
        stops = self.route.stops
        served = [self.wording.given.jobs[s.index] for s in stops if s.kind is StopKind.JOB]
        self.late_s = self._work(stops[1], stops[0])[2]
        load = _sum([job.delivery for job in served], len(self.vehicle.capacity))
        steps = []
        driven_s = driven_m = 0
        if self.vehicle.start >= 0:
            arrival_s = stops[0].departure_s + self.late_s
            steps.append(self._step("start", arrival_s, (0, 0, 0), load, (0, 0)))
        for before, stop in pairwise(stops):
            driven_s += int(self.seconds.duration_s[before.location, stop.location])
            driven_m += self._metres(before.location, stop.location)
            work, arrival_s = self._work(stop, before), stop.arrival_s
            if before is stops[0]:
                work, arrival_s = (work[0], work[1], 0), arrival_s + self.late_s
            if stop.kind is StopKind.JOB:
                job = self.wording.given.jobs[stop.index]
                load = _moved(load, job.delivery, job.pickup)
                step = self._step("job", arrival_s, work, load, (driven_s, driven_m))
                steps.append({**step, **job.shown, "id": job.id, "job": job.id})
            elif self.vehicle.end >= 0:
                steps.append(self._step("end", arrival_s, work, load, (driven_s, driven_m)))
        return steps

    def _work(self, stop: SolutionStop, before: SolutionStop) -> tuple[int, int, int]:
        """Return setup, service and waiting of one stop."""
        if stop.kind is not StopKind.JOB:
            return 0, 0, 0
        job = self.wording.given.jobs[stop.index]
        folded = stop.index in self.wording.folded
        setup_s = job.setup_s if folded or before.location != stop.location else 0
        ahead_s = 0 if folded else setup_s
        return setup_s, job.service_s, stop.start_s - stop.arrival_s - ahead_s

    def _metres(self, origin: int, destination: int) -> int:
        table = self.tables.distances
        inside = table is not None and max(origin, destination) < len(table)
        return int(table[origin, destination]) if table is not None and inside else 0

    def _step(
        self,
        kind: str,
        arrival_s: int,
        work: tuple[int, int, int],
        load: list[int],
        driven: tuple[int, int],
    ) -> dict[str, Any]:
        step: dict[str, Any] = {"type": kind}
        for name in () if kind == "job" else (kind, f"{kind}_index"):
            if name in self.vehicle.shown:
                key = "location_index" if name.endswith("index") else "location"
                step[key] = self.vehicle.shown[name]
        step |= {"setup": work[0], "service": work[1], "waiting_time": work[2]}
        if self.vehicle.capacity:
            step["load"] = load
        step |= {"arrival": arrival_s + self.wording.base_s, "duration": driven[0]}
        if self.tables.distances is not None:
            step["distance"] = driven[1]
        return {**step, "violations": []}


def _moved(load: list[int], delivery: tuple[int, ...], pickup: tuple[int, ...]) -> list[int]:
    taken = delivery or (0,) * len(load)
    added = pickup or (0,) * len(load)
    return [now - a + b for now, a, b in zip(load, taken, added, strict=True)]
