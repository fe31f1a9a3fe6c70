"""A budget shared among the searches: who searches how long, and what they hand each other."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from dispatch.planning import ortools_engine, plain, pyvrp_engine
from dispatch.planning.desk import NEVER, Desk
from dispatch.planning.repair import repaired

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.planning.problem import Problem, Visit
    from dispatch.planning.solution import Budget

    Orders = tuple[tuple[Visit, ...], ...]
    Watch = Callable[[float, int, int | None], None]

FAST_SHARE, FAST_SHARE_PLAIN = 0.45, 0.9
"""PyVRP's part: most of the time where it knows every rule of the problem."""
SWIFT_SHARE, SWIFT_SHARE_LARGE, LARGE = 0.5, 0.2, 500
"""PyVRP's part where strings are rebuilt swiftly (`plain`): up to so many jobs, and beyond."""
EXACT_SHARE = 0.08
"""OR-Tools' part, at the end."""
FIRST_SHARE = 0.03
"""The first plan's part: jobs are put in dearest first, so that there is a plan at once."""
CLOSE_SHARE = 0.02
"""Kept for putting the answer together."""
LEAST_EXACT_S = 0.2
"""Below this the exact search would not get beyond its start."""
EXACT_SETUP_S = 1e-4
"""What the exact search needs per job and shift before it begins, and as long again to gain."""
STEPS_PER_SOLUTION = 50
"""Steps of rebuilding that count as one solution where solutions are counted, not seconds."""


def improved(
    problem: Problem, *, budget: Budget, start: Orders | None = None, watch: Watch | None = None
) -> Desk:
    """Return the cheapest plan found, within every rule.

    PyVRP finds good orders without the rules it does not know; what breaks a rule is taken out
    and put in elsewhere; strings of jobs are rebuilt under all rules; OR-Tools goes on from there.
    `watch` is told of every better plan: seconds, micro-euro, and jobs left where it is known.
    """
    clock = _Clock(budget, watch)
    desk = None if start is None else clock.best(None, _desk(problem, start, clock))
    easy = knows_all_rules(problem)
    swift = easy and plain.suits(problem)
    first = clock.best(desk, _first(problem, clock)) if desk is None and not easy else desk
    found = pyvrp_engine.search(
        problem,
        budget=clock.part(_fast_share(problem, easy=easy, swift=swift)),
        start=desk.orders if desk else None,
        watch=clock.costs_from_now() if easy else None,
    )
    desk = clock.best(first, _desk(problem, found, clock))
    if swift:
        return _rebuilt_swiftly(problem, desk, clock)
    exact_s = _exact_s(problem, budget)
    rebuild = clock.part(1 - CLOSE_SHARE, less_s=exact_s)
    limit = budget.solution_limit
    desk.rebuild(
        seconds=rebuild.time_limit_s if limit is None else NEVER,
        seed=budget.seed,
        steps=None if limit is None else limit * STEPS_PER_SOLUTION,
        watch=clock.watch_from_now(),
    )
    desk.fill(until=clock.until)
    if exact_s and (exact := clock.part(1 - CLOSE_SHARE)).time_limit_s >= LEAST_EXACT_S:
        answer = ortools_engine.search(problem, budget=exact, start=desk.orders).orders
        desk = clock.best(desk, _desk(problem, answer, clock))
    return desk


def searches_of(problem: Problem, budget: Budget) -> str:
    """Return which searches `improved` puts to work on the problem, in their order."""
    if knows_all_rules(problem) and plain.suits(problem):
        return "PyVRP, strings rebuilt swiftly"
    exact = ("OR-Tools",) if _exact_s(problem, budget) else ()
    return ", ".join(("PyVRP", "strings rebuilt", *exact))


def _fast_share(problem: Problem, *, easy: bool, swift: bool) -> float:
    if swift:
        return SWIFT_SHARE if len(problem.jobs) <= LARGE else SWIFT_SHARE_LARGE
    return FAST_SHARE_PLAIN if easy else FAST_SHARE


def _rebuilt_swiftly(problem: Problem, desk: Desk, clock: _Clock) -> Desk:
    """Return the plan rebuilt by the search for plain problems."""
    limit = clock.budget.solution_limit
    orders = plain.rebuilt(
        problem,
        desk.orders,
        seconds=clock.part(1 - CLOSE_SHARE).time_limit_s if limit is None else NEVER,
        seed=clock.budget.seed,
        steps=None if limit is None else limit * STEPS_PER_SOLUTION,
        watch=clock.costs_from_now(),
    )
    return clock.best(desk, _desk(problem, orders, clock))


def knows_all_rules(problem: Problem) -> bool:
    """Tell whether PyVRP knows all rules of this problem, so that its plans are plans."""
    easy_shifts = all(
        shift.break_rule is None
        and not shift.periods
        and shift.underway is None
        and {shift.max_stops, shift.max_drive_s, shift.max_distance_m, shift.range_m} == {None}
        and not shift.overtime_ueur_per_s
        for shift in problem.shifts
    )
    easy_jobs = not any(job.late_ueur_per_s or job.move_ueur for job in problem.jobs)
    easy_places = all(place.at_once is None for place in problem.facilities)
    bound = problem.relations or problem.conflicts or problem.uneven_ueur_per_s
    return easy_shifts and easy_jobs and easy_places and not bound


class _Clock:
    """The budget's time as it passes, and who is told of better plans."""

    def __init__(self, budget: Budget, watch: Watch | None) -> None:
        self.budget = budget
        self.watch = watch
        self.began = perf_counter()

    def part(self, share: float, *, less_s: float = 0) -> Budget:
        """Return what is left until that share of the whole time, less some, has passed."""
        passed_s = perf_counter() - self.began
        until_s = self.budget.time_limit_s * share - less_s
        return replace(self.budget, time_limit_s=max(0.0, until_s - passed_s))

    @property
    def until(self) -> float:
        """When jobs that are left are tried no more; never, where solutions are counted."""
        if self.budget.solution_limit is not None:
            return NEVER
        return max(self.began + self.budget.time_limit_s, perf_counter() + 0.1)

    def watch_from_now(self) -> Watch | None:
        """Return a watch that adds what has passed until now."""
        watch, offset_s = self.watch, perf_counter() - self.began
        if watch is None:
            return None
        return lambda seconds, ueur, left: watch(seconds + offset_s, ueur, left)

    def costs_from_now(self) -> Callable[[float, int], None] | None:
        """Return the same for a search that does not tell how many jobs are left."""
        watch = self.watch_from_now()
        return None if watch is None else lambda seconds, ueur: watch(seconds, ueur, None)

    def best(self, known: Desk | None, desk: Desk) -> Desk:
        """Return the cheaper plan, and tell of it if it is the new one."""
        if known is not None and known.cost_ueur <= desk.cost_ueur:
            return known
        if self.watch is not None:
            self.watch(perf_counter() - self.began, desk.cost_ueur, desk.left)
        return desk


def _desk(problem: Problem, orders: Orders, clock: _Clock) -> Desk:
    """Return the orders made lawful, with every job that pays."""
    desk = Desk(problem, repaired(problem, orders))
    desk.fill(until=clock.until)
    return desk


def _first(problem: Problem, clock: _Clock) -> Desk:
    """Return a plan with what could be put in quickly; nothing is told to PyVRP of it."""
    desk = Desk(problem, repaired(problem, [()] * len(problem.shifts)))
    counted = clock.budget.solution_limit is not None
    desk.fill(until=NEVER if counted else perf_counter() + clock.part(FIRST_SHARE).time_limit_s)
    return desk


def _exact_s(problem: Problem, budget: Budget) -> float:
    """Return OR-Tools' seconds; none where they would go into building its model."""
    if knows_all_rules(problem):
        return 0.0
    setup_s = EXACT_SETUP_S * len(problem.jobs) * len(problem.shifts)
    seconds = budget.time_limit_s * EXACT_SHARE
    return seconds if budget.solution_limit is not None or seconds > 2 * setup_s else 0.0
