"""A day with two hundred crews for the bench of the API: their routes, their jobs, their tokens."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from secrets import token_bytes
from typing import TYPE_CHECKING

from dispatch.domain.access import Actor, Role
from dispatch.domain.account import Grant
from dispatch.domain.clock import BERLIN, at_local
from dispatch.domain.fleet import Crew
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import ActorId, CrewId, JobId, PlanId, ShiftId, SiteId, VehicleId
from dispatch.domain.job import Dimension, Job, JobKind, Load, Organisation, Skill, TimeWindow
from dispatch.domain.plan import Leg, Plan, Route, Stop, StopKind, StreetSource
from dispatch.domain.site import Place, Site, SiteKind
from dispatch.domain.text import Text
from dispatch.service.access import issue_token
from scenarios.streets import stand_in
from scenarios.world import WorldSettings, make_city

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dispatch.domain.city import City
    from dispatch.store import Store, Transaction

STOPS = 12
"""Jobs of a route; a day of glass or of trees has 10 to 40."""
CENTRE = LatLon(51.4818, 7.2162)
REASON = Text(
    de="Weißglas 86 % (2.580 l), +5 %/Tag: voll etwa Do 16.07., läuft mit 37 % sicher über",
    en="White glass 86 % (2,580 l), +5 %/day: full about Thu 16 Jul, overflows with 37 %",
)
"""As long as reasons are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tablet:
    """A crew's device: its token and the jobs it will report."""

    crew_id: CrewId
    token: str
    job_ids: tuple[JobId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiDay:
    """What the load needs to know of the database it was made for."""

    day: date
    tablets: tuple[Tablet, ...]
    source_token: str
    office_token: str
    plan_id: PlanId
    messages: tuple[bytes, ...]


def make_api_day(store: Store, *, now: datetime, tablets: int, messages: int) -> ApiDay:
    """Return the day of `now`, stored with so many crews at work and so many messages to come.

    The crews are of USB and have a plan in force; jobs of the parks' crews wait to be planned.
    """
    day = now.astimezone(BERLIN).date()
    city = make_city(stand_in(), WorldSettings(today=day))
    crews = [_crew(number) for number in range(tablets)]
    jobs = {crew.id: tuple(_jobs(number, day, now)) for number, crew in enumerate(crews)}
    plan = _plan(day, now, crews, jobs)
    with store.begin() as tx:
        tx.save_city(_with(city, crews))
        tx.save_jobs([job for found in jobs.values() for job in found])
        tx.save_jobs(_waterings(city, now))
        tx.add_plan(plan)
        tx.set_current(plan)
        devices = tuple(
            Tablet(
                crew_id=crew.id,
                token=_token(tx, now, Role.CREW, crew=crew),
                job_ids=tuple(job.id for job in jobs[crew.id]),
            )
            for crew in crews
        )
        source = _token(tx, now, Role.SOURCE)
        office = _token(tx, now, Role.ADMIN)
    return ApiDay(
        day=day,
        tablets=devices,
        source_token=source,
        office_token=office,
        plan_id=plan.id,
        messages=tuple(_messages(city, now, messages)),
    )


def _token(tx: Transaction, now: datetime, role: Role, *, crew: Crew | None = None) -> str:
    admin = Actor(id=ActorId("bench"), name="bench", role=Role.ADMIN)
    grant = Grant(
        name=crew.name if crew else f"bench {role}",
        role=role,
        expires_at=now + timedelta(days=1),
        organisation=crew.organisation if crew else None,
        crew_id=crew.id if crew else None,
    )
    secret, _ = issue_token(tx, grant, by=admin, now=now, random_bytes=token_bytes)
    return secret


def _crew(number: int) -> Crew:
    return Crew(
        id=CrewId(f"tablet-{number:03d}"),
        name=f"Kolonne {number}",
        organisation=Organisation.USB,
        size=2,
        skills=frozenset(),
        hour_ct=9000,
    )


def _with(city: City, crews: Iterable[Crew]) -> City:
    """Return the city with these crews and the sites of their jobs as well."""
    crews = tuple(crews)
    sites = tuple(_site(number, stop) for number in range(len(crews)) for stop in range(STOPS))
    fleet = replace(city.fleet, crews=(*city.fleet.crews, *crews))
    return replace(city, sites=(*city.sites, *sites), fleet=fleet)


def _site(number: int, stop: int) -> Site:
    """Return a place somewhere in the city, the same each time."""
    lat = CENTRE.lat + ((number * 37 + stop * 11) % 97 - 48) * 0.001
    lon = CENTRE.lon + ((number * 53 + stop * 17) % 89 - 44) * 0.0015
    return Site(
        id=SiteId(f"bench-{number:03d}-{stop:02d}"),
        name=f"Musterstraße {number * STOPS + stop}",
        location=LatLon(round(lat, 6), round(lon, 6)),
        asset=Place(matter="bench"),
    )


def _jobs(number: int, day: date, now: datetime) -> Iterator[Job]:
    for stop in range(STOPS):
        site = _site(number, stop)
        loads = (Load(dimension=Dimension.WHITE_GLASS_L, amount=1200 + stop),)
        yield _job(site, JobKind.CLEAN, now, day=day, loads=loads)


def _waterings(city: City, now: datetime) -> list[Job]:
    """Return a job at each young tree, for the parks' crews of the next days."""
    loads = (Load(dimension=Dimension.WATER_L, amount=100),)
    trees = (site for site in city.sites if site.kind is SiteKind.TREE)
    return [_job(site, JobKind.WATER, now, loads=loads) for site in trees]


def _job(
    site: Site, kind: JobKind, now: datetime, *, loads: tuple[Load, ...], day: date | None = None
) -> Job:
    first = day or now.astimezone(BERLIN).date()
    last = first if day else first + timedelta(days=14)
    window = TimeWindow(earliest=at_local(first, time(0)), latest=at_local(last, time(23, 30)))
    parks = kind is JobKind.WATER
    return Job(
        id=JobId(f"job-{site.id}"),
        site_id=site.id,
        site_name=site.name,
        location=site.location,
        kind=kind,
        loads=loads,
        service_s=240,
        setup_s=60,
        windows=(window,),
        skills=frozenset({Skill.WATERING}) if parks else frozenset(),
        required=False,
        leave_price_ct=2500,
        reason=REASON,
        created_at=now - timedelta(hours=8),
        updated_at=now - timedelta(hours=8),
        organisation=Organisation.PARKS if parks else Organisation.USB,
    )


def _plan(
    day: date, now: datetime, crews: Iterable[Crew], jobs: dict[CrewId, tuple[Job, ...]]
) -> Plan:
    routes = tuple(_route(crew, day, jobs[crew.id]) for crew in crews)
    return Plan(
        id=PlanId("bench-plan"),
        day=day,
        organisation=Organisation.USB,
        revision=1,
        created_at=now - timedelta(hours=8),
        routes=routes,
        unassigned=(),
        bill=(),
        violations=(),
        streets=StreetSource(name="bench", stand_in=True, attribution="invented"),
        solver="by hand",
        solve_s=0.0,
    )


def _route(crew: Crew, day: date, jobs: tuple[Job, ...]) -> Route:
    start = at_local(day, time(6))
    stops = [_stop(StopKind.START, "Betriebshof", CENTRE, start, None)]
    stops += [
        _stop(StopKind.JOB, job.site_name, job.location, start + timedelta(minutes=30 * n), job.id)
        for n, job in enumerate(jobs, start=1)
    ]
    end = start + timedelta(minutes=30 * (len(jobs) + 1))
    stops.append(_stop(StopKind.END, "Betriebshof", CENTRE, end, None))
    return Route(
        shift_id=ShiftId(f"{crew.id}@{day.isoformat()}"),
        crew_id=crew.id,
        crew_name=crew.name,
        vehicle_id=VehicleId("bench"),
        vehicle_name="Fahrzeug",
        stops=tuple(stops),
        travel_s=9000,
        distance_m=60_000,
        service_s=240 * len(jobs),
        wait_s=0,
    )


def _stop(kind: StopKind, name: str, location: LatLon, at: datetime, job_id: JobId | None) -> Stop:
    leg = None if kind is StopKind.START else Leg(duration_s=600, distance_m=4600)
    departs = at + timedelta(minutes=5)
    return Stop(
        kind=kind,
        name=name,
        location=location,
        arrives_at=at,
        starts_at=at,
        departs_at=departs,
        leg=leg,
        job_id=job_id,
    )


def _messages(city: City, now: datetime, count: int) -> Iterator[bytes]:
    """Yield messages of the containers' sensors, none twice."""
    glass = {site.id for site in city.sites if site.kind is SiteKind.GLASS}
    devices = [device for device in city.devices if device.site_id in glass]
    for number in range(count):
        at = now - timedelta(seconds=10 * number)
        body = {
            "deduplicationId": f"{number} {now.isoformat()}",
            "time": at.isoformat(),
            "deviceInfo": {
                "applicationId": "bench",
                "deviceProfileName": "em310-udl",
                "devEui": devices[number % len(devices)].id,
            },
            "object": {"distance": 900 + number % 7, "position": "normal", "battery": 88},
        }
        yield json.dumps(body).encode()
