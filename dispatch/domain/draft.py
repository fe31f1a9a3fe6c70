"""A plan that is being changed by hand: what it is based on, and the list of changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dispatch.domain.edit import Edit
from dispatch.domain.fleet import Facility, Shift
from dispatch.domain.ids import ActorId, DraftId, JobId, PlanId
from dispatch.domain.job import Job, Organisation


class DraftStatus(StrEnum):
    """The life of a draft: open until a plan is made of it, or until it is thrown away."""

    OPEN = "open"
    FINISHED = "finished"
    DISCARDED = "discarded"


class EditStatus(StrEnum):
    """Whether a change counts: DONE does, UNDONE can be done again, DROPPED no more."""

    DONE = "done"
    UNDONE = "undone"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft without its changes; `version` grows by one with each change of any kind.

    `opened_at` is the moment from which the day lies ahead: what was done, begun or driven to by
    then is frozen. `inputs` is the digest of what it was made from.
    """

    id: DraftId
    plan_id: PlanId
    day: date
    organisation: Organisation
    opened_at: datetime
    opened_by: ActorId
    inputs: str
    version: int = 1
    status: DraftStatus = DraftStatus.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A job that a crew had finished when the draft was opened, and when."""

    job_id: JobId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftInputs:
    """The jobs, shifts and facilities as they were: every service makes the same of them.

    `finished` is what crews had reported; None where nothing is known of the day but the clock.
    """

    jobs: tuple[Job, ...]
    shifts: tuple[Shift, ...]
    facilities: tuple[Facility, ...]
    finished: tuple[Finished, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftEdit:
    """One change of a draft: who made it when, and whether it counts.

    `fixed` are the first visits ahead of each shift that were begun by then: a job that was put
    where it costs least was put behind them.
    """

    number: int
    edit: Edit
    made_at: datetime
    made_by: ActorId
    fixed: tuple[int, ...] = ()
    status: EditStatus = EditStatus.DONE
