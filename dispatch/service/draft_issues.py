"""What keeps somebody from changing a draft, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.errors import Issue

if TYPE_CHECKING:
    from dispatch.domain.draft import Draft
    from dispatch.domain.ids import DraftId, JobId, PlanId
    from dispatch.domain.job import Job


def nothing_to(draft_id: DraftId, what: str) -> Issue:
    """Return that there is nothing to undo, or to do again."""
    return Issue(
        code="C610",
        subject=f"draft {draft_id}",
        cause=f"there is no change to {what}",
        action="Look at its list of changes",
    )


def moved(draft: Draft, version: int) -> Issue:
    """Return that somebody else was quicker."""
    return Issue(
        code="C611",
        subject=f"draft {draft.id}",
        cause=f"the change was made for version {version}, it is at {draft.version} by now",
        action="Look at how it is now (`draft` in this answer), and change that",
    )


def closed(draft: Draft) -> Issue:
    """Return that the draft takes no changes any more."""
    return Issue(
        code="C612",
        subject=f"draft {draft.id}",
        cause=f"it is {draft.status}",
        action="Open the plan for editing again",
    )


def nobody_works(plan_id: PlanId) -> Issue:
    """Return that the plan's day has no shift of its organisation any more."""
    return Issue(
        code="C613",
        subject=f"plan {plan_id}",
        cause="nobody of its organisation works on its day any more",
        action="Add a shift for the day, or open another plan",
    )


def too_many(draft_id: DraftId) -> Issue:
    """Return that the list of changes is full."""
    return Issue(
        code="C614",
        subject=f"draft {draft_id}",
        cause="it has as many changes as a draft may have",
        action="Make a plan of it and open that for editing",
    )


def not_to_do(job: Job) -> Issue:
    """Return that a job is none that this draft could add."""
    return Issue(
        code="C601",
        subject=f"job {job.id}",
        cause=f"it is {job.status}, or another organisation's",
        action="Name an open job of the plan's organisation",
    )


def not_left(plan_id: PlanId | DraftId, job_id: JobId) -> Issue:
    """Return that a job was not left out, so there is nothing to explain."""
    return Issue(
        code="C615",
        subject=f"job {job_id} in {plan_id}",
        cause="it is not among the jobs that were left",
        action="Ask about one of those that are unassigned",
    )
