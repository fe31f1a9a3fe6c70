"""A plan on the desk: jobs are put in, strings of jobs rebuilt, all within every rule.

The work is done by the compiled search (`kernel`); here a problem and some orders become its
state, and its state becomes orders again.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from dispatch.domain.plan import StopKind
from dispatch.planning.costs import leave_price_ueur
from dispatch.planning.fit import allowed, first_alike
from dispatch.planning.kernel.labels import (
    bench_for,
)
from dispatch.planning.kernel.offer import insert
from dispatch.planning.kernel.ruin import rounds, seed_random
from dispatch.planning.kernel.state import State, enter, keep_best, total, weigh, withdraw
from dispatch.planning.kernel.tables import numbers, tables_of, visit_of
from dispatch.planning.nearby import near_jobs
from dispatch.planning.repair import repaired_order
from dispatch.planning.reschedule import booked_by_others
from dispatch.planning.timing import enter_others

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from dispatch.planning.problem import Problem, Visit

    Orders = Sequence[Sequence[Visit]]
    Watch = Callable[[float, int, int], None]

NEVER = float("inf")
NEIGHBOURS = 60
"""Jobs that a job looks at; 40 and 100 came to the same costs."""
STEPS = 20
"""Steps between two looks at the clock."""
HOT, COLD = 3e-4, 1e-6
"""First and last temperature as shares of the cost of routes and optional jobs left."""
BOOKED_A_SHIFT, LEAST_BOOKED = 8, 64
"""Services at one place with a limit that are looked at together, for each shift of the problem;
so often nobody goes there, and one that was overlooked would be planned on top of another."""


class Desk:
    """Some orders as they are worked on; what breaks a rule must have been repaired before."""

    def __init__(self, problem: Problem, orders: Orders) -> None:
        self.problem = problem
        self.tables = tables_of(problem)
        self.state = _state(problem, orders)
        halts = self.state.routes.shape[1]
        visits = len(problem.jobs) + len(problem.facilities)
        limited = self.state.limited
        booked = max(LEAST_BOOKED, BOOKED_A_SHIFT * len(problem.shifts))
        booked += max((len(place.taken) for place in problem.facilities), default=0)
        self.bench = bench_for(halts, visits, booked if limited else 0)
        for number, place in enumerate(problem.facilities):
            if place.taken and limited:
                enter_others(self.bench, len(problem.jobs) + number, place.taken)
        for shift, order in enumerate(orders):
            if not weigh(self.tables, self.bench, self.state, shift) and limited:
                self._shorten(shift, tuple(order))
        self._accept()

    def fill(self, *, until: float = NEVER) -> None:
        """Add every job that is left and costs less than leaving it, dearest first.

        After this a job that is left is left because it does not fit or does not pay; only where
        the clock passes `until` (of `perf_counter`) first may some be left untried.
        """
        state, added = self.state, True
        while added:
            added = False
            left = np.flatnonzero(state.shift_of < 0)
            for job in left[np.argsort(-state.price[left], kind="stable")].tolist():
                if perf_counter() >= until:
                    break
                added |= insert(self.tables, self.bench, state, job, False)
        self._accept()

    def rebuild(
        self,
        *,
        seconds: float,
        seed: int = 0,
        steps: int | None = None,
        watch: Watch | None = None,
        hot: float = HOT,
    ) -> None:
        """Rebuild strings of jobs for so long, or for so many steps; keep the best plan found.

        `watch` is told of each better plan: seconds since the beginning, micro-euro, jobs left.
        """
        if not len(self.state.shift_of):
            return
        seed_random(seed)
        began = perf_counter()
        scale = self._scale_ueur()
        done, share = 0, 0.0
        while share < 1.0:
            temperature = scale * hot * (COLD / hot) ** share
            if rounds(self.tables, self.bench, self.state, STEPS, temperature) and watch:
                watch(perf_counter() - began, int(self.state.sums[1]), self._left_by_best())
            done += STEPS
            share = (perf_counter() - began) / max(seconds, 1e-9) if steps is None else done / steps
            if steps is not None and perf_counter() - began >= seconds:
                break
        self._go_back_to_best()

    @property
    def orders(self) -> tuple[tuple[Visit, ...], ...]:
        """The visits of every shift."""
        sizes = self.state.size.tolist()
        return tuple(
            tuple(visit_of(self.problem, v) for v in self.state.routes[shift, :size].tolist())
            for shift, size in enumerate(sizes)
        )

    @property
    def cost_ueur(self) -> int:
        """What the plan costs."""
        return int(self.state.sums[0])

    @property
    def left(self) -> int:
        """How many jobs are on no route."""
        return int((self.state.shift_of < 0).sum())

    def _left_by_best(self) -> int:
        state = self.state
        planned = np.arange(state.best_routes.shape[1]) < state.best_size[:, None]
        return self.tables.jobs - int((planned & (state.best_routes < self.tables.jobs)).sum())

    @property
    def services(self) -> dict[int, list[tuple[int, int, int]]]:
        """Facility, start and end of every service at a place with a limit, by shift."""
        jobs, state = self.tables.jobs, self.state
        return {
            shift: [
                (place - jobs, start_s, end_s)
                for place, start_s, end_s in state.serves[shift, :count].tolist()
            ]
            for shift, count in enumerate(state.served.tolist())
        }

    def _shorten(self, shift: int, order: tuple[Visit, ...]) -> None:
        """Take out of a route what its turns at shared places make late."""
        taken = booked_by_others(self.services, shift)
        kept = repaired_order(self.problem, shift, order, taken)
        state = self.state
        gone = [visit.index for visit in set(order) - set(kept) if visit.kind is StopKind.JOB]
        state.shift_of[gone] = -1
        state.routes[shift, : len(kept)] = numbers(self.problem, kept)
        state.size[shift] = len(kept)
        weigh(self.tables, self.bench, state, shift)

    def _accept(self) -> None:
        self.state.sums[0] = total(self.state)
        keep_best(self.state)

    def _scale_ueur(self) -> float:
        """Return the cost of the plan without the surcharges of required jobs."""
        state = self.state
        left = state.price[state.shift_of < 0]
        return float(state.cost.sum() + left[left < state.sums[2]].sum())

    def _go_back_to_best(self) -> None:
        """Make the best plan the present one, each route with the turns that it had."""
        state = self.state
        state.routes[:] = state.best_routes
        state.size[:] = state.best_size
        state.cost[:] = state.best_cost
        state.work[:] = state.best_work
        state.shift_of[:] = -1
        state.seen[:] = 0
        for shift in range(len(state.size)):
            withdraw(self.bench, state, shift)
        state.serves[:] = state.best_serves
        state.served[:] = state.best_served
        for shift in range(len(state.size)):
            enter(self.bench, state, shift)
        for shift, size in enumerate(state.size.tolist()):
            on = state.routes[shift, :size]
            state.shift_of[on[on < self.tables.jobs]] = shift
        state.sums[0] = total(state)


def _state(problem: Problem, orders: Orders) -> State:
    shifts, jobs = len(problem.shifts), len(problem.jobs)
    visits = sum(len(order) for order in orders)
    halts = max(8, min(2 * jobs, visits + jobs)) + 4
    able = allowed(problem)
    state = State(
        **_plan_arrays(shifts, jobs, halts, problem.dimensions),
        price=np.array([leave_price_ueur(problem, j) for j in range(jobs)], dtype=np.int64),
        allowed=able,
        alike=np.array(_alike(problem), dtype=np.int64),
        near=near_jobs(problem, able, NEIGHBOURS),
        foes=_foes(problem),
        uneven=np.array([problem.uneven_ueur_per_s], dtype=np.int64),
        limited=int(any(place.at_once is not None for place in problem.facilities)),
    )
    state.sums[2] = problem.required_extra_ueur
    for shift, order in enumerate(orders):
        state.routes[shift, : len(order)] = numbers(problem, order)
        state.size[shift] = len(order)
        served = [visit.index for visit in order if visit.kind is StopKind.JOB]
        state.shift_of[served] = shift
    return state


def _plan_arrays(
    shifts: int, jobs: int, halts: int, dimensions: int
) -> dict[str, NDArray[np.int64]]:
    def zeros(*shape: int) -> NDArray[np.int64]:
        return np.zeros(shape, dtype=np.int64)

    return {
        "routes": zeros(shifts, halts),
        "size": zeros(shifts),
        "cost": zeros(shifts),
        "work": zeros(shifts),
        "shift_of": zeros(jobs) - 1,
        "kept_routes": zeros(shifts, halts),
        "kept_size": zeros(shifts),
        "kept_cost": zeros(shifts),
        "kept_work": zeros(shifts),
        "touched": zeros(shifts),
        "best_routes": zeros(shifts, halts),
        "best_size": zeros(shifts),
        "best_cost": zeros(shifts),
        "best_work": zeros(shifts),
        "sums": zeros(3),
        "leaves_s": zeros(shifts, halts + 1),
        "latest_s": zeros(shifts, halts + 1),
        "held": zeros(shifts, halts + 1, dimensions),
        "trip": zeros(shifts, halts + 1, dimensions),
        "waits_s": zeros(shifts, halts + 2),
        "seen": zeros(shifts),
        "trial": zeros(halts + 3),
        "offers": zeros(shifts * halts, 2),
        "asked": zeros(shifts),
        "keys": zeros(jobs),
        "pool": zeros(jobs),
        "serves": zeros(shifts, halts, 3),
        "served": zeros(shifts),
        "kept_serves": zeros(shifts, halts, 3),
        "kept_served": zeros(shifts),
        "best_serves": zeros(shifts, halts, 3),
        "best_served": zeros(shifts),
    }


def _alike(problem: Problem) -> tuple[int, ...]:
    """Return the first shift that equals each; where shifts are named, each is its own."""
    named = problem.relations or any(
        job.shifts is not None or job.published >= 0 for job in problem.jobs
    )
    return tuple(range(len(problem.shifts))) if named else first_alike(problem.shifts)


def _foes(problem: Problem) -> NDArray[np.int64]:
    foes: list[list[int]] = [[] for _ in problem.jobs]
    for one, other in problem.conflicts:
        foes[one].append(other)
        foes[other].append(one)
    most = max((len(some) for some in foes), default=0) + 1
    return np.array([[*some, *[-1] * (most - len(some))] for some in foes], dtype=np.int64).reshape(
        len(foes), most
    )
