"""Changes that a person makes to a plan by hand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from dispatch.domain.ids import FacilityId, JobId, ShiftId

if TYPE_CHECKING:
    from collections.abc import Mapping


class EditKind(StrEnum):
    """What is changed.

    ADD: a job that is on no route is put on one. MOVE: one that is on a route is put elsewhere.
    EXCLUDE: a job is taken out of the plan and stays out. REORDER: the visits of a route in
    another order. PIN: a job belongs to that shift from now on. LOCK: a stop keeps its shift and
    its place among the locked stops of its route. ADD_RELOAD, DROP_RELOAD: a visit of a facility.
    """

    ADD = "add"
    MOVE = "move"
    EXCLUDE = "exclude"
    REORDER = "reorder"
    PIN = "pin"
    UNPIN = "unpin"
    LOCK = "lock"
    UNLOCK = "unlock"
    ADD_RELOAD = "add_reload"
    DROP_RELOAD = "drop_reload"


NEEDS: Mapping[EditKind, frozenset[str]] = {
    EditKind.ADD: frozenset({"job_id"}),
    EditKind.MOVE: frozenset({"job_id", "shift_id"}),
    EditKind.EXCLUDE: frozenset({"job_id"}),
    EditKind.REORDER: frozenset({"shift_id", "visits"}),
    EditKind.PIN: frozenset({"job_id", "shift_id"}),
    EditKind.UNPIN: frozenset({"job_id"}),
    EditKind.LOCK: frozenset({"job_id"}),
    EditKind.UNLOCK: frozenset({"job_id"}),
    EditKind.ADD_RELOAD: frozenset({"shift_id", "facility_id", "position"}),
    EditKind.DROP_RELOAD: frozenset({"shift_id", "position"}),
}
"""What an edit of each kind must say."""

MAY: Mapping[EditKind, frozenset[str]] = {
    EditKind.ADD: frozenset({"shift_id", "position"}),
    EditKind.MOVE: frozenset({"position"}),
}
"""What it may say further; all else is not its business."""

FIELDS = ("job_id", "shift_id", "facility_id", "position", "visits")


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRef:
    """A visit of a job or of a facility, by its id."""

    job_id: JobId | None = None
    facility_id: FacilityId | None = None

    def __post_init__(self) -> None:
        if (self.job_id is None) is (self.facility_id is None):
            message = "a visit is that of a job or that of a facility"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change by hand; which fields it has follows from its kind (`NEEDS`, `MAY`).

    `position` counts the jobs and reloads of the route, breaks aside, 0 being the first; a job
    that moves within its route is counted out first. Without a position the job goes where it
    costs least, and without a shift to whichever costs least.
    """

    kind: EditKind
    job_id: JobId | None = None
    shift_id: ShiftId | None = None
    facility_id: FacilityId | None = None
    position: int | None = None
    visits: tuple[VisitRef, ...] | None = None

    def __post_init__(self) -> None:
        given = {name for name in FIELDS if getattr(self, name) is not None}
        needed = NEEDS[self.kind]
        if missing := sorted(needed - given):
            message = f"{self.kind} needs {', '.join(missing)}"
            raise ValueError(message)
        if idle := sorted(given - needed - MAY.get(self.kind, frozenset())):
            message = f"{self.kind} has no use for {', '.join(idle)}"
            raise ValueError(message)
        if self.position is not None and self.position < 0:
            message = f"position {self.position} is before the first"
            raise ValueError(message)
        if self.position is not None and self.shift_id is None:
            message = "a position needs the shift that it is on"
            raise ValueError(message)
