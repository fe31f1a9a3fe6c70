"""Checker rules about time: windows, service, setup, driving and the shift's interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.check_parts import (
    began_s,
    fault,
    leg_of,
    moves,
    service_due_s,
    setup_due_s,
    stops_of,
    subject,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.plan import Violation
    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Solution


def v201_window(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield jobs that start outside all their windows, by the seconds to the nearest."""
    for route in solution.routes:
        for stop in route.stops:
            if stop.kind is not StopKind.JOB:
                continue
            off_s = min(
                max(window.earliest_s - stop.start_s, stop.start_s - window.latest_s, 0)
                for window in problem.jobs[stop.index].windows
            )
            if off_s:
                yield fault("V201", f"job {stop.index}", off_s, f"{off_s} s outside its windows")


def v202_service_cut(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield jobs and reloads that are left before their service is done, by the seconds lacking."""
    for route in solution.routes:
        for stop in route.stops:
            lacking_s = service_due_s(problem, stop) - (stop.departure_s - stop.start_s)
            if lacking_s > 0:
                yield fault("V202", subject(route, stop), lacking_s, f"{lacking_s} s too short")


def v203_setup_cut(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield jobs that start before their setup is done, by the seconds lacking."""
    for route, position, stop in stops_of(solution, StopKind.JOB):
        lacking_s = setup_due_s(problem, route, position) - (stop.start_s - stop.arrival_s)
        if lacking_s > 0:
            yield fault("V203", f"job {stop.index}", lacking_s, f"{lacking_s} s of setup lack")


def v204_travel_cut(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield stops that are reached faster than the matrix says, by the seconds lacking."""
    for route, before, stop in moves(solution):
        needed_s, _ = leg_of(problem, route, before, stop)
        lacking_s = needed_s - (stop.arrival_s - before.departure_s)
        if needed_s >= 0 and lacking_s > 0:
            yield fault("V204", subject(route, stop), lacking_s, f"{lacking_s} s too fast")


def v205_no_road(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield stops to which no road leads from the stop before."""
    for route, before, stop in moves(solution):
        if leg_of(problem, route, before, stop)[0] < 0:
            yield fault("V205", subject(route, stop), 1, "no road from the stop before")


def v206_time_runs_backwards(problem: Problem, solution: Solution) -> Iterator[Violation]:  # noqa: ARG001  # all rules have one signature
    """Yield stops whose arrival, start and departure are not in this order."""
    for route in solution.routes:
        for stop in route.stops:
            back_s = max(stop.arrival_s - stop.start_s, stop.start_s - stop.departure_s)
            if back_s > 0:
                yield fault("V206", subject(route, stop), back_s, f"time goes back {back_s} s")


def v208_before_release(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield jobs whose trip left before what they need was released, by the seconds."""
    for route in solution.routes:
        left_s = 0
        for stop in route.stops:
            if stop.kind in (StopKind.START, StopKind.RELOAD):
                left_s = stop.departure_s
            elif stop.kind is StopKind.JOB:
                early_s = problem.jobs[stop.index].release_s - left_s
                if early_s > 0:
                    yield fault("V208", f"job {stop.index}", early_s, f"{early_s} s too early")


def v301_starts_early(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield routes that start before their shift, by the seconds; underway exactly then."""
    for route in solution.routes:
        if route.stops:
            shift = problem.shifts[route.shift]
            off_s = shift.start_s - route.stops[0].arrival_s
            if off_s > 0:
                yield fault("V301", f"shift {route.shift}", off_s, f"{off_s} s too early")
            elif off_s < 0 and shift.underway is not None:
                yield fault(
                    "V301", f"shift {route.shift}", -off_s, f"{-off_s} s after it was there"
                )


def v302_ends_late(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield routes that end after their shift, by the seconds."""
    for route in solution.routes:
        if route.stops:
            late_s = route.stops[-1].departure_s - problem.shifts[route.shift].end_s
            if late_s > 0:
                yield fault("V302", f"shift {route.shift}", late_s, f"{late_s} s too late")


def v304_span(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield routes that last longer from the start of work to END than they may, by the seconds."""
    for route in solution.routes:
        most_s = problem.shifts[route.shift].max_span_s
        if route.stops and most_s is not None:
            over_s = route.stops[-1].departure_s - began_s(problem, route) - most_s
            if over_s > 0:
                yield fault("V304", f"shift {route.shift}", over_s, f"{over_s} s too long")
