"""Small sound problems: every default is valid, a test states only what it is about.

The line world: locations are points on a line, one second and one metre per unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dispatch.planning.check import check
from dispatch.planning.costs import required_extra_ueur
from dispatch.planning.law import ARBZG
from dispatch.planning.problem import (
    Problem,
    ProblemFacility,
    ProblemJob,
    ProblemShift,
    Window,
    matrix_of,
)
from dispatch.planning.solution import Budget
from dispatch.planning.solve import solve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.planning.problem import Matrix
    from dispatch.planning.solution import Solution, SolutionRoute

DAY_S = 24 * 3600
EUR = 1_000_000


def a_job(location: int = 1, **parts: Any) -> ProblemJob:
    """Return an optional job of one minute, allowed all day, worth 100 EUR."""
    defaults: dict[str, Any] = {
        "location": location,
        "windows": (Window(earliest_s=0, latest_s=DAY_S),),
        "service_s": 60,
        "setup_s": 0,
        "loads": (),
        "skills": frozenset(),
        "required": False,
        "leave_price_ueur": 100 * EUR,
    }
    return ProblemJob(**defaults | parts)


def a_shift(**parts: Any) -> ProblemShift:
    """Return a shift from and to location 0 over the first 5 hours; 1 ueur a second and metre."""
    defaults: dict[str, Any] = {
        "start_location": 0,
        "end_location": 0,
        "start_s": 0,
        "end_s": 5 * 3600,
        "matrix": 0,
        "capacities": (),
        "skills": frozenset(),
        "crew_ueur_per_s": 1,
        "ueur_per_m": 1,
        "use_ueur": 0,
        "break_rule": ARBZG,
    }
    return ProblemShift(**defaults | parts)


def a_facility(location: int, *dimensions: int, **parts: Any) -> ProblemFacility:
    """Return a facility that resets these dimensions, open all day, one minute of service."""
    defaults: dict[str, Any] = {
        "location": location,
        "dimensions": frozenset(dimensions),
        "opens_s": 0,
        "closes_s": DAY_S,
        "service_s": 60,
    }
    return ProblemFacility(**defaults | parts)


def line(*points: int) -> Matrix:
    """Return the matrix of places on a line: |a - b| seconds and metres."""
    table = [[abs(a - b) for b in points] for a in points]
    return matrix_of(table, table)


def a_problem(
    *,
    jobs: Sequence[ProblemJob] = (),
    shifts: Sequence[ProblemShift] | None = None,
    facilities: Sequence[ProblemFacility] = (),
    matrices: Sequence[Matrix] | None = None,
    **parts: Any,
) -> Problem:
    """Return a problem on the line 0, 1, .., 9 km (a location is its kilometre) with one shift."""
    shifts = (a_shift(),) if shifts is None else tuple(shifts)
    matrices = (line(*range(0, 10_000, 1000)),) if matrices is None else tuple(matrices)
    first = next((s.capacities for s in shifts), ())
    defaults: dict[str, Any] = {
        "horizon_s": DAY_S,
        "dimensions": len(first),
        "jobs": tuple(jobs),
        "shifts": shifts,
        "facilities": tuple(facilities),
        "matrices": matrices,
        "required_extra_ueur": required_extra_ueur(
            jobs, shifts, matrices, uneven_ueur_per_s=parts.get("uneven_ueur_per_s", 0)
        ),
    }
    return Problem(**defaults | parts)


def written(route: SolutionRoute) -> list[str]:
    """Return a route as lines 'kind index @location arrival-start-departure', for whole plans."""
    return [
        f"{stop.kind}{'' if stop.index < 0 else f' {stop.index}'} @{stop.location} "
        f"{stop.arrival_s}-{stop.start_s}-{stop.departure_s}"
        for stop in route.stops
    ]


def laden(route: SolutionRoute) -> list[str]:
    """Return a route as `written` does, with the loads on board at each departure."""
    lines = zip(written(route), route.stops, strict=True)
    return [f"{line} [{' '.join(map(str, stop.loads))}]" for line, stop in lines]


def solved(problem: Problem, *, solutions: int = 40, seed: int = 0) -> Solution:
    """Return a plan of a small problem, the same on every machine; the checker must be silent."""
    budget = Budget(time_limit_s=20, solution_limit=solutions, seed=seed)
    solution = solve(problem, budget=budget)
    assert check(problem, solution) == ()
    return solution
