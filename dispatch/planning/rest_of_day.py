"""The rest of a running day as it can be planned again: what has happened is part of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from dispatch.domain.plan import StopKind
from dispatch.planning.costs import route_costs
from dispatch.planning.read_back import read_back
from dispatch.planning.sketch import Basis, Sketch, basis_of, bonds_of
from dispatch.planning.solution import SolutionRoute
from dispatch.planning.underway import called_off, underway_problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dispatch.domain.plan import Plan
    from dispatch.planning.build import BuiltProblem
    from dispatch.planning.problem import Problem, ProblemJob, ProblemShift
    from dispatch.planning.solution import Solution
    from dispatch.planning.underway import Cut


class Trouble(NamedTuple):
    """A shift that ends where it is; or goes on there with another vehicle from `ready_s` on."""

    shift: int
    ready_s: int | None = None


def rest_of_day(
    plan: Plan,
    built: BuiltProblem,
    *,
    now_s: int,
    done: Mapping[int, int] | None,
    troubles: Sequence[Trouble] = (),
) -> tuple[Basis, Sketch]:
    """Return the problem that is left of a day, and the plan in force on it.

    What was fixed by hand are relations of it. A shift in trouble has begun what it has begun: a
    stop that it was only driving to is free. Where another vehicle comes, the problem has that
    shift with it already; it comes empty, and goes on along the route.
    """
    back = read_back(plan, built)
    off = {trouble.shift for trouble in troubles if trouble.ready_s is None}
    routes = tuple(
        _broken_off(route, now_s, done) if route.shift in off else route
        for route in back.solution.routes
    )
    kept = {v.index for r in routes for v in r.visits if v.kind is StopKind.JOB}
    back = back._replace(
        solution=replace(back.solution, routes=routes),
        locked=frozenset(job for job in back.locked if job in kept),
        pinned={job: shift for job, shift in back.pinned.items() if shift not in off},
    )
    problem = replace(built.problem, relations=bonds_of(back))
    cut = called_off(underway_problem(problem, back.solution, now_s, done), off)
    for trouble in troubles:
        if trouble.ready_s is not None:
            cut = _with_other_vehicle(cut, trouble.shift, trouble.ready_s)
    return basis_of(replace(built, problem=problem), cut, back)


def to_search(basis: Basis, sketch: Sketch) -> Problem:
    """Return the problem for the search: who was taken out of the plan by hand stays out of it."""
    jobs = tuple(
        _not_wanted(job) if number in sketch.excluded else job
        for number, job in enumerate(basis.cut.problem.jobs)
    )
    return replace(basis.cut.problem, jobs=jobs)


def sketch_with(basis: Basis, sketch: Sketch, solution: Solution) -> Sketch:
    """Return the sketch with the routes of a solution of its problem."""
    return replace(
        sketch,
        routes=solution.routes,
        costs=tuple(route_costs(basis.cut.problem, route) for route in solution.routes),
        left=solution.unassigned,
    )


def _not_wanted(job: ProblemJob) -> ProblemJob:
    return replace(job, required=False, leave_price_ueur=0)


def _broken_off(route: SolutionRoute, now_s: int, done: Mapping[int, int] | None) -> SolutionRoute:
    """Return the route up to the last stop that was begun, or was reported done; else none."""
    begun = [
        place
        for place, stop in enumerate(route.stops)
        if stop.kind in (StopKind.JOB, StopKind.RELOAD)
        and stop.start_s <= now_s
        and (done is None or stop.kind is not StopKind.JOB or stop.index in done)
    ]
    if not begun:
        return SolutionRoute(shift=route.shift)
    stops = route.stops[: begun[-1] + 1]
    if done is not None:
        stops = tuple(s for s in stops if s.kind is not StopKind.JOB or s.index in done)
    return SolutionRoute(shift=route.shift, stops=stops)


def _with_other_vehicle(cut: Cut, number: int, ready_s: int) -> Cut:
    shifts = list(cut.problem.shifts)
    shifts[number] = _emptied(shifts[number], ready_s)
    return replace(cut, problem=replace(cut.problem, shifts=tuple(shifts)))


def _emptied(shift: ProblemShift, ready_s: int) -> ProblemShift:
    past = shift.underway
    if past is not None:
        past = replace(past, loads=(0,) * len(past.loads), charged_m=0)
    return replace(shift, start_s=max(shift.start_s, ready_s), underway=past)
