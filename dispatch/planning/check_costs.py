"""The checker's own sum of what a solution costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.check_parts import (
    fault,
    leg_of,
    moves,
    service_due_s,
    setup_due_s,
    stops_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.plan import Violation
    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Solution


def v801_cost_sheet(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield every line of the cost sheet that is not what stops and jobs left come to."""
    found: dict[str, int] = {}
    for line in solution.cost_lines:
        found[line.code] = found.get(line.code, 0) + line.amount_ueur
    for code, amount in own_costs(problem, solution).items():
        off = abs(found.pop(code, 0) - amount)
        if off:
            yield fault("V801", code, off, f"the cost sheet is {off} ueur off")
    for code, amount in found.items():
        yield fault("V801", code, amount, "nobody knows this line of the cost sheet")


def own_costs(problem: Problem, solution: Solution) -> dict[str, int]:
    """Return the cost per code in micro-euro, added up stop by stop."""
    busy_s = _busy_s(problem, solution)
    crew = sum(problem.shifts[shift].crew_ueur_per_s * busy for shift, busy in busy_s.items())
    distance = sum(
        problem.shifts[route.shift].ueur_per_m * max(0, leg_of(problem, route, before, stop)[1])
        for route, before, stop in moves(solution)
    )
    out = [problem.shifts[shift] for shift in busy_s]
    left = [problem.jobs[job] for job in solution.unassigned]
    spread_s = max(busy_s.values(), default=0) - min(busy_s.values(), default=0)
    return {
        "crew_time": crew,
        "distance": distance,
        "vehicle_use": sum(shift.use_ueur for shift in out if shift.underway is None),
        "overtime": _overtime(problem, solution),
        "lateness": _lateness(problem, solution),
        "moved": _moved(problem, solution),
        "unevenness": spread_s * problem.uneven_ueur_per_s,
        "jobs_left": sum(job.leave_price_ueur for job in left),
        "required_left": sum(job.required for job in left) * problem.required_extra_ueur,
    }


def _busy_s(problem: Problem, solution: Solution) -> dict[int, int]:
    """Return the seconds of driving, setup and service of every shift that goes out."""
    busy_s = {route.shift: 0 for route in solution.routes if route.stops}
    for route, before, stop in moves(solution):
        busy_s[route.shift] += max(0, leg_of(problem, route, before, stop)[0])
    for route in solution.routes:
        for position, stop in enumerate(route.stops):
            busy_s[route.shift] += service_due_s(problem, stop)
            busy_s[route.shift] += setup_due_s(problem, route, position)
    return busy_s


def _overtime(problem: Problem, solution: Solution) -> int:
    ends = ((problem.shifts[r.shift], stop) for r, _, stop in stops_of(solution, StopKind.END))
    return sum(
        _beyond_s(stop.departure_s, shift.overtime_from_s) * shift.overtime_ueur_per_s
        for shift, stop in ends
    )


def _lateness(problem: Problem, solution: Solution) -> int:
    done = ((problem.jobs[stop.index], stop) for _, _, stop in stops_of(solution, StopKind.JOB))
    return sum(_beyond_s(stop.start_s, job.due_s) * job.late_ueur_per_s for job, stop in done)


def _beyond_s(moment_s: int, limit_s: int | None) -> int:
    return 0 if limit_s is None else max(0, moment_s - limit_s)


def _moved(problem: Problem, solution: Solution) -> int:
    planned = [
        (problem.jobs[stop.index], route.shift)
        for route, _, stop in stops_of(solution, StopKind.JOB)
    ]
    return sum(job.move_ueur for job, shift in planned if 0 <= job.published != shift)
