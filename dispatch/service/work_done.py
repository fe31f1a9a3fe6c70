"""What crews have done at the sites, as the rules of demand ask for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dispatch.domain.job import Dimension, JobKind, JobStatus, Load, Outcome
from dispatch.domain.weather import WateringGiven

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from dispatch.domain.ids import SiteId
    from dispatch.domain.job import Job
    from dispatch.store import Transaction

DONE_DAYS = 400
"""Work done longer ago says nothing; a season of waterings and the checks of a year do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkDone:
    """When each kind of work was last done at a site, the water given and the glass taken there.

    Work that was done in part is not done, but its water was given and its glass taken.
    """

    last: Mapping[JobKind, datetime]
    waterings: tuple[WateringGiven, ...]
    taken: Mapping[Dimension, tuple[datetime, ...]] = field(default_factory=dict)


NOTHING_DONE = WorkDone(last={}, waterings=())


def work_done(
    tx: Transaction, *, now: datetime, sites: Collection[SiteId] | None = None
) -> dict[SiteId, WorkDone]:
    """Return what was done until now at all sites, or at some; others are not in it."""
    since = now - timedelta(days=DONE_DAYS)
    jobs: dict[SiteId, list[Job]] = defaultdict(list)
    for job in tx.worked_jobs(since=since, sites=sites):
        jobs[job.site_id].append(job)
    found = {site: _of_site(worked, since, now) for site, worked in jobs.items()}
    return {site: done for site, done in found.items() if done != NOTHING_DONE}


def _of_site(jobs: Iterable[Job], since: datetime, now: datetime) -> WorkDone:
    last: dict[JobKind, datetime] = {}
    waterings: list[WateringGiven] = []
    taken: dict[Dimension, set[datetime]] = defaultdict(set)
    for job in jobs:
        for piece in _pieces(job):
            if not since <= piece.at <= now:
                continue
            if piece.whole:
                last[job.kind] = max(piece.at, last.get(job.kind, piece.at))
            if job.kind is JobKind.WATER:
                waterings += _waterings(job, piece)
            if job.kind is JobKind.EMPTY:
                for dimension in _taken(job, piece):
                    taken[dimension].add(piece.at)
    waterings.sort(key=lambda watering: watering.given_at)
    return WorkDone(
        last=last,
        waterings=tuple(waterings),
        taken={dimension: tuple(sorted(moments)) for dimension, moments in taken.items()},
    )


def _taken(job: Job, piece: _Piece) -> set[Dimension]:
    """Return the colours of glass that are empty now: all that were asked for, or those taken."""
    told = {load.dimension for load in piece.given if load.amount}
    return told | {load.dimension for load in job.loads} if piece.whole else told


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """One piece of work: `whole` if nothing of its job was left to do after it."""

    at: datetime
    whole: bool
    given: tuple[Load, ...]
    photo: str = ""


def _pieces(job: Job) -> Iterator[_Piece]:
    """Yield what crews told of the work; of a job done without a word, that all went as planned."""
    told = [a for a in job.attempts if a.outcome is not Outcome.NOT_POSSIBLE]
    for attempt in told:
        yield _Piece(
            at=attempt.at,
            whole=attempt.outcome is Outcome.DONE,
            given=attempt.given,
            photo=attempt.photos[0] if attempt.photos else "",
        )
    if not told and job.status is JobStatus.DONE:
        yield _Piece(at=job.updated_at, whole=True, given=job.loads)


def _waterings(job: Job, piece: _Piece) -> Iterator[WateringGiven]:
    """Yield the litres that were really given; none where there was nothing left to do."""
    for load in piece.given:
        if load.dimension is Dimension.WATER_L and load.amount:
            yield WateringGiven(
                site_id=job.site_id, given_at=piece.at, litres=load.amount, photo=piece.photo
            )
