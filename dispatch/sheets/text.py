"""Route sheets as plain text, for terminals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.sheets.words import KINDS, STOPS, UNITS, clock, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatch.domain.ids import JobId
    from dispatch.domain.job import Job, Load
    from dispatch.domain.plan import Plan, Route, Stop


def route_sheet(route: Route, jobs: Mapping[JobId, Job]) -> str:
    """Return the sheet of one route: a heading, one line per stop, the reason below each job."""
    lines = [_heading(route), "-" * 78]
    for number, stop in enumerate(route.stops):
        lines.extend(_stop_lines(number, stop, jobs))
    return "\n".join(lines)


def plan_sheets(plan: Plan, jobs: Mapping[JobId, Job]) -> str:
    """Return the sheets of all routes that have work, separated by blank lines."""
    worked = [route for route in plan.routes if route.job_ids]
    return "\n\n".join(route_sheet(route, jobs) for route in worked)


def german_number(amount: int) -> str:
    """Return the integer with points between thousands: 2760 -> '2.760'."""
    return whole(amount, "de")


def _heading(route: Route) -> str:
    kilometres = f"{route.distance_m / 1000:.1f}".replace(".", ",")
    hours = f"{(route.travel_s + route.service_s) / 3600:.1f}".replace(".", ",")
    count = len(route.job_ids)
    work = "1 Auftrag" if count == 1 else f"{count} Aufträge"
    return f"{route.crew_name} · {route.vehicle_name} · {work} · {kilometres} km · {hours} h Arbeit"


def _stop_lines(number: int, stop: Stop, jobs: Mapping[JobId, Job]) -> list[str]:
    job = jobs.get(stop.job_id) if stop.job_id else None
    what = _what(stop, job)
    place = "" if stop.kind is StopKind.BREAK else stop.name
    times = f"{clock(stop.starts_at)}–{clock(stop.departs_at)}"
    first = f"{number:>3} {times} {what:<12} {place}".rstrip()
    if job is None:
        return [first]
    details = [_amounts(job.loads), job.reason.de]
    return [first, *(f"{'':>16}{text}" for text in details if text)]


def _amounts(loads: tuple[Load, ...]) -> str:
    return ", ".join(
        f"{german_number(load.amount)} {UNITS[load.dimension].de}" for load in loads if load.amount
    )


def _what(stop: Stop, job: Job | None) -> str:
    if job is not None:
        return KINDS[job.kind].de
    return "" if stop.kind is StopKind.JOB else STOPS[stop.kind].de
