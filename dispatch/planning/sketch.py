"""A plan that somebody is arranging by hand: its routes, and what is fixed in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.build import BuiltProblem
from dispatch.planning.costs import cost_lines_of, route_costs
from dispatch.planning.problem import Order, Relation, Visit, job_visit
from dispatch.planning.read_back import ReadBack, read_back
from dispatch.planning.reschedule import booked_by_others, reschedule, services_at, timed_route
from dispatch.planning.solution import Solution, SolutionRoute
from dispatch.planning.underway import Cut, underway_problem

if TYPE_CHECKING:
    from dispatch.domain.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a sketch is of: the whole day, and the rest of it as a problem of its own.

    `rest` has the problem of the cut and the jobs in its numbers. `lost` are ids of the plan that
    the problem does not know any more.
    """

    built: BuiltProblem
    cut: Cut
    rest: BuiltProblem
    lost: tuple[str, ...] = ()

    def behind(self, shift: int) -> int:
        """Return how many jobs and reloads of a shift are done, begun or driven to."""
        return sum(1 for stop in self.cut.behind[shift] if stop.kind in VISITED)


VISITED = (StopKind.JOB, StopKind.RELOAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """Routes of the rest of the day as they have been arranged, and what they cost; jobs left.

    `pinned` has the shift of each job that belongs to one, `locked` the jobs whose stop keeps its
    place, `excluded` those that are out of the plan.
    """

    routes: tuple[SolutionRoute, ...]
    costs: tuple[Mapping[str, int], ...]
    left: tuple[int, ...]
    pinned: Mapping[int, int]
    locked: frozenset[int] = frozenset()
    excluded: frozenset[int] = frozenset()

    @property
    def orders(self) -> tuple[tuple[Visit, ...], ...]:
        """The visits of every shift."""
        return tuple(route.visits for route in self.routes)

    def shift_of(self, job: int) -> int | None:
        """Return the shift that has the job on its route."""
        visit = job_visit(job)
        return next((route.shift for route in self.routes if visit in route.visits), None)


def sketch_of(
    plan: Plan, built: BuiltProblem, now_s: int, done: Mapping[int, int] | None = None
) -> tuple[Basis, Sketch]:
    """Return the plan from that second of its day on, as something that can be edited.

    What is done, begun or driven to is frozen (`underway_problem`, where `done` is explained).
    Before the first crew goes out nothing is, and every time is that of the plan: shared places
    serve in the plan's turns.
    """
    back = read_back(plan, built)
    cut = underway_problem(built.problem, back.solution, now_s, done, move_ueur=0)
    return basis_of(built, cut, back)


def basis_of(built: BuiltProblem, cut: Cut, back: ReadBack) -> tuple[Basis, Sketch]:
    """Return what is left of a plan after a cut, as it was planned."""
    basis = Basis(
        built=built,
        cut=cut,
        rest=replace(built, problem=cut.problem, jobs=tuple(built.jobs[job] for job in cut.jobs)),
        lost=back.lost,
    )
    rest = reschedule(cut.problem, cut.orders, cut.turns)
    new = {job: number for number, job in enumerate(cut.jobs)}
    sketch = Sketch(
        routes=rest.routes,
        costs=tuple(route_costs(cut.problem, route) for route in rest.routes),
        left=rest.unassigned,
        pinned={new[job]: shift for job, shift in back.pinned.items() if job in new},
        locked=frozenset(new[job] for job in back.locked if job in new),
        excluded=frozenset(new[job] for job in back.excluded if job in new),
    )
    return basis, sketch


def retimed(basis: Basis, sketch: Sketch, orders: Mapping[int, tuple[Visit, ...]]) -> Sketch:
    """Return the sketch with other orders of some shifts, and their times, loads and breaks anew.

    All other routes stay as they are, also in their turns at places with a limit; of those that
    change, the one that gets to such a place first is served first.
    """
    problem, routes = basis.cut.problem, list(sketch.routes)
    shared = {f for f, place in enumerate(problem.facilities) if place.at_once is not None}
    turns = {r.shift: services_at(r, shared) for r in routes if r.shift not in orders}
    at_first: dict[int, int] = {}
    for shift, order in orders.items():
        route = timed_route(problem, shift, order, booked_by_others(turns, shift))
        routes[shift] = route
        if served := services_at(route, shared):
            at_first[shift] = served[0][1]
    if len(at_first) > 1:
        for shift in sorted(at_first, key=lambda shift: (at_first[shift], shift)):
            routes[shift] = timed_route(
                problem, shift, orders[shift], booked_by_others(turns, shift)
            )
            turns[shift] = services_at(routes[shift], shared)
    served_jobs = {s.index for r in routes for s in r.stops if s.kind is StopKind.JOB}
    left = tuple(job for job in range(len(problem.jobs)) if job not in served_jobs)
    costs = list(sketch.costs)
    for shift in orders:
        costs[shift] = route_costs(problem, routes[shift])
    return replace(sketch, routes=tuple(routes), costs=tuple(costs), left=left)


def solution_of(basis: Basis, sketch: Sketch) -> Solution:
    """Return the rest of the day as a solution of its problem."""
    lines = cost_lines_of(basis.cut.problem, sketch.routes, sketch.costs, sketch.left)
    return Solution(routes=sketch.routes, unassigned=sketch.left, cost_lines=lines)


def bonds_of(sketch: Sketch | ReadBack) -> tuple[Relation, ...]:
    """Return what is fixed as relations: locked stops in order, pinned jobs on their shift."""
    orders = sketch.orders if isinstance(sketch, Sketch) else sketch.solution.orders
    bonds = []
    for number, order in enumerate(orders):
        locked = tuple(v for v in order if _is_one_of(v, sketch.locked))
        pinned = tuple(
            job_visit(job)
            for job, shift in sorted(sketch.pinned.items())
            if shift == number and job not in sketch.locked
        )
        if locked:
            bonds.append(Relation(order=Order.SEQUENCE, shift=number, visits=locked))
        if pinned:
            bonds.append(Relation(order=Order.ANY, shift=number, visits=pinned))
    return tuple(bonds)


def _is_one_of(visit: Visit, jobs: frozenset[int]) -> bool:
    return visit.kind is StopKind.JOB and visit.index in jobs
