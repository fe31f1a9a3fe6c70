"""Work to be planned: one piece of work at one site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dispatch.domain.geo import LatLon
from dispatch.domain.ids import CrewId, JobId, PhotoId, ReportId, SignalId, SiteId
from dispatch.domain.text import Text


class JobKind(StrEnum):
    """What is to be done; one open job per site and kind."""

    EMPTY = "empty"
    WATER = "water"
    BAIT = "bait"
    AERATE = "aerate"
    CHECK = "check"
    SERVICE = "service"
    CLEAN = "clean"
    NOTICE = "notice"


class JobStatus(StrEnum):
    """The life of the work, as opposed to the life of one attempt."""

    OPEN = "open"
    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


class Organisation(StrEnum):
    """Who employs a crew."""

    USB = "usb"
    PARKS = "parks"


class Skill(StrEnum):
    """What a crew or its vehicle must be able to do."""

    GLASS_CRANE = "glass_crane"
    WATERING = "watering"
    RODENTICIDE = "rodenticide"
    SEWER_ENTRY = "sewer_entry"
    AERATOR = "aerator"
    POND_CARE = "pond_care"
    SENSOR_CARE = "sensor_care"


class Dimension(StrEnum):
    """What a vehicle carries; litres, except bait, which is counted in pieces."""

    WHITE_GLASS_L = "white_glass_l"
    GREEN_GLASS_L = "green_glass_l"
    BROWN_GLASS_L = "brown_glass_l"
    WATER_L = "water_l"
    BAIT_ITEMS = "bait_items"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """An amount of one dimension: what a job takes or gives, or what a vehicle can carry."""

    dimension: Dimension
    amount: int

    def __post_init__(self) -> None:
        if self.amount < 0:
            message = f"a load cannot be negative: {self.amount} {self.dimension}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWindow:
    """When service may start: both ends inclusive, aware."""

    earliest: datetime
    latest: datetime

    def __post_init__(self) -> None:
        if self.earliest.tzinfo is None or self.latest.tzinfo is None:
            message = f"a time window needs zones: {self.earliest} to {self.latest}"
            raise ValueError(message)
        if self.latest < self.earliest:
            message = f"a time window ends ({self.latest}) before it starts ({self.earliest})"
            raise ValueError(message)


class Outcome(StrEnum):
    """What came of a crew's attempt at a job."""

    DONE = "done"
    PARTLY = "partly"
    NOT_POSSIBLE = "not_possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What one crew made of a job on one day, as its reports say; the last that counts is named.

    `given` is what was given or taken in all: as the crew told or, where it told no figures of
    work that is done, as it was asked for. `counted` says that the rules of demand have looked at
    the site since, so that what the job asks for is without this already.
    """

    report_id: ReportId
    crew_id: CrewId
    day: date
    outcome: Outcome
    at: datetime
    given: tuple[Load, ...] = ()
    reason: str = ""
    note: str = ""
    photos: tuple[PhotoId, ...] = ()
    counted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDraft:
    """What a demand rule asks for.

    `setup_s` is spent once per place before the first service, `service_s` on the work itself.
    A `required` job must be done on the day it is planned for; another may be left for
    `leave_price_ct`, the price in cents of one more day of waiting. A required job carries a
    price too: the planner uses it to choose what to save first when not all can be done.
    `due` is when the harm begins (overflow, wilting, empty bait, gasping fish), if known. In an
    emergency every hour that work starts later costs `late_ct_per_h` cents, as far as coming
    sooner could have helped: the hours before the first window opens cost nothing.

    It takes a crew of `persons` or more; of `organisation`, or of anyone with the skills if None.
    """

    site_id: SiteId
    kind: JobKind
    loads: tuple[Load, ...]
    service_s: int
    setup_s: int
    windows: tuple[TimeWindow, ...]
    skills: frozenset[Skill]
    required: bool
    leave_price_ct: int
    reason: Text
    evidence: tuple[SignalId, ...] = ()
    due: datetime | None = None
    late_ct_per_h: int = 0
    persons: int = 1
    organisation: Organisation | None = None

    def __post_init__(self) -> None:
        if min(self.service_s, self.setup_s, self.leave_price_ct, self.late_ct_per_h) < 0:
            message = f"{self.kind} at {self.site_id}: times and prices cannot be negative"
            raise ValueError(message)
        if self.persons < 1:
            message = f"{self.kind} at {self.site_id}: nobody ({self.persons}) can do it"
            raise ValueError(message)
        if self.late_ct_per_h and self.due is None:
            message = f"{self.kind} at {self.site_id}: a price of lateness needs `due`"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(JobDraft):
    """A draft that was accepted: it has an identity, a place on the map and a life.

    `attempts` are what crews reported of it, oldest first. As long as there are any, `asked` is
    what the job asked for before them and `untold` the status it had. It is not planned for a day
    before `waits_until`.
    """

    id: JobId
    site_name: str
    location: LatLon
    created_at: datetime
    updated_at: datetime
    status: JobStatus = JobStatus.OPEN
    attempts: tuple[Attempt, ...] = ()
    asked: tuple[Load, ...] = ()
    untold: JobStatus | None = None
    waits_until: date | None = None

    @property
    def worked_at(self) -> datetime | None:
        """When work was last done here: as crews told, or when it was set to done without them."""
        told = [a.at for a in self.attempts if a.outcome is not Outcome.NOT_POSSIBLE]
        if not told and self.status is JobStatus.DONE:
            return self.updated_at
        return max(told, default=None)

    @property
    def done_at(self) -> datetime | None:
        """When the work was done; None while it is not."""
        if self.status is not JobStatus.DONE:
            return None
        told = [a.at for a in self.attempts if a.outcome is Outcome.DONE]
        return min(told, default=self.updated_at)
