"""Several organisations of a day planned one after the other, within one budget."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.domain.errors import NothingToPlan
from dispatch.domain.job import Organisation
from dispatch.service.plan_day import PlanRequest, plan_day
from dispatch.service.scope import work_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from dispatch.domain.errors import Issue
    from dispatch.domain.plan import Plan
    from dispatch.planning.solution import Budget
    from dispatch.service.workers import Solver
    from dispatch.store import Store
    from graphs.provider import MatrixProvider

LEAST_SHARE = 0.1
"""Of the time, for an organisation with few jobs."""


def requests_of_all(day: date, *, now: datetime, budget: Budget) -> tuple[PlanRequest, ...]:
    """Return a request for each organisation, in a fixed order."""
    return tuple(
        PlanRequest(day=day, organisation=organisation, now=now, budget=budget)
        for organisation in Organisation
    )


def plan_together(
    requests: Sequence[PlanRequest],
    *,
    store: Store,
    streets: MatrixProvider,
    solver: Solver,
    rush: MatrixProvider | None = None,
) -> tuple[Plan, ...]:
    """Return the published plans; each request gets a part of its time, by the number of its jobs.

    An organisation that has nothing to plan has no plan; raises NothingToPlan, with what keeps each
    from it, if that is so for all. Else as `plan_day`.
    """
    plans: list[Plan] = []
    told: list[Issue] = []
    for request in _with_shares(requests, store):
        try:
            plan = plan_day(request, store=store, streets=streets, solver=solver, rush=rush)
        except NothingToPlan as error:
            told.extend(error.issues)
        else:
            plans.append(plan)
    if not plans:
        raise NothingToPlan(*told)
    return tuple(plans)


def _with_shares(requests: Sequence[PlanRequest], store: Store) -> list[PlanRequest]:
    """Return the requests with their part of the time; none is needed without shifts or jobs."""
    with store.read() as tx:
        works = [
            work_of(tx, request.day, request.organisation, now=request.now) for request in requests
        ]
    counts = [len(work.jobs) if work.shifts else 0 for work in works]
    floor = LEAST_SHARE * sum(counts)
    weights = [max(count, floor) if count else 0.0 for count in counts]
    return [
        _shortened(request, weight / sum(weights)) if weight else request
        for request, weight in zip(requests, weights, strict=True)
    ]


def _shortened(request: PlanRequest, share: float) -> PlanRequest:
    seconds = request.budget.time_limit_s * share
    return replace(request, budget=replace(request.budget, time_limit_s=seconds))
