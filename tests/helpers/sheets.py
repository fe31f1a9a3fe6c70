"""A sheet of a small day with everything that can stand on one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from dispatch.domain.ids import JobId
from dispatch.domain.job import Dimension, Load, TimeWindow
from dispatch.domain.plan import StopKind
from dispatch.domain.text import Text
from dispatch.sheets.sheet import Sheet
from tests.helpers.plans import a_leg, a_plan, a_route, a_stop, a_stored_job, at

GLASS, POND = JobId("glas"), JobId("teich")


def green(amount: int) -> tuple[Load, ...]:
    """Return so many litres of green glass."""
    return (Load(dimension=Dimension.GREEN_GLASS_L, amount=amount),)


def a_sheet(**parts: Any) -> Sheet:
    """Return a day with two jobs, a break, an unloading and one job that is not stored."""
    glass = a_stored_job(
        GLASS,
        required=True,
        loads=green(1500),
        reason=Text(de="Füllstand 92 %, läuft über", en="92 % full"),
        windows=(TimeWindow(earliest=at(-60), latest=at(120)),),
    )
    pond = a_stored_job(POND, loads=(), reason=Text(de="Sonde steht auf null", en="stuck at zero"))
    stops = (
        a_stop(StopKind.START, 0),
        a_stop(
            StopKind.JOB,
            30,
            name="Größe Straße 5",
            leg=a_leg(7.2, 7.21),
            job_id=GLASS,
            loads=green(1500),
        ),
        a_stop(StopKind.RELOAD, 90, name="Glasumschlag", leg=a_leg(7.21, 7.25), lon=7.25),
        a_stop(StopKind.BREAK, 240, name="Glasumschlag", leg=a_leg(), lon=7.25),
        a_stop(StopKind.JOB, 300, name="Stadtparkteich", leg=a_leg(), lon=7.22, job_id=POND),
        a_stop(StopKind.JOB, 360, name="Nirgends", leg=a_leg(), lon=7.23, job_id=JobId("weg")),
        a_stop(StopKind.END, 500, leg=a_leg()),
    )
    route = replace(a_route(), stops=stops, distance_m=12_345, travel_s=5400)
    defaults: dict[str, Any] = {
        "plan": a_plan(routes=(route,), revision=3),
        "route": route,
        "jobs": {job.id: job for job in (glass, pond)},
        "made_at": at(-30) + timedelta(seconds=5),
    }
    return Sheet(**defaults | parts)
