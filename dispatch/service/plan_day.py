"""From open jobs to a published plan: build, solve elsewhere, check, explain, draw, publish."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from time import perf_counter
from typing import TYPE_CHECKING

from dispatch.domain.errors import Issue, NothingToPlan
from dispatch.domain.ids import PlanId, digest
from dispatch.domain.job import Organisation
from dispatch.domain.plan import StreetSource
from dispatch.planning.build import build_problem, places_of
from dispatch.planning.check import check
from dispatch.planning.desk import NEVER
from dispatch.planning.explain import explain
from dispatch.planning.publish import PlanHeader, make_plan
from dispatch.planning.solution import Budget
from dispatch.service.scope import Work, work_of
from dispatch.service.travel import Travel

if TYPE_CHECKING:
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
    """Which day of which organisation to plan, as of when, with how much search."""

    day: date
    organisation: Organisation
    now: datetime
    budget: Budget

    @property
    def subject(self) -> str:
        """What errors about the request speak of."""
        return f"{self.day.isoformat()} {self.organisation}"


def plan_day(
    request: PlanRequest,
    *,
    store: Store,
    streets: MatrixProvider,
    solver: Solver,
    rush: MatrixProvider | None = None,
) -> Plan:
    """Return the organisation's published plan of the day, which is in force from now on.

    `rush` are the same streets as they are driven in the rush hours of a working day; without
    them every hour is like any other.

    Raises NothingToPlan for a day on which nobody of it works (S301), nothing is to do (S302) or no
    open job can be done (S304), Conflict when the checker finds a hard violation, PlanningFailed
    when the solver dies. The database is touched before and after the solver runs, never during it.
    """
    with store.read() as tx:
        work = work_of(tx, request.day, request.organisation)
    must_have_work(request, work)
    travel = Travel(request.day, usual=streets, rush=rush)
    built = _built(request.day, work, travel)
    if not built.jobs:
        raise NothingToPlan(_nothing_possible(request, built))
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
        numbered = _numbered(drawn, tx.next_revision(request.day, request.organisation))
        tx.add_plan(numbered)
        tx.set_current(numbered)
    return numbered


def _remedy_s(budget: Budget) -> float:
    return NEVER if budget.solution_limit is not None else REMEDY_SHARE * budget.time_limit_s


def _nothing_possible(request: PlanRequest, built: BuiltProblem) -> Issue:
    reasons = Counter(left.code for left in built.left_out)
    told = ", ".join(f"{count} {code}" for code, count in reasons.most_common())
    return Issue(
        code="S304",
        subject=request.subject,
        cause=f"no open job can be done on this day ({told})",
        action="Make the jobs for this day first: `dispatch jobs --make --date ...`",
    )


def _numbered(plan: Plan, revision: int) -> Plan:
    """Return the plan as that revision of its day: the number is only known when it is stored."""
    made = plan.created_at.isoformat()
    named = (plan.day.isoformat(), plan.organisation, str(revision))
    identity = digest("plan", *named, made)[:16]
    return replace(plan, revision=revision, id=PlanId(identity))


def must_have_work(request: PlanRequest, work: Work) -> None:
    """Raise NothingToPlan where nobody works (S301) or nothing is to do (S302)."""
    if not work.shifts:
        raise NothingToPlan(
            Issue(
                code="S301",
                subject=request.subject,
                cause="no crew works on this day",
                action="Add a shift for the day, or plan another day",
            )
        )
    if not work.jobs:
        raise NothingToPlan(
            Issue(
                code="S302",
                subject=request.subject,
                cause="there is no open job",
                action="Make jobs from the signals first (`dispatch jobs --make`), or enjoy it",
            )
        )


def _built(day: date, work: Work, travel: Travel) -> BuiltProblem:
    places = places_of(work.jobs, work.shifts, work.facilities)
    matrices = travel.matrices(places, (shift.vehicle.profile for shift in work.shifts))
    return build_problem(work.jobs, work.shifts, work.facilities, matrices=matrices, day=day)


def _header(request: PlanRequest, source: StreetSourceInfo, solve_s: float) -> PlanHeader:
    return PlanHeader(
        id=PlanId("not stored yet"),
        organisation=request.organisation,
        revision=0,
        created_at=request.now,
        streets=StreetSource(
            name=source.name, stand_in=source.stand_in, attribution=source.attribution
        ),
        solver=SOLVER_NAME,
        solve_s=solve_s,
    )
