"""A planning run: what somebody asked for, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dispatch.domain.access import Actor
from dispatch.domain.disruption import Disruption
from dispatch.domain.errors import Issue
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import CrewId, PlanId, RunId
from dispatch.domain.job import Organisation

Area = tuple[LatLon, ...]
"""The corners of an area, at least three."""


class Scope(StrEnum):
    """How much of a published plan may change.

    EVERYTHING: all that is not frozen; moving a job from its published shift costs its price.
    KEEP_ROUTES: published jobs stay on their shifts, or are left; all shifts may take other jobs.
    INSERT_ONLY: further, only shifts that have something to do take other jobs, and a published
    job is left only where no plan holds it, or where a required job needs its place.
    """

    EVERYTHING = "everything"
    KEEP_ROUTES = "keep_routes"
    INSERT_ONLY = "insert_only"


class RunStatus(StrEnum):
    """Where a run stands: waiting for a planner, being worked on, or over."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = frozenset({RunStatus.QUEUED, RunStatus.RUNNING})


class RunPhase(StrEnum):
    """What a run is at; the last three end it."""

    WAITING = "waiting"
    BUILDING = "building"
    SEARCHING = "searching"
    CHECKING = "checking"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDINGS = frozenset({RunPhase.DONE, RunPhase.FAILED, RunPhase.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOrder:
    """What is to be planned: a day of an organisation, with so many seconds of search.

    With `crews` only these work that day. Jobs are made from the signals first unless told not
    to. The plan stays a draft unless it is to be published at once.

    A day on which crews are out already is planned again from now on, with the `disruptions` of
    its shifts. Streets within `closed_areas` are closed for this run.
    """

    day: date
    organisation: Organisation
    seconds: float
    crews: frozenset[CrewId] | None = None
    scope: Scope = Scope.EVERYTHING
    make_jobs: bool = True
    publish: bool = False
    disruptions: tuple[Disruption, ...] = ()
    closed_areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """An order with what became of it; `attempts` counts how often a planner took it up.

    A run that is over has an `ended_at`; one that is done a plan, unless nothing was to be planned;
    `issues` say why it failed, or why a plan was not published.
    """

    id: RunId
    order: RunOrder
    actor: Actor
    requested_at: datetime
    status: RunStatus = RunStatus.QUEUED
    attempts: int = 0
    cancel_wanted: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None
    plan_id: PlanId | None = None
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent:
    """One step of a run; numbers count up from 1.

    `cost_ct` and `unserved` are those of the best plan so far, None where none is known. Until the
    run is done the cost is what the search looks at, with a surcharge for required jobs left.
    """

    number: int
    at: datetime
    phase: RunPhase
    cost_ct: int | None = None
    unserved: int | None = None
