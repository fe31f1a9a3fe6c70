"""What others are told: something that happened, announced within the change that made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from dispatch.domain.ids import CrewId, EventId, WebhookId, digest
from dispatch.domain.job import Job, Organisation

if TYPE_CHECKING:
    from dispatch.domain.errors import Issue
    from dispatch.domain.plan import Plan

Datum = str | int | float | bool | None


class EventKind(StrEnum):
    """What can happen that others may want to know."""

    PLAN_PUBLISHED = "plan.published"
    JOB_FINISHED = "job.finished"
    RUN_FAILED = "run.failed"
    PING = "ping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened at a moment; its id is the same however often it is announced.

    `subject` names whom it is about; events of one subject are told in their order. It concerns
    one organisation, or all if None. `data` are plain figures and words, never about people.
    """

    id: EventId
    kind: EventKind
    subject: str
    at: datetime
    organisation: Organisation | None
    data: Mapping[str, Datum]

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            message = f"{self.kind} of {self.subject} happened at a time without zone"
            raise ValueError(message)


def plan_published(plan: Plan, *, organisation: Organisation | None, at: datetime) -> Event:
    """Return the event of a revision that was put in force."""
    return Event(
        id=_event_id(EventKind.PLAN_PUBLISHED, plan.id, at),
        kind=EventKind.PLAN_PUBLISHED,
        subject="/".join(("plan", organisation or "all", plan.day.isoformat())),
        at=at,
        organisation=organisation,
        data={
            "plan_id": plan.id,
            "day": plan.day.isoformat(),
            "revision": plan.revision,
            "organisation": organisation,
            "routes": len(plan.routes),
            "jobs_served": sum(len(route.job_ids) for route in plan.routes),
            "jobs_unassigned": len(plan.unassigned),
            "distance_m": sum(route.distance_m for route in plan.routes),
        },
    )


def job_finished(
    job: Job,
    *,
    organisation: Organisation | None,
    at: datetime,
    outcome: str = "done",
    crew_id: CrewId | None = None,
) -> Event:
    """Return the event of a job that will not be worked on any more, with how it ended."""
    return Event(
        id=_event_id(EventKind.JOB_FINISHED, f"{job.id} {outcome}", at),
        kind=EventKind.JOB_FINISHED,
        subject=f"job/{job.id}",
        at=at,
        organisation=organisation,
        data={
            "job_id": job.id,
            "kind": job.kind,
            "site_id": job.site_id,
            "status": job.status,
            "outcome": outcome,
            "crew_id": crew_id,
            "organisation": organisation,
        },
    )


def run_failed(
    run_id: str, *, day: date, organisation: Organisation | None, issue: Issue, at: datetime
) -> Event:
    """Return the event of a planning run that ended without a plan, with its reason."""
    return Event(
        id=_event_id(EventKind.RUN_FAILED, run_id, at),
        kind=EventKind.RUN_FAILED,
        subject=f"run/{run_id}",
        at=at,
        organisation=organisation,
        data={
            "run_id": run_id,
            "day": day.isoformat(),
            "organisation": organisation,
            "code": issue.code,
            "cause": issue.cause,
        },
    )


def ping(webhook_id: WebhookId, *, at: datetime) -> Event:
    """Return the event that only tries whether a receiver answers."""
    return Event(
        id=_event_id(EventKind.PING, webhook_id, at),
        kind=EventKind.PING,
        subject=f"webhook/{webhook_id}",
        at=at,
        organisation=None,
        data={"webhook_id": webhook_id},
    )


def _event_id(kind: EventKind, what: str, at: datetime) -> EventId:
    return EventId(digest("event", kind, what, str(at.timestamp())))
