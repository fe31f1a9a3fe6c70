"""What happens by the clock: the next working day is planned in the evening, past days closed."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from dispatch.domain.audit import machine
from dispatch.domain.clock import BERLIN, at_local, to_utc
from dispatch.domain.errors import Conflict
from dispatch.domain.job import Organisation
from dispatch.domain.run import Run, RunOrder
from dispatch.service.publish import close_within
from dispatch.service.runs.orders import RunLimits, request_within

if TYPE_CHECKING:
    from dispatch.domain.fleet import Fleet
    from dispatch.domain.plan import Plan
    from dispatch.store import Store

log = logging.getLogger(__name__)

NAME = "evening"
BY_THE_CLOCK = machine("schedule")
CATCH_UP = timedelta(hours=10)
"""A service that was down in the evening plans when it is back, if it is before the next shifts."""
LOOKS_AHEAD = 14
"""Days among which the next working day is looked for."""
CLOSES_AT = time(3)
"""When the plans of the days before are closed: nobody is out any more."""
TICK_S = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EveningPlan:
    """When the next working day is planned (None: never by the clock), and how."""

    at: time | None
    publish: bool = True
    seconds: float = 20.0
    limits: RunLimits = field(default_factory=RunLimits)


def ask_in_the_evening(plan: EveningPlan, *, now: datetime, store: Store) -> list[Run]:
    """Return the runs asked for: one an evening for each organisation, whoever asks first.

    Where somebody plans that day already, it is asked for when that run is over.
    """
    evening = _evening(plan, now)
    if evening is None:
        return []
    found = (_ask(plan, evening, one, now, store) for one in Organisation)
    return [run for run in found if run is not None]


def close_past_days(*, now: datetime, store: Store) -> list[Plan]:
    """Return the plans of days before today that were still in force, and are closed now."""
    today = now.astimezone(BERLIN).date()
    if to_utc(now) < to_utc(at_local(today, CLOSES_AT)):
        return []
    with store.read() as tx:
        if not tx.plans_in_force(until=today):
            return []
    with store.begin() as tx:
        tx.take_turn("jobs")
        plans = [tx.plan(plan.id) for plan in tx.plans_in_force(until=today)]
        for plan in plans:
            close_within(tx, plan, actor=BY_THE_CLOCK, now=now)
    return plans


def next_working_day(fleet: Fleet, organisation: Organisation, *, after: date) -> date | None:
    """Return the first day after that one on which a crew of the organisation works."""
    for ahead in range(1, LOOKS_AHEAD + 1):
        day = after + timedelta(days=ahead)
        if any(shift.crew.organisation is organisation for shift in fleet.shifts_on(day)):
            return day
    return None


def _evening(plan: EveningPlan, now: datetime) -> date | None:
    """Return the day whose evening has come, None if it has not or is too long ago."""
    if plan.at is None:
        return None
    today = now.astimezone(BERLIN).date()
    for evening in (today, today - timedelta(days=1)):
        passed = to_utc(now) - to_utc(at_local(evening, plan.at))
        if timedelta() <= passed <= CATCH_UP:
            return evening
    return None


def _ask(
    plan: EveningPlan, evening: date, organisation: Organisation, now: datetime, store: Store
) -> Run | None:
    with store.read() as tx:
        if tx.was_scheduled(NAME, evening, organisation):
            return None
    with store.begin() as tx:
        tx.take_turn("runs")
        day = next_working_day(tx.fleet(), organisation, after=evening)
        if day is None or tx.was_scheduled(NAME, evening, organisation):
            return None
        order = RunOrder(
            day=day, organisation=organisation, seconds=plan.seconds, publish=plan.publish
        )
        try:
            run = request_within(tx, order, actor=BY_THE_CLOCK, now=now, limits=plan.limits)
        except Conflict as error:
            log.info("the run of the evening waits: %s", error)
            return None
        tx.note_scheduled(NAME, evening, organisation, at=now)
    return run
