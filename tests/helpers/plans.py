"""A small city with one day planned by hand: two crews, three jobs, one of them left out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from dispatch.domain.city import City
from dispatch.domain.errors import Issue
from dispatch.domain.fleet import (
    Crew,
    Depot,
    Facility,
    Fleet,
    ShiftPattern,
    Vehicle,
)
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import (
    CrewId,
    DepotId,
    DeviceId,
    FacilityId,
    JobId,
    PartId,
    PayloadId,
    PlanId,
    ShiftId,
    SiteId,
    VehicleId,
)
from dispatch.domain.job import Dimension, Job, JobKind, Load, Organisation, Skill, TimeWindow
from dispatch.domain.plan import (
    BillLine,
    Leg,
    Plan,
    Remedy,
    RemedyChange,
    Route,
    Stop,
    StopKind,
    StreetSource,
    Unassigned,
    Violation,
)
from dispatch.domain.signal import (
    Payload,
    QuarantineEntry,
    Signal,
    SignalKind,
    WateringNeed,
    payload_of,
    signal_id,
)
from dispatch.domain.site import (
    Container,
    Device,
    GlassBank,
    GlassColour,
    Pond,
    RatStation,
    Site,
    YoungTree,
)
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from dispatch.store import Store

DAY = date(2026, 10, 24)
"""The Saturday before the clocks go back."""

MORNING = datetime(2026, 10, 24, 4, 0, tzinfo=UTC)
"""06:00 in Bochum."""

STREETS = StreetSource(name="Übungsnetz", stand_in=True, attribution="made by hand")


def at(minutes: int) -> datetime:
    """Return the moment so many minutes after the shifts start."""
    return MORNING + timedelta(minutes=minutes)


def a_site(key: str = "glass-1", **parts: Any) -> Site:
    """Return a glass site with one container."""
    bank = GlassBank(
        containers=(Container(id=PartId(f"{key}-g"), colour=GlassColour.GREEN, volume_l=2000),)
    )
    defaults: dict[str, Any] = {
        "id": SiteId(key),
        "name": "Hüttenstraße / Ecke Größer Weg",
        "location": LatLon(51.4818, 7.2162),
        "asset": bank,
    }
    return Site(**defaults | parts)


def a_device(name: str = "dev-1", *, site: str = "glass-1", **parts: Any) -> Device:
    """Return a sensor that still hangs at its site."""
    defaults: dict[str, Any] = {
        "id": DeviceId(name),
        "model": "EM310-UDL",
        "site_id": SiteId(site),
        "part_id": PartId(f"{site}-g"),
        "mounted_from": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return Device(**defaults | parts)


def a_city() -> City:
    """Return four sites, one of each kind, a device and two crews."""
    sites = (
        a_site(),
        a_site(
            "tree-1",
            asset=YoungTree(species="Fraxinus", planted=date(2024, 11, 1), girth_cm=18),
        ),
        a_site(
            "rat-1",
            asset=RatStation(refill_after=6, bait_items=4, last_checked=date(2026, 10, 1)),
        ),
        a_site("pond-1", name="Ümminger See", asset=Pond(fixed_aerator=True)),
    )
    return City(name="Übungsstadt", sites=sites, devices=(a_device(),), fleet=a_fleet())


def a_fleet() -> Fleet:
    """Return two crews with a vehicle each, one depot and one unloading place."""
    return Fleet(
        crews=(
            _crew("glas", "Kolonne Größ", Organisation.USB, frozenset()),
            _crew("grün", "Grünpflege", Organisation.PARKS, frozenset({Skill.WATERING})),
        ),
        vehicles=(_vehicle("lkw-1", "Glaslaster"), _vehicle("lkw-2", "Gießwagen")),
        depots=(Depot(id=DepotId("hof"), name="Betriebshof", location=LatLon(51.47, 7.2)),),
        facilities=(
            Facility(
                id=FacilityId("halde"),
                name="Entladestelle",
                location=LatLon(51.49, 7.25),
                dimensions=frozenset({Dimension.GREEN_GLASS_L}),
                service_s=600,
                closes=time(17, 30),
            ),
        ),
        patterns=(_pattern("glas", "lkw-1"), _pattern("grün", "lkw-2")),
    )


def _crew(name: str, title: str, organisation: Organisation, skills: frozenset[Skill]) -> Crew:
    return Crew(
        id=CrewId(name), name=title, organisation=organisation, size=2, skills=skills, hour_ct=9000
    )


def _vehicle(name: str, title: str) -> Vehicle:
    return Vehicle(
        id=VehicleId(name),
        name=title,
        profile="truck",
        capacity=(Load(dimension=Dimension.GREEN_GLASS_L, amount=9000),),
        skills=frozenset({Skill.GLASS_CRANE}),
        km_ct=90,
        day_ct=4000,
    )


def _pattern(crew: str, vehicle: str) -> ShiftPattern:
    return ShiftPattern(
        crew_id=CrewId(crew),
        vehicle_id=VehicleId(vehicle),
        depot_id=DepotId("hof"),
        starts=time(6),
        ends=time(14, 30),
        weekdays=frozenset(range(6)),
    )


def a_stored_job(name: str = "job-1", *, site: str = "glass-1", **parts: Any) -> Job:
    """Return an open, optional glass job with every field filled."""
    defaults: dict[str, Any] = {
        "id": JobId(name),
        "site_id": SiteId(site),
        "site_name": "Hüttenstraße",
        "location": LatLon(51.4818, 7.2162),
        "kind": JobKind.EMPTY,
        "loads": (Load(dimension=Dimension.GREEN_GLASS_L, amount=1500),),
        "service_s": 300,
        "setup_s": 60,
        "windows": (TimeWindow(earliest=at(0), latest=at(480)),),
        "skills": frozenset({Skill.GLASS_CRANE}),
        "required": False,
        "leave_price_ct": 2000,
        "reason": Text(de="Füllstand 92 %, läuft morgen über", en="92 % full, overflows tomorrow"),
        "due": at(1500),
        "created_at": at(-600),
        "updated_at": at(-60),
    }
    return Job(**defaults | parts)


def a_stop(kind: StopKind, minute: int, *, lon: float = 7.2, **parts: Any) -> Stop:
    """Return a halt of ten minutes that begins at once."""
    defaults: dict[str, Any] = {
        "kind": kind,
        "name": "Betriebshof",
        "location": LatLon(51.47, lon),
        "arrives_at": at(minute),
        "starts_at": at(minute),
        "departs_at": at(minute + 10),
    }
    return Stop(**defaults | parts)


def a_leg(*lons: float) -> Leg:
    """Return a drive of five minutes and 2 km through these longitudes."""
    return Leg(duration_s=300, distance_m=2000, geometry=tuple(LatLon(51.47, lon) for lon in lons))


def a_route(crew: str = "glas", *, job: str = "job-1", drawn: bool = True) -> Route:
    """Return a route with one job: out and back, 4 km."""
    out, back = (a_leg(7.2, 7.21, 7.22), a_leg(7.22, 7.2)) if drawn else (a_leg(), a_leg())
    work = a_stop(
        StopKind.JOB,
        15,
        lon=7.2201,
        name="Hüttenstraße",
        leg=out,
        job_id=JobId(job),
        loads=(Load(dimension=Dimension.GREEN_GLASS_L, amount=1500),),
    )
    return Route(
        shift_id=ShiftId(f"{crew}@{DAY.isoformat()}"),
        crew_id=CrewId(crew),
        crew_name="Kolonne Größ",
        vehicle_id=VehicleId("lkw-1"),
        vehicle_name="Glaslaster",
        stops=(a_stop(StopKind.START, 0), work, a_stop(StopKind.END, 30, leg=back)),
        travel_s=600,
        distance_m=4000,
        service_s=360,
        wait_s=30,
    )


A_REMEDY = Remedy(
    shift_id=ShiftId(f"glas@{DAY.isoformat()}"),
    changes=(
        RemedyChange(kind="capacity", amount=300, dimension=Dimension.WATER_L),
        RemedyChange(kind="price", amount=150),
    ),
    text=Text(de="mit mehr Platz und Geld", en="with more room and money"),
)


def a_plan(name: str = "plan-1", **parts: Any) -> Plan:
    """Return the day's first revision: two jobs served, one left out."""
    defaults: dict[str, Any] = {
        "id": PlanId(name),
        "day": DAY,
        "organisation": Organisation.USB,
        "revision": 1,
        "created_at": at(-30),
        "routes": (a_route(), a_route("grün", job="job-2", drawn=False)),
        "unassigned": (
            Unassigned(
                job_id=JobId("job-3"),
                code="price",
                text=Text(de="zu weit", en="too far"),
                further=("no_room",),
                remedies=(A_REMEDY,),
                sought=True,
            ),
        ),
        "bill": (
            BillLine(code="crews", label=Text(de="Löhne", en="Wages"), amount_ct=9000),
            BillLine(code="left", label=Text(de="Liegen gelassen", en="Left"), amount_ct=2000),
        ),
        "violations": (Violation(code="V999", subject="glas", amount=5, text="late", hard=False),),
        "streets": STREETS,
        "solver": "by hand",
        "solve_s": 0.5,
    }
    return Plan(**defaults | parts)


def a_payload(body: bytes = b'{"O\\u2082": 3}') -> Payload:
    """Return bytes as received the evening before."""
    return payload_of(body, format_name="ttn", received_at=at(-500))


def a_signal(minute: int = -480, *, device: str = "dev-1", **parts: Any) -> Signal:
    """Return a fill level observed so many minutes after the shifts start, at glass-1."""
    defaults: dict[str, Any] = {
        "source": "ttn:usb-glas",
        "kind": SignalKind.FILL_LEVEL,
        "value": 92.0,
        "observed_at": at(minute),
        "received_at": at(minute),
        "payload_id": a_payload().id,
        "site_id": SiteId("glass-1"),
        "part_id": PartId("glass-1-g"),
    }
    fields = defaults | {"device_id": DeviceId(device)} | parts
    own_id = signal_id(fields["source"], device, fields["kind"], fields["observed_at"])
    return Signal(**{"id": own_id} | fields)


def a_need() -> WateringNeed:
    """Return what the irrigation model could ask for."""
    return WateringNeed(
        run_id="lauf-ü",
        litres_min=80,
        earliest=DAY,
        latest=DAY + timedelta(days=2),
        stress_at_latest=0.4,
        confidence=0.8,
        reason="dry for 9 days",
    )


def a_quarantine_entry(name: str = "q-1", *, payload: PayloadId | None = None) -> QuarantineEntry:
    """Return an entry about a device nobody knows."""
    issue = Issue(code="I999", subject="dev-ß", cause="unknown device", action="Register it")
    return QuarantineEntry(
        id=name,
        payload_id=a_payload().id if payload is None else payload,
        received_at=at(-500),
        issue=issue,
    )


def fill(store: Store) -> None:
    """Store the city, its signals, three jobs and the day's plan, which is put in force."""
    plan = a_plan()
    with store.begin() as tx:
        tx.save_city(a_city())
        tx.add_payloads([a_payload()])
        tx.add_signals([a_signal(-480), a_signal(-420, value=93.5)])
        tx.add_quarantine([a_quarantine_entry()])
        tx.save_jobs(
            [
                a_stored_job(),
                a_stored_job("job-2", site="tree-1", kind=JobKind.WATER, required=True, due=None),
                a_stored_job("job-3", site="rat-1", kind=JobKind.BAIT),
            ]
        )
        tx.add_plan(plan)
        tx.set_current(plan)
