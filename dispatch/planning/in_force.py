"""The plan in force as planning again sees it: the shift that each job was promised to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.problem import Visit, job_visit
from dispatch.planning.underway import MOVE_UEUR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dispatch.domain.ids import FacilityId, JobId
    from dispatch.domain.plan import Plan, Route
    from dispatch.planning.build import BuiltProblem

    Orders = tuple[tuple[Visit, ...], ...]


def with_plan_in_force(
    built: BuiltProblem, plan: Plan, *, move_ueur: int = MOVE_UEUR
) -> BuiltProblem:
    """Return the problem whose jobs are published on the shifts that the plan gave them.

    Moving one to another shift costs `move_ueur`, so that the plan does not change for pennies.
    """
    shifts = {shift.id: number for number, shift in enumerate(built.shifts)}
    published = {
        job_id: shifts[route.shift_id]
        for route in plan.routes
        if route.shift_id in shifts
        for job_id in route.job_ids
    }
    jobs = tuple(
        replace(wanted, published=published[job.id], move_ueur=move_ueur)
        if job.id in published
        else wanted
        for job, wanted in zip(built.jobs, built.problem.jobs, strict=True)
    )
    return replace(built, problem=replace(built.problem, jobs=jobs))


def orders_in_force(built: BuiltProblem, plan: Plan) -> Orders:
    """Return the visits of every shift as the plan has them; what the problem lacks is left out."""
    jobs = {job.id: number for number, job in enumerate(built.jobs)}
    facilities = {place.id: number for number, place in enumerate(built.facilities)}
    routes = {route.shift_id: route for route in plan.routes}
    return tuple(
        tuple(_visits(routes[shift.id], jobs, facilities)) if shift.id in routes else ()
        for shift in built.shifts
    )


def _visits(
    route: Route, jobs: Mapping[JobId, int], facilities: Mapping[FacilityId, int]
) -> Iterator[Visit]:
    for stop in route.stops:
        if stop.job_id is not None and stop.job_id in jobs:
            yield job_visit(jobs[stop.job_id])
        elif stop.facility_id is not None and stop.facility_id in facilities:
            yield Visit(kind=StopKind.RELOAD, index=facilities[stop.facility_id])
