"""Plans: immutable revisions, and for each organisation a pointer to the one in force."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, bindparam, func, type_coerce
from sqlalchemy import select as core_select
from sqlmodel import col, select

from dispatch.domain.ids import PlanId
from dispatch.domain.job import Organisation
from dispatch.domain.plan import PlanState, PlanStatus
from dispatch.store.crew_tables import RouteJobRow
from dispatch.store.session import Queries, unknown
from dispatch.store.tables import CurrentPlanRow, JobRow, PlanRow, RouteRow, SiteRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from dispatch.domain.ids import CrewId
    from dispatch.domain.plan import Plan, Route


# Asked by every tablet every minute: bare columns, built once.
_PLAN: Any = PlanRow.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
_CURRENT: Any = CurrentPlanRow.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
_ROUTE: Any = RouteRow.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
_ROUTE_JOB: Any = RouteJobRow.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
_JOB: Any = JobRow.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
_SITE: Any = SiteRow.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
_HEAD = (
    core_select(_PLAN.id, _PLAN.revision)
    .where(
        _CURRENT.day == bindparam("day"),
        _PLAN.id == _CURRENT.plan_id,
        _ROUTE.plan_id == _PLAN.id,
        _ROUTE.crew_id == bindparam("crew"),
    )
    .order_by(_ROUTE.place)
    .limit(1)
)
_RESTS_ON = (
    core_select(
        type_coerce(_JOB.document, Text).label("job"),
        type_coerce(_SITE.document, Text).label("site"),
    )
    .where(
        _ROUTE_JOB.plan_id == bindparam("plan"),
        _ROUTE_JOB.crew_id == bindparam("crew"),
        _JOB.id == _ROUTE_JOB.job_id,
        _SITE.id == _JOB.site_id,
    )
    .order_by(_JOB.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteStamp:
    """The plan in force, and its jobs and their sites as they are stored.

    Equal stamps are equal routes, at a fraction of the cost of reading them into values.
    """

    plan_id: PlanId
    texts: tuple[str, ...]


class PlanQueries(Queries):
    """What was planned, and what counts."""

    def next_revision(self, day: date, organisation: Organisation) -> int:
        """Return the number the next revision of that day's plan gets; the first one is 1.

        Nobody else gets it: all who publish for that day and organisation take turns.
        """
        self.take_turn(f"plan {day.isoformat()} {organisation}")
        query = select(func.max(PlanRow.revision)).where(
            PlanRow.day == day, PlanRow.organisation == organisation
        )
        return (self._session.exec(query).one() or 0) + 1

    def add_plan(self, plan: Plan, *, based_on: PlanId | None = None) -> None:
        """Store a new revision as a draft; the database refuses a number that is taken.

        `based_on` is the revision that was in force when it was made.
        """
        self._session.add(
            PlanRow(
                id=plan.id,
                day=plan.day,
                organisation=plan.organisation.value,
                revision=plan.revision,
                status=PlanStatus.DRAFT.value,
                based_on=based_on,
                created_at=plan.created_at,
                document=replace(plan, routes=()),
            )
        )
        self._session.flush()
        for place, route in enumerate(plan.routes):
            self._session.add(
                RouteRow(
                    plan_id=plan.id,
                    shift_id=route.shift_id,
                    place=place,
                    crew_id=route.crew_id,
                    document=route,
                )
            )
        self._session.flush()
        self._insert_new(RouteJobRow, list(_route_jobs(plan)))

    def set_current(self, plan: Plan) -> None:
        """Put a stored revision in force; the one that was is replaced, unless it was closed."""
        pointer = self._session.get(CurrentPlanRow, (plan.day, plan.organisation.value))
        if pointer is not None and pointer.plan_id != plan.id:
            before = self._session.get_one(PlanRow, pointer.plan_id)
            if before.status == PlanStatus.PUBLISHED:
                self.set_plan_status(PlanId(before.id), PlanStatus.REPLACED)
        self.set_plan_status(plan.id, PlanStatus.PUBLISHED)
        self._session.merge(
            CurrentPlanRow(day=plan.day, organisation=plan.organisation.value, plan_id=plan.id)
        )
        self._session.flush()

    def set_plan_status(self, plan_id: PlanId, status: PlanStatus) -> None:
        """Let the revision stand so; raises NotFound."""
        self._plan_row(plan_id).status = status.value
        self._session.flush()

    def plan_state(self, plan_id: PlanId) -> PlanState:
        """Return where the revision stands; raises NotFound."""
        return self.plan_states([plan_id])[plan_id]

    def plan_states(self, plan_ids: Iterable[PlanId]) -> dict[PlanId, PlanState]:
        """Return where these revisions stand; raises NotFound."""
        rows = [self._plan_row(plan_id) for plan_id in plan_ids]
        return {
            PlanId(row.id): PlanState(
                status=PlanStatus(row.status),
                based_on=None if row.based_on is None else PlanId(row.based_on),
            )
            for row in rows
        }

    def plans_in_force(self, *, until: date | None = None) -> list[Plan]:
        """Return all published plans that are not closed, without routes, the earliest day first.

        With `until`, those of the days before it.
        """
        query = select(PlanRow.document).where(PlanRow.status == PlanStatus.PUBLISHED.value)
        if until is not None:
            query = query.where(PlanRow.day < until)
        return list(self._session.exec(query.order_by(col(PlanRow.day), PlanRow.organisation)))

    def current_plan_id(self, day: date, organisation: Organisation) -> PlanId | None:
        """Return which of the organisation's plans is in force that day, if any."""
        pointer = self._session.get(CurrentPlanRow, (day, organisation.value))
        return None if pointer is None else PlanId(pointer.plan_id)

    def current_plan(self, day: date, organisation: Organisation) -> Plan:
        """Return the organisation's plan in force that day; raises NotFound."""
        plan_id = self.current_plan_id(day, organisation)
        if plan_id is None:
            raise unknown("DB204", f"plan of {organisation} for {day.isoformat()}")
        return self.plan(plan_id)

    def current_plans(self, day: date) -> list[Plan]:
        """Return the plans in force that day, at most one of each organisation, by its name."""
        query = select(CurrentPlanRow.plan_id).where(CurrentPlanRow.day == day)
        found = self._session.exec(query.order_by(CurrentPlanRow.organisation)).all()
        return [self.plan(PlanId(plan_id)) for plan_id in found]

    def plan(self, plan_id: PlanId) -> Plan:
        """Return the revision with its routes; raises NotFound."""
        plan: Plan = self._plan_row(plan_id).document
        return replace(plan, routes=tuple(self._routes(RouteRow.plan_id == plan_id)))

    def plans(self, *, organisation: Organisation | None = None, limit: int = 100) -> list[Plan]:
        """Return the latest revisions without their routes, newest day and revision first.

        All of them, or those of an organisation.
        """
        query = select(PlanRow.document).order_by(
            col(PlanRow.day).desc(), col(PlanRow.revision).desc(), PlanRow.organisation
        )
        if organisation is not None:
            query = query.where(PlanRow.organisation == organisation.value)
        return list(self._session.exec(query.limit(limit)))

    def current_plan_ids(self) -> dict[tuple[date, Organisation], PlanId]:
        """Return the plan in force of each day and organisation that has one, latest day first."""
        query = select(CurrentPlanRow).order_by(
            col(CurrentPlanRow.day).desc(), CurrentPlanRow.organisation
        )
        return {
            (row.day, Organisation(row.organisation)): PlanId(row.plan_id)
            for row in self._session.exec(query)
        }

    def current_route(self, day: date, crew_id: CrewId) -> tuple[Plan, Route]:
        """Return the crew's route in the plan in force that has one, and that plan without routes.

        Raises NotFound when the day has no plan or the crew no route in any.
        """
        in_force = select(CurrentPlanRow.plan_id).where(CurrentPlanRow.day == day)
        plan_ids = list(self._session.exec(in_force))
        if not plan_ids:
            raise unknown("DB204", f"plan for {day.isoformat()}")
        query = select(RouteRow.plan_id, RouteRow.document).where(
            col(RouteRow.plan_id).in_(plan_ids), RouteRow.crew_id == crew_id
        )
        found = self._session.exec(query.order_by(col(RouteRow.place))).first()
        if found is None:
            raise unknown("DB205", f"route of crew {crew_id} on {day.isoformat()}")
        plan_id, route = found
        row = self._session.get_one(PlanRow, plan_id)
        return row.document, route

    def _plan_row(self, plan_id: PlanId) -> PlanRow:
        row = self._session.get(PlanRow, plan_id, populate_existing=True)
        if row is None:
            raise unknown("DB204", f"plan {plan_id}")
        return row

    def current_head(self, day: date, crew_id: CrewId) -> tuple[PlanId, int] | None:
        """Return id and revision of the plan in force that has a route for the crew, if any."""
        asked = {"day": day, "crew": crew_id}
        found = self._session.connection().execute(_HEAD, asked).first()
        return None if found is None else (PlanId(found[0]), found[1])

    def route_stamp(self, day: date, crew_id: CrewId) -> RouteStamp:
        """Return what the crew's route rests on, unread; raises NotFound as `current_route`."""
        head = self.current_head(day, crew_id)
        if head is None:
            raise unknown("DB205", f"route of crew {crew_id} on {day.isoformat()}")
        asked = {"plan": head[0], "crew": crew_id}
        rows = self._session.connection().execute(_RESTS_ON, asked)
        return RouteStamp(plan_id=head[0], texts=tuple(text for row in rows for text in row))

    def is_in_force(self, plan: Plan) -> bool:
        """Tell whether this revision is the one that counts for its day and organisation."""
        pointer = self._session.get(CurrentPlanRow, (plan.day, plan.organisation.value))
        return pointer is not None and pointer.plan_id == plan.id

    def current_routes_of(self, crew_id: CrewId, *, since: date) -> list[tuple[Plan, Route]]:
        """Return the crew's routes in force from that day on, each with its plan without routes."""
        query = (
            select(PlanRow.document, RouteRow.document)
            .join(CurrentPlanRow, col(CurrentPlanRow.plan_id) == PlanRow.id)
            .join(RouteRow, col(RouteRow.plan_id) == PlanRow.id)
            .where(RouteRow.crew_id == crew_id, col(CurrentPlanRow.day) >= since)
            .order_by(col(PlanRow.day), col(RouteRow.shift_id))
        )
        return [(plan, route) for plan, route in self._session.exec(query)]

    def _routes(self, *conditions: Any) -> list[Route]:
        query = select(RouteRow.document).where(*conditions).order_by(col(RouteRow.place))
        return list(self._session.exec(query))


def _route_jobs(plan: Plan) -> Iterator[dict[str, Any]]:
    for route in plan.routes:
        for job_id in dict.fromkeys(route.job_ids):
            yield {
                "plan_id": plan.id,
                "shift_id": route.shift_id,
                "job_id": job_id,
                "crew_id": route.crew_id,
                "day": plan.day,
            }
