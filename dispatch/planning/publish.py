"""Solution and index maps in, a Plan out: here indices become names, seconds become times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from dispatch.domain.clock import after
from dispatch.domain.errors import Conflict, Issue
from dispatch.domain.ids import PlanId
from dispatch.domain.job import Dimension, Load, Organisation
from dispatch.domain.plan import (
    BillLine,
    Leg,
    Plan,
    Route,
    Stop,
    StopKind,
    StreetSource,
    Unassigned,
    Violation,
)
from dispatch.planning.build import DIMENSIONS, UEUR_PER_CT
from dispatch.planning.costs import COST_TABLE, LEFT, REQUIRED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.domain.fleet import Facility, Shift
    from dispatch.domain.geo import LatLon
    from dispatch.domain.job import Job
    from dispatch.planning.build import BuiltProblem
    from dispatch.planning.solution import Solution, SolutionRoute, SolutionStop

GIVEN_OUT = frozenset({Dimension.WATER_L, Dimension.BAIT_ITEMS})
"""Dimensions of which a vehicle starts full; of all others it starts empty."""

BREAK_NAME = "Pause"
OPEN_END_NAME = "Feierabend"
"""Stops carry one name, in the language of the crews."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanHeader:
    """What a plan says about itself: identity, revision, streets and how it was made.

    `allow_violations` is for drafts, such as a route that a dispatcher has put together by hand.
    """

    id: PlanId
    organisation: Organisation
    revision: int
    created_at: datetime
    streets: StreetSource
    solver: str
    solve_s: float
    allow_violations: bool = False


def make_plan(
    built: BuiltProblem,
    solution: Solution,
    *,
    header: PlanHeader,
    violations: Sequence[Violation],
    unassigned: Sequence[Unassigned],
) -> Plan:
    """Return the plan with names, aware Berlin times, loads on board and the bill in cents.

    `violations` come from `check`, `unassigned` from `explain`. Legs have no geometry yet, see
    `with_geometry`. Raises Conflict (C501) if a hard violation is among them, unless the
    header allows them.
    """
    named = named_violations(built, violations)
    if not header.allow_violations:
        must_be_sound(named)
    return Plan(
        id=header.id,
        day=built.day,
        organisation=header.organisation,
        revision=header.revision,
        created_at=header.created_at,
        routes=tuple(route_of(built, route) for route in solution.routes if route.stops),
        unassigned=tuple(unassigned),
        bill=bill_of(solution, left_out_ct=built.left_out_ct),
        violations=named,
        streets=header.streets,
        solver=header.solver,
        solve_s=header.solve_s,
    )


def bill_of(solution: Solution, *, left_out_ct: int = 0) -> tuple[BillLine, ...]:
    """Return what the plan costs in cents; the rounded lines add up to the rounded sum.

    Each line is rounded down, then the cents still missing go to the lines that lost most.
    `left_out_ct` is the price of the jobs that never entered the problem. The surcharge for
    required jobs is a planning figure, not money, and is not on the bill.
    """
    amounts = {line.code: line.amount_ueur for line in solution.cost_lines}
    amounts.pop(REQUIRED, None)
    amounts[LEFT] = amounts.get(LEFT, 0) + left_out_ct * UEUR_PER_CT
    cents = {code: amount // UEUR_PER_CT for code, amount in amounts.items()}
    missing = round(sum(amounts.values()) / UEUR_PER_CT) - sum(cents.values())
    by_loss = sorted(amounts, key=lambda code: -(amounts[code] % UEUR_PER_CT))
    for code in by_loss[:missing]:
        cents[code] += 1
    return tuple(
        BillLine(code=kind.code, label=kind.label, amount_ct=cents[kind.code])
        for kind in COST_TABLE
        if kind.code in cents
    )


def with_geometry(route: Route, legs: Sequence[tuple[LatLon, ...]]) -> Route:
    """Return the route with a drawn line per leg: one for every stop after the first.

    Raises ValueError if their number is not that of the legs.
    """
    drawn = [
        replace(stop, leg=replace(stop.leg, geometry=line) if stop.leg else None)
        for stop, line in zip(route.stops[1:], legs, strict=True)
    ]
    return replace(route, stops=(*route.stops[:1], *drawn))


def named_violations(built: BuiltProblem, violations: Sequence[Violation]) -> tuple[Violation, ...]:
    """Return the violations with the ids of whom they concern."""
    return tuple(_named(built, violation) for violation in violations)


def must_be_sound(violations: Sequence[Violation]) -> None:
    """Raise Conflict (C501) if a hard one is among the violations, which have names already."""
    if hard := [violation for violation in violations if violation.hard]:
        raise Conflict(*(_refusal(violation) for violation in hard))


def route_of(built: BuiltProblem, route: SolutionRoute) -> Route:
    """Return the route with names, aware times and its sums; it must have stops."""
    shift = built.shifts[route.shift]
    legs = [None, *(_leg(built, route.shift, a, b) for a, b in pairwise(route.stops))]
    driven = [leg for leg in legs if leg is not None]
    service_s, wait_s = _work_and_wait_s(built, route)
    return Route(
        shift_id=shift.id,
        crew_id=shift.crew.id,
        crew_name=shift.crew.name,
        vehicle_id=shift.vehicle.id,
        vehicle_name=shift.vehicle.name,
        stops=tuple(
            _stop(built, shift, stop, leg) for stop, leg in zip(route.stops, legs, strict=True)
        ),
        travel_s=sum(leg.duration_s for leg in driven),
        distance_m=sum(leg.distance_m for leg in driven),
        service_s=service_s,
        wait_s=wait_s,
    )


def _leg(built: BuiltProblem, shift: int, origin: SolutionStop, stop: SolutionStop) -> Leg:
    on = built.problem.shifts[shift]
    leg = (origin.location, stop.location, origin.departure_s)
    return Leg(
        duration_s=max(0, built.problem.travel_s(on, *leg)),
        distance_m=max(0, built.problem.travel_m(on, *leg)),
    )


def _stop(built: BuiltProblem, shift: Shift, stop: SolutionStop, leg: Leg | None) -> Stop:
    name, location = _place(built, shift, stop)
    return Stop(
        kind=stop.kind,
        name=name,
        location=location,
        arrives_at=after(built.starts_at, stop.arrival_s),
        starts_at=after(built.starts_at, stop.start_s),
        departs_at=after(built.starts_at, stop.departure_s),
        loads=_on_board(shift, stop),
        leg=leg,
        job_id=built.jobs[stop.index].id if stop.kind is StopKind.JOB else None,
        facility_id=built.facilities[stop.index].id if stop.kind is StopKind.RELOAD else None,
    )


def _place(built: BuiltProblem, shift: Shift, stop: SolutionStop) -> tuple[str, LatLon]:
    if stop.kind is StopKind.JOB:
        job = built.jobs[stop.index]
        return job.site_name, job.location
    if stop.kind is StopKind.RELOAD:
        facility = built.facilities[stop.index]
        return facility.name, facility.location
    if stop.kind is StopKind.BREAK:
        return _break_name(built, stop), built.places[stop.location]
    if stop.kind is StopKind.START:
        return shift.depot.name, shift.depot.location
    if shift.end is None:
        return OPEN_END_NAME, built.places[stop.location]
    return shift.end.name, shift.end.location


def _break_name(built: BuiltProblem, stop: SolutionStop) -> str:
    """Return what the break is called: at a facility it is named, for there it was meant to be."""
    place = built.places[stop.location]
    names = (facility.name for facility in built.facilities if facility.location == place)
    return ", ".join((BREAK_NAME, *islice(names, 1)))


def _on_board(shift: Shift, stop: SolutionStop) -> tuple[Load, ...]:
    """Return what is on board: the glass collected, the water and bait still left to give."""
    carried = {load.dimension: load.amount for load in shift.vehicle.capacity}
    gathered = dict(zip(DIMENSIONS, stop.loads, strict=True))
    return tuple(
        Load(
            dimension=dimension,
            amount=max(0, capacity - gathered[dimension])
            if dimension in GIVEN_OUT
            else gathered[dimension],
        )
        for dimension, capacity in carried.items()
    )


def _work_and_wait_s(built: BuiltProblem, route: SolutionRoute) -> tuple[int, int]:
    """Return the seconds of setup and service, and of waiting, over all stops."""
    work_s = wait_s = 0
    place = route.stops[0].location
    # A route that was broken off has no end, so the last stop counts; an end adds nothing.
    for stop in route.stops[1:]:
        setup_s = 0
        if stop.kind is StopKind.JOB:
            job = built.problem.jobs[stop.index]
            setup_s = job.setup_s if stop.location != place else 0
            work_s += setup_s + job.service_s
        elif stop.kind is StopKind.RELOAD:
            work_s += built.problem.facilities[stop.index].service_s
        if stop.kind is not StopKind.BREAK:
            place = stop.location
        wait_s += stop.start_s - stop.arrival_s - setup_s
    return work_s, max(0, wait_s)


def _named(built: BuiltProblem, violation: Violation) -> Violation:
    """Return the violation with the id of whom it concerns: indices stay inside planning."""
    known: dict[str, Sequence[Job | Shift | Facility]] = {
        "job": built.jobs,
        "shift": built.shifts,
        "facility": built.facilities,
    }
    kind, _, number = violation.subject.partition(" ")
    if kind not in known or not number.isdecimal() or int(number) >= len(known[kind]):
        return violation
    return replace(violation, subject=f"{kind} {known[kind][int(number)].id}")


def _refusal(violation: Violation) -> Issue:
    return Issue(
        code="C501",
        subject=violation.subject,
        cause=f"the plan breaks {violation.code}: {violation.text}",
        action="Plan again, or change the draft by hand until no hard rule is broken",
    )
