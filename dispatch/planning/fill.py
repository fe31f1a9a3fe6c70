"""Adding the jobs that were left and would pay, quickly enough for hundreds of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from time import perf_counter
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.costs import leave_price_ueur
from dispatch.planning.fit import allowed_shifts
from dispatch.planning.insertion import Attempt, attempts_of_shift, in_time, overload
from dispatch.planning.problem import job_visit
from dispatch.planning.timing import halt_of, timetable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.planning.problem import Problem, Visit

    Orders = Sequence[Sequence[Visit]]

NEVER = float("inf")


def with_jobs_that_pay(
    problem: Problem, orders: Orders, *, until: float = NEVER
) -> tuple[tuple[Visit, ...], ...]:
    """Return the orders with every left job added that costs less than leaving it.

    Dearest to leave first, and again until nothing more pays. After this, a job that is left is
    left because it does not fit or does not pay, and `explain` can say so truthfully; only where
    the clock passes `until` (of `perf_counter`) first may some be left untried.
    """
    filler = _Filler(problem, orders)
    while filler.one_round(until):
        pass
    return tuple(filler.orders)


class _Filler:
    """The orders as they grow; remembers what did not fit into a shift that has not changed."""

    def __init__(self, problem: Problem, orders: Orders) -> None:
        self.problem = problem
        self.orders = [tuple(order) for order in orders]
        served = {v.index for order in orders for v in order if v.kind is StopKind.JOB}
        left = [job for job in range(len(problem.jobs)) if job not in served]
        self.left = sorted(left, key=lambda job: -leave_price_ueur(problem, job))
        self.allowed = {job: allowed_shifts(problem, job) for job in left}
        self.gaps = {shift: _Gaps(problem, shift, order) for shift, order in enumerate(self.orders)}
        self.known: dict[tuple[int, int], Attempt | None] = {}

    def one_round(self, until: float) -> bool:
        """Try every job that is left once; tell whether any was added and time is left."""
        added = set()
        for job in self.left:
            if perf_counter() >= until:
                return False
            fits = [fit for shift in self.allowed[job] if (fit := self._cheapest(job, shift))]
            if fits:
                best = min(fits, key=lambda fit: (fit.extra_ueur, fit.shift, fit.position))
                self._add(best)
                added.add(job)
        self.left = [job for job in self.left if job not in added]
        return bool(added)

    def _add(self, fit: Attempt) -> None:
        self.orders[fit.shift] = fit.visits
        self.gaps[fit.shift] = _Gaps(self.problem, fit.shift, fit.visits)
        self.known = {key: value for key, value in self.known.items() if key[1] != fit.shift}

    def _cheapest(self, job: int, shift: int) -> Attempt | None:
        key = (job, shift)
        if key not in self.known:
            self.known[key] = self._tried(job, shift)
        return self.known[key]

    def _tried(self, job: int, shift: int) -> Attempt | None:
        """Return the cheapest way to add the job to this shift within every rule, if it pays."""
        order, below_ueur = self.orders[shift], leave_price_ueur(self.problem, job)
        open_gaps = self.gaps[shift].open_to(job)
        if not open_gaps:
            return None
        ways = [
            way
            for way in attempts_of_shift(self.problem, shift, order, job)
            if way.extra_ueur < below_ueur and way.position in open_gaps
        ]
        for way in sorted(ways, key=lambda way: (way.extra_ueur, way.position)):
            if not overload(self.problem, way)[0] and in_time(self.problem, way):
                return way
        return None


class _Gaps:
    """Between which visits of an order one more could lie in time, if nobody rested or set up.

    `leaves_s` is the earliest departure before each gap, `latest_s` the latest arrival at the
    place after it. A job that does not fit alone fits with no reload either, as long as a detour
    takes no less time than the direct way.
    """

    def __init__(self, problem: Problem, shift: int, order: Sequence[Visit]) -> None:
        self.problem = problem
        self.on = on = problem.shifts[shift]
        halts = [halt_of(problem, visit) for visit in order]
        self.places = [on.start_location, *(halt.location for halt in halts), on.end_location]
        plain = timetable(problem, replace(on, break_rule=None, max_span_s=None), order)
        self.leaves_s = [on.start_s, *(times.departure_s for times in plain.halts)]
        self.latest_s = [on.end_s]
        for halt, after in zip(reversed(halts), reversed(self.places[2:]), strict=True):
            travel_s = max(0, problem.travel_s(on, halt.location, after))
            left_s = self.latest_s[-1] - travel_s - halt.service_s
            self.latest_s.append(min(left_s, max(window.latest_s for window in halt.windows)))
        self.latest_s.reverse()

    def open_to(self, job: int) -> set[int]:
        """Return the positions at which the job keeps its own and all later windows."""
        halt = halt_of(self.problem, job_visit(job))
        opens_s = min(window.earliest_s for window in halt.windows)
        closes_s = max(window.latest_s for window in halt.windows)
        found = set()
        for position, (before, after) in enumerate(pairwise(self.places)):
            there_s = self.problem.travel_s(self.on, before, halt.location)
            on_s = self.problem.travel_s(self.on, halt.location, after)
            if there_s < 0 or on_s < 0:
                continue
            setup_s = halt.setup_s if before != halt.location else 0
            start_s = max(opens_s, self.leaves_s[position] + there_s + setup_s)
            late = start_s + halt.service_s + on_s > self.latest_s[position]
            if start_s <= closes_s and not late:
                found.add(position)
        return found
