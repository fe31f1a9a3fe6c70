"""The cost sheet: every weight named and explained, and the exact objective in micro-euro."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from dispatch.domain.plan import StopKind
from dispatch.domain.text import Text
from dispatch.planning.solution import CostLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dispatch.planning.problem import (
        Matrix,
        Problem,
        ProblemJob,
        ProblemShift,
        Visit,
    )
    from dispatch.planning.solution import SolutionRoute


@dataclass(frozen=True, slots=True, kw_only=True)
class CostKind:
    """One kind of cost: its code, its label on the bill and what it is made of."""

    code: str
    label: Text
    meaning: Text


CREW, DISTANCE, USE, LEFT, REQUIRED = (
    "crew_time",
    "distance",
    "vehicle_use",
    "jobs_left",
    "required_left",
)

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


def route_costs(problem: Problem, shift: int, visits: Sequence[Visit]) -> Counter[str]:
    """Return crew, distance and use cost of one route; nothing for an empty one.

    A leg without road counts as zero here; the checker reports it.
    """
    if not visits:
        return Counter()
    on = problem.shifts[shift]
    places = [on.start_location, *(_location(problem, v) for v in visits), on.end_location]
    legs = list(pairwise(places))
    travel_s = sum(max(0, problem.travel_s(on, a, b)) for a, b in legs)
    travel_m = sum(max(0, problem.travel_m(on, a, b)) for a, b in legs)
    work_s = sum(
        _work_s(problem, visit, moved=a != b) for visit, (a, b) in zip(visits, legs, strict=False)
    )
    return Counter(
        {
            CREW: on.crew_ueur_per_s * (travel_s + work_s),
            DISTANCE: on.ueur_per_m * travel_m,
            USE: on.use_ueur,
        }
    )


def cost_lines(
    problem: Problem, routes: Iterable[SolutionRoute], unassigned: Iterable[int]
) -> tuple[CostLine, ...]:
    """Return the whole cost sheet, one line per kind in the order of the table."""
    total: Counter[str] = Counter()
    for route in routes:
        total.update(route_costs(problem, route.shift, route.visits))
    for job in unassigned:
        total[LEFT] += problem.jobs[job].leave_price_ueur
        total[REQUIRED] += problem.required_extra_ueur if problem.jobs[job].required else 0
    return tuple(CostLine(code=kind.code, amount_ueur=total[kind.code]) for kind in COST_TABLE)


def required_extra_ueur(
    jobs: Iterable[ProblemJob], shifts: Iterable[ProblemShift], matrices: Sequence[Matrix]
) -> int:
    """Return the surcharge that puts required jobs before everything else.

    It exceeds the prices of all jobs plus the dearest day the shifts could have: each of them on
    the road for its whole interval at the greatest speed in its matrix. So one more required job
    served pays for any detour and for any number of optional jobs; among plans that leave equally
    many required jobs, their own prices decide.
    """
    prices = sum(job.leave_price_ueur for job in jobs)
    speeds = [_fastest_m_per_s(matrix) for matrix in matrices]
    return 1 + prices + sum(_dearest_day_ueur(shift, speeds[shift.matrix]) for shift in shifts)


def _dearest_day_ueur(shift: ProblemShift, fastest_m_per_s: int) -> int:
    seconds = max(0, shift.end_s - shift.start_s)
    metres = seconds * fastest_m_per_s
    return shift.use_ueur + seconds * shift.crew_ueur_per_s + metres * shift.ueur_per_m


def _fastest_m_per_s(matrix: Matrix) -> int:
    speed = matrix.distance_m / np.maximum(matrix.duration_s, 1)
    return int(np.ceil(speed.max(initial=0)))


def _location(problem: Problem, visit: Visit) -> int:
    if visit.kind is StopKind.JOB:
        return problem.jobs[visit.index].location
    return problem.facilities[visit.index].location


def _work_s(problem: Problem, visit: Visit, *, moved: bool) -> int:
    if visit.kind is StopKind.JOB:
        job = problem.jobs[visit.index]
        return job.service_s + (job.setup_s if moved else 0)
    return problem.facilities[visit.index].service_s
