"""Drafts meet the open jobs: one open job per site and kind, kept up to date."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, TypeVar

from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.ids import JobId, SiteId, digest
from dispatch.domain.job import Job, JobDraft, JobKind, JobStatus
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import datetime

    from dispatch.domain.site import Site

_Draft = TypeVar("_Draft", bound=JobDraft)
_Key = tuple[SiteId, JobKind]
_DRAFT_FIELDS = tuple(field.name for field in fields(JobDraft))


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeResult:
    """What a run of the rules changes; every open job given in is in one of the last three."""

    created: tuple[Job, ...] = ()
    updated: tuple[Job, ...] = ()
    unchanged: tuple[Job, ...] = ()
    closed: tuple[Job, ...] = ()

    def __add__(self, other: MergeResult) -> MergeResult:
        """Return what two runs over different jobs change."""
        return MergeResult(
            created=self.created + other.created,
            updated=self.updated + other.updated,
            unchanged=self.unchanged + other.unchanged,
            closed=self.closed + other.closed,
        )


def job_id(draft: JobDraft, now: datetime) -> JobId:
    """Return an id made from site, kind and time: the same run again makes the same ids."""
    return JobId(digest("job", draft.site_id, draft.kind, now.isoformat())[:16])


def merge(
    drafts: Iterable[JobDraft],
    open_jobs: Iterable[Job],
    *,
    now: datetime,
    sites: Mapping[SiteId, Site],
    new_id: Callable[[JobDraft, datetime], JobId] = job_id,
    paused: Collection[JobKind] = (),
) -> MergeResult:
    """Return how the open (or planned) jobs change; `sites` are those the rules looked at.

    The newest view of a site wins, also when it is less urgent than the last. An open job that
    nothing calls for any more is closed with the reason why. It is left alone when it is already
    planned (the crew may be on its way; a dispatcher decides), when its site was not looked at,
    or when its kind is `paused` (no service day).

    Raises InvalidInput D101 for a draft whose site is not among `sites`, D102 for two drafts or
    two open jobs of one kind at one site.
    """
    wanted = _by_site_and_kind(drafts)
    existing = _by_site_and_kind(open_jobs)
    for key, draft in wanted.items():
        if draft.site_id not in sites:
            raise InvalidInput(_unknown_site(key))
    updated: list[Job] = []
    unchanged: list[Job] = []
    closed: list[Job] = []
    for key, job in existing.items():
        found = wanted.pop(key, None)
        if found is not None:
            newer = _refreshed(job, found, now)
            (unchanged if newer is job else updated).append(newer)
        elif _may_close(job, sites, paused):
            closed.append(_closed(job, now))
        else:
            unchanged.append(job)
    return MergeResult(
        created=tuple(
            _created(draft, sites[draft.site_id], new_id(draft, now), now)
            for draft in wanted.values()
        ),
        updated=tuple(updated),
        unchanged=tuple(unchanged),
        closed=tuple(closed),
    )


def _by_site_and_kind(drafts: Iterable[_Draft]) -> dict[_Key, _Draft]:
    found: dict[_Key, _Draft] = {}
    for draft in drafts:
        key = (draft.site_id, draft.kind)
        if key in found:
            raise InvalidInput(
                Issue(
                    code="D102",
                    subject=f"{draft.kind} at {draft.site_id}",
                    cause="asked for twice",
                    action="Let one rule state each kind of job, and keep one open job of it",
                )
            )
        found[key] = draft
    return found


def _unknown_site(key: _Key) -> Issue:
    return Issue(
        code="D101",
        subject=f"{key[1]} at {key[0]}",
        cause="the site is not in the register",
        action="Register the site, or correct the id the signal names",
    )


def _created(draft: JobDraft, site: Site, new: JobId, now: datetime) -> Job:
    return Job(
        **{name: getattr(draft, name) for name in _DRAFT_FIELDS},
        id=new,
        site_name=site.name,
        location=site.location,
        created_at=now,
        updated_at=now,
    )


def _refreshed(job: Job, draft: JobDraft, now: datetime) -> Job:
    """Return the job with the draft's content; the same object when nothing differs.

    The rules know what crews gave before, so a draft asks for what is wanted beyond that.
    """
    news = {name: getattr(draft, name) for name in _DRAFT_FIELDS}
    if all(getattr(job, name) == value for name, value in news.items()):
        return job
    if job.attempts:
        counted = tuple(replace(attempt, counted=True) for attempt in job.attempts)
        job = replace(job, asked=draft.loads, attempts=counted)
    return replace(job, **news, updated_at=now)


def _may_close(job: Job, sites: Collection[SiteId], paused: Collection[JobKind]) -> bool:
    return job.status is JobStatus.OPEN and job.site_id in sites and job.kind not in paused


def _closed(job: Job, now: datetime) -> Job:
    return replace(
        job,
        status=JobStatus.CANCELLED,
        updated_at=now,
        reason=Text(
            de=f"Hat sich erledigt; war: {job.reason.de}",
            en=f"No longer needed; was: {job.reason.en}",
        ),
    )
