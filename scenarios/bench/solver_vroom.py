"""VROOM, asked in its own JSON for what it can express of a problem."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from dispatch.planning.problem import job_visit

if TYPE_CHECKING:
    from dispatch.planning.problem import Problem, ProblemJob, ProblemShift, Visit

EXPLORATION = 5
"""The most thorough search that VROOM offers; it stops at the time limit or before."""
DEAREST_PLAN = 1_000_000_000
"""VROOM refuses costs that might sum up to more than 32 bits hold."""


def installed() -> bool:
    """Tell whether `pyvroom` is there: an extra of the benchmarks, never needed to run or test."""
    try:
        import vroom  # noqa: F401
    except ImportError:
        return False
    return True


def expressible(problem: Problem) -> bool:
    """Tell whether VROOM knows every rule of the problem: one trip, no breaks, no soft ends.

    Prices for leaving a job are priorities to VROOM, so jobs that may be left are another matter.
    """
    jobs = all(not job.release_s and job.due_s is None for job in problem.jobs)
    shifts = all(
        shift.break_rule is None and shift.max_span_s is None and shift.overtime_from_s is None
        for shift in problem.shifts
    )
    rest = problem.relations or problem.conflicts or problem.uneven_ueur_per_s
    return jobs and shifts and not problem.facilities and not rest


def search(problem: Problem, *, seconds: float) -> tuple[tuple[Visit, ...], ...]:
    """Return VROOM's routes, one per shift; it takes no seed and tells nothing on the way."""
    import vroom

    with TemporaryDirectory() as folder:
        file = Path(folder) / "problem.json"
        file.write_text(json.dumps(question(problem)), encoding="utf-8")
        asked = vroom.Input.from_json(file)
    found = asked.solve(
        exploration_level=EXPLORATION, nb_threads=1, timeout=timedelta(seconds=seconds)
    )
    orders: list[tuple[Visit, ...]] = [()] * len(problem.shifts)
    for route in found.to_dict()["routes"]:
        steps = (step for step in route["steps"] if step["type"] == "job")
        orders[route["vehicle"]] = tuple(job_visit(step["id"]) for step in steps)
    return tuple(orders)


def question(problem: Problem) -> dict[str, Any]:
    """Return the problem as VROOM's JSON; persons and lists of shifts become skills."""
    kinds = [(shift.matrix, shift.crew_ueur_per_s, shift.ueur_per_m) for shift in problem.shifts]
    moneys = {
        kind: problem.matrices[kind[0]].duration_s * kind[1]
        + problem.matrices[kind[0]].distance_m * kind[2]
        for kind in kinds
    }
    leg = max(int(money.max(initial=0)) for money in moneys.values())
    legs = len(problem.jobs) + 2 * len(problem.shifts)
    unit = 1 + (leg * legs + sum(shift.use_ueur for shift in problem.shifts)) // DEAREST_PLAN
    names = {kind: f"p{number}" for number, kind in enumerate(moneys)}
    dearest = max((job.leave_price_ueur for job in problem.jobs), default=0)
    tickets = {
        only: number
        for number, only in enumerate(
            dict.fromkeys(job.shifts for job in problem.jobs if job.shifts is not None), 10_000
        )
    }
    return {
        "matrices": {
            names[kind]: {
                "durations": problem.matrices[kind[0]].duration_s.tolist(),
                "costs": (money // unit).tolist(),
            }
            for kind, money in moneys.items()
        },
        "jobs": [_job(job, n, dearest, tickets) for n, job in enumerate(problem.jobs)],
        "vehicles": [
            {**_vehicle(shift, n, unit, tickets), "profile": names[kind]}
            for n, (shift, kind) in enumerate(zip(problem.shifts, kinds, strict=True))
        ],
    }


PERSONS = 20_000
"""Skill of a crew of two; of three it is one more."""


def _job(
    job: ProblemJob, number: int, dearest_ueur: int, tickets: dict[frozenset[int], int]
) -> dict[str, Any]:
    """Return a job; the dearer it is to leave, the higher its priority of at most 100."""
    skills = {skill + 1 for skill in job.skills}
    if job.shifts is not None:
        skills.add(tickets[job.shifts])
    if job.persons > 1:
        skills.add(PERSONS + job.persons)
    may = round(99 * job.leave_price_ueur / max(1, dearest_ueur))
    return {
        "id": number,
        "location_index": job.location,
        "service": job.service_s,
        "setup": job.setup_s,
        "pickup": list(job.loads),
        "skills": sorted(skills),
        "priority": 100 if job.required else may,
        "time_windows": [[window.earliest_s, window.latest_s] for window in job.windows],
    }


def _vehicle(
    shift: ProblemShift, number: int, unit_ueur: int, tickets: dict[frozenset[int], int]
) -> dict[str, Any]:
    skills = {skill + 1 for skill in shift.skills}
    skills |= {ticket for only, ticket in tickets.items() if number in only}
    skills |= {PERSONS + persons for persons in range(2, shift.persons + 1)}
    return {
        "id": number,
        "start_index": shift.start_location,
        "end_index": shift.end_location,
        "time_window": [shift.start_s, shift.end_s],
        "capacity": list(shift.capacities),
        "skills": sorted(skills),
        "costs": {"fixed": shift.use_ueur // unit_ueur},
    }
