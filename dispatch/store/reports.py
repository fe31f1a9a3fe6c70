"""Reports of crews: those that were taken, and those that were refused."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func
from sqlalchemy import select as core_select
from sqlmodel import col, select

from dispatch.domain.ids import ActorId, CrewId, JobId, ReportId
from dispatch.domain.plan import PlanStatus
from dispatch.domain.report import RefusedReport
from dispatch.store.crew_tables import RefusedReportRow, ReportRow, RouteJobRow
from dispatch.store.session import Queries, chunks
from dispatch.store.tables import PlanRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date, datetime

    from dispatch.domain.report import ReportKind, StopReport


# Asked by every tablet every minute: built once.
_REPORT: Any = ReportRow.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
_COUNT = core_select(func.count()).where(
    _REPORT.crew_id == bindparam("crew"), _REPORT.day == bindparam("day")
)


class ReportQueries(Queries):
    """What crews told; nothing of it is ever changed."""

    def add_reports(self, reports: Iterable[tuple[StopReport, str]]) -> None:
        """Keep reports, each with the digest of what was sent; one that is kept already stays."""
        rows = [
            {
                "id": report.id,
                "crew_id": report.crew_id,
                "day": report.day,
                "kind": report.kind.value,
                "job_id": report.job_id,
                "undoes": report.undoes,
                "received_at": report.received_at,
                "told": told,
                "document": report,
            }
            for report, told in reports
        ]
        self._insert_new(ReportRow, rows)

    def reports_known(self, ids: Sequence[ReportId]) -> dict[ReportId, str]:
        """Return the digests of what was sent under those ids that are kept."""
        found: dict[ReportId, str] = {}
        for part in chunks(ids):
            query = select(ReportRow.id, ReportRow.told).where(col(ReportRow.id).in_(part))
            found |= {ReportId(name): told for name, told in self._session.exec(query)}
        return found

    def add_refused_reports(self, refused: Iterable[RefusedReport]) -> None:
        """Keep what was refused; the same thing sent again is kept once."""
        rows = {
            r.id: {
                "id": r.id,
                "received_at": r.received_at,
                "crew_id": r.crew_id,
                "reported_by": r.reported_by,
                "issue": r.issue,
                "body": r.body,
            }
            for r in refused
        }
        self._insert_new(RefusedReportRow, list(rows.values()))

    def refused_reports(
        self, *, crews: Collection[CrewId] | None = None, limit: int = 100
    ) -> list[RefusedReport]:
        """Return what was refused last, of all or of some crews."""
        query = select(RefusedReportRow).order_by(
            col(RefusedReportRow.received_at).desc(), RefusedReportRow.id
        )
        if crews is not None:
            query = query.where(col(RefusedReportRow.crew_id).in_(sorted(crews)))
        return [
            RefusedReport(
                id=row.id,
                received_at=row.received_at,
                crew_id=row.crew_id,
                reported_by=ActorId(row.reported_by),
                issue=row.issue,
                body=row.body,
            )
            for row in self._session.exec(query.limit(limit))
        ]

    def delete_refused_reports(self, *, before: datetime, limit: int) -> int:
        """Forget what was refused before that moment, at most so many; return how many."""
        row = RefusedReportRow
        query = select(row.id).where(col(row.received_at) < before)
        found = list(self._session.exec(query.order_by(col(row.received_at)).limit(limit)))
        self._session.connection().execute(delete(row).where(col(row.id).in_(found)))
        return len(found)

    def jobs_of_reports(self, ids: Sequence[ReportId]) -> set[JobId]:
        """Return the jobs that these reports are about, as far as they are kept."""
        found: set[JobId] = set()
        for part in chunks(ids):
            query = select(ReportRow.job_id).where(
                col(ReportRow.id).in_(part), col(ReportRow.job_id).is_not(None)
            )
            found |= {JobId(job_id) for job_id in self._session.exec(query) if job_id}
        return found

    def reports_on_jobs(self, job_ids: Collection[JobId]) -> dict[JobId, list[StopReport]]:
        """Return all reports about these jobs, with the undos of those."""
        found: dict[JobId, list[StopReport]] = defaultdict(list)
        by_id: dict[str, JobId] = {}
        for part in chunks(sorted(job_ids)):
            query = select(ReportRow.document).where(col(ReportRow.job_id).in_(part))
            for report in self._session.exec(query):
                found[report.job_id].append(report)
                by_id[report.id] = report.job_id
        for part in chunks(sorted(by_id)):
            query = select(ReportRow.document).where(col(ReportRow.undoes).in_(part))
            for undo in self._session.exec(query):
                # One that names the job as well has been found with it.
                if undo.job_id is None:
                    found[by_id[undo.undoes]].append(undo)
        return dict(found)

    def reports_of_crew(self, crew_id: CrewId, day: date) -> list[StopReport]:
        """Return all that a crew told of a day."""
        query = select(ReportRow.document).where(ReportRow.crew_id == crew_id, ReportRow.day == day)
        return list(self._session.exec(query.order_by(ReportRow.id)))

    def reports(
        self,
        day: date,
        *,
        crews: Collection[CrewId] | None = None,
        kind: ReportKind | None = None,
        limit: int = 100,
    ) -> list[StopReport]:
        """Return what all or some crews told of a day, received last first."""
        query = select(ReportRow.document).where(ReportRow.day == day)
        if kind is not None:
            query = query.where(ReportRow.kind == kind.value)
        if crews is not None:
            query = query.where(col(ReportRow.crew_id).in_(sorted(crews)))
        order = (col(ReportRow.received_at).desc(), ReportRow.id)
        return list(self._session.exec(query.order_by(*order).limit(limit)))

    def count_reports(self, crew_id: CrewId, day: date) -> int:
        """Return how many reports a crew has sent of a day; they only ever grow in number."""
        asked = {"crew": crew_id, "day": day}
        return int(self._session.connection().execute(_COUNT, asked).scalar_one())

    def given_in_force(
        self, job_ids: Collection[JobId], *, since: date
    ) -> dict[JobId, set[tuple[CrewId, date]]]:
        """Return which crews have the jobs on which days from then on, by plans in force."""
        found: dict[JobId, set[tuple[CrewId, date]]] = defaultdict(set)
        for part in chunks(sorted(job_ids)):
            query = (
                select(col(RouteJobRow.job_id), col(RouteJobRow.crew_id), col(RouteJobRow.day))
                .join(PlanRow, col(PlanRow.id) == RouteJobRow.plan_id)
                .where(
                    PlanRow.status == PlanStatus.PUBLISHED,
                    RouteJobRow.day >= since,
                    col(RouteJobRow.job_id).in_(part),
                )
            )
            for job_id, crew_id, day in self._session.exec(query):
                found[JobId(job_id)].add((CrewId(crew_id), day))
        return dict(found)

    def given_jobs(self, crew_id: CrewId, day: date, job_ids: Collection[JobId]) -> set[JobId]:
        """Return which of the jobs any revision of the day had on a route of the crew."""
        found: set[JobId] = set()
        for part in chunks(sorted(job_ids)):
            query = select(RouteJobRow.job_id).where(
                RouteJobRow.crew_id == crew_id,
                RouteJobRow.day == day,
                col(RouteJobRow.job_id).in_(part),
            )
            found |= {JobId(job_id) for job_id in self._session.exec(query)}
        return found
