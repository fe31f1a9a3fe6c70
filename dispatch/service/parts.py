"""One large problem, searched in parts by several processes at a time.

All parts together are searched as long as the budget says; in between and at the end the whole is
put together and rebuilt across the borders by one process.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from dispatch.domain.errors import InvalidInput
from dispatch.planning.check import check
from dispatch.planning.replan import Scope, replan
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solve import solve
from dispatch.planning.split import joined, parts_of
from dispatch.planning.validate import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dispatch.planning.problem import Problem, Visit
    from dispatch.planning.solution import Budget, Solution
    from dispatch.planning.split import Part

    Orders = Sequence[Sequence[Visit]]
    Together = Callable[[list[Callable[[], Solution]]], list[Solution]]

SPLIT_FROM = 800
"""Jobs from which a problem is cut; below, searches of the whole with other seeds win."""
LEAST_PART = 200
"""Jobs of a part on average at least; smaller ones have too few routes to exchange."""
FIRST_SHARE = 0.05
"""The part of the time for the first plan, by which the problem is cut."""
TURNS = ((0.6, 0.65), (0.9, 0.98))
"""When, as shares of the budget, the parts of each turn end, and the whole after them (with one
turn only, a day of 1200 jobs was 2.6 % dearer; more in the README of planning)."""


def is_large(problem: Problem, *, cores: int) -> bool:
    """Tell whether cutting the problem into as many parts as there are cores pays."""
    return cores > 1 and len(problem.jobs) > SPLIT_FROM


def search_in_parts(
    problem: Problem,
    *,
    budget: Budget,
    cores: int,
    together: Together,
    start: Solution | None = None,
    watch: Callable[[float, int, int | None], None] | None = None,
) -> tuple[Solution, list[tuple[float, int]]]:
    """Return the cheapest plan of the whole, and seconds and micro-euro of each better one.

    `together` runs tasks in processes, as many at a time as there are cores. A `start` that keeps
    all rules is never made dearer. `watch` is told of each better plan when there is one. Raises
    InvalidInput with every fault of the problem (P-codes).
    """
    if issues := validate(problem):
        raise InvalidInput(*issues)
    clock = _Clock(budget)
    nothing: Orders = [()] * len(problem.shifts)
    plan = start or together([_whole(problem, nothing, clock.until(FIRST_SHARE))])[0]
    told: list[tuple[float, int]] = []

    def tell(better: Solution) -> None:
        told.append((clock.passed_s, better.cost_ueur))
        if watch is not None:
            watch(*told[-1], len(better.unassigned))

    tell(plan)
    cold = start is None
    for turn, (parts_end, whole_end) in enumerate(TURNS):
        cut = parts_of(problem, plan.orders, count=_count(problem, cores), turn=turn)
        part_s = clock.until(parts_end)
        answers = together([_search(part, part_s, cold=cold and turn == 0) for part in cut])
        orders = joined(plan.orders, cut, [answer.orders for answer in answers])
        found = together([_whole(problem, orders, clock.until(whole_end))])[0]
        if _rank(problem, found) < _rank(problem, plan):
            plan = found
            tell(plan)
    return plan, told


class _Clock:
    """The budget's time as it passes."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.began = perf_counter()

    @property
    def passed_s(self) -> float:
        return perf_counter() - self.began

    def until(self, share: float) -> Budget:
        """Return what is left until that share of the whole time has passed."""
        left_s = self.budget.time_limit_s * share - self.passed_s
        return replace(self.budget, time_limit_s=max(0.0, left_s))


def _rank(problem: Problem, plan: Solution) -> tuple[int, int]:
    """Return broken rules and cost: a start that breaks some may be cheaper than any sound plan."""
    return len(check(problem, plan)), plan.cost_ueur


def _count(problem: Problem, cores: int) -> int:
    return max(2, min(cores, len(problem.jobs) // LEAST_PART))


def _search(part: Part, budget: Budget, *, cold: bool) -> Callable[[], Solution]:
    start = None if cold else reschedule(part.problem, part.orders)
    return partial(solve, part.problem, budget=budget, start=start)


def _whole(problem: Problem, orders: Orders, budget: Budget) -> Callable[[], Solution]:
    return partial(replan, problem, orders, scope=Scope.EVERYTHING, budget=budget)
