"""Reports, pairings, places and photos in the database."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.errors import Issue, NotFound
from dispatch.domain.ids import ActorId, CrewId, JobId, PairingId, PhotoId
from dispatch.domain.job import JobStatus, Organisation
from dispatch.domain.pairing import Pairing
from dispatch.domain.plan import PlanStatus
from dispatch.domain.report import RefusedReport, ReportKind, StopReport, attempts_of
from dispatch.domain.road import Photo
from tests.helpers.plans import DAY, a_plan, a_stored_job, at, fill
from tests.helpers.reports import JOB, LESS, a_report, an_undo, uuid

if TYPE_CHECKING:
    from dispatch.store import Store

FULL = a_report(
    1,
    loads=(LESS,),
    photos=(PhotoId("p"),),
    note="ß",
    reason="other",
    plan_id=a_plan().id,
    revision=3,
)


@pytest.mark.parametrize("report", [FULL, a_report(2, halt="start"), an_undo(1)])
def test_a_report_comes_back_the_same(empty_store: Store, report: StopReport) -> None:
    """Every field survives; kept again under the id, the first one stays."""
    fill(empty_store)
    with empty_store.begin() as tx:
        tx.add_reports([(report, "digest")])
        tx.add_reports([(replace(report, note="other"), "another")])
    with empty_store.read() as tx:
        assert tx.reports(DAY) == tx.reports_of_crew(CrewId("glas"), DAY) == [report]
        assert tx.reports_known([report.id, uuid(77)]) == {report.id: "digest"}
        assert tx.count_reports(CrewId("glas"), DAY) == 1


def test_reports_on_a_job_come_with_their_undos(empty_store: Store) -> None:
    """Also those undos that do not name the job; others stay away."""
    fill(empty_store)
    other = a_report(3, job_id=JobId("job-2"))
    with empty_store.begin() as tx:
        tx.add_reports([(r, "") for r in (a_report(1), an_undo(1), other, an_undo(7, 901))])
        assert tx.reports_on_jobs([JOB]) == {JOB: [a_report(1), an_undo(1)]}
        assert tx.jobs_of_reports([uuid(1), uuid(3), uuid(900)]) == {JOB, "job-2"}
        assert tx.reports(DAY, kind=ReportKind.UNDO, limit=1) == [an_undo(1)]


def test_which_plans_gave_a_job(empty_store: Store) -> None:
    """Any revision of the day counts for the right to report; only those in force lie ahead."""
    fill(empty_store)
    glas, given = CrewId("glas"), {JOB: {(CrewId("glas"), DAY)}}
    with empty_store.begin() as tx:
        assert tx.given_jobs(glas, DAY, [JOB, JobId("job-2")]) == {JOB}
        assert tx.given_in_force([JOB], since=DAY) == given
        tx.set_plan_status(a_plan().id, PlanStatus.CLOSED)
        assert tx.given_jobs(glas, DAY, [JOB]) == {JOB}
        assert tx.given_in_force([JOB], since=DAY) == {}


def test_a_job_with_attempts_comes_back_the_same(empty_store: Store) -> None:
    """What crews told of it survives, and it is found by when work was done."""
    fill(empty_store)
    told = attempts_of([FULL], ())
    loads = a_stored_job().loads
    job = a_stored_job(attempts=told, asked=loads, untold=JobStatus.OPEN, waits_until=DAY)
    with empty_store.begin() as tx:
        tx.save_jobs([job])
        assert tx.job(JOB) == job
        assert tx.worked_jobs(since=at(60)) == [job]
        assert tx.worked_jobs(since=at(61)) == []


def a_photo(number: int) -> Photo:
    """Return a photo received in that minute."""
    return Photo(
        id=PhotoId(f"photo-{number}"),
        crew_id=CrewId("glas"),
        organisation=Organisation.USB,
        received_at=at(number),
        media_type="image/jpeg",
        width=4,
        height=3,
        sent="digest",
        body=b"\xff\xd8",
    )


def test_old_things_go_a_few_at_a_time(empty_store: Store) -> None:
    """The retention takes the oldest first, and no more than it is told."""
    fill(empty_store)
    issue = Issue(code="S703", subject="x", cause="y", action="z")
    with empty_store.begin() as tx:
        for number in range(4):
            tx.add_photo(a_photo(number))
            pairing = Pairing(
                id=PairingId(f"{number}"),
                crew_id=CrewId("glas"),
                organisation=Organisation.USB,
                first_day=DAY,
                last_day=DAY,
                created_at=at(number),
                created_by=ActorId("a"),
                expires_at=at(number),
            )
            tx.add_pairing(pairing, f"code {number}")
            refused = RefusedReport(
                id=f"{number}",
                received_at=at(number),
                crew_id="glas",
                reported_by=ActorId("a"),
                issue=issue,
                body="{}",
            )
            tx.add_refused_reports([refused])
    with empty_store.begin() as tx:
        for delete in (tx.delete_photos, tx.delete_pairings, tx.delete_refused_reports):
            assert [delete(before=at(3), limit=2) for _ in range(3)] == [2, 1, 0]
        assert tx.photo(PhotoId("photo-3")) == a_photo(3)
        with pytest.raises(NotFound, match="DB231"):
            tx.photo(PhotoId("photo-2"))
        assert [pairing.id for pairing in tx.pairings()] == ["3"]
        assert [refused.id for refused in tx.refused_reports()] == ["3"]
