"""A year of random days with every rule: plan each and judge the plan without trusting the solver.

A day is fit if the checker is silent, the cost sheet is the checker's own sum, no required job is
left that would fit if one optional job made room, the budget is kept, and (on days that are asked
twice) the same seed gives the same plan.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.check import check
from dispatch.planning.check_costs import own_costs
from dispatch.planning.insertion import cheapest_fit
from dispatch.planning.problem import Order
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solution import Budget
from dispatch.planning.solve import solve
from scenarios.bench.random_rules import RULES, random_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from dispatch.planning.problem import Problem, Visit
    from dispatch.planning.solution import Solution
    from scenarios.bench.random_rules import RandomDay

    Orders = Sequence[tuple[Visit, ...]]

OVER_SHARE, OVER_S = 0.1, 1.0
"""What a solve may take beyond its budget: a tenth and a second."""
TWICE_EVERY = 8
"""Every eighth day is planned twice more, counted in solutions, to see the same plan twice."""
SOLUTIONS = 10
RELATIONS = ("any", "sequence", "strict", "from_start")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one day: rules that were on, faults found, seconds taken."""

    seed: int
    rules: tuple[str, ...]
    faults: tuple[str, ...]
    took_s: float
    twice: bool
    jobs: int
    left: int
    required_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """One rule of the table: on how many days it was on, and on how many of them a fault."""

    rule: str
    days: int
    bad: int


def run(
    seeds: Iterable[int], *, seconds: float, told: Callable[[str], None] = print
) -> list[Outcome]:
    """Return the outcome of every day; the first solve of all only wakes the compiled code."""
    solve(random_day(0).problem, budget=Budget(time_limit_s=0.1))
    outcomes = []
    for seed in seeds:
        outcomes.append(outcome(random_day(seed), seconds=seconds, twice=seed % TWICE_EVERY == 0))
        bad = sum(bool(one.faults) for one in outcomes)
        told(f"day {len(outcomes)}, {bad} with faults")
    return outcomes


def outcome(day: RandomDay, *, seconds: float, twice: bool = False) -> Outcome:
    """Return what came of a day planned within that budget."""
    began = perf_counter()
    plan = solve(day.problem, budget=Budget(time_limit_s=seconds, seed=day.seed))
    took_s = perf_counter() - began
    faults = list(faults_of(day.problem, plan))
    if took_s > allowed_s(seconds):
        faults.append("budget")
    if twice and not same_plan_twice(day):
        faults.append("not the same plan twice")
    return Outcome(
        seed=day.seed,
        rules=day.rules,
        faults=tuple(faults),
        took_s=took_s,
        twice=twice,
        jobs=len(day.problem.jobs),
        left=len(plan.unassigned),
        required_left=sum(day.problem.jobs[job].required for job in plan.unassigned),
    )


def allowed_s(seconds: float) -> float:
    """Return how long a solve with that budget may take."""
    return seconds * (1 + OVER_SHARE) + OVER_S


def faults_of(problem: Problem, plan: Solution) -> Iterator[str]:
    """Yield what is wrong with a plan: V-codes with their subjects, money, required jobs."""
    for violation in check(problem, plan):
        yield f"{violation.code} {violation.subject}"
    lines = {line.code: line.amount_ueur for line in plan.cost_lines}
    if lines != own_costs(problem, plan):
        yield "cost lines"
    if reschedule(problem, plan.orders) != plan:
        yield "other times when timed again"
    for job in plan.unassigned:
        if problem.jobs[job].required and _has_room_for(problem, plan, job):
            yield f"required job {job} gave way to optional ones"


def same_plan_twice(day: RandomDay) -> bool:
    """Tell whether the same seed and number of solutions give the same plan."""
    budget = Budget(time_limit_s=60, solution_limit=SOLUTIONS, seed=day.seed)
    return solve(day.problem, budget=budget) == solve(day.problem, budget=budget)


def summary(outcomes: Sequence[Outcome]) -> list[RuleLine]:
    """Return one line per rule, and one for all days."""
    days = Counter(rule for one in outcomes for rule in one.rules)
    bad = Counter(rule for one in outcomes if one.faults for rule in one.rules)
    lines = [RuleLine(rule=rule, days=days[rule], bad=bad[rule]) for rule in (*RULES, *RELATIONS)]
    every = RuleLine(
        rule="all days", days=len(outcomes), bad=sum(bool(one.faults) for one in outcomes)
    )
    return [*lines, every]


def worst_over_s(outcomes: Sequence[Outcome], seconds: float) -> float:
    """Return by how much the slowest day went over its budget; negative if it did not."""
    return max((one.took_s - seconds for one in outcomes), default=0.0)


def _has_room_for(problem: Problem, plan: Solution, job: int) -> bool:
    """Tell whether a required job that is left fits now, or with one free optional job less."""
    firm = {
        visit for bond in problem.relations if bond.order is not Order.ANY for visit in bond.visits
    }
    ways = [plan.orders]
    for shift, order in enumerate(plan.orders):
        for position, visit in enumerate(order):
            optional = visit.kind is StopKind.JOB and not problem.jobs[visit.index].required
            if optional and visit not in firm:
                shorter = (*order[:position], *order[position + 1 :])
                ways.append((*plan.orders[:shift], shorter, *plan.orders[shift + 1 :]))
    return any(_fits(problem, orders, job) for orders in ways)


def _fits(problem: Problem, orders: Orders, job: int) -> bool:
    """Tell whether the job can be put into one of the orders so that the checker is silent."""
    found = cheapest_fit(problem, orders, job, below_ueur=problem.required_extra_ueur)
    if found is None:
        return False
    with_job = (*orders[: found.shift], found.visits, *orders[found.shift + 1 :])
    return not check(problem, reschedule(problem, with_job))
