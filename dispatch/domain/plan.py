"""A revision of an organisation's routes of a day: ids, aware times, and the bill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dispatch.domain.geo import LatLon
from dispatch.domain.ids import CrewId, FacilityId, JobId, PlanId, ShiftId, VehicleId
from dispatch.domain.job import Dimension, Load, Organisation
from dispatch.domain.text import Text


class StopKind(StrEnum):
    """What happens at a halt."""

    START = "start"
    JOB = "job"
    BREAK = "break"
    RELOAD = "reload"
    END = "end"


class PlanStatus(StrEnum):
    """The life of a revision: published or discarded, and once published replaced or closed.

    Of a day and organisation at most one revision is published, and that is the one in force; a
    closed one stays the last word about its day.
    """

    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"
    CLOSED = "closed"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanState:
    """Where a revision stands, and which one was in force when it was made (None: none)."""

    status: PlanStatus
    based_on: PlanId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """The drive to a stop from the one before; `geometry` may be empty before it is drawn."""

    duration_s: int
    distance_m: int
    geometry: tuple[LatLon, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One halt. `loads` is what is on board at departure, per dimension of the vehicle.

    A job that is `pinned` belongs to this shift, a stop that is `locked` also keeps its place among
    the locked stops of the route; planning again respects both.
    """

    kind: StopKind
    name: str
    location: LatLon
    arrives_at: datetime
    starts_at: datetime
    departs_at: datetime
    loads: tuple[Load, ...] = ()
    leg: Leg | None = None
    job_id: JobId | None = None
    facility_id: FacilityId | None = None
    pinned: bool = False
    locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The ordered stops of one shift and their sums."""

    shift_id: ShiftId
    crew_id: CrewId
    crew_name: str
    vehicle_id: VehicleId
    vehicle_name: str
    stops: tuple[Stop, ...]
    travel_s: int
    distance_m: int
    service_s: int
    wait_s: int

    @property
    def job_ids(self) -> tuple[JobId, ...]:
        """The jobs on this route, in the order of work."""
        return tuple(stop.job_id for stop in self.stops if stop.job_id is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyChange:
    """One change of a remedy: its kind, and by how much in the unit of the kind.

    Persons, halts, seconds, metres, cents, or for `capacity` the unit of the dimension; zero
    where nothing is counted.
    """

    kind: str
    amount: int = 0
    dimension: Dimension | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What would get a job into the plan on that shift: all of these changes, none less."""

    shift_id: ShiftId
    changes: tuple[RemedyChange, ...]
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Unassigned:
    """A job that was left out: a reason code, what it means, and what would get it in.

    `further` are the codes of what would keep it out still if the first reason were gone.
    `remedies` are the smallest first. Unless they were `sought`, there may be others: planning
    looks for so long only, and plans of before knew none.
    """

    job_id: JobId
    code: str
    text: Text
    further: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    sought: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A broken constraint: V-code, whom it concerns, by how much (in the unit of the code)."""

    code: str
    subject: str
    amount: int
    text: str
    hard: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One line of what the plan costs, in cents."""

    code: str
    label: Text
    amount_ct: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetSource:
    """Which street network the travel times came from; a stand-in is never passed off as real."""

    name: str
    stand_in: bool
    attribution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All routes of one organisation on one day; immutable, a change makes a new revision."""

    id: PlanId
    day: date
    organisation: Organisation
    revision: int
    created_at: datetime
    routes: tuple[Route, ...]
    unassigned: tuple[Unassigned, ...]
    bill: tuple[BillLine, ...]
    violations: tuple[Violation, ...]
    streets: StreetSource
    solver: str
    solve_s: float

    @property
    def job_ids(self) -> tuple[JobId, ...]:
        """Every job the plan names once: those served, in the order of work, then those left."""
        served = [job_id for route in self.routes for job_id in route.job_ids]
        return tuple(dict.fromkeys([*served, *(left.job_id for left in self.unassigned)]))

    @property
    def cost_ct(self) -> int:
        """The sum of the bill in cents."""
        return sum(line.amount_ct for line in self.bill)
