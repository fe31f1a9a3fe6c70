"""What is measured over a whole VROOM document: units, width of loads, horizon, shared places."""

from __future__ import annotations

from collections import Counter
from math import gcd
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispatch.planning.formats.faults import Faults
    from dispatch.planning.formats.vroom_input import VroomInput

PARTS = 3600 * 1000
"""Parts of a cost in which rates per hour and per kilometre are whole per second and metre."""


def shared_places(given: VroomInput) -> set[int]:
    """Return the places of several jobs, or of a job and a start: setup may be saved there."""
    places = Counter(job.place for job in given.jobs)
    starts = {vehicle.start for vehicle in given.vehicles}
    return {place for place, count in places.items() if count > 1 or place in starts}


def unit_of(given: VroomInput) -> int:
    """Return how many of our micro-euro one cost is, so that all rates are whole."""
    rates = [PARTS]
    for vehicle in given.vehicles:
        rates += [vehicle.per_hour * 1000, vehicle.per_km * 3600, vehicle.per_task_hour * 1000]
    return PARTS // gcd(*rates)


def per_second(per_hour: int, unit: int) -> int:
    """Return a rate per hour in parts of a cost per second."""
    return per_hour * unit // 3600


def per_metre(per_km: int, unit: int) -> int:
    """Return a rate per kilometre in parts of a cost per metre."""
    return per_km * 3600 * unit // PARTS


def opened(table: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the table with one more place: where vehicles without a start place start."""
    return np.pad(table, ((0, 1), (0, 1)))


def width_of(given: VroomInput, faults: Faults) -> int:
    """Return the number of dimensions; notes P623 where amounts differ in length."""
    width = max((len(vehicle.capacity) for vehicle in given.vehicles), default=0)
    lists = [(f"{vehicle.at}.capacity", len(vehicle.capacity), 0) for vehicle in given.vehicles]
    for job in given.jobs:
        lists += [(f"{job.at}.delivery", len(job.delivery), 1)]
        lists += [(f"{job.at}.pickup", len(job.pickup), 1)]
    for at, length, may_lack in lists:
        if length != width and not (may_lack and length == 0):
            faults.add("P623", at, f"{length} amounts, not {width}", "Give as many everywhere")
    faults.stop()
    return width


def horizon_of(given: VroomInput) -> tuple[int, int]:
    """Return the base of all times, and seconds after which no sensible route still runs."""
    begins = [begin for job in given.jobs for begin, _ in job.windows]
    begins += [vehicle.window[0] for vehicle in given.vehicles if vehicle.window]
    slowest = min((vehicle.speed_pct for vehicle in given.vehicles), default=100)
    legs = [int(m.durations.max(initial=0)) for m in given.matrices.values()]
    leg = 1 + max(legs, default=0) * 100 // slowest
    works = sum(job.setup_s + job.service_s + leg for job in given.jobs) + 2 * leg
    base_s = min(begins, default=0)
    if any(vehicle.window is None for vehicle in given.vehicles):
        base_s = max(0, base_s - works)
    return base_s, max(begins, default=0) - base_s + works
