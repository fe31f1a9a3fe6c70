"""Planning runs: who asked for what, who is at it, and what was told on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, update
from sqlmodel import col, select

from dispatch.domain.ids import PlanId, RunId
from dispatch.domain.run import UNFINISHED, Run, RunEvent, RunPhase, RunStatus
from dispatch.store.run_tables import RunEventRow, RunRow, ScheduledRow
from dispatch.store.session import Queries, unknown

if TYPE_CHECKING:
    from datetime import date, datetime

    from dispatch.domain.job import Organisation


class RunQueries(Queries):
    """What is being planned."""

    def save_run(
        self, run: Run, *, planner: str | None = None, lease_until: datetime | None = None
    ) -> None:
        """Keep or replace the run; a second unfinished one of its day and organisation is refused.

        A run that is being worked on is held by a planner until the end of its lease.
        """
        self._session.merge(
            RunRow(
                id=run.id,
                day=run.order.day,
                organisation=run.order.organisation.value,
                status=run.status.value,
                requested_at=run.requested_at,
                attempts=run.attempts,
                cancel_wanted=run.cancel_wanted,
                planner=planner,
                lease_until=lease_until,
                started_at=run.started_at,
                ended_at=run.ended_at,
                plan_id=run.plan_id,
                order=run.order,
                actor=run.actor,
                issues=run.issues,
            )
        )
        self._session.flush()

    def run(self, run_id: RunId) -> Run:
        """Return the run; raises NotFound (DB250)."""
        row = self._session.get(RunRow, run_id, populate_existing=True)
        if row is None:
            raise unknown("DB250", f"run {run_id}")
        return _run(row)

    def runs(self, *, organisation: Organisation | None = None, limit: int = 100) -> list[Run]:
        """Return the runs asked for last, the newest first, of all organisations or one."""
        query = select(RunRow).order_by(col(RunRow.requested_at).desc(), RunRow.id)
        if organisation is not None:
            query = query.where(RunRow.organisation == organisation.value)
        return [_run(row) for row in self._session.exec(query.limit(limit))]

    def unfinished_runs(self) -> list[Run]:
        """Return the runs that wait or are worked on, those asked for first before the others."""
        states = [status.value for status in UNFINISHED]
        query = select(RunRow).where(col(RunRow.status).in_(states))
        ordered = query.order_by(col(RunRow.requested_at), RunRow.id)
        return [_run(row) for row in self._session.exec(ordered)]

    def lapsed_runs(self, now: datetime) -> list[Run]:
        """Return the runs whose planner has not renewed its lease in time."""
        query = select(RunRow).where(
            RunRow.status == RunStatus.RUNNING.value, col(RunRow.lease_until) < now
        )
        return [_run(row) for row in self._session.exec(query.order_by(RunRow.id))]

    def hold_run(self, run_id: RunId, planner: str, *, until: datetime) -> bool:
        """Renew the planner's lease; False if the run is not its any more."""
        done = self._session.connection().execute(
            update(RunRow)
            .where(
                col(RunRow.id) == run_id,
                col(RunRow.planner) == planner,
                col(RunRow.status) == RunStatus.RUNNING.value,
            )
            .values(lease_until=until)
        )
        return done.rowcount == 1

    def want_cancelled(self, run_id: RunId) -> None:
        """Let the planner of the run know that nobody wants it any more."""
        wanted = update(RunRow).where(col(RunRow.id) == run_id).values(cancel_wanted=True)
        self._session.connection().execute(wanted)

    def count_runs(self, organisation: Organisation) -> int:
        """Return how many runs the organisation ever asked for."""
        query = select(func.count()).select_from(RunRow)
        return self._session.exec(query.where(RunRow.organisation == organisation.value)).one()

    def count_runs_by_status(self) -> dict[RunStatus, int]:
        """Return how many runs there are of each status."""
        query = select(RunRow.status, func.count()).group_by(RunRow.status)
        counts = {RunStatus(status): count for status, count in self._session.exec(query)}
        return {status: counts.get(status, 0) for status in RunStatus}

    def add_run_event(
        self,
        run_id: RunId,
        phase: RunPhase,
        *,
        at: datetime,
        cost_ct: int | None = None,
        unserved: int | None = None,
    ) -> None:
        """Tell a step of the run, after all that were told before."""
        last = select(func.max(RunEventRow.number)).where(RunEventRow.run_id == run_id)
        self._session.add(
            RunEventRow(
                run_id=run_id,
                number=(self._session.exec(last).one() or 0) + 1,
                at=at,
                phase=phase.value,
                cost_ct=cost_ct,
                unserved=unserved,
            )
        )
        self._session.flush()

    def run_events(self, run_id: RunId, *, after: int = 0, limit: int = 1000) -> list[RunEvent]:
        """Return the steps told after that number, in their order."""
        query = (
            select(RunEventRow)
            .where(RunEventRow.run_id == run_id, col(RunEventRow.number) > after)
            .order_by(col(RunEventRow.number))
            .limit(limit)
        )
        return [
            RunEvent(
                number=row.number,
                at=row.at,
                phase=RunPhase(row.phase),
                cost_ct=row.cost_ct,
                unserved=row.unserved,
            )
            for row in self._session.exec(query)
        ]

    def latest_run_event(self, run_id: RunId) -> RunEvent | None:
        """Return what the run told last."""
        last = select(func.max(RunEventRow.number)).where(RunEventRow.run_id == run_id)
        number = self._session.exec(last).one() or 0
        return next(iter(self.run_events(run_id, after=number - 1)), None)

    def was_scheduled(self, name: str, evening: date, organisation: Organisation) -> bool:
        """Tell whether the run of that evening was asked for."""
        key = (name, evening, organisation.value)
        return self._session.get(ScheduledRow, key) is not None

    def note_scheduled(
        self, name: str, evening: date, organisation: Organisation, *, at: datetime
    ) -> None:
        """Keep that the run of that evening was asked for; the database refuses a second time."""
        self._session.add(
            ScheduledRow(name=name, evening=evening, organisation=organisation.value, at=at)
        )
        self._session.flush()


def _run(row: RunRow) -> Run:
    return Run(
        id=RunId(row.id),
        order=row.order,
        actor=row.actor,
        requested_at=row.requested_at,
        status=RunStatus(row.status),
        attempts=row.attempts,
        cancel_wanted=row.cancel_wanted,
        started_at=row.started_at,
        ended_at=row.ended_at,
        plan_id=None if row.plan_id is None else PlanId(row.plan_id),
        issues=row.issues,
    )
