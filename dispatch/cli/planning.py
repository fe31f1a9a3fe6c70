"""The planner of a service and its clock, put together from the settings."""

from __future__ import annotations

import os
import socket
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from dispatch.cli.shared import now, rush_of
from dispatch.cli.water import request_of
from dispatch.service.make_jobs import JobsRequest
from dispatch.service.repeating import Repeating
from dispatch.service.runs.evening import (
    TICK_S,
    EveningPlan,
    ask_in_the_evening,
    close_past_days,
)
from dispatch.service.runs.orders import RunLimits
from dispatch.service.runs.planner import Planner, PlannerTools
from dispatch.service.runs.searchers import Searchers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from dispatch.cli.serving import Part
    from dispatch.domain.run import Area
    from dispatch.settings import Settings
    from dispatch.store import Store
    from graphs.street_matrix import StreetMatrix


def planner_of(settings: Settings, store: Store, streets: StreetMatrix) -> Part:
    """Return the part that carries out planning runs."""

    def jobs(moment: datetime, day: date) -> JobsRequest:
        return request_of(settings, now=moment, day=day)

    tools = PlannerTools(
        store=store,
        streets=streets,
        rush=rush_of(streets),
        searchers=Searchers(cores=settings.cores),
        now=now,
        jobs=jobs,
        closing=partial(_without, streets),
    )
    # Told apart among all services of a database, and among all lives of one service.
    return Planner(tools, name=f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}")


def _without(streets: StreetMatrix, areas: Sequence[Area]) -> tuple[StreetMatrix, StreetMatrix]:
    """Return the streets without those in the areas, and the same in the rush hours."""
    rings = tuple(tuple((corner.lat, corner.lon) for corner in area) for area in areas)
    closed = (*streets.today.closed_areas, *rings)
    usual = streets.on(replace(streets.today, closed_areas=closed))
    return usual, rush_of(usual)


def clock_of(settings: Settings, store: Store) -> list[Part]:
    """Return the parts that ask for the run of the evening, and that close past days.

    Two of them, so that a day that cannot be closed keeps nobody from planning the next one.
    """
    plan = EveningPlan(
        at=settings.plan_at,
        publish=settings.plan_publish,
        seconds=settings.solve_s,
        limits=limits_of(settings),
    )

    def evening(_ended: Callable[[], bool]) -> None:
        ask_in_the_evening(plan, now=now(), store=store)

    def night(_ended: Callable[[], bool]) -> None:
        close_past_days(now=now(), store=store)

    return [
        Repeating(evening, every_s=TICK_S, name="evening plan"),
        Repeating(night, every_s=TICK_S, name="closing of past days"),
    ]


def limits_of(settings: Settings) -> RunLimits:
    """Return how many runs may wait, and how long one may search."""
    return RunLimits(queue=settings.run_queue, seconds=settings.run_max_s)
