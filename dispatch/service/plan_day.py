"""From open jobs to a plan of a day: build, solve elsewhere, check, explain, draw, keep."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from time import perf_counter
from typing import TYPE_CHECKING

from dispatch.domain.audit import machine
from dispatch.domain.errors import Issue, NothingToPlan
from dispatch.domain.ids import CrewId, PlanId, digest
from dispatch.domain.job import Organisation
from dispatch.domain.plan import Plan, StreetSource, Unassigned, Violation
from dispatch.planning.build import BuiltProblem, build_problem, places_of
from dispatch.planning.check import check
from dispatch.planning.desk import NEVER
from dispatch.planning.explain import explain
from dispatch.planning.improve import searches_of
from dispatch.planning.in_force import orders_in_force, with_plan_in_force
from dispatch.planning.publish import PlanHeader, make_plan
from dispatch.planning.replan import Scope
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solution import Budget, Solution
from dispatch.service.publish import publish_within
from dispatch.service.scope import Work, work_of
from dispatch.service.travel import Travel

if TYPE_CHECKING:
    from dispatch.domain.access import Actor
    from dispatch.service.workers import Solver
    from dispatch.store import Store, Transaction
    from graphs.provider import MatrixProvider

REMEDY_SHARE = 0.05
"""Of the time limit, added for what would get left jobs in; no time where solutions are counted."""

COMMAND_LINE = machine("command line")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """Which day of which organisation to plan, as of when, with how much search.

    With `crews` only these work that day, None means all. `scope` says how much of a plan that is
    in force already may change.
    """

    day: date
    organisation: Organisation
    now: datetime
    budget: Budget
    crews: frozenset[CrewId] | None = None
    scope: Scope = Scope.EVERYTHING

    @property
    def subject(self) -> str:
        """What errors about the request speak of."""
        return f"{self.day.isoformat()} {self.organisation}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A day ready to be searched; `before` is the plan in force, if there is one."""

    request: PlanRequest
    built: BuiltProblem
    travel: Travel
    before: Plan | None
    source: StreetSource

    @property
    def start(self) -> Solution | None:
        """The plan in force as a solution of the problem, from which the search begins."""
        if self.before is None:
            return None
        return reschedule(self.built.problem, orders_in_force(self.built, self.before))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the search found, what the checker says of it, why jobs were left, and who searched."""

    solution: Solution
    violations: tuple[Violation, ...]
    unassigned: tuple[Unassigned, ...]
    solver: str
    solve_s: float


def plan_day(
    request: PlanRequest,
    *,
    store: Store,
    streets: MatrixProvider,
    solver: Solver,
    rush: MatrixProvider | None = None,
    actor: Actor = COMMAND_LINE,
) -> Plan:
    """Return the organisation's published plan of the day, which is in force from now on.

    `rush` are the same streets as they are driven in the rush hours of a working day; without
    them every hour is like any other. A plan in force is improved on; moving a job to another
    shift than was published costs its price.

    Raises NothingToPlan for a day on which nobody of it works (S301), nothing is to do (S302) or no
    open job can be done (S304), Conflict when the checker finds a hard violation or `publish`
    refuses, PlanningFailed when the solver dies. The database is touched before and after the
    solver runs, never during it.
    """
    task = prepared(request, store=store, streets=streets, rush=rush)
    started = perf_counter()
    solution = solver.solve(task.built.problem, budget=request.budget, start=task.start)
    solve_s = perf_counter() - started
    found = judged(task.built, solution, budget=request.budget, solve_s=solve_s)
    draft = drawn_plan(task, found)
    with store.begin() as tx:
        tx.take_turn("jobs")
        plan = keep_draft(tx, draft, based_on=task.before)
        publish_within(tx, plan, actor=actor, now=request.now)
    return plan


def prepared(
    request: PlanRequest,
    *,
    store: Store,
    streets: MatrixProvider,
    rush: MatrixProvider | None = None,
) -> Task:
    """Return the day ready to be searched; raises NothingToPlan as `plan_day`."""
    with store.read() as tx:
        work = work_of(tx, request.day, request.organisation, now=request.now, crews=request.crews)
        in_force = tx.current_plan_id(request.day, request.organisation)
        before = None if in_force is None else tx.plan(in_force)
    must_have_work(request, work)
    travel = Travel(request.day, usual=streets, rush=rush)
    built = _built(request.day, work, travel)
    if not built.jobs:
        raise NothingToPlan(_nothing_possible(request, built))
    source = streets.source
    return Task(
        request=request,
        built=built if before is None else with_plan_in_force(built, before),
        travel=travel,
        before=before,
        source=StreetSource(
            name=source.name, stand_in=source.stand_in, attribution=source.attribution
        ),
    )


def judged(built: BuiltProblem, solution: Solution, *, budget: Budget, solve_s: float) -> Found:
    """Return the solution with what the checker says and the reasons of jobs that were left."""
    return Found(
        solution=solution,
        violations=tuple(check(built.problem, solution)),
        unassigned=explain(built, solution, seconds=remedy_s(budget)),
        solver=searches_of(built.problem, budget),
        solve_s=round(solve_s, 2),
    )


def drawn_plan(task: Task, found: Found) -> Plan:
    """Return the plan with its lines on the map, not numbered yet, whatever it breaks."""
    request = task.request
    header = PlanHeader(
        id=PlanId("not stored yet"),
        organisation=request.organisation,
        revision=0,
        created_at=request.now,
        streets=task.source,
        solver=found.solver,
        solve_s=found.solve_s,
        allow_violations=True,
    )
    plan = make_plan(
        task.built,
        found.solution,
        header=header,
        violations=found.violations,
        unassigned=found.unassigned,
    )
    profiles = {shift.id: shift.vehicle.profile for shift in task.built.shifts}
    routes = (task.travel.drawn(route, profiles[route.shift_id]) for route in plan.routes)
    return replace(plan, routes=tuple(routes))


def keep_draft(tx: Transaction, plan: Plan, *, based_on: Plan | None) -> Plan:
    """Return the plan as the next revision of its day, stored as a draft.

    The caller has the turn for jobs, so that no number is taken twice.
    """
    numbered = _numbered(plan, tx.next_revision(plan.day, plan.organisation))
    tx.add_plan(numbered, based_on=None if based_on is None else based_on.id)
    return numbered


def remedy_s(budget: Budget) -> float:
    """Return how long what would get left jobs in may be sought after a search."""
    """Return how long what would get left jobs in may be sought after a search."""
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
                cause="there is no open job that is not on another plan",
                action="Make jobs from the signals first (`dispatch jobs --make`), or enjoy it",
            )
        )


def _built(day: date, work: Work, travel: Travel) -> BuiltProblem:
    places = places_of(work.jobs, work.shifts, work.facilities)
    matrices = travel.matrices(places, (shift.vehicle.profile for shift in work.shifts))
    return build_problem(work.jobs, work.shifts, work.facilities, matrices=matrices, day=day)
