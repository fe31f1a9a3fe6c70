"""Reports are taken once, or refused with their reason and kept all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.domain.access import Actor, Role
from dispatch.domain.errors import Issue
from dispatch.domain.event import EventKind
from dispatch.domain.ids import CrewId, JobId, SiteId, WebhookId
from dispatch.domain.job import Dimension, JobKind, JobStatus, Load, Organisation
from dispatch.domain.report import Doubt, ReportKind, StopReport
from dispatch.domain.webhook import Webhook
from dispatch.service.crews.record import Answer, Batch, Sent, Verdict, record
from dispatch.service.work_done import work_done
from tests.helpers.doors import an_actor
from tests.helpers.plans import DAY, a_plan, a_stored_job, at
from tests.helpers.reports import LESS, a_report, an_undo, uuid

if TYPE_CHECKING:
    from dispatch.domain.job import Job
    from dispatch.store import Store

TABLET = an_actor(Role.CREW, crew_id=CrewId("glas"))
NOW = at(600)
NOT_POSSIBLE = ReportKind.NOT_POSSIBLE


def sent(report: StopReport) -> Sent:
    """Return the report as a tablet sends it; its content stands for its JSON."""
    return Sent(body=repr(report), report=report, id=report.id, crew_id=report.crew_id)


def told(
    store: Store,
    *reports: StopReport,
    actor: Actor = TABLET,
    now: datetime = NOW,
    sent_at: datetime | None = None,
) -> list[Verdict]:
    """Return what became of reports sent now by a tablet whose clock is right."""
    batch = Batch(
        actor=actor,
        sent_at=sent_at or now,
        received_at=now,
        reports=tuple(sent(report) for report in reports),
    )
    return list(record(batch, store=store))


def the_job(store: Store, name: str = "job-1") -> Job:
    """Return the job as it is now."""
    with store.read() as tx:
        return tx.job(JobId(name))


def refused(store: Store, *reports: StopReport, actor: Actor = TABLET) -> list[str]:
    """Return the codes with which all these reports are refused."""
    verdicts = told(store, *reports, actor=actor)
    assert {verdict.answer for verdict in verdicts} == {Answer.REFUSED}
    return [verdict.issue.code for verdict in verdicts if verdict.issue]


def test_a_report_changes_its_job(store: Store) -> None:
    """Done is done when it was done, by whom and with how much."""
    litres = (Load(dimension=Dimension.GREEN_GLASS_L, amount=1234),)
    assert told(store, a_report(loads=litres)) == [Verdict(id=uuid(1), answer=Answer.ACCEPTED)]
    job = the_job(store)
    assert (job.status, job.done_at, job.updated_at) == (JobStatus.DONE, at(60), NOW)
    assert (job.attempts[0].crew_id, job.attempts[0].given) == ("glas", litres)


def test_a_report_sent_twice_is_known(store: Store) -> None:
    """In one batch or in two, the second is the first; the job does not change again."""
    answers = [v.answer for v in told(store, a_report(), a_report())]
    assert answers == [Answer.ACCEPTED, Answer.KNOWN]
    assert told(store, a_report(), now=at(700))[0].answer is Answer.KNOWN
    assert the_job(store).updated_at == NOW


def test_an_undo_before_its_report(store: Store) -> None:
    """Whichever comes first, the job is open again, and planned as it was."""
    told(store, an_undo(1))
    told(store, a_report(1))
    assert replace(the_job(store), updated_at=at(-60)) == a_stored_job()


def test_two_reports_under_one_id(store: Store) -> None:
    """An id that is taken by another report is refused; both are kept."""
    told(store, a_report(1))
    assert refused(store, a_report(1, 61)) == ["S704"]
    with store.read() as tx:
        (kept,) = tx.refused_reports()
        assert (kept.crew_id, kept.issue.code, kept.body) == ("glas", "S704", repr(a_report(1, 61)))
        assert len(tx.reports(DAY)) == 1


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"job_id": JobId("nope")}, "S701"),
        ({"job_id": JobId("job-3")}, "S705"),
        ({"crew_id": CrewId("grün")}, "Z302"),
        ({"crew_id": CrewId("nope")}, "S702"),
        ({"day": DAY - timedelta(days=1)}, "S705"),
        ({"day": DAY - timedelta(days=61)}, "S706"),
        ({"kind": NOT_POSSIBLE}, "S703"),
        ({"kind": NOT_POSSIBLE, "reason": "bad mood"}, "S703"),
        ({"kind": NOT_POSSIBLE, "reason": "other"}, "S703"),
        ({"loads": (LESS,)}, "S703"),
        ({"loads": (Load(dimension=Dimension.GREEN_GLASS_L, amount=100_001),)}, "S703"),
        ({"kind": ReportKind.ARRIVE, "loads": (LESS,)}, "S703"),
        ({"halt": "lunch"}, "S703"),
    ],
)
def test_a_refused_report_says_why(store: Store, parts: dict[str, Any], code: str) -> None:
    """Each reason has its code and a cure; the report is kept, and no job changes."""
    assert refused(store, a_report(**parts)) == [code]
    assert the_job(store) == a_stored_job()
    with store.read() as tx:
        (kept,) = tx.refused_reports()
    assert (kept.issue.code, kept.issue.action != "") == (code, True)


def test_a_refused_report_sent_again_is_kept_once(store: Store) -> None:
    """A tablet that tries every minute does not fill the database."""
    for _ in range(2):
        refused(store, a_report(halt="lunch"))
    with store.read() as tx:
        assert len(tx.refused_reports()) == 1


def test_what_cannot_be_read_keeps_nothing_else_back(store: Store) -> None:
    """A report of a newer app is refused; those beside it are taken."""
    issue = Issue(code="A101", subject="kind", cause="unknown", action="update")
    batch = Batch(
        actor=TABLET,
        sent_at=NOW,
        received_at=NOW,
        reports=(Sent(body="{}", report=issue), sent(a_report())),
    )
    assert [v.answer for v in record(batch, store=store)] == [Answer.REFUSED, Answer.ACCEPTED]
    with store.read() as tx:
        assert tx.refused_reports()[0].crew_id == "glas"


def test_a_day_the_device_was_not_paired_for(store: Store) -> None:
    """A lost tablet of last week reports nothing of today."""
    old = replace(TABLET, last_day=DAY - timedelta(days=1))
    assert refused(store, a_report(), actor=old) == ["Z304"]


def test_a_dispatcher_reports_for_a_crew_by_telephone(store: Store) -> None:
    """Also what no plan gave it, but not for a crew of others."""
    desk = an_actor(Role.DISPATCHER)
    assert told(store, a_report(job_id=JobId("job-3")), actor=desk)[0].answer is Answer.ACCEPTED
    assert refused(store, a_report(2, crew_id=CrewId("grün")), actor=desk) == ["Z302"]
    with store.read() as tx:
        (entry,) = tx.audit()
    assert (entry.action, entry.subject) == ("report.told_for_crew", "crew/glas")
    assert (entry.actor_id, entry.details["reports"]) == (desk.id, 1)


def test_an_older_revision_counts(store: Store) -> None:
    """What the crew did by the plan it had is done, though a newer plan gave it to another."""
    with store.begin() as tx:
        newer = a_plan("plan-2", revision=2, routes=())
        tx.add_plan(newer)
        tx.set_current(newer)
    report = a_report(plan_id=a_plan().id, revision=1)
    assert told(store, report)[0].answer is Answer.ACCEPTED
    assert the_job(store).status is JobStatus.DONE


def test_a_job_cancelled_meanwhile_counts(store: Store) -> None:
    """The crew could not know: done is done."""
    with store.begin() as tx:
        tx.save_jobs([a_stored_job(status=JobStatus.CANCELLED)])
    told(store, a_report())
    assert the_job(store).status is JobStatus.DONE


def test_undone_work_where_a_new_job_was_made(store: Store) -> None:
    """The site keeps one unfinished job of a kind: the newer one."""
    told(store, a_report(1))
    with store.begin() as tx:
        tx.save_jobs([a_stored_job("job-9", created_at=at(650))])
    told(store, an_undo(1))
    assert the_job(store).status is JobStatus.CANCELLED
    assert the_job(store, "job-9").status is JobStatus.OPEN


def test_the_litres_given_are_those_that_demand_reckons_with(store: Store) -> None:
    """Not the planned ones, and not none because the job is only done in part."""
    with store.begin() as tx:
        water = (Load(dimension=Dimension.WATER_L, amount=100),)
        tx.save_jobs([a_stored_job("job-2", site="tree-1", kind=JobKind.WATER, loads=water)])
    crew = an_actor(Role.CREW, crew_id=CrewId("grün"), organisation=Organisation.PARKS)
    report = a_report(
        job_id=JobId("job-2"), crew_id=CrewId("grün"), kind=ReportKind.PARTLY, loads=(LESS,)
    )
    told(store, report, actor=crew)
    with store.read() as tx:
        done = work_done(tx, now=NOW)[SiteId("tree-1")]
        assert work_done(tx, now=at(59)) == {}
    assert [(w.given_at, w.litres) for w in done.waterings] == [(at(60), 30)]
    assert done.last == {}
    assert the_job(store, "job-2").loads[0].amount == 70


def test_containers_taken_in_part_are_empty_for_demand(store: Store) -> None:
    """Of two colours the one was taken: it is empty, the other is not, and the job goes on."""
    green, white = Dimension.GREEN_GLASS_L, Dimension.WHITE_GLASS_L
    asked = (Load(dimension=white, amount=500), Load(dimension=green, amount=1500))
    with store.begin() as tx:
        tx.save_jobs([a_stored_job(loads=asked)])
    some = (Load(dimension=green, amount=900),)
    told(store, a_report(1, kind=ReportKind.PARTLY, loads=some))
    with store.read() as tx:
        assert work_done(tx, now=NOW)[SiteId("glass-1")].taken == {green: (at(60),)}
    told(store, a_report(2, 70))
    with store.read() as tx:
        done = work_done(tx, now=NOW)[SiteId("glass-1")]
    assert (done.taken, done.last) == (
        {white: (at(70),), green: (at(70),)},
        {JobKind.EMPTY: at(70)},
    )


def test_a_finished_job_is_announced_once(store: Store) -> None:
    """Others hear of it with the commit; a report that changes nothing tells them nothing."""
    with store.begin() as tx:
        tx.save_webhook(a_webhook())
    told(store, a_report(1), a_report(2, 61))
    told(store, a_report(3, 62))
    with store.read() as tx:
        (delivery,) = tx.deliveries_of(WebhookId("w"))
    assert (delivery.event.kind, delivery.event.at) == (EventKind.JOB_FINISHED, at(60))
    assert delivery.event.data["crew_id"] == "glas"


def a_webhook() -> Webhook:
    """Return a receiver of all events."""
    return Webhook(
        id=WebhookId("w"),
        url="https://stadt.example/hooks",
        kinds=frozenset(EventKind),
        organisation=None,
        created_at=at(0),
        secret="whsec_c2VjcmV0",  # noqa: S106  # opens nothing
    )


def test_a_wrong_clock_is_put_right_and_told_of(store: Store) -> None:
    """A tablet an hour slow: what it says happened at 7 happened at 8."""
    told(store, a_report(1, 0), sent_at=NOW - timedelta(hours=1))
    with store.read() as tx:
        (kept,) = tx.reports(DAY)
    assert (kept.happened_at, kept.told_at, kept.doubts) == (at(60), at(0), (Doubt.SKEW,))


def test_the_way_through_the_network_is_no_wrong_clock(store: Store) -> None:
    """A minute of bad radio changes no time."""
    told(store, a_report(1, 60), sent_at=NOW - timedelta(seconds=60))
    with store.read() as tx:
        (kept,) = tx.reports(DAY)
    assert (kept.happened_at, kept.doubts) == (at(60), ())


def test_a_clock_beyond_the_calendar(store: Store) -> None:
    """A tablet that believes to be in the year 1 loses nothing."""
    told(store, a_report(1, 60), sent_at=datetime(1, 1, 1, tzinfo=UTC))
    told(store, a_report(2, 60, told_at=datetime(9999, 12, 31, tzinfo=UTC)), sent_at=at(0))
    with store.read() as tx:
        assert {r.happened_at for r in tx.reports(DAY)} == {NOW}


@pytest.mark.parametrize("minute", [-60 * 24 * 9000, 60 * 24 * 9000, 603])
def test_a_time_that_cannot_be_is_replaced_by_the_receipt(store: Store, minute: int) -> None:
    """In 2002 or in the future: the report counts all the same, and is doubted."""
    told(store, a_report(1, minute))
    with store.read() as tx:
        (kept,) = tx.reports(DAY)
    assert (kept.happened_at, kept.told_at, kept.doubts) == (NOW, at(minute), (Doubt.CLOCK,))
    assert the_job(store).done_at == NOW
