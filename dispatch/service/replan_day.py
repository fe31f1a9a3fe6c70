"""The running day planned again: an emergency, an ill crew, a broken vehicle, a closed street."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from dispatch.domain.clock import seconds_between
from dispatch.domain.disruption import Disruption
from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.ids import PlanId
from dispatch.domain.job import Organisation
from dispatch.domain.plan import Plan, StreetSource
from dispatch.planning.effect import plan_of_sketch
from dispatch.planning.publish import PlanHeader
from dispatch.planning.replan import Scope, replan
from dispatch.planning.rest_of_day import Trouble, rest_of_day, sketch_with, to_search
from dispatch.planning.sketch import Basis, Sketch
from dispatch.planning.solution import Budget
from dispatch.service.known_lines import KnownLines
from dispatch.service.plan_day import COMMAND_LINE, keep_draft, remedy_s
from dispatch.service.plan_inputs import built_from, done_of, inputs_of
from dispatch.service.publish import publish_within
from dispatch.service.travel import Travel

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.domain.access import Actor
    from dispatch.domain.draft import DraftInputs
    from dispatch.domain.fleet import Fleet, Shift
    from dispatch.planning.build import BuiltProblem
    from dispatch.planning.solution import Solution
    from dispatch.service.workers import Runner
    from dispatch.store import Store, Transaction
    from graphs.provider import MatrixProvider

SOLVER = "strings rebuilt, in the day"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplanRequest:
    """Which day of whom to plan again from now on, how much may change, and what has happened."""

    day: date
    organisation: Organisation
    now: datetime
    budget: Budget
    scope: Scope = Scope.EVERYTHING
    disruptions: tuple[Disruption, ...] = ()


def is_out(tx: Transaction, day: date, organisation: Organisation, now: datetime) -> bool:
    """Tell whether the day has a plan in force by which a crew has gone out already."""
    plan_id = tx.current_plan_id(day, organisation)
    if plan_id is None:
        return False
    return any(route.stops[0].departs_at <= now for route in tx.plan(plan_id).routes)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestTask:
    """The rest of a day ready to be searched; `present` is the plan in force on it."""

    request: ReplanRequest
    before: Plan
    basis: Basis
    present: Sketch
    travel: Travel
    source: StreetSource

    @property
    def search(self) -> Callable[..., Solution]:
        """What finds the plan, within the budget; can be sent to another process."""
        return partial(
            replan,
            to_search(self.basis, self.present),
            self.basis.cut.orders,
            scope=self.request.scope,
            budget=self.request.budget,
            turns=self.basis.cut.turns,
        )


def replan_day(
    request: ReplanRequest,
    *,
    store: Store,
    streets: MatrixProvider,
    solver: Runner,
    rush: MatrixProvider | None = None,
    actor: Actor = COMMAND_LINE,
) -> Plan:
    """Return the plan of the rest of the day, which is in force from now on; raises as `rest_task`.

    Conflict if the checker finds a hard violation (C501) or another plan came into force meanwhile
    (C503); then the plan before stays in force.
    """
    task = rest_task(request, store=store, streets=streets, rush=rush)
    started = perf_counter()
    solution = solver.run(task.search)
    plan = plan_of_task(task, solution, solve_s=perf_counter() - started)
    with store.begin() as tx:
        tx.take_turn("jobs")
        kept = keep_draft(tx, plan, based_on=task.before)
        publish_within(tx, kept, actor=actor, now=request.now)
    return kept


def rest_task(
    request: ReplanRequest,
    *,
    store: Store,
    streets: MatrixProvider,
    rush: MatrixProvider | None = None,
) -> RestTask:
    """Return what is left of the day, with what has happened, ready to be searched.

    What is done, begun or driven to stays as it is. Jobs that came in since are put in where they
    pay, emergencies first; moving a job from its shift costs its price, and nothing dearer than
    going on as planned is returned. `streets` are those of now: closed ones closed, and so are
    those of `rush`.

    Raises NotFound (DB204) without a plan in force, InvalidInput for a disruption of a shift (S341)
    or with a vehicle (S342) that there is not.
    """
    with store.read() as tx:
        before = tx.current_plan(request.day, request.organisation)
        inputs = _disturbed(inputs_of(tx, before, request.now), tx.fleet(), request.disruptions)
    travel = Travel(request.day, usual=streets, rush=rush)
    built = built_from(inputs, before, travel)
    basis, present = rest_of_day(
        before,
        built,
        now_s=seconds_between(built.starts_at, request.now),
        done=done_of(inputs, built),
        troubles=[_trouble(one, built, request.now) for one in request.disruptions],
    )
    source = streets.source
    return RestTask(
        request=request,
        before=before,
        basis=basis,
        present=present,
        travel=travel,
        source=StreetSource(
            name=source.name, stand_in=source.stand_in, attribution=source.attribution
        ),
    )


def plan_of_task(task: RestTask, solution: Solution, *, solve_s: float) -> Plan:
    """Return the plan of the whole day with its lines, not numbered yet, whatever it breaks."""
    request = task.request
    header = PlanHeader(
        id=PlanId("not stored yet"),
        organisation=request.organisation,
        revision=0,
        created_at=request.now,
        streets=task.source,
        solver=SOLVER,
        solve_s=round(solve_s, 2),
        allow_violations=True,
    )
    plan = plan_of_sketch(
        task.basis,
        sketch_with(task.basis, task.present, solution),
        header,
        before=task.before,
        seconds=remedy_s(request.budget),
    )
    profiles = {shift.id: shift.vehicle.profile for shift in task.basis.built.shifts}
    lines = KnownLines(task.before.routes, profiles)
    return replace(plan, routes=tuple(lines.drawn(route, task.travel) for route in plan.routes))


def _disturbed(
    inputs: DraftInputs, fleet: Fleet, disruptions: tuple[Disruption, ...]
) -> DraftInputs:
    """Return the inputs with other vehicles where such are brought; refuses what there is not."""
    shifts = {shift.id: shift for shift in inputs.shifts}
    for one in disruptions:
        if one.shift_id not in shifts:
            raise _unknown("S341", f"shift {one.shift_id}", "nobody works it on this day")
        if one.vehicle_id is not None:
            shifts[one.shift_id] = _with_vehicle(shifts[one.shift_id], one, fleet)
    return replace(inputs, shifts=tuple(shifts.values()))


def _with_vehicle(shift: Shift, disruption: Disruption, fleet: Fleet) -> Shift:
    for vehicle in fleet.vehicles:
        if vehicle.id == disruption.vehicle_id:
            return replace(shift, vehicle=vehicle)
    raise _unknown("S342", f"vehicle {disruption.vehicle_id}", "the city has none of that name")


def _trouble(one: Disruption, built: BuiltProblem, now: datetime) -> Trouble:
    shift = next(n for n, shift in enumerate(built.shifts) if shift.id == one.shift_id)
    if one.vehicle_id is None:
        return Trouble(shift)
    return Trouble(shift, seconds_between(built.starts_at, one.ready_at or now))


def _unknown(code: str, subject: str, cause: str) -> InvalidInput:
    action = "Name one of the day and the city"
    return InvalidInput(Issue(code=code, subject=subject, cause=cause, action=action))
