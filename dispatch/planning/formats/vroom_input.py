"""A VROOM document as values: every field known, refused by name, or an error with its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatch.planning.formats.faults import Faults
from dispatch.planning.formats.json_text import parsed
from dispatch.planning.formats.vroom_fields import GREATEST_LEG, MOST_PLACES, Fields
from dispatch.planning.formats.vroom_steps import check_steps, steps_of


@dataclass(frozen=True, slots=True, kw_only=True)
class VroomJob:
    """One job as VROOM says it; `at` is its place in the document."""

    at: str
    id: int
    place: int
    setup_s: int
    service_s: int
    delivery: tuple[int, ...]
    pickup: tuple[int, ...]
    skills: frozenset[int]
    priority: int
    windows: tuple[tuple[int, int], ...]
    shown: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class VroomVehicle:
    """One vehicle as VROOM says it; -1 for no start or no end, None for no limit.

    `steps` are the ids of the jobs of a given route, None if none is given. Rates
    are whole numbers per hour or kilometre, `speed_pct` is its speed in hundredths.
    """

    at: str
    id: int
    profile: str
    start: int
    end: int
    capacity: tuple[int, ...]
    skills: frozenset[int]
    window: tuple[int, int] | None
    fixed: int
    per_hour: int
    per_km: int
    per_task_hour: int
    speed_pct: int
    max_tasks: int | None
    max_travel_s: int | None
    max_distance_m: int | None
    steps: tuple[int, ...] | None
    shown: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VroomMatrix:
    """Tables of one profile, (n, n); the last two may be missing."""

    durations: NDArray[np.int64]
    distances: NDArray[np.int64] | None
    costs: NDArray[np.int64] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VroomInput:
    """A whole document."""

    jobs: tuple[VroomJob, ...]
    vehicles: tuple[VroomVehicle, ...]
    matrices: dict[str, VroomMatrix]


def input_of(text: str) -> VroomInput:
    """Return the document; raises InvalidInput P621 to P623 with every fault."""
    faults = Faults()
    reader = Fields(parsed(text, "P623"), "file", "file", faults)
    matrices = _matrices(reader)
    placed = bool(matrices)
    jobs = [_job(part, placed) for part in reader.objects("jobs", "job")]
    vehicles = [_vehicle(part, placed) for part in reader.objects("vehicles", "vehicle")]
    for name, things in (("jobs", jobs), ("vehicles", vehicles)):
        if len({thing.id for thing in things}) < len(things):
            faults.add("P623", name, "an id occurs twice", "Give each its own")
    _places(jobs, vehicles, matrices, faults)
    check_steps(jobs, vehicles, faults)
    faults.stop()
    return VroomInput(jobs=tuple(jobs), vehicles=tuple(vehicles), matrices=matrices)


def _job(part: Fields, placed: bool) -> VroomJob:
    return VroomJob(
        at=part.at,
        id=part.number("id", None),
        place=part.number("location_index", None if placed else 0, MOST_PLACES),
        setup_s=part.number("setup", 0, GREATEST_LEG),
        service_s=part.number("service", 0, GREATEST_LEG),
        delivery=part.numbers("delivery"),
        pickup=part.numbers("pickup"),
        skills=frozenset(part.numbers("skills")),
        priority=part.number("priority", 0, 100),
        windows=part.windows("time_windows"),
        shown=part.shown("description", "location", "location_index"),
    )


def _vehicle(part: Fields, placed: bool) -> VroomVehicle:
    rates = Fields(part.value.get("costs", {}), part.path("costs"), "costs", part.faults)
    ends = [
        part.number(name, None, MOST_PLACES) if name in part.value else -1
        for name in ("start_index", "end_index")
    ]
    if placed and max(ends) < 0:
        part.wrong("start_index", "given, or end_index")
    window = part.value.get("time_window")
    profile = part.value.get("profile", "car")
    if not isinstance(profile, str):
        part.wrong("profile", "a name")
    return VroomVehicle(
        at=part.at,
        id=part.number("id", None),
        profile=str(profile),
        start=ends[0],
        end=ends[1],
        capacity=part.numbers("capacity"),
        skills=frozenset(part.numbers("skills")),
        window=None if window is None else part.window("time_window", window),
        fixed=rates.number("fixed", 0, GREATEST_LEG),
        per_hour=rates.number("per_hour", 3600, GREATEST_LEG),
        per_km=rates.number("per_km", 0, GREATEST_LEG),
        per_task_hour=rates.number("per_task_hour", 0, GREATEST_LEG),
        speed_pct=_speed_pct(part),
        max_tasks=part.limit("max_tasks"),
        max_travel_s=part.limit("max_travel_time"),
        max_distance_m=part.limit("max_distance"),
        steps=steps_of(part),
        shown=part.shown("description", "start", "end", "start_index", "end_index"),
    )


def _speed_pct(part: Fields) -> int:
    value: object = part.value.get("speed_factor", 1)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0.01 <= value <= 5:
        return round(value * 100)
    part.wrong("speed_factor", "a number above 0 and up to 5")
    return 100


def _matrices(reader: Fields) -> dict[str, VroomMatrix]:
    value = reader.value.get("matrices")
    if not isinstance(value, dict) or not value:
        reader.faults.add(
            "P622",
            "matrices",
            "there are none, and places by coordinates need a road network",
            "Give durations, and places by their index",
        )
        return {}
    found = {}
    for profile, tables in value.items():
        part = Fields(tables, f"matrices.{profile}", "matrix", reader.faults)
        durations = _table(part, "durations")
        if durations is not None:
            distances, costs = (
                _table(part, name) if name in part.value else None
                for name in ("distances", "costs")
            )
            found[str(profile)] = VroomMatrix(durations=durations, distances=distances, costs=costs)
    sizes = {
        len(table)
        for matrix in found.values()
        for table in (matrix.durations, matrix.distances, matrix.costs)
        if table is not None
    }
    if len(sizes) > 1:
        reader.faults.add("P623", "matrices", "they differ in size", "Use one list of places")
    return found


def _table(part: Fields, name: str) -> NDArray[np.int64] | None:
    rows = part.value.get(name)
    if isinstance(rows, list) and 0 < len(rows) <= MOST_PLACES and _is_square(rows):
        return np.array(rows, dtype=np.int64)
    part.wrong(name, "a square table of whole numbers from 0 on, 0 on the diagonal")
    return None


def _is_square(rows: list[Any]) -> bool:
    return all(
        isinstance(row, list)
        and len(row) == len(rows)
        and all(type(value) is int and 0 <= value <= GREATEST_LEG for value in row)
        and row[number] == 0
        for number, row in enumerate(rows)
    )


def _places(
    jobs: list[VroomJob],
    vehicles: list[VroomVehicle],
    matrices: dict[str, VroomMatrix],
    faults: Faults,
) -> None:
    size = min((len(matrix.durations) for matrix in matrices.values()), default=MOST_PLACES)
    used = [(job.at, job.place) for job in jobs]
    used += [(vehicle.at, max(vehicle.start, vehicle.end)) for vehicle in vehicles]
    for at, place in used:
        if place >= size:
            faults.add("P623", at, f"the matrices have no place {place}", "Correct the index")
    for vehicle in vehicles:
        if matrices and vehicle.profile not in matrices:
            faults.add("P623", f"{vehicle.at}.profile", "it has no matrix", "Give its durations")
