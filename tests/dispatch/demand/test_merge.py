from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatch.demand.merge import MergeResult, merge
from dispatch.domain.errors import InvalidInput
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import SiteId
from dispatch.domain.job import Job, JobDraft, JobKind, JobStatus
from dispatch.domain.site import Pond, Site
from dispatch.domain.text import Text
from tests.helpers.histories import HOUR, NOW

SITE = Site(id=SiteId("teich"), name="Ümminger See", location=LatLon(51.47, 7.29), asset=Pond())
SITES = {SITE.id: SITE}


def a_draft(**parts: Any) -> JobDraft:
    defaults: dict[str, Any] = {
        "site_id": SITE.id,
        "kind": JobKind.AERATE,
        "loads": (),
        "service_s": 600,
        "setup_s": 60,
        "windows": (),
        "skills": frozenset(),
        "required": False,
        "leave_price_ct": 100,
        "reason": Text(de="Sauerstoff 2,1 mg/l", en="Oxygen 2.1 mg/l"),
    }
    return JobDraft(**defaults | parts)


def merged(drafts: list[JobDraft], jobs: tuple[Job, ...] = (), **parts: Any) -> MergeResult:
    return merge(drafts, jobs, **{"now": NOW + HOUR, "sites": SITES} | parts)


def an_open_job(**parts: Any) -> Job:
    (job,) = merge([a_draft()], [], now=NOW, sites=SITES).created
    return replace(job, **parts)


def test_a_draft_without_a_job_becomes_one() -> None:
    """It gets a name, a place, an id and its time."""
    job = an_open_job()
    assert (job.site_name, job.location) == ("Ümminger See", SITE.location)
    assert (job.status, job.created_at, job.updated_at) == (JobStatus.OPEN, NOW, NOW)


def test_the_same_run_makes_the_same_ids_and_another_time_another() -> None:
    """Runs can be repeated; a job that comes back the same day is a new one."""
    assert an_open_job().id == an_open_job().id
    assert merged([a_draft()]).created[0].id != an_open_job().id


def test_an_open_job_is_updated_instead_of_doubled() -> None:
    """More urgent than an hour ago: the same job, now a must."""
    found = merged([a_draft(required=True, leave_price_ct=900)], (an_open_job(),))
    assert found.created == found.unchanged == found.closed == ()
    (job,) = found.updated
    assert (job.id, job.required, job.leave_price_ct) == (an_open_job().id, True, 900)
    assert (job.created_at, job.updated_at) == (NOW, NOW + HOUR)


def test_urgency_falls_again_when_the_reason_does() -> None:
    """The newest view of the site wins."""
    (job,) = merged([a_draft()], (an_open_job(required=True),)).updated
    assert not job.required


def test_nothing_new_changes_nothing() -> None:
    """Not even the time of the last change."""
    job = an_open_job()
    assert merged([a_draft()], (job,)) == MergeResult(unchanged=(job,))


def test_a_job_nothing_calls_for_any_more_is_closed_with_its_reason() -> None:
    """Oxygen recovered, or somebody emptied the container: no crew drives in vain."""
    (job,) = merged([], (an_open_job(),)).closed
    assert job.status is JobStatus.CANCELLED
    assert job.reason.de == "Hat sich erledigt; war: Sauerstoff 2,1 mg/l"


@pytest.mark.parametrize(
    ("job", "parts"),
    [
        (an_open_job(status=JobStatus.PLANNED), {}),
        (an_open_job(), {"sites": {}}),
        (an_open_job(), {"paused": {JobKind.AERATE}}),
    ],
)
def test_a_job_is_left_alone_when_its_absence_proves_nothing(
    job: Job, parts: dict[str, Any]
) -> None:
    """Already planned, its site not looked at, or no day for its kind."""
    assert merged([], (job,), **parts) == MergeResult(unchanged=(job,))


def test_a_planned_job_keeps_its_status_when_its_figures_change() -> None:
    """The dispatcher sees the news; the plan stands."""
    (job,) = merged([a_draft(required=True)], (an_open_job(status=JobStatus.PLANNED),)).updated
    assert (job.status, job.required) == (JobStatus.PLANNED, True)


def test_two_drafts_of_one_kind_at_one_site_are_refused() -> None:
    """One open job per site and kind."""
    with pytest.raises(InvalidInput, match="D102 aerate at teich"):
        merged([a_draft(), a_draft(required=True)])


def test_a_draft_for_an_unknown_site_is_refused() -> None:
    """Nothing can be planned without a place."""
    with pytest.raises(InvalidInput, match="D101 aerate at nirgendwo"):
        merged([a_draft(site_id=SiteId("nirgendwo"))])
