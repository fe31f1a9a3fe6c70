"""What a sketch comes to: its bill, what it breaks, its routes with names, and the whole plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dispatch.domain.ids import JobId
from dispatch.domain.plan import BillLine, Route, StopKind, Unassigned, Violation
from dispatch.domain.text import Text
from dispatch.planning.check import check
from dispatch.planning.costs import cost_lines_of, route_costs
from dispatch.planning.explain import explain
from dispatch.planning.past_stops import with_past
from dispatch.planning.publish import bill_of, make_plan, named_violations, route_of
from dispatch.planning.read_back import EXCLUDED
from dispatch.planning.sketch import bonds_of, solution_of
from dispatch.planning.solution import Solution

if TYPE_CHECKING:
    from dispatch.domain.plan import Plan
    from dispatch.planning.publish import PlanHeader
    from dispatch.planning.sketch import Basis, Sketch

BY_HAND = Text(
    de="Von der Einsatzleitung aus dem Plan genommen.",
    en="Taken out of the plan by a dispatcher.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the whole day costs, and every rule that is broken; jobs left by their ids."""

    bill: tuple[BillLine, ...]
    violations: tuple[Violation, ...]
    left: tuple[JobId, ...]

    @property
    def cost_ct(self) -> int:
        """The sum of the bill in cents."""
        return sum(line.amount_ct for line in self.bill)


def verdict_on(basis: Basis, sketch: Sketch) -> Verdict:
    """Return what the sketch costs and breaks, judged by the independent checker.

    What the day cannot keep whatever is planned is told too, but is not hard.
    """
    solution = solution_of(basis, sketch)
    return Verdict(
        bill=bill_of(_whole(basis, sketch, solution), left_out_ct=basis.built.left_out_ct),
        violations=_violations(basis, sketch, solution),
        left=tuple(basis.rest.jobs[job].id for job in sketch.left),
    )


def routes_of(basis: Basis, sketch: Sketch, shifts: set[int]) -> tuple[Route, ...]:
    """Return the routes of these shifts over the whole day; none for a shift that stays idle."""
    whole = basis.cut.whole(solution_of(basis, sketch))
    return tuple(
        _marked(basis, sketch, route_of(basis.built, route))
        for route in whole
        if route.shift in shifts and route.stops
    )


def touched(before: Sketch, after: Sketch) -> set[int]:
    """Return the shifts whose route is another one."""
    return {
        route.shift
        for route, old in zip(after.routes, before.routes, strict=True)
        if route is not old and route != old
    }


def plan_of_sketch(
    basis: Basis, sketch: Sketch, header: PlanHeader, *, before: Plan, seconds: float = 0
) -> Plan:
    """Return the sketch as a plan of the whole day, whatever it breaks.

    What lies behind is as it was in the plan `before`. Why jobs were left is told for all of them;
    what would get them in is sought for so many seconds. Legs ahead have no geometry yet.
    """
    solution = solution_of(basis, sketch)
    plan = make_plan(
        basis.built,
        _whole(basis, sketch, solution),
        header=header,
        violations=(),
        unassigned=_unassigned(basis, sketch, solution, seconds),
    )
    return replace(
        plan,
        violations=_violations(basis, sketch, solution),
        routes=tuple(
            with_past(basis, _marked(basis, sketch, route), before) for route in plan.routes
        ),
    )


def _whole(basis: Basis, sketch: Sketch, solution: Solution) -> Solution:
    """Return the whole day: what lies behind, and the rest."""
    problem, cut = basis.built.problem, basis.cut
    routes = cut.whole(solution)
    left = tuple(cut.jobs[job] for job in sketch.left)
    costs = [
        # Where nothing lies behind, the rest is all.
        route_costs(problem, route) if behind else known
        for route, behind, known in zip(routes, cut.behind, sketch.costs, strict=True)
    ]
    lines = cost_lines_of(problem, routes, costs, left)
    return Solution(routes=routes, unassigned=left, cost_lines=lines)


def _violations(basis: Basis, sketch: Sketch, solution: Solution) -> tuple[Violation, ...]:
    fixed = replace(basis.cut.problem, relations=bonds_of(sketch))
    broken = check(fixed, solution)
    relaxed = tuple(replace(violation, hard=False) for violation in basis.cut.relaxed)
    return named_violations(basis.rest, (*broken, *relaxed))


def _unassigned(
    basis: Basis, sketch: Sketch, solution: Solution, seconds: float
) -> tuple[Unassigned, ...]:
    out = {basis.rest.jobs[job].id for job in sketch.excluded}
    asked = replace(
        solution, unassigned=tuple(j for j in solution.unassigned if j not in sketch.excluded)
    )
    told = explain(basis.rest, asked, seconds=seconds)
    by_hand = (Unassigned(job_id=job_id, code=EXCLUDED, text=BY_HAND) for job_id in sorted(out))
    return (*told, *by_hand)


def _marked(basis: Basis, sketch: Sketch, route: Route) -> Route:
    """Return the route with what is pinned and locked on it."""
    pinned = {basis.rest.jobs[job].id for job in sketch.pinned}
    locked = {basis.rest.jobs[job].id for job in sketch.locked}
    if not pinned and not locked:
        return route
    return replace(
        route,
        stops=tuple(
            replace(stop, pinned=stop.job_id in pinned, locked=stop.job_id in locked)
            if stop.kind is StopKind.JOB
            else stop
            for stop in route.stops
        ),
    )
