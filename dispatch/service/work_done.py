"""What crews have done at the sites, as the rules of demand ask for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dispatch.domain.job import Dimension, JobKind
from dispatch.domain.weather import WateringGiven

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from dispatch.domain.ids import SiteId
    from dispatch.domain.job import Job
    from dispatch.store import Transaction

DONE_DAYS = 400
"""Work done longer ago says nothing; a season of waterings and the checks of a year do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkDone:
    """When each kind of work was last done at a site, and the water given there."""

    last: Mapping[JobKind, datetime]
    waterings: tuple[WateringGiven, ...]


NOTHING_DONE = WorkDone(last={}, waterings=())


def work_done(
    tx: Transaction, *, now: datetime, sites: Collection[SiteId] | None = None
) -> dict[SiteId, WorkDone]:
    """Return what was done until now at all sites, or at some; others are not in it."""
    done: dict[SiteId, list[Job]] = defaultdict(list)
    for job in tx.done_jobs(since=now - timedelta(days=DONE_DAYS), until=now, sites=sites):
        done[job.site_id].append(job)
    return {
        site: WorkDone(
            # A job is done when it was last changed; they come in that order.
            last={job.kind: job.updated_at for job in jobs},
            waterings=_waterings(jobs),
        )
        for site, jobs in done.items()
    }


def _waterings(jobs: Iterable[Job]) -> tuple[WateringGiven, ...]:
    """Return the litres of the waterings done, as planned: crews report no other figure yet."""
    return tuple(
        WateringGiven(site_id=job.site_id, given_at=job.updated_at, litres=load.amount)
        for job in jobs
        if job.kind is JobKind.WATER
        for load in job.loads
        if load.dimension is Dimension.WATER_L
    )
