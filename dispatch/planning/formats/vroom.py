"""VROOM 1.15 JSON: its problem as ours, within the same rules and with the same cost.

Our matrix of metres carries VROOM's cost of a leg, so that any cost table can be kept. Times count
from a base, because VROOM's may be timestamps.
"""

from __future__ import annotations

from dataclasses import replace
from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from dispatch.planning.costs import required_extra_ueur
from dispatch.planning.formats.faults import Faults
from dispatch.planning.formats.instance import Instance, Orders, Unit
from dispatch.planning.formats.vroom_input import VroomInput, VroomJob, VroomVehicle, input_of
from dispatch.planning.formats.vroom_measures import (
    horizon_of,
    opened,
    per_metre,
    per_second,
    shared_places,
    unit_of,
    width_of,
)
from dispatch.planning.formats.vroom_solution import Wording, solution_text
from dispatch.planning.formats.vroom_steps import orders_of, start_of
from dispatch.planning.problem import (
    ANYWHERE,
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

Key = tuple[str, int, int, int, int, bool]
"""What a matrix of ours depends on: profile, speed, three rates, and whether metres are metres."""
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

    def from_vroom(answer: str) -> Orders:
        return orders_of(given, answer)

    return Instance(
        name=name,
        kind="VROOM",
        problem=problem,
        unit=Unit(ueur=builder.unit, decimals=0),
        writers={".json": as_vroom},
        jobs=tuple(str(job.id) for job in given.jobs),
        start=start_of(given),
        orders=from_vroom,
    )


class _Builder:
    """Turns VROOM's values into ours, collecting what does not go together."""

    def __init__(self, given: VroomInput) -> None:
        self.given = given
        self.faults = Faults()
        self.shared = shared_places(given)
        self.folded = frozenset(
            n for n, job in enumerate(given.jobs) if job.setup_s and job.place not in self.shared
        )
        self.unit = unit_of(given)
        self.width = width_of(given, self.faults)
        self.tasks_limited = any(v.max_tasks is not None for v in given.vehicles)
        self.nowhere = max((len(m.durations) for m in given.matrices.values()), default=0)
        self.base_s, self.horizon_s = horizon_of(given)
        self.keys: dict[Key, int] = {}

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
        measured = vehicle.max_distance_m is not None
        key = (vehicle.profile, vehicle.speed_pct, *rates, measured)
        if measured:
            self._measurable(vehicle)
        begin, end = vehicle.window or (self.base_s, self.base_s + self.horizon_s)
        if begin == end:
            self.faults.add("P623", f"{vehicle.at}.time_window", "it is empty", "Let it end later")
        capacities = vehicle.capacity or (0,) * self.width
        if self.tasks_limited:
            most = len(self.given.jobs)
            limit = most if vehicle.max_tasks is None else min(most, vehicle.max_tasks)
            # As a load: PyVRP knows capacities, but not `max_stops` (5 to 11 % dearer after 5 s).
            capacities = (*capacities, limit)
        return ProblemShift(
            start_location=vehicle.start if vehicle.start >= 0 else self.nowhere,
            end_location=vehicle.end if vehicle.end >= 0 else ANYWHERE,
            start_s=begin - self.base_s,
            end_s=min(end - self.base_s, self.horizon_s),
            matrix=self.keys.setdefault(key, len(self.keys)),
            capacities=capacities,
            skills=vehicle.skills,
            crew_ueur_per_s=per_second(vehicle.per_task_hour, self.unit),
            ueur_per_m=per_metre(vehicle.per_km, self.unit) if measured else 1,
            use_ueur=vehicle.fixed * self.unit,
            break_rule=None,
            max_drive_s=vehicle.max_travel_s,
            max_distance_m=vehicle.max_distance_m,
        )

    def _measurable(self, vehicle: VroomVehicle) -> None:
        """Note why metres cannot be metres for a vehicle that has a limit of them."""
        tables = self.given.matrices[vehicle.profile]
        at = f"{vehicle.at}.max_distance"
        if tables.distances is None:
            self._fault(at, "it needs distances in the matrix")
        elif tables.costs is not None or vehicle.per_hour != vehicle.per_task_hour:
            self._fault(
                at,
                "our metres hold the cost, unless per_task_hour is per_hour and no costs are given",
            )

    def _matrix(self, key: Key) -> Matrix:
        """Return seconds, and as metres VROOM's cost less what we pay for driving anyway.

        For a `measured` vehicle driving is all paid by the second and metres are metres.
        """
        profile, speed_pct, per_hour, per_km, per_task_hour, measured = key
        tables = self.given.matrices[profile]
        seconds = -(-tables.durations * round(10_000 / speed_pct) // 100)
        at = f"matrices.{profile}"
        if measured and tables.distances is not None:
            self._paid(tables.distances, per_metre(per_km, self.unit), f"{at}.distances")
            self._no_jumps(seconds, tables.distances, at)
            return Matrix(duration_s=opened(seconds), distance_m=opened(tables.distances))
        money = self._paid(seconds, per_second(per_hour, self.unit), f"{at}.durations")
        if tables.costs is not None:
            money = self._paid(tables.costs, self.unit, f"{at}.costs")
            if (per_hour, per_km) != (3600, 0):
                self._fault(f"{at}.costs", "it is given, and rates per hour or kilometre too")
        elif per_km and tables.distances is not None:
            rate = per_metre(per_km, self.unit)
            money = money + self._paid(tables.distances, rate, f"{at}.distances")
        elif per_km:
            self._fault(f"{at}.distances", "a cost per kilometre needs them")
        money = money - self._paid(seconds, per_second(per_task_hour, self.unit), at)
        if (money < 0).any():
            self._fault("costs.per_task_hour", "work costs more than driving: we pay both alike")
        self._no_jumps(seconds, money, at)
        return Matrix(duration_s=opened(seconds), distance_m=opened(money))

    def _no_jumps(self, seconds: NDArray[np.int64], metres: NDArray[np.int64], at: str) -> None:
        if ((seconds == 0) & (metres > 0)).any():
            self._fault(f"{at}.durations", "a leg of no time has a cost")

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
