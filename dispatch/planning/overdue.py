"""What a running day cannot keep any more, whatever is planned: it is widened, and said so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind, Violation
from dispatch.planning.problem import Order, Window
from dispatch.planning.timing import timetable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dispatch.planning.law import BreakRule
    from dispatch.planning.problem import Problem, ProblemShift, Visit
    from dispatch.planning.timing import Timetable


def relaxed_problem(problem: Problem) -> tuple[Problem, tuple[Violation, ...]]:
    """Return a problem in which every shift underway can do what it must and come home.

    What it must do are the visits that relations in order bind to it. Where they and the way home
    are late, too long or against the law even alone, just so much is allowed; the violations say
    what: V201 windows of jobs, V302 ends, V306 limits, V701 breaks and driving.
    """
    found: list[Violation] = []
    for shift, on in enumerate(problem.shifts):
        if on.underway is None:
            continue
        visits = _bound(problem, shift)
        problem = _later_windows(problem, shift, visits, found)
        table = timetable(problem, shift, visits)
        if table.kept:
            continue
        found.extend(_violations(shift, table))
        widened = _widened(problem.shifts[shift], table)
        shifts = (*problem.shifts[:shift], widened, *problem.shifts[shift + 1 :])
        horizon_s = max(problem.horizon_s, widened.end_s)
        problem = replace(problem, shifts=shifts, horizon_s=horizon_s)
    return problem, tuple(found)


def _bound(problem: Problem, shift: int) -> tuple[Visit, ...]:
    """Return what a shift must do: the locked prefix, then what is bound in order."""
    bonds = [r for r in problem.relations if r.shift == shift and r.order is not Order.ANY]
    bonds.sort(key=lambda bond: not bond.from_start)
    return tuple(visit for bond in bonds for visit in bond.visits)


def _later_windows(
    problem: Problem, shift: int, visits: Sequence[Visit], found: list[Violation]
) -> Problem:
    """Return the problem with a last window that still holds for every visit that is bound."""
    jobs, table = list(problem.jobs), timetable(problem, shift, visits)
    for visit, times in zip(visits, table.halts, strict=True):
        if visit.kind is not StopKind.JOB:
            continue
        job = jobs[visit.index]
        late_s = times.start_s - max(window.latest_s for window in job.windows)
        if late_s > 0:
            open_s = Window(earliest_s=0, latest_s=problem.horizon_s)
            jobs[visit.index] = replace(job, windows=(open_s,))
            about = f"job {visit.index}"
            found.append(_violation("V201", about, late_s, f"{late_s} s after its last window"))
    return replace(problem, jobs=tuple(jobs)) if tuple(jobs) != problem.jobs else problem


def _violations(shift: int, table: Timetable) -> Iterator[Violation]:
    about = f"shift {shift}"
    if table.late_s:
        yield _violation("V302", about, table.late_s, f"home {table.late_s} s too late")
    if table.over_limit:
        over = table.over_limit
        yield _violation("V306", about, over, f"{over} beyond its limits of driving")
    if table.law_excess_s:
        over = table.law_excess_s
        yield _violation("V701", about, over, f"{over} s of work or driving against the law")


def _violation(code: str, about: str, amount: int, text: str) -> Violation:
    return Violation(code=code, subject=about, amount=amount, text=text)


def _widened(shift: ProblemShift, table: Timetable) -> ProblemShift:
    """Return the shift with later end, wider limits and law, by what the timetable exceeds."""
    end_s = max(shift.end_s + table.late_s, shift.start_s + 1)
    span_s, over = shift.max_span_s, table.over_limit
    return replace(
        shift,
        end_s=end_s,
        max_span_s=None if span_s is None else span_s + table.late_s,
        max_drive_s=_more(shift.max_drive_s, over),
        max_distance_m=_more(shift.max_distance_m, over),
        break_rule=_wider(shift.break_rule, table),
    )


def _more(limit: int | None, over: int) -> int | None:
    return None if limit is None else limit + over


def _wider(rule: BreakRule | None, table: Timetable) -> BreakRule | None:
    """Return the rule with every bound wider by the excess, and by what the day grew longer."""
    if rule is None:
        return None
    over_s = table.law_excess_s
    steps = tuple(replace(step, over_s=step.over_s + over_s) for step in rule.steps)
    drive = rule.drive
    if drive is not None:
        drive = replace(
            drive,
            max_stretch_s=drive.max_stretch_s + over_s,
            max_drive_s=drive.max_drive_s + over_s,
        )
    return replace(
        rule,
        steps=steps,
        max_stretch_s=rule.max_stretch_s + over_s,
        max_work_s=rule.max_work_s + over_s + table.late_s,
        drive=drive,
    )
