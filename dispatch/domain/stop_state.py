"""How far a crew is on its route, as its reports say."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from dispatch.domain.clock import seconds_between
from dispatch.domain.ids import PhotoId
from dispatch.domain.job import Load
from dispatch.domain.plan import StopKind
from dispatch.domain.report import OUTCOMES, SHIFT_END, ReportKind, attempts_of, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dispatch.domain.ids import JobId
    from dispatch.domain.job import Job
    from dispatch.domain.plan import Route, Stop
    from dispatch.domain.report import StopReport


class StopStatus(StrEnum):
    """The life of one attempt, as opposed to the life of the work.

    SKIPPED: nothing is told of a job, and the crew has been at a later stop or ended its shift.
    """

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    ARRIVED = "arrived"
    DONE = "done"
    PARTLY = "partly"
    NOT_POSSIBLE = "not_possible"
    SKIPPED = "skipped"


OVER = frozenset({StopStatus.DONE, StopStatus.PARTLY, StopStatus.NOT_POSSIBLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class StopState:
    """What a crew told of one stop; `ref` names it whatever the revision: its job, or its halt."""

    ref: str
    status: StopStatus = StopStatus.PLANNED
    at: datetime | None = None
    reason: str = ""
    note: str = ""
    loads: tuple[Load, ...] = ()
    photos: tuple[PhotoId, ...] = ()


def refs_of(route: Route) -> tuple[str, ...]:
    """Return the names of a route's stops: job ids, `start`, `end`, `break-1`, `reload-1` ..."""
    return tuple(_refs(route.stops))


def _refs(stops: Iterable[Stop]) -> Iterator[str]:
    counted: Counter[StopKind] = Counter()
    for stop in stops:
        counted[stop.kind] += 1
        if stop.job_id is not None:
            yield stop.job_id
        elif stop.kind in (StopKind.BREAK, StopKind.RELOAD):
            yield f"{stop.kind}-{counted[stop.kind]}"
        else:
            yield stop.kind


def states_of(
    route: Route, reports: Iterable[StopReport], jobs: Mapping[JobId, Job]
) -> tuple[StopState, ...]:
    """Return the state of each stop, as the crew's reports of that day say, undos included."""
    told: dict[str, list[StopReport]] = defaultdict(list)
    for report in in_order(reports):
        told[report.job_id or report.halt].append(report)
    states = [
        _state(ref, told.get(ref, ()), jobs.get(stop.job_id) if stop.job_id else None)
        for ref, stop in zip(refs_of(route), route.stops, strict=True)
    ]
    seen = [place for place, state in enumerate(states) if state.status is not StopStatus.PLANNED]
    ended = any(report.kind in OUTCOMES for report in told.get(SHIFT_END, ()))
    last = len(states) if ended else max(seen, default=0)
    return tuple(
        StopState(ref=state.ref, status=StopStatus.SKIPPED)
        if place < last and state.status is StopStatus.PLANNED and stop.job_id is not None
        else state
        for place, (state, stop) in enumerate(zip(states, route.stops, strict=True))
    )


def _state(ref: str, told: Sequence[StopReport], job: Job | None) -> StopState:
    if not told:
        return StopState(ref=ref)
    asked = () if job is None else job.asked if job.attempts else job.loads
    attempts = attempts_of(told, asked)
    if attempts:
        (attempt,) = attempts
        return StopState(
            ref=ref,
            status=StopStatus(attempt.outcome),
            at=attempt.at,
            reason=attempt.reason,
            note=attempt.note,
            loads=attempt.given,
            photos=attempt.photos,
        )
    last = [report for report in told if report.kind in _ON_THE_WAY]
    notes = [report.note for report in told if report.note]
    return StopState(
        ref=ref,
        status=_ON_THE_WAY[last[-1].kind] if last else StopStatus.PLANNED,
        at=last[-1].happened_at if last else None,
        note=notes[-1] if notes else "",
        photos=tuple(dict.fromkeys(photo for report in told for photo in report.photos)),
    )


_ON_THE_WAY = {
    ReportKind.START: StopStatus.UNDER_WAY,
    ReportKind.ARRIVE: StopStatus.ARRIVED,
}


def late_s(route: Route, states: Sequence[StopState]) -> int | None:
    """Return by how much the crew is later than planned, below 0 if earlier; None if not out yet.

    It is what the last stop told of was late: at arrival, or at departure where it is over.
    """
    told = [
        (state.at, stop, state.status)
        for stop, state in zip(route.stops, states, strict=True)
        if state.at is not None
    ]
    if not told:
        return None
    at, stop, status = max(told, key=lambda one: one[0])
    if status in OVER:
        return seconds_between(stop.departs_at, at)
    drive_s = stop.leg.duration_s if stop.leg and status is StopStatus.UNDER_WAY else 0
    return seconds_between(stop.arrives_at, at) + drive_s
