"""Plans: immutable revisions, and a pointer to the one in force."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func
from sqlmodel import col, select

from dispatch.store.session import Queries, unknown
from dispatch.store.tables import CurrentPlanRow, PlanRow, RouteRow

if TYPE_CHECKING:
    from datetime import date

    from dispatch.domain.ids import CrewId, PlanId
    from dispatch.domain.plan import Plan, Route


class PlanQueries(Queries):
    """What was planned, and what counts."""

    def next_revision(self, day: date) -> int:
        """Return the number the day's next revision gets; the first one is 1."""
        query = select(func.max(PlanRow.revision)).where(PlanRow.day == day)
        return (self._session.exec(query).one() or 0) + 1

    def add_plan(self, plan: Plan) -> None:
        """Store a new revision; the database refuses a number that is taken."""
        self._session.add(
            PlanRow(
                id=plan.id,
                day=plan.day,
                revision=plan.revision,
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

    def set_current(self, day: date, plan_id: PlanId) -> None:
        """Put a stored revision in force for its day."""
        self._session.merge(CurrentPlanRow(day=day, plan_id=plan_id))
        self._session.flush()

    def current_plan(self, day: date) -> Plan:
        """Return the plan in force that day; raises NotFound."""
        pointer = self._session.get(CurrentPlanRow, day)
        if pointer is None:
            raise unknown("DB204", f"plan for {day.isoformat()}")
        return self.plan(pointer.plan_id)  # type: ignore[arg-type]  # ids are plain strings in rows

    def plan(self, plan_id: PlanId) -> Plan:
        """Return the revision with its routes; raises NotFound."""
        row = self._session.get(PlanRow, plan_id)
        if row is None:
            raise unknown("DB204", f"plan {plan_id}")
        plan: Plan = row.document
        return replace(plan, routes=tuple(self._routes(RouteRow.plan_id == plan_id)))

    def plans(self, *, limit: int = 100) -> list[Plan]:
        """Return the latest revisions without their routes, newest day and revision first."""
        query = select(PlanRow.document).order_by(
            col(PlanRow.day).desc(), col(PlanRow.revision).desc()
        )
        return list(self._session.exec(query.limit(limit)))

    def current_plan_ids(self) -> dict[date, PlanId]:
        """Return the plan in force of each day that has one, latest day first."""
        query = select(CurrentPlanRow).order_by(col(CurrentPlanRow.day).desc())
        return {row.day: row.plan_id for row in self._session.exec(query)}  # type: ignore[misc]  # ids are plain strings in rows

    def current_route(self, day: date, crew_id: CrewId) -> tuple[Plan, Route]:
        """Return the crew's route in the plan in force, and that plan without routes.

        Raises NotFound when the day has no plan or the crew no route in it.
        """
        pointer = self._session.get(CurrentPlanRow, day)
        if pointer is None:
            raise unknown("DB204", f"plan for {day.isoformat()}")
        routes = self._routes(RouteRow.plan_id == pointer.plan_id, RouteRow.crew_id == crew_id)
        row = self._session.get(PlanRow, pointer.plan_id)
        if not routes or row is None:
            raise unknown("DB205", f"route of crew {crew_id} on {day.isoformat()}")
        return row.document, routes[0]

    def _routes(self, *conditions: Any) -> list[Route]:
        query = select(RouteRow.document).where(*conditions).order_by(col(RouteRow.place))
        return list(self._session.exec(query))
