"""The classes of public instances: how each rounds, and how its facts become our Problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dispatch.planning.costs import required_extra_ueur
from dispatch.planning.formats import own, sol
from dispatch.planning.formats.faults import Faults
from dispatch.planning.formats.instance import Instance, Unit
from dispatch.planning.problem import (
    Matrix,
    Problem,
    ProblemFacility,
    ProblemJob,
    ProblemShift,
    Window,
)
from dispatch.planning.validate import countable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispatch.planning.formats.facts import Facts, Place, Vehicle
    from dispatch.planning.solution import Solution


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """How a class counts: distances and times are multiplied and made whole.

    `unit` says how many of our micro-euro (a scaled distance at unit cost 1 is one) the stated
    cost has.
    """

    distance: int
    time: int
    cut: bool
    unit: Unit

    def whole_distance(self, values: NDArray[np.float64] | float) -> NDArray[np.int64]:
        """Return distances or prizes in the whole numbers of the class."""
        return self._whole(values, self.distance)

    def whole_time(self, values: NDArray[np.float64] | float) -> NDArray[np.int64]:
        """Return durations in the whole numbers of the class."""
        return self._whole(values, self.time)

    def _whole(self, values: NDArray[np.float64] | float, scale: int) -> NDArray[np.int64]:
        scaled = np.asarray(values, dtype=np.float64) * scale
        return (np.trunc(scaled) if self.cut else np.rint(scaled)).astype(np.int64)


def _tenths(unit: Unit) -> Convention:
    return Convention(distance=10, time=10, cut=True, unit=unit)


def _hundredth(scale: int) -> Convention:
    unit = Unit(ueur=100 * scale, decimals=2)
    return Convention(distance=scale, time=1000, cut=False, unit=unit)


EXACT = Convention(distance=1000, time=1000, cut=False, unit=Unit(ueur=1, decimals=0))
CONVENTIONS = {
    "CVRP": Convention(distance=1, time=1, cut=False, unit=Unit(ueur=1, decimals=0)),
    "VRPTW": _tenths(Unit(ueur=10, decimals=1)),
    "PCVRPTW": _tenths(Unit(ueur=1, decimals=0)),
    "MTVRPTWR": _tenths(Unit(ueur=1, decimals=0)),
    "MDVRPTW": EXACT,
    "SDVRPTW": EXACT,
    # Exact distances; rates and day rates are stated a hundredfold.
    "HFVRP": _hundredth(10_000),
}
COARSER = (1000, 100, 10)
"""Scales of an exact class whose finest sums do not fit into 64 bits (thousands of vehicles)."""


def instance_of(facts: Facts) -> Instance:
    """Return the instance of these facts; raises InvalidInput P604 for impossible ones."""
    rule = CONVENTIONS[facts.kind]
    problem = _Builder(facts, rule).problem()
    if facts.kind == "HFVRP":
        for scale in COARSER:
            if not countable(problem):
                rule = _hundredth(scale)
                problem = _Builder(facts, rule).problem()
    numbering = sol.Numbering(
        depots=facts.depots,
        reloads=facts.reloads,
        vehicles_named=facts.vehicles_named,
    )

    def as_sol(solution: Solution) -> str:
        return sol.text_of(numbering, solution, instance.written(instance.objective(solution)))

    instance = Instance(
        name=facts.name,
        kind=facts.kind,
        problem=problem,
        unit=rule.unit,
        writers={".sol": as_sol, ".json": own.solution_text},
        jobs=tuple(str(number) for number in facts.customers),
        numbering=numbering,
        notes=facts.notes,
    )
    return instance


class _Builder:
    """Turns facts into our values, collecting what is impossible about them."""

    def __init__(self, facts: Facts, rule: Convention) -> None:
        self.facts = facts
        self.rule = rule
        self.faults = Faults()
        distance = rule.whole_distance(facts.distances)
        duration = np.maximum(rule.whole_time(facts.distances), (distance > 0).astype(np.int64))
        for table in (distance, duration):
            np.fill_diagonal(table, 0)
        self.matrix = Matrix(duration_s=duration, distance_m=distance)
        self.horizon_s = self._horizon_s()

    def problem(self) -> Problem:
        """Return the problem; the surcharge puts customers that must be served first."""
        jobs = tuple(self._job(number) for number in self.facts.customers)
        shifts = tuple(self._shift(vehicle) for vehicle in self.facts.fleet)
        facilities = tuple(self._facility(depot) for depot in self.facts.reloads)
        self.faults.stop()
        return Problem(
            horizon_s=self.horizon_s,
            dimensions=1,
            jobs=jobs,
            shifts=shifts,
            facilities=facilities,
            matrices=(self.matrix,),
            required_extra_ueur=required_extra_ueur(jobs, shifts, (self.matrix,)),
        )

    def _horizon_s(self) -> int:
        """Return when the last depot closes; without hours, longer than any useful route."""
        ends = [place.window[1] for place in self.facts.places[: self.facts.depots] if place.window]
        if len(ends) == self.facts.depots:
            return int(self.rule.whole_time(max(ends)))
        most = len(self.facts.places) if self.facts.reloads else _most_on_board(self.facts)
        legs = np.sort(self.matrix.duration_s.max(axis=1, initial=0))[::-1][: most + 1]
        works = sorted((self._time(place.service) for place in self.facts.places), reverse=True)
        latest = max((place.window[1] for place in self.facts.places if place.window), default=0)
        return 1 + self._time(latest) + int(legs.sum()) + sum(works[:most])

    def _time(self, value: float) -> int:
        return int(self.rule.whole_time(value))

    def _window(self, place: Place, number: int) -> Window:
        """Return the place's window within the horizon; notes P604 for an impossible one."""
        earliest, latest = place.window or (0, np.inf)
        earliest_s = self._time(earliest)
        latest_s = min(self._time(latest), self.horizon_s) if latest < np.inf else self.horizon_s
        if earliest_s > latest_s:
            self.faults.add(
                "P604",
                f"place {number}",
                f"its window {earliest:g}..{latest:g} is inverted or after the depots close",
                "Correct the window",
            )
        return Window(earliest_s=earliest_s, latest_s=latest_s)

    def _job(self, number: int) -> ProblemJob:
        place = self.facts.places[number]
        return ProblemJob(
            location=number,
            windows=(self._window(place, number),),
            service_s=self._time(place.service),
            setup_s=0,
            loads=(place.demand,),
            skills=self._skill(number),
            required=place.prize is None,
            leave_price_ueur=int(self.rule.whole_distance(place.prize or 0)),
            release_s=self._time(place.release),
        )

    def _shift(self, vehicle: Vehicle) -> ProblemShift:
        hours = self._window(self.facts.places[vehicle.depot], vehicle.depot)
        span_s = None if vehicle.max_duration is None else self._time(vehicle.max_duration)
        if span_s is not None and span_s >= hours.latest_s - hours.earliest_s:
            span_s = None
        total = sum(place.demand for place in self.facts.places)
        return ProblemShift(
            start_location=vehicle.depot,
            end_location=vehicle.depot,
            start_s=hours.earliest_s,
            end_s=hours.latest_s,
            matrix=0,
            capacities=(total if vehicle.capacity is None else vehicle.capacity,),
            skills=self._skills_of(vehicle),
            crew_ueur_per_s=0,
            ueur_per_m=int(vehicle.unit_cost),
            use_ueur=int(self.rule.whole_distance(vehicle.fixed_cost)),
            break_rule=None,
            max_span_s=span_s,
            max_distance_m=None
            if vehicle.max_distance is None
            else int(self.rule.whole_distance(vehicle.max_distance)),
        )

    def _facility(self, depot: int) -> ProblemFacility:
        hours = self._window(self.facts.places[depot], depot)
        return ProblemFacility(
            location=depot,
            dimensions=frozenset({0}),
            opens_s=hours.earliest_s,
            closes_s=hours.latest_s,
            service_s=0,
        )

    def _skill(self, number: int) -> frozenset[int]:
        """Return the skill of all customers that the same vehicles may serve; none if all may."""
        kinds = list(dict.fromkeys(vehicle.clients for vehicle in self.facts.fleet))
        barred = [kind is not None and number not in kind for kind in kinds]
        return frozenset({number}) if any(barred) else frozenset()

    def _skills_of(self, vehicle: Vehicle) -> frozenset[int]:
        if vehicle.clients is None:
            return frozenset(self.facts.customers)
        return vehicle.clients


def _most_on_board(facts: Facts) -> int:
    """Return how many customers fit into the largest vehicle, the lightest first."""
    rooms = [np.inf if v.capacity is None else v.capacity for v in facts.fleet]
    room, count = max(rooms, default=0), 0
    for demand in sorted(facts.places[number].demand for number in facts.customers):
        room -= demand
        if room < 0:
            break
        count += 1
    return count
