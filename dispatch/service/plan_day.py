"""From open jobs to a published plan: build, solve elsewhere, check, explain, draw, publish."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from time import perf_counter
from typing import TYPE_CHECKING

from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.ids import PlanId, digest
from dispatch.domain.plan import StreetSource
from dispatch.planning.build import build_problem, places_of
from dispatch.planning.check import check
from dispatch.planning.desk import NEVER
from dispatch.planning.explain import explain
from dispatch.planning.publish import PlanHeader, make_plan
from dispatch.planning.solution import Budget
from dispatch.service.travel import Travel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.domain.fleet import Fleet, Shift
    from dispatch.domain.job import Job
    from dispatch.domain.plan import Plan
    from dispatch.planning.build import BuiltProblem
    from dispatch.service.workers import Solver
    from dispatch.store import Store
    from graphs.provider import MatrixProvider, StreetSourceInfo

SOLVER_NAME = "OR-Tools routing"
REMEDY_SHARE = 0.05
"""Of the time limit, added for what would get left jobs in; no time where solutions are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """Which day to plan, as of when, with how much search."""

    day: date
    now: datetime
    budget: Budget


def plan_day(
    request: PlanRequest,
    *,
    store: Store,
    streets: MatrixProvider,
    solver: Solver,
    rush: MatrixProvider | None = None,
) -> Plan:
    """Return the published plan of the day, which is in force from now on.

    `rush` are the same streets as they are driven in the rush hours of a working day; without
    them every hour is like any other.

    Raises InvalidInput for a day on which nobody works (S301), nothing is to do (S302) or no open
    job can be done (S304), Conflict when the checker finds a hard violation, PlanningFailed when
    the solver dies. The database is touched before and after the solver runs, never during it.
    """
    with store.read() as tx:
        jobs, fleet = tx.open_jobs(), tx.fleet()
    shifts = _shifts(request.day, jobs, fleet)
    travel = Travel(request.day, usual=streets, rush=rush)
    built = _built(request.day, jobs, shifts, fleet, travel)
    if not built.jobs:
        raise InvalidInput(_nothing_possible(built))
    started = perf_counter()
    solution = solver.solve(built.problem, budget=request.budget)
    solve_s = round(perf_counter() - started, 2)
    plan = make_plan(
        built,
        solution,
        header=_header(request, streets.source, solve_s),
        violations=check(built.problem, solution),
        unassigned=explain(built, solution, seconds=_remedy_s(request.budget)),
    )
    profiles = {shift.id: shift.vehicle.profile for shift in built.shifts}
    drawn = replace(
        plan, routes=tuple(travel.drawn(route, profiles[route.shift_id]) for route in plan.routes)
    )
    with store.begin() as tx:
        numbered = _numbered(drawn, tx.next_revision(request.day))
        tx.add_plan(numbered)
        tx.set_current(request.day, numbered.id)
    return numbered


def _remedy_s(budget: Budget) -> float:
    return NEVER if budget.solution_limit is not None else REMEDY_SHARE * budget.time_limit_s


def _nothing_possible(built: BuiltProblem) -> Issue:
    reasons = Counter(left.code for left in built.left_out)
    told = ", ".join(f"{count} {code}" for code, count in reasons.most_common())
    return Issue(
        code="S304",
        subject=built.day.isoformat(),
        cause=f"no open job can be done on this day ({told})",
        action="Make the jobs for this day first: `dispatch jobs --make --date ...`",
    )


def _numbered(plan: Plan, revision: int) -> Plan:
    """Return the plan as that revision of its day: the number is only known when it is stored."""
    made = plan.created_at.isoformat()
    identity = digest("plan", plan.day.isoformat(), str(revision), made)[:16]
    return replace(plan, revision=revision, id=PlanId(identity))


def _shifts(day: date, jobs: Sequence[Job], fleet: Fleet) -> tuple[Shift, ...]:
    shifts = fleet.shifts_on(day)
    if not shifts:
        raise InvalidInput(
            Issue(
                code="S301",
                subject=day.isoformat(),
                cause="no crew works on this day",
                action="Add a shift for the day, or plan another day",
            )
        )
    if not jobs:
        raise InvalidInput(
            Issue(
                code="S302",
                subject=day.isoformat(),
                cause="there is no open job",
                action="Make jobs from the signals first (`dispatch jobs --make`), or enjoy it",
            )
        )
    return shifts


def _built(
    day: date,
    jobs: Sequence[Job],
    shifts: Sequence[Shift],
    fleet: Fleet,
    travel: Travel,
) -> BuiltProblem:
    places = places_of(jobs, shifts, fleet.facilities)
    matrices = travel.matrices(places, (shift.vehicle.profile for shift in shifts))
    return build_problem(jobs, shifts, fleet.facilities, matrices=matrices, day=day)


def _header(request: PlanRequest, source: StreetSourceInfo, solve_s: float) -> PlanHeader:
    return PlanHeader(
        id=PlanId("not stored yet"),
        revision=0,
        created_at=request.now,
        streets=StreetSource(
            name=source.name, stand_in=source.stand_in, attribution=source.attribution
        ),
        solver=SOLVER_NAME,
        solve_s=solve_s,
    )
