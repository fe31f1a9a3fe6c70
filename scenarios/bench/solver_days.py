"""Generated days planned by one engine alone and by `solve`, all judged by our checker's cost."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from dispatch.domain.plan import StopKind
from dispatch.planning import ortools_engine, pyvrp_engine
from dispatch.planning.check import check
from dispatch.planning.fill import with_jobs_that_pay
from dispatch.planning.repair import repaired
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solution import Budget
from dispatch.planning.solve import solve
from scenarios.bench.days import a_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Solution

EUR = 1_000_000
JOBS_PER_SHIFT = 12.5
FILL_S = 5.0
"""So long jobs that are left are tried after an engine alone, beyond its budget."""

Planner = Callable[["Problem", Budget], "Solution"]


class Row(NamedTuple):
    """One plan: whose, of what day, what it costs, how long it took and what it lacks."""

    planner: str
    jobs: int
    seed: int
    budget_s: float
    took_s: float
    cost_eur: float
    left: int
    required_left: int
    breaks: int
    violations: int


def ortools_alone(problem: Problem, budget: Budget) -> Solution:
    """Return the plan of OR-Tools for the whole budget, jobs that pay added afterwards."""
    return _mended(problem, ortools_engine.search(problem, budget=budget).orders)


def pyvrp_repaired(problem: Problem, budget: Budget) -> Solution:
    """Return the plan of PyVRP for the whole budget, breaks put in afterwards."""
    return _mended(problem, pyvrp_engine.search(problem, budget=budget))


def ours(problem: Problem, budget: Budget) -> Solution:
    """Return the plan of `solve`."""
    return solve(problem, budget=budget)


PLANNERS: dict[str, Planner] = {
    "OR-Tools alone": ortools_alone,
    "PyVRP, repaired": pyvrp_repaired,
    "solve": ours,
}


def run(
    *,
    sizes: Sequence[int],
    budgets_s: Sequence[float],
    seeds: Sequence[int],
    watch: Callable[[Row], None] | None = None,
) -> list[Row]:
    """Return one row per size, seed, budget and planner; `watch` sees each as it is done."""
    rows = []
    for jobs in sizes:
        for seed in seeds:
            problem = a_day(seed, jobs=jobs, shifts=max(2, round(jobs / JOBS_PER_SHIFT)))
            for budget_s in budgets_s:
                for planner in PLANNERS:
                    row = _row(planner, problem, seed, budget_s)
                    rows.append(row)
                    if watch is not None:
                        watch(row)
    return rows


def _row(planner: str, problem: Problem, seed: int, budget_s: float) -> Row:
    began = perf_counter()
    plan = PLANNERS[planner](problem, Budget(time_limit_s=budget_s, seed=seed))
    took_s = perf_counter() - began
    stops = [stop for route in plan.routes for stop in route.stops]
    required = [job for job in plan.unassigned if problem.jobs[job].required]
    extra_ueur = len(required) * problem.required_extra_ueur
    return Row(
        planner=planner,
        jobs=len(problem.jobs),
        seed=seed,
        budget_s=budget_s,
        took_s=took_s,
        cost_eur=(plan.cost_ueur - extra_ueur) / EUR,
        left=len(plan.unassigned),
        required_left=len(required),
        breaks=sum(stop.kind is StopKind.BREAK for stop in stops),
        violations=len(check(problem, plan)),
    )


def _mended(problem: Problem, orders: pyvrp_engine.Orders) -> Solution:
    kept = repaired(problem, orders)
    until = perf_counter() + FILL_S
    return reschedule(problem, with_jobs_that_pay(problem, kept, until=until))
