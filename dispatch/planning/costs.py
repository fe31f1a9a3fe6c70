"""The cost sheet: every weight named and explained, and the exact objective in micro-euro."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from dispatch.domain.plan import StopKind
from dispatch.domain.text import Text
from dispatch.planning.problem import NOTHING
from dispatch.planning.solution import CostLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dispatch.planning.problem import Matrix, Problem, ProblemJob, ProblemShift
    from dispatch.planning.solution import SolutionRoute, SolutionStop


@dataclass(frozen=True, slots=True, kw_only=True)
class CostKind:
    """One kind of cost: its code, its label on the bill and what it is made of."""

    code: str
    label: Text
    meaning: Text


CREW, DISTANCE, USE = "crew_time", "distance", "vehicle_use"
OVERTIME, LATE, MOVED, UNEVEN = "overtime", "lateness", "moved", "unevenness"
LEFT, REQUIRED = "jobs_left", "required_left"

COST_TABLE: tuple[CostKind, ...] = (
    CostKind(
        code=CREW,
        label=Text(de="Arbeitszeit unterwegs", en="Crew time on the road"),
        meaning=Text(
            de="Fahren, Rüsten, Arbeiten und Entladen zum Stundensatz der Kolonne",
            en="Driving, setup, service and unloading at the crew's hourly rate",
        ),
    ),
    CostKind(
        code=DISTANCE,
        label=Text(de="Gefahrene Strecke", en="Distance driven"),
        meaning=Text(
            de="Strecke zum Kilometersatz des Fahrzeugs",
            en="Distance at the vehicle's rate per kilometre",
        ),
    ),
    CostKind(
        code=USE,
        label=Text(de="Fahrzeugeinsatz", en="Vehicle use"),
        meaning=Text(
            de="Tagessatz jedes Fahrzeugs, das ausrückt",
            en="Day rate of every vehicle that goes out",
        ),
    ),
    CostKind(
        code=OVERTIME,
        label=Text(de="Überstunden", en="Overtime"),
        meaning=Text(
            de="Zeit zwischen dem regulären Feierabend und der Rückkehr zum Überstundensatz",
            en="Time between the regular end of work and coming home at the overtime rate",
        ),
    ),
    CostKind(
        code=LATE,
        label=Text(de="Verspätung", en="Lateness"),
        meaning=Text(
            de="Zeit, um die ein Auftrag nach seinem Soll beginnt, zu dessen Satz",
            en="Time by which a job begins after it was due, at the job's own rate",
        ),
    ),
    CostKind(
        code=MOVED,
        label=Text(de="Umplanung", en="Changes to the published plan"),
        meaning=Text(
            de="Preis jedes Auftrags, der auf einer anderen Schicht liegt als veröffentlicht",
            en="Price of every job that is on another shift than was published",
        ),
    ),
    CostKind(
        code=UNEVEN,
        label=Text(de="Ungleiche Tage", en="Uneven days"),
        meaning=Text(
            de="Zeit, um die der längste Arbeitstag den kürzesten übertrifft",
            en="Time by which the longest day of work exceeds the shortest",
        ),
    ),
    CostKind(
        code=LEFT,
        label=Text(de="Liegen gelassene Aufträge", en="Jobs left"),
        meaning=Text(
            de="Preis jedes nicht eingeplanten Auftrags: ein weiterer Tag Warten",
            en="Price of every job left out: one more day of waiting",
        ),
    ),
    CostKind(
        code=REQUIRED,
        label=Text(de="Zuschlag für Pflichtaufträge", en="Surcharge for required jobs"),
        meaning=Text(
            de="Rechengröße, kein Geld: größer als alles, was sonst zu sparen wäre",
            en="A planning figure, not money: more than all that could be saved elsewhere",
        ),
    ),
)


def leave_price_ueur(problem: Problem, job: int) -> int:
    """Return what leaving this job adds to the objective."""
    wanted = problem.jobs[job]
    return wanted.leave_price_ueur + (problem.required_extra_ueur if wanted.required else 0)


def route_costs(problem: Problem, route: SolutionRoute) -> Counter[str]:
    """Return what one route costs by code, all but unevenness; nothing without stops.

    A leg without road counts as zero here; the checker reports it.
    """
    if not route.stops:
        return Counter()
    on = problem.shifts[route.shift]
    overtime_s = 0
    if on.overtime_from_s is not None:
        overtime_s = max(0, route.stops[-1].departure_s - on.overtime_from_s)
    planned = [(problem.jobs[s.index], s) for s in route.stops if s.kind is StopKind.JOB]
    return Counter(
        {
            CREW: on.crew_ueur_per_s * work_s(problem, route),
            DISTANCE: on.ueur_per_m * _driven_m(problem, route),
            USE: 0 if on.underway else on.use_ueur,
            OVERTIME: on.overtime_ueur_per_s * overtime_s,
            LATE: sum(job.late_ueur_per_s * late_s(job, stop.start_s) for job, stop in planned),
            MOVED: sum(moved_ueur(job, route.shift) for job, _ in planned),
        }
    )


def work_s(problem: Problem, route: SolutionRoute) -> int:
    """Return the seconds of driving, setup and service on a route; waiting and breaks are none."""
    on = problem.shifts[route.shift]
    total_s = sum(
        max(0, problem.travel_s(on, before.location, stop.location, before.departure_s))
        for before, stop in pairwise(route.stops)
    )
    for place, stop in _halts(route):
        if stop.kind is StopKind.RELOAD:
            total_s += problem.facilities[stop.index].service_s
        else:
            job = problem.jobs[stop.index]
            total_s += job.service_s + (job.setup_s if place != stop.location else 0)
    return total_s


def late_s(job: ProblemJob, start_s: int) -> int:
    """Return by how many seconds a service that starts then comes after it was due."""
    return 0 if job.due_s is None else max(0, start_s - job.due_s)


def moved_ueur(job: ProblemJob, shift: int) -> int:
    """Return what it costs that this shift does the job and not the one that was published."""
    return job.move_ueur if job.published not in (NOTHING, shift) else 0


def unevenness_s(problem: Problem, routes: Iterable[SolutionRoute]) -> int:
    """Return by how many seconds the longest day of work exceeds the shortest of those out."""
    days = [work_s(problem, route) for route in routes if route.stops]
    return max(days) - min(days) if days else 0


def cost_lines(
    problem: Problem, routes: Sequence[SolutionRoute], unassigned: Iterable[int]
) -> tuple[CostLine, ...]:
    """Return the whole cost sheet, one line per kind in the order of the table."""
    costs = [route_costs(problem, route) for route in routes]
    return cost_lines_of(problem, routes, costs, unassigned)


def cost_lines_of(
    problem: Problem,
    routes: Sequence[SolutionRoute],
    costs: Iterable[Mapping[str, int]],
    unassigned: Iterable[int],
) -> tuple[CostLine, ...]:
    """Return the cost sheet where the costs of each route are known (`route_costs`)."""
    total: Counter[str] = Counter()
    for amounts in costs:
        total.update(amounts)
    if problem.uneven_ueur_per_s:
        total[UNEVEN] = problem.uneven_ueur_per_s * unevenness_s(problem, routes)
    for job in unassigned:
        total[LEFT] += problem.jobs[job].leave_price_ueur
        total[REQUIRED] += problem.required_extra_ueur if problem.jobs[job].required else 0
    return tuple(CostLine(code=kind.code, amount_ueur=total[kind.code]) for kind in COST_TABLE)


def required_extra_ueur(
    jobs: Iterable[ProblemJob],
    shifts: Iterable[ProblemShift],
    matrices: Sequence[Matrix],
    *,
    uneven_ueur_per_s: int = 0,
) -> int:
    """Return the surcharge that puts required jobs before everything else.

    It exceeds the prices of all jobs, each at its latest and moved, plus the dearest day the
    shifts could have: each of them on the road for its whole interval at the greatest speed in
    its matrices, and as uneven as their lengths allow. So one more required job served pays for
    any detour and for any number of optional jobs; among plans that leave equally many required
    jobs, their own prices decide.
    """
    shifts = tuple(shifts)
    prices = sum(_dearest_job_ueur(job) for job in jobs)
    speeds = [_fastest_m_per_s(matrix) for matrix in matrices]
    days = sum(_dearest_day_ueur(shift, speeds) for shift in shifts)
    longest_s = max((shift.end_s - shift.start_s for shift in shifts), default=0)
    return 1 + prices + days + max(0, longest_s) * uneven_ueur_per_s


def _dearest_job_ueur(job: ProblemJob) -> int:
    """Return the most that one job can add to a plan: left, or moved and as late as allowed."""
    latest_s = max((window.latest_s for window in job.windows), default=0)
    moved = job.move_ueur if job.published != NOTHING else 0
    return max(job.leave_price_ueur, moved + job.late_ueur_per_s * late_s(job, latest_s))


def _dearest_day_ueur(shift: ProblemShift, speeds: Sequence[int]) -> int:
    seconds = max(0, shift.end_s - shift.start_s)
    tables = {shift.matrix, *(period.matrix for period in shift.periods)}
    metres = seconds * max(speeds[table] for table in tables)
    overtime_s = 0
    if shift.overtime_from_s is not None:
        overtime_s = max(0, shift.end_s - max(shift.start_s, shift.overtime_from_s))
    return (
        (0 if shift.underway else shift.use_ueur)
        + seconds * shift.crew_ueur_per_s
        + metres * shift.ueur_per_m
        + overtime_s * shift.overtime_ueur_per_s
    )


def _fastest_m_per_s(matrix: Matrix) -> int:
    speed = matrix.distance_m / np.maximum(matrix.duration_s, 1)
    return int(np.ceil(speed.max(initial=0)))


def _driven_m(problem: Problem, route: SolutionRoute) -> int:
    on = problem.shifts[route.shift]
    return sum(
        max(0, problem.travel_m(on, before.location, stop.location, before.departure_s))
        for before, stop in pairwise(route.stops)
    )


def _halts(route: SolutionRoute) -> Iterator[tuple[int, SolutionStop]]:
    """Yield every job and reload with the place of the stop before it, breaks aside."""
    place = route.stops[0].location
    for stop in route.stops:
        if stop.kind in (StopKind.JOB, StopKind.RELOAD):
            yield place, stop
            place = stop.location
