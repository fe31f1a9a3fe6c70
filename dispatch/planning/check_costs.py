"""The checker's own sum of what a solution costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.planning.check_parts import fault, moves, service_due_s, setup_due_s

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.plan import Violation
    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Solution


def v801_cost_sheet(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield every line of the cost sheet that is not what stops and jobs left come to."""
    found = {line.code: line.amount_ueur for line in solution.cost_lines}
    for code, amount in own_costs(problem, solution).items():
        off = abs(found.pop(code, 0) - amount)
        if off:
            yield fault("V801", code, off, f"the cost sheet is {off} ueur off")
    for code, amount in found.items():
        yield fault("V801", code, amount, "nobody knows this line of the cost sheet")


def own_costs(problem: Problem, solution: Solution) -> dict[str, int]:
    """Return the cost per code in micro-euro, added up stop by stop."""
    crew = distance = use = 0
    for route, before, stop in moves(solution):
        on = problem.shifts[route.shift]
        table = problem.matrices[on.matrix]
        here = (before.location, stop.location)
        busy_s = max(0, int(table.duration_s[here]))
        busy_s += service_due_s(problem, stop) + setup_due_s(problem, route, stop)
        crew += busy_s * on.crew_ueur_per_s
        distance += max(0, int(table.distance_m[here])) * on.ueur_per_m
    for route in solution.routes:
        use += problem.shifts[route.shift].use_ueur if route.stops else 0
    left = [problem.jobs[job] for job in solution.unassigned]
    return {
        "crew_time": crew,
        "distance": distance,
        "vehicle_use": use,
        "jobs_left": sum(job.leave_price_ueur for job in left),
        "required_left": sum(job.required for job in left) * problem.required_extra_ueur,
    }
