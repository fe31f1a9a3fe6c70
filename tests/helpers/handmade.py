"""A published plan of a small glass day, for those who change it by hand or plan it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from dispatch.domain.audit import machine
from dispatch.domain.city import City
from dispatch.domain.fleet import Crew, Depot, Facility, Fleet, ShiftPattern, Vehicle
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import (
    CrewId,
    DepotId,
    FacilityId,
    JobId,
    PartId,
    PlanId,
    SiteId,
    VehicleId,
)
from dispatch.domain.job import Dimension, Job, JobKind, Load, Organisation, Skill
from dispatch.domain.plan import Plan, StreetSource
from dispatch.domain.site import Container, GlassBank, GlassColour, Site
from dispatch.domain.text import Text
from dispatch.planning.check import check
from dispatch.planning.explain import explain
from dispatch.planning.problem import job_visit
from dispatch.planning.publish import PlanHeader, make_plan
from dispatch.planning.reschedule import reschedule
from dispatch.service.plan_inputs import built_from, inputs_of
from dispatch.service.publish import PlanChange, publish
from dispatch.service.travel import Travel
from graphs.provider import CrowFlies

if TYPE_CHECKING:
    from dispatch.store import Store

TODAY = date(2026, 7, 15)
PLACES = 12
MADE_AT = datetime(2026, 7, 14, 18, tzinfo=UTC)
WHITE = Dimension.WHITE_GLASS_L


def place(number: int) -> LatLon:
    """Return the place of that number: one after the other to the east, 1 km apart."""
    return LatLon(51.48, round(7.15 + 0.0145 * number, 6))


def a_glass_job(number: int, **parts: Any) -> Job:
    """Return an optional glass job of ten minutes worth 200 EUR, a third of a lorry."""
    defaults: dict[str, Any] = {
        "id": JobId(f"g-{number}"),
        "site_id": SiteId(f"glas-{number}"),
        "site_name": f"Platz {number}",
        "location": place(number),
        "kind": JobKind.EMPTY,
        "loads": (Load(dimension=WHITE, amount=3000),),
        "service_s": 540,
        "setup_s": 60,
        "windows": (),
        "skills": frozenset({Skill.GLASS_CRANE}),
        "required": False,
        "leave_price_ct": 20_000,
        "reason": Text(de="voll", en="full"),
        "created_at": MADE_AT,
        "updated_at": MADE_AT,
        "organisation": Organisation.USB,
    }
    return Job(**defaults | parts)


def a_glass_city() -> City:
    """Return twelve glass sites, and two crews of USB with a lorry each."""
    sites = tuple(
        Site(
            id=SiteId(f"glas-{n}"),
            name=f"Platz {n}",
            location=place(n),
            asset=GlassBank(
                containers=(
                    Container(id=PartId(f"glas-{n}-w"), colour=GlassColour.WHITE, volume_l=3000),
                )
            ),
        )
        for n in range(PLACES)
    )
    return City(name="Bochum", sites=sites, devices=(), fleet=a_glass_fleet())


def a_glass_fleet() -> Fleet:
    """Return two crews from six to half past two, and one place to unload."""
    names = ("glas-a", "glas-b")
    return Fleet(
        crews=tuple(
            Crew(
                id=CrewId(name),
                name=f"Kolonne {name}",
                organisation=Organisation.USB,
                size=2,
                skills=frozenset(),
                hour_ct=6000,
            )
            for name in names
        ),
        vehicles=tuple(
            Vehicle(
                id=VehicleId(f"lkw-{name}"),
                name=f"Glaslaster {name}",
                profile="truck26",
                capacity=(Load(dimension=WHITE, amount=9000),),
                skills=frozenset({Skill.GLASS_CRANE}),
                km_ct=100,
                day_ct=4000,
            )
            for name in (*names, "reserve")
        ),
        depots=(Depot(id=DepotId("hof"), name="Betriebshof", location=LatLon(51.47, 7.2)),),
        facilities=(
            Facility(
                id=FacilityId("halde"),
                name="Entladestelle",
                location=LatLon(51.49, 7.25),
                dimensions=frozenset({WHITE}),
                service_s=600,
                closes=time(17, 30),
                at_once=1,
            ),
        ),
        patterns=tuple(
            ShiftPattern(
                crew_id=CrewId(name),
                vehicle_id=VehicleId(f"lkw-{name}"),
                depot_id=DepotId("hof"),
                starts=time(6),
                ends=time(14, 30),
                weekdays=frozenset(range(6)),
            )
            for name in names
        ),
    )


def a_glass_day(store: Store) -> Plan:
    """Store the city with seven jobs and the day's plan: jobs 0 to 2, jobs 3 to 5, job 6 left."""
    with store.begin() as tx:
        tx.save_city(a_glass_city())
        tx.save_jobs([a_glass_job(n) for n in range(7)])
    plan = a_glass_plan(store)
    with store.begin() as tx:
        tx.add_plan(plan)
    return publish(PlanChange(plan_id=plan.id, actor=machine("test"), now=MADE_AT), store=store)


def a_glass_plan(store: Store) -> Plan:
    """Return the plan with lines, as it would be published."""
    travel = Travel(TODAY, usual=CrowFlies())
    header = PlanHeader(
        id=PlanId("plan-of-the-day"),
        organisation=Organisation.USB,
        revision=1,
        created_at=MADE_AT,
        streets=StreetSource(name="crow", stand_in=True, attribution="none"),
        solver="test",
        solve_s=0.0,
    )
    nothing = _empty_plan(header)
    with store.read() as tx:
        inputs = inputs_of(tx, nothing, MADE_AT)
    built = built_from(inputs, nothing, travel)
    solution = reschedule(
        built.problem, [[job_visit(n) for n in (0, 1, 2)], [job_visit(n) for n in (3, 4, 5)]]
    )
    plan = make_plan(
        built,
        solution,
        header=header,
        violations=check(built.problem, solution),
        unassigned=explain(built, solution, seconds=0),
    )
    return replace(plan, routes=tuple(travel.drawn(route, "truck26") for route in plan.routes))


def _empty_plan(header: PlanHeader) -> Plan:

    return Plan(
        id=header.id,
        day=TODAY,
        organisation=header.organisation,
        revision=1,
        created_at=MADE_AT,
        routes=(),
        unassigned=(),
        bill=(),
        violations=(),
        streets=header.streets,
        solver="",
        solve_s=0.0,
    )
