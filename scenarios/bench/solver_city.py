"""Bochum days: our `solve` beside OR-Tools' search, PyVRP's defaults and VROOM, judged alike."""

from __future__ import annotations

from functools import partial
from statistics import fmean
from time import perf_counter
from typing import TYPE_CHECKING, Any

from dispatch.planning import ortools_engine, pyvrp_engine
from dispatch.planning.check import check
from dispatch.planning.check_costs import own_costs
from dispatch.planning.costs import REQUIRED
from dispatch.planning.desk import Desk
from dispatch.planning.fit import usable
from dispatch.planning.model_nodes import nodes_of
from dispatch.planning.repair import repaired
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solution import Budget
from scenarios.bench import solver_pyvrp, solver_vroom
from scenarios.bench.bochum_days import Variant, bochum_day, shifts_of
from scenarios.bench.days import EUR
from scenarios.bench.solver_public import ORTOOLS, OURS, PYVRP, VROOM
from scenarios.bench.solver_runs import Row, Runs, watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from dispatch.planning.problem import Problem, Visit
    from dispatch.planning.solution import Solution

    Orders = Sequence[Sequence[Visit]]
    Answer = tuple[Solution, Sequence[tuple[float, float]]]

KEY = ("jobs", "variant", "planner", "seconds", "seed")
FILL_S = 5.0
"""So long a peer's jobs that are left are tried, beyond its budget."""
BELOW_PCT = 5.0
"""Goal of the project: at least so much cheaper than OR-Tools and than PyVRP repaired."""
BREAKS_PCT = 5.0
"""Goal of the project: breaks by law cost less than this over the same day without them."""
BUDGET_SHARE, BUDGET_S = 0.1, 1.0
"""Goal of the project: the budget is kept within a tenth and a second."""
PLANNERS_OF = {
    Variant.FULL: (OURS, ORTOOLS, PYVRP),
    Variant.NO_BREAKS: (OURS,),
    Variant.SINGLE_TRIP: (OURS, VROOM),
}


def run(
    sizes: Sequence[int],
    *,
    seconds: Sequence[float],
    seeds: int,
    out: Path,
    told: Callable[[str], None],
) -> list[Row]:
    """Return a row per size, variant, planner, budget and seed; those in `out` are kept."""
    return Runs(out / "days.jsonl", KEY).complete(_tasks(sizes, seconds, seeds), told)


def _tasks(
    sizes: Sequence[int], seconds: Sequence[float], seeds: int
) -> Iterator[tuple[Row, Callable[[], Row]]]:
    for jobs in sizes:
        for limit in seconds:
            for seed in range(1, seeds + 1):
                for variant, planners in PLANNERS_OF.items():
                    for planner in planners:
                        if planner == VROOM and not solver_vroom.installed():
                            continue
                        named: Row = {
                            "jobs": jobs,
                            "variant": str(variant),
                            "planner": planner,
                            "seconds": limit,
                            "seed": seed,
                        }
                        yield named, partial(row_of, jobs, variant, planner, limit, seed)


def row_of(jobs: int, variant: Variant, planner: str, seconds: float, seed: int) -> Row:
    """Return what one planner makes of one day; cost in EUR without the required surcharge."""
    problem = bochum_day(seed, jobs=jobs, variant=variant)
    began = perf_counter()
    plan, trace = PLANNERS[planner](problem, seconds, seed)
    took_s = perf_counter() - began
    costs = own_costs(problem, plan)
    must = sum(problem.jobs[job].required for job in plan.unassigned)
    return {
        "shifts": shifts_of(jobs),
        "cost_eur": (sum(costs.values()) - costs[REQUIRED]) / EUR,
        "left": len(plan.unassigned),
        "required_left": must,
        "violations": sorted({violation.code for violation in check(problem, plan)}),
        "took_s": round(took_s, 2),
        "first_s": round(trace[0][0], 3) if trace else None,
        "trace": [(round(at_s, 3), round(ueur / EUR, 2)) for at_s, ueur in trace],
    }


def _ours(problem: Problem, seconds: float, seed: int) -> Answer:
    return watched(problem, Budget(time_limit_s=seconds, seed=seed))


def _ortools(problem: Problem, seconds: float, seed: int) -> Answer:
    budget = Budget(time_limit_s=seconds, seed=seed)
    return _mended(problem, ortools_engine.search(problem, budget=budget).orders), []


def _pyvrp(problem: Problem, seconds: float, seed: int) -> Answer:
    """Return PyVRP's plan of the day without breaks, with its own settings; then breaks put in.

    What PyVRP is asked is our own question to it; how it searches is its makers' choice.
    """
    shifts = usable(problem)
    nodes = list(dict.fromkeys(nodes_of(problem, shifts, seed=0, start=None)))
    model = pyvrp_engine._Model(problem, shifts, nodes)
    best, _ = solver_pyvrp.defaults(model.data, seconds=seconds, seed=seed)
    return _mended(problem, model._orders(best)), []


def _vroom(problem: Problem, seconds: float, seed: int) -> Answer:  # noqa: ARG001
    return _mended(problem, solver_vroom.search(problem, seconds=seconds)), []


def _mended(problem: Problem, orders: Orders) -> Solution:
    """Return a peer's plan within all rules, its breaks and turns put in, with jobs that pay."""
    desk = Desk(problem, repaired(problem, orders))
    desk.fill(until=perf_counter() + FILL_S)
    return reschedule(problem, desk.orders, desk.services)


PLANNERS: dict[str, Callable[[Problem, float, int], Answer]] = {
    OURS: _ours,
    ORTOOLS: _ortools,
    PYVRP: _pyvrp,
    VROOM: _vroom,
}


def summary(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return a line per size and budget: mean costs, how far below each peer, breaks' price."""
    groups: dict[tuple[int, float], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["jobs"], row["seconds"]), []).append(row)
    return [_line(jobs, seconds, group) for (jobs, seconds), group in groups.items()]


def _line(jobs: int, seconds: float, rows: Sequence[Row]) -> dict[str, Any]:
    def mean(planner: str, variant: Variant) -> float | None:
        costs = [
            row["cost_eur"]
            for row in rows
            if row["planner"] == planner and row["variant"] == variant
        ]
        return fmean(costs) if costs else None

    ours = mean(OURS, Variant.FULL)
    mine = [row for row in rows if row["planner"] == OURS]
    over = max((row["took_s"] - seconds for row in mine), default=0.0)
    return {
        "jobs": jobs,
        "seconds": seconds,
        "cost_eur": ours,
        "below_ortools_pct": _below(ours, mean(ORTOOLS, Variant.FULL)),
        "below_pyvrp_pct": _below(ours, mean(PYVRP, Variant.FULL)),
        "below_vroom_pct": _below(
            mean(OURS, Variant.SINGLE_TRIP), mean(VROOM, Variant.SINGLE_TRIP)
        ),
        "breaks_pct": _over(ours, mean(OURS, Variant.NO_BREAKS)),
        "required_left": {
            planner: sum(row["required_left"] for row in rows if row["planner"] == planner)
            for planner in PLANNERS
        },
        "broken": sorted({code for row in mine for code in row["violations"]}),
        "over_s": over,
        "in_budget": over <= BUDGET_SHARE * seconds + BUDGET_S,
    }


def _below(ours: float | None, theirs: float | None) -> float | None:
    return None if ours is None or not theirs else 100 * (1 - ours / theirs)


def _over(ours: float | None, without: float | None) -> float | None:
    return None if ours is None or not without else 100 * (ours / without - 1)
