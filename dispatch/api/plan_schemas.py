"""Schemas of plans, their routes and stops."""

from datetime import date
from typing import Any, Self

from pydantic import AwareDatetime, BaseModel

from dispatch.api.values import LoadOut, Position, StreetSourceOut, position
from dispatch.api.verdict_schemas import BillLineOut, UnassignedOut, ViolationOut
from dispatch.domain.job import Organisation
from dispatch.domain.plan import Plan, PlanState, PlanStatus, Route, Stop, StopKind


class StopOut(BaseModel):
    """One halt; `travel_s` and `distance_m` are of the drive to it, None at the start."""

    kind: StopKind
    name: str
    location: Position
    arrives_at: AwareDatetime
    starts_at: AwareDatetime
    departs_at: AwareDatetime
    loads: list[LoadOut]
    job_id: str | None
    facility_id: str | None
    travel_s: int | None
    distance_m: int | None

    @classmethod
    def from_domain(cls, stop: Stop) -> Self:
        """Return the stop without the line of the drive to it."""
        return cls(
            kind=stop.kind,
            name=stop.name,
            location=position(stop.location),
            arrives_at=stop.arrives_at,
            starts_at=stop.starts_at,
            departs_at=stop.departs_at,
            loads=[LoadOut.from_domain(load) for load in stop.loads],
            job_id=stop.job_id,
            facility_id=stop.facility_id,
            travel_s=None if stop.leg is None else stop.leg.duration_s,
            distance_m=None if stop.leg is None else stop.leg.distance_m,
        )


class RouteHeadOut(BaseModel):
    """Whose route it is, with what, and its sums."""

    shift_id: str
    crew_id: str
    crew_name: str
    vehicle_id: str
    vehicle_name: str
    distance_m: int
    travel_s: int
    service_s: int
    wait_s: int

    @staticmethod
    def of(route: Route) -> dict[str, Any]:
        """Return the fields, for the schemas that add the stops."""
        return {name: getattr(route, name) for name in RouteHeadOut.model_fields}


class RouteOut(RouteHeadOut):
    """The ordered stops of one shift and their sums."""

    stops: list[StopOut]

    @classmethod
    def from_domain(cls, route: Route) -> Self:
        """Return the route without its lines on the map."""
        stops = [StopOut.from_domain(stop) for stop in route.stops]
        return cls(**RouteHeadOut.of(route), stops=stops)


class PlanHeadOut(BaseModel):
    """A revision without its routes and what is summed over them."""

    id: str
    day: date
    organisation: Organisation
    revision: int
    created_at: AwareDatetime
    in_force: bool
    status: PlanStatus
    based_on: str | None
    cost_ct: int
    jobs_unassigned: int
    violations: int
    solver: str
    solve_s: float
    streets: StreetSourceOut

    @classmethod
    def from_domain(cls, plan: Plan, state: PlanState, *, in_force: bool) -> Self:
        """Return the head; the plan may come without routes."""
        return cls(
            id=plan.id,
            day=plan.day,
            organisation=plan.organisation,
            revision=plan.revision,
            created_at=plan.created_at,
            in_force=in_force,
            status=state.status,
            based_on=state.based_on,
            cost_ct=plan.cost_ct,
            jobs_unassigned=len(plan.unassigned),
            violations=len(plan.violations),
            solver=plan.solver,
            solve_s=plan.solve_s,
            streets=StreetSourceOut.from_domain(plan.streets),
        )


class PlanOut(BaseModel):
    """A revision with its routes; the lines on the map are a document of their own."""

    id: str
    day: date
    organisation: Organisation
    revision: int
    created_at: AwareDatetime
    status: PlanStatus
    based_on: str | None
    cost_ct: int
    distance_m: int
    travel_s: int
    service_s: int
    wait_s: int
    jobs_served: int
    solver: str
    solve_s: float
    streets: StreetSourceOut
    bill: list[BillLineOut]
    violations: list[ViolationOut]
    unassigned: list[UnassignedOut]
    routes: list[RouteOut]

    @classmethod
    def from_domain(cls, plan: Plan, state: PlanState) -> Self:
        """Return the plan with the sums over its routes."""
        return cls(
            id=plan.id,
            day=plan.day,
            organisation=plan.organisation,
            revision=plan.revision,
            created_at=plan.created_at,
            status=state.status,
            based_on=state.based_on,
            cost_ct=plan.cost_ct,
            distance_m=sum(route.distance_m for route in plan.routes),
            travel_s=sum(route.travel_s for route in plan.routes),
            service_s=sum(route.service_s for route in plan.routes),
            wait_s=sum(route.wait_s for route in plan.routes),
            jobs_served=sum(len(route.job_ids) for route in plan.routes),
            solver=plan.solver,
            solve_s=plan.solve_s,
            streets=StreetSourceOut.from_domain(plan.streets),
            bill=[BillLineOut.from_domain(line) for line in plan.bill],
            violations=[ViolationOut.from_domain(broken) for broken in plan.violations],
            unassigned=[UnassignedOut.from_domain(left) for left in plan.unassigned],
            routes=[RouteOut.from_domain(route) for route in plan.routes],
        )
