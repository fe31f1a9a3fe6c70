"""What crews say happened at a stop, and which of it counts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from dispatch.domain.errors import Issue
from dispatch.domain.ids import ActorId, CrewId, JobId, PhotoId, PlanId, ReportId
from dispatch.domain.job import Attempt, Load, Outcome
from dispatch.domain.reasons import REASONS, Wait

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class ReportKind(StrEnum):
    """What happened: the crew set off for a stop, is there, or ended it one way or another."""

    START = "start"
    ARRIVE = "arrive"
    DONE = "done"
    PARTLY = "partly"
    NOT_POSSIBLE = "not_possible"
    NOTE = "note"
    UNDO = "undo"


OUTCOMES = {
    ReportKind.DONE: Outcome.DONE,
    ReportKind.PARTLY: Outcome.PARTLY,
    ReportKind.NOT_POSSIBLE: Outcome.NOT_POSSIBLE,
}

SHIFT_START, SHIFT_END = "start", "end"
"""The halts at which a shift begins and ends; others are `break-1`, `reload-2` and so on."""


class Doubt(StrEnum):
    """What a dispatcher should know about a report.

    SKEW: the tablet's clock was wrong, its time was corrected by what it was wrong when sent.
    CLOCK: the time told cannot be; the report counts at another one.
    """

    SKEW = "skew"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class StopReport:
    """One report. Its id is made by the tablet, so that it may be sent any number of times.

    It is about a job, or about a `halt` of the shift that is none. `loads` are what was given or
    taken there in all by this crew on this day, empty where no figures were told. An `undo` takes
    back the report that it names, whichever comes in first. `happened_at` is when it counts,
    `told_at` what the tablet's clock said. `plan_id` and `revision` are what the crew worked by.
    """

    id: ReportId
    crew_id: CrewId
    day: date
    kind: ReportKind
    happened_at: datetime
    told_at: datetime
    received_at: datetime
    reported_by: ActorId
    job_id: JobId | None = None
    halt: str = ""
    plan_id: PlanId | None = None
    revision: int | None = None
    reason: str = ""
    loads: tuple[Load, ...] = ()
    photos: tuple[PhotoId, ...] = ()
    note: str = ""
    undoes: ReportId | None = None
    doubts: tuple[Doubt, ...] = ()

    def __post_init__(self) -> None:
        if (self.kind is ReportKind.UNDO) != (self.undoes is not None):
            message = f"report {self.id}: an undo names what it undoes, and nothing else does"
            raise ValueError(message)
        if self.kind is not ReportKind.UNDO and (self.job_id is None) == (not self.halt):
            message = f"report {self.id}: it is about a job or about a halt"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedReport:
    """Something sent as a report that could not be taken, and why; `body` is the JSON as sent."""

    id: str
    received_at: datetime
    crew_id: str
    reported_by: ActorId
    issue: Issue
    body: str


def in_order(reports: Iterable[StopReport]) -> list[StopReport]:
    """Return the reports that count, in the order in which things happened.

    Each once, without undos and without what the same crew undid on the same day. An undo cannot
    be undone: what was undone by mistake is reported again. However reports came in, the result is
    the same.
    """
    once = {report.id: report for report in reports}
    undone = {(r.undoes, r.crew_id, r.day) for r in once.values() if r.undoes is not None}
    counting = (
        report
        for report in once.values()
        if report.kind is not ReportKind.UNDO
        and (report.id, report.crew_id, report.day) not in undone
    )
    return sorted(counting, key=lambda report: (report.happened_at, report.id))


def attempts_of(reports: Iterable[StopReport], asked: Sequence[Load]) -> tuple[Attempt, ...]:
    """Return what each crew made of one job on each day, in the order of time.

    All reports are about that job, undos of them included; `asked` is what the job asks for.

    What two tablets of a crew tell is one attempt. What was done is only taken back by an undo:
    done counts before partly, and partly before not possible, whichever was told last. Done at the
    first report, in figures of the last one that has any: they are sums.
    """
    told: dict[tuple[CrewId, date], list[StopReport]] = defaultdict(list)
    for report in in_order(reports):
        if report.kind in OUTCOMES:
            told[report.crew_id, report.day].append(report)
    found = (_attempt(one, asked) for one in told.values())
    return tuple(sorted(found, key=lambda attempt: (attempt.at, attempt.report_id)))


def outcome_of(report: StopReport) -> Outcome | None:
    """Return what a report says came of its stop; None if it says nothing about that."""
    outcome = OUTCOMES.get(report.kind)
    if outcome is Outcome.NOT_POSSIBLE and _is_settled(report.reason):
        # There was nothing left to do, which is as good as done.
        return Outcome.DONE
    return outcome


_STRENGTH = list(Outcome)


def contradictions(reports: Iterable[StopReport]) -> list[StopReport]:
    """Return the reports on one job that earlier ones speak against, of its crew or of another.

    That is: less was told after more, other figures after the first ones of work that was done, or
    that it was done where another crew had done it. All are kept; `attempts_of` says what counts.
    """
    found: list[StopReport] = []
    best: dict[tuple[CrewId, date], StopReport] = {}
    for report in in_order(reports):
        outcome = outcome_of(report)
        if outcome is None:
            continue
        key = (report.crew_id, report.day)
        if _speaks_against(report, [r for k, r in best.items() if k != key], best.get(key)):
            found.append(report)
        if key not in best or _rank(report) <= _rank(best[key]):
            best[key] = report
    return found


def _speaks_against(
    report: StopReport, others: Sequence[StopReport], before: StopReport | None
) -> bool:
    if any(outcome_of(other) is Outcome.DONE for other in others):
        return True
    if before is None:
        return False
    if _rank(report) > _rank(before):
        return True
    both_done = outcome_of(report) is outcome_of(before) is Outcome.DONE
    return both_done and bool(report.loads and before.loads) and report.loads != before.loads


def _rank(report: StopReport) -> int:
    outcome = outcome_of(report)
    return len(_STRENGTH) if outcome is None else _STRENGTH.index(outcome)


def _attempt(told: Sequence[StopReport], asked: Sequence[Load]) -> Attempt:
    """Return the attempt that a crew's outcomes of one job and day tell of, given in order."""
    least = min(_rank(report) for report in told)
    strongest = [report for report in told if _rank(report) == least]
    outcome = _STRENGTH[least]
    # Work is done when that is first told; of lesser outcomes the last one is the state of things.
    leading = strongest[0] if outcome is Outcome.DONE else strongest[-1]
    return Attempt(
        report_id=leading.id,
        crew_id=leading.crew_id,
        day=leading.day,
        outcome=outcome,
        at=leading.happened_at,
        given=_given(strongest, outcome, asked),
        reason=strongest[-1].reason,
        note=next((r.note for r in reversed(told) if r.note), ""),
        photos=tuple(dict.fromkeys(photo for report in told for photo in report.photos)),
    )


def _given(
    strongest: Sequence[StopReport], outcome: Outcome, asked: Sequence[Load]
) -> tuple[Load, ...]:
    stated = [report.loads for report in strongest if report.loads]
    if stated:
        return stated[-1]
    if outcome is not Outcome.DONE:
        return ()
    if any(report.kind is ReportKind.DONE for report in strongest):
        return tuple(asked)
    return tuple(Load(dimension=load.dimension, amount=0) for load in asked)


def _is_settled(reason: str) -> bool:
    return reason in REASONS and REASONS[reason].wait is Wait.SETTLED
