"""Given routes of VROOM: the steps of a vehicle, and a whole answer, as orders to start from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dispatch.planning.formats.faults import Faults
from dispatch.planning.formats.json_text import parsed
from dispatch.planning.problem import job_visit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.planning.formats.instance import Orders
    from dispatch.planning.formats.vroom_fields import Fields
    from dispatch.planning.formats.vroom_input import VroomInput, VroomJob, VroomVehicle

ENDS = ("start", "end")
OTHER_TYPES = ("break", "pickup", "delivery")


def steps_of(vehicle: Fields) -> tuple[int, ...] | None:
    """Return the ids of the jobs of a vehicle's steps, None without steps."""
    if not vehicle.value.get("steps"):
        return None
    steps = vehicle.objects("steps", "step")
    ids = []
    for number, step in enumerate(steps):
        kind = step.value.get("type")
        if kind == "job":
            ids.append(step.number("id", None))
        elif kind in OTHER_TYPES:
            cause = "our routes have no such steps: shipments and fixed breaks are not kept"
            step.faults.add("P622", f"{step.at}.type", cause, "Leave it out")
        elif kind not in ENDS or number != (0 if kind == "start" else len(steps) - 1):
            step.wrong("type", "job, or start at the beginning, or end at the end")
    return tuple(ids)


def check_steps(jobs: Sequence[VroomJob], vehicles: Sequence[VroomVehicle], faults: Faults) -> None:
    """Note P623 for steps of jobs that do not exist or are in two places."""
    known = {job.id for job in jobs}
    seen: set[int] = set()
    for vehicle in vehicles:
        for identity in vehicle.steps or ():
            if identity not in known or identity in seen:
                cause = "is in steps twice" if identity in seen else "does not exist"
                action = "Name each job once, by its id"
                faults.add("P623", f"{vehicle.at}.steps", f"job {identity} {cause}", action)
            seen.add(identity)


def start_of(given: VroomInput) -> Orders | None:
    """Return the orders of the document's own steps, None if no vehicle has any."""
    if all(vehicle.steps is None for vehicle in given.vehicles):
        return None
    return _orders(given, {vehicle.id: vehicle.steps or () for vehicle in given.vehicles})


def orders_of(given: VroomInput, text: str) -> Orders:
    """Return the orders of a VROOM answer to this document; raises InvalidInput P623.

    Only vehicles and the jobs of their steps are read: all times are computed anew.
    """
    faults = Faults()
    routes = _list(parsed(text, "P623"), "routes", faults)
    vehicles, jobs = ({v.id for v in given.vehicles}, {job.id for job in given.jobs})
    found: dict[int, tuple[int, ...]] = {}
    seen: set[int] = set()
    for number, route in enumerate(routes):
        at = f"routes[{number}]"
        vehicle = route.get("vehicle") if isinstance(route, dict) else None
        steps = _list(route, "steps", faults, at)
        ids = [_job(step, f"{at}.steps[{n}]", faults) for n, step in enumerate(steps)]
        served = [identity for identity in ids if identity is not None]
        for identity in served:
            if identity not in jobs or identity in seen:
                _wrong(faults, at, f"job {identity} does not exist or is done twice")
            seen.add(identity)
        if type(vehicle) is not int or vehicle not in vehicles or vehicle in found:
            _wrong(faults, f"{at}.vehicle", "there is no such vehicle, or it has a route already")
        else:
            found[vehicle] = tuple(served)
    faults.stop()
    return _orders(given, found)


def _job(step: object, at: str, faults: Faults) -> int | None:
    kind = step.get("type") if isinstance(step, dict) else None
    if isinstance(step, dict) and kind == "job":
        identity = step.get("id", step.get("job"))
        if type(identity) is int:
            return identity
        _wrong(faults, f"{at}.id", "it is no whole number")
    elif kind not in ENDS:
        _wrong(faults, f"{at}.type", "it is not start, job or end")
    return None


def _list(value: object, name: str, faults: Faults, at: str = "") -> list[Any]:
    found = value.get(name) if isinstance(value, dict) else None
    if isinstance(found, list):
        return found
    _wrong(faults, f"{at}.{name}" if at else name, "it must be a list")
    return []


def _wrong(faults: Faults, at: str, cause: str) -> None:
    faults.add("P623", at, cause, "Give an answer of VROOM to this problem")


def _orders(given: VroomInput, served: dict[int, tuple[int, ...]]) -> Orders:
    number = {job.id: n for n, job in enumerate(given.jobs)}
    return tuple(
        tuple(job_visit(number[identity]) for identity in served.get(vehicle.id, ()))
        for vehicle in given.vehicles
    )
