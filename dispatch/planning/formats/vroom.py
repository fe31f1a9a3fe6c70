"""VROOM 1.15 JSON: its problem as ours, within the same rules and with the same cost.

Our matrix of metres carries VROOM's cost of a leg, so that any cost table can be kept. Times count
from a base, because VROOM's may be timestamps.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from dispatch.planning.costs import required_extra_ueur
from dispatch.planning.formats.faults import Faults
from dispatch.planning.formats.instance import Instance, Unit
from dispatch.planning.formats.vroom_input import VroomInput, VroomJob, VroomVehicle, input_of
from dispatch.planning.formats.vroom_solution import Wording, solution_text
from dispatch.planning.problem import (
    Matrix,
    Problem,
    ProblemJob,
    ProblemShift,
    Window,
)
from dispatch.planning.validate import countable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispatch.planning.solution import Solution

PARTS = 3600 * 1000
"""Parts of a cost in which rates per hour and per kilometre are whole per second and metre."""
GREATEST = 2**40
"""The dearest leg that leaves room for sums over all legs in 64 bits."""


def instance_of(text: str, name: str) -> Instance:
    """Return the instance of a VROOM document; raises InvalidInput P621 to P623."""
    given = input_of(text)
    builder = _Builder(given)
    problem = builder.problem()
    wording = Wording(
        given=given,
        problem=problem,
        base_s=builder.base_s,
        parts=builder.unit,
        folded=builder.folded,
    )

    def as_vroom(solution: Solution) -> str:
        return solution_text(wording, solution)

    return Instance(
        name=name,
        kind="VROOM",
        problem=problem,
        unit=Unit(ueur=builder.unit, decimals=0),
        writers={".json": as_vroom},
        jobs=tuple(str(job.id) for job in given.jobs),
    )


class _Builder:
    """Turns VROOM's values into ours, collecting what does not go together."""

    def __init__(self, given: VroomInput) -> None:
        self.given = given
        self.faults = Faults()
        self.shared = _shared_places(given)
        self.folded = frozenset(
            n for n, job in enumerate(given.jobs) if job.setup_s and job.place not in self.shared
        )
        self.unit = _unit(given)
        self.width = _width(given, self.faults)
        self.tasks_limited = any(v.max_tasks is not None for v in given.vehicles)
        self.nowhere = max((len(m.durations) for m in given.matrices.values()), default=0)
        self.base_s, self.horizon_s = _horizon(given)
        self.keys: dict[tuple[str, int, int, int, int], int] = {}

    def problem(self) -> Problem:
        """Return the problem; raises InvalidInput P622 or P623 with every fault."""
        for dimension in range(self.width):
            self._one_direction(dimension)
        shifts = tuple(self._shift(vehicle) for vehicle in self.given.vehicles)
        matrices = tuple(self._matrix(key) for key in self.keys)
        self.faults.stop()
        jobs = tuple(self._job(number) for number in range(len(self.given.jobs)))
        self.faults.stop()
        jobs = self._priced(jobs, shifts, matrices)
        problem = Problem(
            horizon_s=self.horizon_s,
            dimensions=self.width + self.tasks_limited,
            jobs=jobs,
            shifts=shifts,
            facilities=(),
            matrices=matrices,
            required_extra_ueur=required_extra_ueur(jobs, shifts, matrices),
        )
        if not countable(problem):
            self.faults.add(
                "P622",
                "jobs",
                "so many jobs, priorities and rates do not fit into 64-bit sums",
                "Use rounder rates, or priorities with a common divisor",
            )
        self.faults.stop()
        return problem

    def _one_direction(self, dimension: int) -> None:
        """Note jobs that fetch in a dimension in which others bring: on board both would count."""
        fetching = [job for job in self.given.jobs if job.pickup and job.pickup[dimension]]
        if any(job.delivery and job.delivery[dimension] for job in self.given.jobs):
            for job in fetching:
                self.faults.add(
                    "P622",
                    f"{job.at}.pickup[{dimension}]",
                    "other jobs are delivered in the same dimension",
                    "Only fetch or only bring in each dimension",
                )

    def _job(self, number: int) -> ProblemJob:
        job = self.given.jobs[number]
        folded = number in self.folded
        if job.setup_s and not folded and job.windows:
            self.faults.add(
                "P622",
                f"{job.at}.setup",
                "VROOM lets setup begin in the window, we the service; at a place that others "
                "share these differ",
                "Leave out the windows, or add the setup to the service",
            )
        loads = job.delivery if any(job.delivery) else job.pickup
        return ProblemJob(
            location=job.place,
            windows=self._windows(job),
            service_s=job.service_s + (job.setup_s if folded else 0),
            setup_s=0 if folded else job.setup_s,
            loads=(*self._loads(job, loads), *((1,) if self.tasks_limited else ())),
            skills=job.skills,
            required=True,
            leave_price_ueur=0,
        )

    def _loads(self, job: VroomJob, loads: tuple[int, ...]) -> tuple[int, ...]:
        if any(job.delivery) and any(job.pickup):
            return tuple(a + b for a, b in zip(job.delivery, job.pickup, strict=True))
        return loads or (0,) * self.width

    def _windows(self, job: VroomJob) -> tuple[Window, ...]:
        windows = job.windows or ((self.base_s, self.base_s + self.horizon_s),)
        return tuple(
            Window(
                earliest_s=begin - self.base_s,
                latest_s=min(end - self.base_s, self.horizon_s),
            )
            for begin, end in windows
        )

    def _shift(self, vehicle: VroomVehicle) -> ProblemShift:
        rates = (vehicle.per_hour, vehicle.per_km, vehicle.per_task_hour)
        key = (vehicle.profile, vehicle.speed_pct, *rates)
        begin, end = vehicle.window or (self.base_s, self.base_s + self.horizon_s)
        if begin == end:
            self.faults.add("P623", f"{vehicle.at}.time_window", "it is empty", "Let it end later")
        capacities = vehicle.capacity or (0,) * self.width
        if self.tasks_limited:
            most = len(self.given.jobs)
            limit = most if vehicle.max_tasks is None else min(most, vehicle.max_tasks)
            capacities = (*capacities, limit)
        return ProblemShift(
            start_location=vehicle.start if vehicle.start >= 0 else self.nowhere,
            end_location=vehicle.end if vehicle.end >= 0 else self.nowhere,
            start_s=begin - self.base_s,
            end_s=min(end - self.base_s, self.horizon_s),
            matrix=self.keys.setdefault(key, len(self.keys)),
            capacities=capacities,
            skills=vehicle.skills,
            crew_ueur_per_s=_rate(vehicle.per_task_hour, self.unit),
            ueur_per_m=1,
            use_ueur=vehicle.fixed * self.unit,
            break_rule=None,
        )

    def _matrix(self, key: tuple[str, int, int, int, int]) -> Matrix:
        """Return seconds, and as metres VROOM's cost less what we pay for driving anyway."""
        profile, speed_pct, per_hour, per_km, per_task_hour = key
        tables = self.given.matrices[profile]
        seconds = -(-tables.durations * round(10_000 / speed_pct) // 100)
        at = f"matrices.{profile}"
        money = self._paid(seconds, _rate(per_hour, self.unit), f"{at}.durations")
        if tables.costs is not None:
            money = self._paid(tables.costs, self.unit, f"{at}.costs")
            if (per_hour, per_km) != (3600, 0):
                self._fault(f"{at}.costs", "it is given, and rates per hour or kilometre too")
        elif per_km and tables.distances is not None:
            rate = per_km * 3600 * self.unit // PARTS
            money = money + self._paid(tables.distances, rate, f"{at}.distances")
        elif per_km:
            self._fault(f"{at}.distances", "a cost per kilometre needs them")
        money = money - self._paid(seconds, _rate(per_task_hour, self.unit), at)
        if (money < 0).any():
            self._fault("costs.per_task_hour", "work costs more than driving: we pay both alike")
        if ((seconds == 0) & (money > 0)).any():
            self._fault(f"{at}.durations", "a leg of no time has a cost")
        return Matrix(duration_s=_open(seconds), distance_m=_open(money))

    def _paid(self, table: NDArray[np.int64], rate: int, at: str) -> NDArray[np.int64]:
        """Return table times rate; notes P623 where the sums would not fit into 64 bits."""
        if int(table.max(initial=0)) * rate < GREATEST:
            return table * rate
        self.faults.add("P623", at, "its costs are too great", "Use smaller rates")
        return np.zeros_like(table)

    def _fault(self, at: str, cause: str) -> None:
        self.faults.add("P622", at, cause, "Change one of them")

    def _priced(
        self,
        jobs: tuple[ProblemJob, ...],
        shifts: tuple[ProblemShift, ...],
        matrices: tuple[Matrix, ...],
    ) -> tuple[ProblemJob, ...]:
        """Return the jobs as VROOM ranks them: priority first, then their number, then cost."""
        priorities = [job.priority for job in self.given.jobs]
        if len(set(priorities)) <= 1:
            return jobs
        dearest = required_extra_ueur((), shifts, matrices)
        step = gcd(*priorities)
        ranks = [priority // step * (len(jobs) + 1) + 1 for priority in priorities]
        return tuple(
            replace(job, required=False, leave_price_ueur=dearest * rank)
            for job, rank in zip(jobs, ranks, strict=True)
        )


def _shared_places(given: VroomInput) -> set[int]:
    """Return the places of several jobs, or of a job and a start: setup may be saved there."""
    places = Counter(job.place for job in given.jobs)
    starts = {vehicle.start for vehicle in given.vehicles}
    return {place for place, count in places.items() if count > 1 or place in starts}


def _unit(given: VroomInput) -> int:
    """Return how many of our micro-euro one cost is, so that all rates are whole."""
    rates = [PARTS]
    for vehicle in given.vehicles:
        rates += [vehicle.per_hour * 1000, vehicle.per_km * 3600, vehicle.per_task_hour * 1000]
    return PARTS // gcd(*rates)


def _rate(per_hour: int, unit: int) -> int:
    return per_hour * unit // 3600


def _open(table: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the table with one more place, which is nowhere and no way from anywhere."""
    return np.pad(table, ((0, 1), (0, 1)))


def _width(given: VroomInput, faults: Faults) -> int:
    """Return the number of dimensions; notes P623 where amounts differ in length."""
    width = max((len(vehicle.capacity) for vehicle in given.vehicles), default=0)
    lists = [(f"{vehicle.at}.capacity", len(vehicle.capacity), 0) for vehicle in given.vehicles]
    for job in given.jobs:
        lists += [(f"{job.at}.delivery", len(job.delivery), 1)]
        lists += [(f"{job.at}.pickup", len(job.pickup), 1)]
    for at, length, may_lack in lists:
        if length != width and not (may_lack and length == 0):
            faults.add("P623", at, f"{length} amounts, not {width}", "Give as many everywhere")
    faults.stop()
    return width


def _horizon(given: VroomInput) -> tuple[int, int]:
    """Return the base of all times, and seconds after which no sensible route still runs."""
    begins = [begin for job in given.jobs for begin, _ in job.windows]
    begins += [vehicle.window[0] for vehicle in given.vehicles if vehicle.window]
    slowest = min((vehicle.speed_pct for vehicle in given.vehicles), default=100)
    legs = [int(m.durations.max(initial=0)) for m in given.matrices.values()]
    leg = 1 + max(legs, default=0) * 100 // slowest
    works = sum(job.setup_s + job.service_s + leg for job in given.jobs) + 2 * leg
    base_s = min(begins, default=0)
    if any(vehicle.window is None for vehicle in given.vehicles):
        base_s = max(0, base_s - works)
    return base_s, max(begins, default=0) - base_s + works
