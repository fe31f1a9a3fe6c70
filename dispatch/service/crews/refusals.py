"""What makes a report unusable: each reason with its code and its cure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from dispatch.domain.access import Actor
from dispatch.domain.errors import Issue, NotAllowed
from dispatch.domain.fleet import Crew
from dispatch.domain.ids import CrewId, JobId
from dispatch.domain.job import Dimension, Job, JobKind
from dispatch.domain.reasons import REASONS
from dispatch.domain.report import OUTCOMES, ReportKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.domain.report import StopReport

    Check = Callable[["StopReport", "Ground"], Issue | None]

_HALT: Final = re.compile(r"start|end|(break|reload)-[1-9][0-9]?")
_GLASS: Final = frozenset(
    {Dimension.WHITE_GLASS_L, Dimension.GREEN_GLASS_L, Dimension.BROWN_GLASS_L}
)
_DIMENSIONS: Final[Mapping[JobKind, frozenset[Dimension]]] = {
    JobKind.EMPTY: _GLASS,
    JobKind.WATER: frozenset({Dimension.WATER_L}),
    JobKind.BAIT: frozenset({Dimension.BAIT_ITEMS}),
}
MOST: Final = 100_000
"""Litres, or pieces: more than any vehicle of a city carries."""
FAR_DAYS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What is known when a report comes in; `given` are jobs that were on the crews' routes."""

    actor: Actor
    today: date
    crews: Mapping[CrewId, Crew]
    jobs: Mapping[JobId, Job]
    given: Collection[tuple[CrewId, date, JobId]]


def refusal(report: StopReport, ground: Ground) -> Issue | None:
    """Return the first reason for which the report cannot be taken; None if it can."""
    return next((issue for check in _CHECKS if (issue := check(report, ground))), None)


def _issue(report: StopReport, code: str, cause: str, action: str) -> Issue:
    return Issue(code=code, subject=f"report {report.id}", cause=cause, action=action)


def _crew(report: StopReport, ground: Ground) -> Issue | None:
    if report.crew_id in ground.crews:
        return None
    action = "Pair the tablet again with the crew it belongs to"
    return _issue(report, "S702", f"there is no crew {report.crew_id}", action)


def _sender(report: StopReport, ground: Ground) -> Issue | None:
    try:
        ground.actor.must_reach(ground.crews[report.crew_id].organisation)
        ground.actor.must_be_crew(report.crew_id, report.day)
    except NotAllowed as error:
        issue = error.issues[0]
        return _issue(report, issue.code, f"{issue.subject}: {issue.cause}", issue.action)
    return None


def _day(report: StopReport, ground: Ground) -> Issue | None:
    if abs((report.day - ground.today).days) <= FAR_DAYS:
        return None
    cause = f"{report.day.isoformat()} is more than {FAR_DAYS} days from today"
    return _issue(report, "S706", cause, "Set the tablet's clock and report again")


def _job(report: StopReport, ground: Ground) -> Issue | None:
    if report.job_id is None:
        return None
    if report.job_id not in ground.jobs:
        cause = f"there is no job {report.job_id}"
        return _issue(report, "S701", cause, "Fetch the route again and report what it names")
    if (report.crew_id, report.day, report.job_id) in ground.given:
        return None
    cause = f"no plan of {report.day.isoformat()} gave job {report.job_id} to this crew"
    return _issue(report, "S705", cause, "Tell the dispatcher, who can report it for the crew")


def _halt(report: StopReport, _ground: Ground) -> Issue | None:
    if not report.halt or _HALT.fullmatch(report.halt):
        return None
    action = "Use start, end, break-1, reload-1 and so on, as the route names them"
    return _issue(report, "S703", f"{report.halt!r} is no halt", action)


def _reason(report: StopReport, _ground: Ground) -> Issue | None:
    action = "Choose a reason of the catalogue (/api/v1/reports/reasons)"
    if not report.reason:
        lacking = report.kind is ReportKind.NOT_POSSIBLE
        return _issue(report, "S703", "it says no reason", action) if lacking else None
    reason = REASONS.get(report.reason)
    if reason is None:
        return _issue(report, "S703", f"there is no reason {report.reason!r}", action)
    if reason.note and not report.note.strip():
        cause = f"the reason {report.reason} says nothing without a note"
        return _issue(report, "S703", cause, "Add a note")
    return None


def _loads(report: StopReport, ground: Ground) -> Issue | None:
    if not report.loads:
        return None
    told = {load.dimension for load in report.loads}
    if report.kind not in OUTCOMES:
        cause = f"{report.kind} has no figures"
    elif len(told) < len(report.loads):
        cause = "it gives two figures for one dimension"
    elif any(load.amount > MOST for load in report.loads):
        cause = f"more than {MOST} is no figure of one halt"
    elif report.job_id is not None and not told <= _dimensions(ground.jobs[report.job_id]):
        cause = f"this job has no {', '.join(sorted(told))}"
    else:
        return None
    return _issue(report, "S703", cause, "Correct the figures and report again")


def _dimensions(job: Job) -> frozenset[Dimension]:
    asked = frozenset(load.dimension for load in (*job.loads, *job.asked))
    return asked | _DIMENSIONS.get(job.kind, frozenset())


_CHECKS: tuple[Check, ...] = (_crew, _sender, _day, _job, _halt, _reason, _loads)
