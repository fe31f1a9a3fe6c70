"""Reports of crews come in: each is taken once, or refused with its reason, and none is lost."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from dispatch.domain.access import Actor
from dispatch.domain.clock import BERLIN
from dispatch.domain.errors import Issue
from dispatch.domain.event import job_finished
from dispatch.domain.ids import CrewId, JobId, ReportId, digest
from dispatch.domain.job import Job, JobKind, JobStatus, Outcome
from dispatch.domain.report import OUTCOMES, SHIFT_END, RefusedReport, StopReport
from dispatch.domain.telling import UNFINISHED, as_told
from dispatch.service.crews.moments import dated
from dispatch.service.crews.refusals import Ground, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from dispatch.domain.event import Event
    from dispatch.domain.ids import SiteId
    from dispatch.store import Store, Transaction


class Answer(StrEnum):
    """What became of a report that was sent."""

    ACCEPTED = "accepted"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One report as sent: `body` in JSON, its `id` and `crew_id` as far as they could be read.

    `report` is what it says, or why it cannot be read; its time is what the tablet's clock says.
    """

    body: str
    report: StopReport | Issue
    id: str = ""
    crew_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one tablet sends at once; `sent_at` is what its clock says then."""

    actor: Actor
    sent_at: datetime
    received_at: datetime
    reports: tuple[Sent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one report; `issue` says why it was refused."""

    id: str
    answer: Answer
    issue: Issue | None = None


def record(batch: Batch, *, store: Store) -> tuple[Verdict, ...]:
    """Return what became of each report, after taking it and changing its job in one transaction.

    A report may come any number of times and in any order, against any revision: the jobs are
    afterwards what the set of all reports says (`telling.as_told`). What is refused is kept too.
    """
    with store.begin() as tx:
        tx.take_turn("jobs")
        taken = _Taken(batch, tx)
        verdicts = tuple(taken.verdict(sent) for sent in batch.reports)
        tx.add_reports(taken.news.values())
        tx.add_refused_reports(taken.refused)
        news = [report for report, _ in taken.news.values()]
        _merge(news, batch.received_at, tx)
        _end_duty(news, batch.received_at, tx)
        if batch.actor.crew_id is None:
            _note(news, batch, tx)
    return verdicts


class _Taken:
    """What is taken of a batch, and what is refused, while its reports are looked at in turn."""

    def __init__(self, batch: Batch, tx: Transaction) -> None:
        self.news: dict[ReportId, tuple[StopReport, str]] = {}
        self.refused: list[RefusedReport] = []
        self._batch = batch
        legible = [s.report for s in batch.reports if isinstance(s.report, StopReport)]
        self._known = tx.reports_known([report.id for report in legible])
        self._ground = _ground(batch, legible, tx)

    def verdict(self, sent: Sent) -> Verdict:
        """Return what becomes of one report, noting it as news or as refused."""
        if isinstance(sent.report, Issue):
            return self._refuse(sent, sent.report)
        told, report = digest(sent.body), sent.report
        if report.id in self._known:
            if self._known[report.id] == told:
                return Verdict(id=report.id, answer=Answer.KNOWN)
            return self._refuse(sent, _taken_id(report))
        issue = refusal(report, self._ground)
        if issue is not None:
            return self._refuse(sent, issue)
        self._known[report.id] = told
        now = self._batch.received_at
        self.news[report.id] = (dated(report, sent_at=self._batch.sent_at, now=now), told)
        return Verdict(id=report.id, answer=Answer.ACCEPTED)

    def _refuse(self, sent: Sent, issue: Issue) -> Verdict:
        actor = self._batch.actor
        self.refused.append(
            RefusedReport(
                id=digest(actor.id, issue.code, sent.body),
                received_at=self._batch.received_at,
                crew_id=sent.crew_id or actor.crew_id or "",
                reported_by=actor.id,
                issue=issue,
                body=sent.body,
            )
        )
        return Verdict(id=sent.id, answer=Answer.REFUSED, issue=issue)


def _taken_id(report: StopReport) -> Issue:
    return Issue(
        code="S704",
        subject=f"report {report.id}",
        cause="another report was sent under this id before",
        action="Give each report an id of its own; to correct one, undo it and report again",
    )


def _ground(batch: Batch, reports: Sequence[StopReport], tx: Transaction) -> Ground:
    wanted: dict[tuple[CrewId, date], set[JobId]] = defaultdict(set)
    for report in reports:
        if report.job_id is not None:
            wanted[report.crew_id, report.day].add(report.job_id)
    given = {
        (crew_id, day, job_id)
        for (crew_id, day), job_ids in wanted.items()
        for job_id in (
            # Who works at the desk may report for a crew what no plan gave it.
            job_ids if batch.actor.crew_id is None else tx.given_jobs(crew_id, day, job_ids)
        )
    }
    return Ground(
        actor=batch.actor,
        today=batch.received_at.astimezone(BERLIN).date(),
        crews={crew.id: crew for crew in tx.crews()},
        jobs=tx.jobs_by_id({job_id for job_ids in wanted.values() for job_id in job_ids}),
        given=given,
    )


def _end_duty(news: Iterable[StopReport], now: datetime, tx: Transaction) -> None:
    """Forget where a crew is when it says that its shift of today is over."""
    today = now.astimezone(BERLIN).date()
    for report in news:
        if report.halt == SHIFT_END and report.kind in OUTCOMES and report.day == today:
            tx.forget_position(report.crew_id, until=now)


def _note(news: Iterable[StopReport], batch: Batch, tx: Transaction) -> None:
    """Write down that somebody at the desk reported for crews."""
    organisations = {crew.id: crew.organisation for crew in tx.crews()}
    told = Counter((report.crew_id, report.day) for report in news)
    for (crew_id, day), count in sorted(told.items()):
        tx.note(
            batch.actor,
            "report.told_for_crew",
            f"crew/{crew_id}",
            {"day": day.isoformat(), "reports": count},
            at=batch.received_at,
            organisation=organisations[crew_id],
        )


def _merge(news: Sequence[StopReport], now: datetime, tx: Transaction) -> None:
    """Change the jobs that the news are about to what all reports about them say."""
    job_ids = {report.job_id for report in news if report.job_id is not None}
    job_ids |= tx.jobs_of_reports([r.undoes for r in news if r.undoes is not None])
    if not job_ids:
        return
    reports = tx.reports_on_jobs(job_ids)
    jobs = tx.jobs_by_id(job_ids)
    ahead = tx.given_in_force(job_ids, since=now.astimezone(BERLIN).date())
    told = {
        job_id: as_told(job, reports.get(job_id, ()), now=now, given=ahead.get(job_id, ()))
        for job_id, job in jobs.items()
    }
    beside = {job.id: job for job in tx.open_jobs({job.site_id for job in jobs.values()})}
    before = beside | jobs
    after = _one_of_a_kind(beside | told, now)
    changed = [job for job_id, job in sorted(after.items()) if job != before[job_id]]
    tx.save_jobs(changed)
    tx.announce(*_finished(changed, before, tx))


def _one_of_a_kind(jobs: Mapping[JobId, Job], now: datetime) -> dict[JobId, Job]:
    """Return the jobs with one unfinished at most of a site and kind.

    Where undone work would make it two, the job made last stands for both.
    """
    newest: dict[tuple[SiteId, JobKind], Job] = {}
    unfinished = (job for job in jobs.values() if job.status in UNFINISHED)
    for job in sorted(unfinished, key=lambda job: (job.created_at, job.id)):
        newest[job.site_id, job.kind] = job
    return {
        job.id: replace(job, status=JobStatus.CANCELLED, updated_at=now)
        if job.status in UNFINISHED and newest[job.site_id, job.kind] is not job
        else job
        for job in jobs.values()
    }


def _finished(
    changed: Iterable[Job], before: Mapping[JobId, Job], tx: Transaction
) -> Iterator[Event]:
    """Yield the events of the jobs that are done now and were not."""
    done = [job for job in changed if job.status is JobStatus.DONE]
    news = [job for job in done if before[job.id].status is not JobStatus.DONE]
    if news:
        crews = {crew.id: crew for crew in tx.crews()}
        for job in news:
            attempt = next(a for a in job.attempts if a.outcome is Outcome.DONE)
            yield job_finished(
                job,
                organisation=crews[attempt.crew_id].organisation,
                at=attempt.at,
                crew_id=attempt.crew_id,
            )
