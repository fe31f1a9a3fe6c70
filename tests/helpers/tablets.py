"""A long shift of one crew, and what its tablets tell of it."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dispatch.domain.geo import LatLon
from dispatch.domain.ids import FacilityId
from dispatch.domain.job import Dimension, Job, JobKind, JobStatus, Load
from dispatch.domain.plan import Plan, Route, Stop, StopKind
from dispatch.domain.text import Text
from tests.helpers.asgi import Answer, call
from tests.helpers.plans import (
    DAY,
    a_city,
    a_leg,
    a_plan,
    a_route,
    a_site,
    a_stop,
    a_stored_job,
    at,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fastapi import FastAPI

    from dispatch.store import Store

CREW = "glas"
STOPS = 60
EVERY = 7
"""Minutes between the stops of the long shift."""

REASON = Text(
    de="Grünglas steht bei 92 % (Sensor, vor 2 h), läuft am Samstag gegen 14 Uhr über; die "
    "Wahrscheinlichkeit bis zur nächsten Leerung ist 64 %. 2 Nachbarn gehen mit.",
    en="Green glass is at 92 % (sensor, 2 h ago), overflows on Saturday about 14:00; the chance "
    "until the next emptying is 64 %. 2 neighbours go along.",
)


class HandClock:
    """A clock that stands until it is put forward."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """Return the moment it shows."""
        return self.moment


def a_long_job(number: int) -> Job:
    """Return a job as the rules of demand make them: waterings, and emptyings of two colours."""
    water = number % 3 == 0
    loads = (
        (Load(dimension=Dimension.WATER_L, amount=100),)
        if water
        else (
            Load(dimension=Dimension.WHITE_GLASS_L, amount=1400),
            Load(dimension=Dimension.GREEN_GLASS_L, amount=1900),
        )
    )
    return a_stored_job(
        f"{number:016x}",
        site=f"site-{number:03}",
        site_name=f"Castroper Straße {number} / Ecke Hagenstraße",
        location=LatLon(51.4818 + number / 1000, 7.2162),
        status=JobStatus.PLANNED,
        kind=JobKind.WATER if water else JobKind.EMPTY,
        loads=loads,
        reason=REASON,
    )


def fill_long_shift(store: Store, stops: int = STOPS) -> Plan:
    """Store a city with one crew's shift of so many stops, which is in force; return its plan."""
    jobs = [a_long_job(number) for number in range(1, stops + 1)]
    city = a_city()
    sites = [
        a_site(job.site_id, name=job.site_name, access="Tor 3, Schlüssel 17; Rampe rückwärts")
        for job in jobs
    ]
    plan = a_plan(routes=(long_route(jobs),), unassigned=())
    with store.begin() as tx:
        tx.save_city(replace(city, sites=(*city.sites, *sites)))
        tx.save_jobs(jobs)
        tx.add_plan(plan)
        tx.set_current(plan)
    return plan


def long_route(jobs: Sequence[Job]) -> Route:
    """Return a route through all jobs with a break and an unloading in the middle."""
    middle = len(jobs) // 2
    stops: list[Stop] = [a_stop(StopKind.START, 0)]
    for number, job in enumerate(jobs, start=1):
        minute = EVERY * number
        if number == middle:
            stops.append(a_stop(StopKind.BREAK, minute - 3, leg=a_leg(7.2, 7.21)))
            stops.append(
                a_stop(
                    StopKind.RELOAD,
                    minute - 1,
                    facility_id=FacilityId("halde"),
                    leg=a_leg(7.2, 7.21),
                )
            )
        stops.append(
            a_stop(
                StopKind.JOB,
                minute,
                name=job.site_name,
                location=job.location,
                job_id=job.id,
                leg=a_leg(7.2, 7.21, 7.22),
                loads=job.loads,
            )
        )
    stops.append(a_stop(StopKind.END, EVERY * (len(jobs) + 2), leg=a_leg(7.22, 7.2)))
    return replace(a_route(), stops=tuple(stops))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One report as a tablet keeps it until it can be sent: the minute, and the JSON."""

    minute: int
    body: dict[str, Any]


def told_of_shift(stops: int = STOPS, *, seed: int = 1) -> list[Told]:
    """Return the more than 200 reports of a shift, in the order in which things happened."""
    chance = random.Random(seed)  # noqa: S311  # not for secrets
    found = [_told(0, 0, kind="start", halt="start")]
    for number in range(1, stops + 1):
        minute, job_id = EVERY * number + chance.randint(-1, 4), a_long_job(number).id
        found.append(_told(len(found), minute - 5, kind="start", job_id=job_id))
        found.append(_told(len(found), minute, kind="arrive", job_id=job_id))
        found += _outcomes(len(found), minute + 3, a_long_job(number), chance)
    found.append(_told(len(found), EVERY * stops // 2, kind="done", halt="break-1"))
    found.append(_told(len(found), EVERY * stops // 2 + 2, kind="done", halt="reload-1"))
    found.append(_told(len(found), EVERY * (stops + 3), kind="done", halt="end"))
    return sorted(found, key=lambda told: told.minute)


def _outcomes(first: int, minute: int, job: Job, chance: random.Random) -> Iterable[Told]:
    figures = {load.dimension.value: load.amount - 13 for load in job.loads}
    part = dict(list(figures.items())[:1])
    way = chance.randint(0, 9)
    if way < 5:
        yield _told(first, minute, kind="done", job_id=job.id, loads=figures)
    elif way == 5:
        yield _told(first, minute, kind="partly", job_id=job.id, loads=part, reason="no_material")
    elif way == 6:
        yield _told(first, minute, kind="not_possible", job_id=job.id, reason="blocked_by_car")
        yield _told(first + 1, minute + 60, kind="done", job_id=job.id)
    elif way == 7:
        yield _told(first, minute, kind="done", job_id=job.id)
        yield _told(first + 1, minute + 1, kind="undo", undoes=_name(first))
    elif way == 8:
        yield _told(first, minute, kind="done", job_id=job.id)
        yield _told(first + 1, minute + 1, kind="undo", undoes=_name(first))
        yield _told(first + 2, minute + 2, kind="not_possible", job_id=job.id, reason="broken")
    else:
        yield _told(first, minute, kind="note", job_id=job.id, note="Deckel klemmt, sonst gut")


def _name(number: int) -> str:
    return str(UUID(int=number + 1000))


def _told(number: int, minute: int, **parts: Any) -> Told:
    body = {
        "id": _name(number),
        "day": DAY.isoformat(),
        "happened_at": at(minute).isoformat(),
        "plan_id": "plan-1",
        "revision": 1,
        **parts,
    }
    return Told(minute=minute, body=body)


def send(
    app: FastAPI, bodies: Sequence[dict[str, Any]], *, sent_at: datetime, crew: str | None = CREW
) -> Answer:
    """Return the answer to a batch, sent by whoever the app takes everybody for."""
    named = bodies if crew is None else [{"crew_id": crew, **body} for body in bodies]
    raw = json.dumps({"sent_at": sent_at.isoformat(), "reports": named}).encode()
    headers = {"content-type": "application/json"}
    return call(app, "POST", "/api/v1/reports", headers=headers, body=raw)


def end_of_shift(stops: int = STOPS) -> datetime:
    """Return when the tablets are back in the depot, where there is radio."""
    return at(EVERY * (stops + 4)) + timedelta(minutes=10)
