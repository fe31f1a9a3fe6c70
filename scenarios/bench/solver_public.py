"""Public instances: our `solve` beside PyVRP, VROOM and OR-Tools' own search, in one run."""

from __future__ import annotations

from functools import partial
from statistics import fmean
from time import perf_counter
from typing import TYPE_CHECKING, Any

from dispatch.planning import ortools_engine
from dispatch.planning.check import check
from dispatch.planning.formats.objective import verdict_on
from dispatch.planning.formats.recognise import instance_of
from dispatch.planning.formats.reference import cost_in_table
from dispatch.planning.formats.sol import sol_of
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solution import Budget
from scenarios.bench import solver_pyvrp, solver_vroom
from scenarios.bench.solver_runs import Row, Runs, watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from dispatch.planning.formats.instance import Instance
    from dispatch.planning.problem import Visit
    from dispatch.planning.solution import Solution

    Orders = Sequence[Sequence[Visit]]
    Answer = tuple[Orders, solver_pyvrp.Trace]

CLASSES = (
    *("Solomon", "Homberger", "VRPTW", "PCVRPTW", "MTVRPTWR"),
    *("MDVRPTW", "SDVRPTW", "HFVRP", "CVRP"),
)
TABLE = "dimacs_vrptw_ref.txt"
KEY = ("folder", "name", "planner", "seconds", "seed")
OURS, PYVRP, VROOM, ORTOOLS = "solve", "PyVRP", "VROOM", "OR-Tools"

MARKS: dict[str, dict[float, float]] = {
    "up to 250": {10: 0.6, 30: 0.3},
    "several trips": {10: 2.5, 30: 1.5, 60: 1.0},
    "up to 500": {10: 1.8, 30: 1.0, 60: 0.7},
    "beyond 500": {10: 5.0, 30: 2.2, 60: 1.2},
}
"""Goals of the project: gap to the best known cost in percent, by size and seconds."""
FIRST_S = {"up to 250": 0.3, "several trips": 0.5, "up to 500": 1.0, "beyond 500": 3.0}
"""Goals of the project: seconds to the first plan within all rules."""
PEER_POINTS = 0.1
"""So many points may our gap be above PyVRP's in the same run: two runs are never alike."""


def mark_of(kind: str, jobs: int) -> str:
    """Return which line of the goals an instance falls under."""
    if kind == "MTVRPTWR" and jobs <= 250:
        return "several trips"
    if jobs <= 250:
        return "up to 250"
    return "up to 500" if jobs <= 500 else "beyond 500"


def files_of(shared: Path, classes: Sequence[str], per_class: int | None) -> list[Path]:
    """Return the instances of the classes, at most so many of each, by name."""
    found = []
    for name in classes:
        folder = shared / "vrp" / name
        files = sorted(f for f in folder.glob("*") if f.suffix in (".vrp", ".txt"))
        found += files[:per_class]
    return found


def instance_at(file: Path) -> Instance:
    """Return an instance and the best known cost, from the `.sol` beside it or the table."""
    instance = instance_of(file.read_bytes(), file.stem)
    beside, table = file.with_suffix(".sol"), file.parent.parent / TABLE
    cost = None
    if beside.is_file():
        cost = sol_of(beside.read_text(encoding="utf-8")).cost
    elif table.is_file():
        cost = cost_in_table(table.read_text(encoding="utf-8"), file.stem)
    return instance if cost is None else instance.with_reference(cost)


def run(
    files: Sequence[Path],
    *,
    seconds: Sequence[float],
    seeds: int,
    out: Path,
    told: Callable[[str], None],
) -> list[Row]:
    """Return a row per instance, planner, budget and seed; rows in `out` are not run again."""
    return Runs(out / "public.jsonl", KEY).complete(_tasks(files, seconds, seeds), told)


def _tasks(
    files: Sequence[Path], seconds: Sequence[float], seeds: int
) -> Iterator[tuple[Row, Callable[[], Row]]]:
    for file in files:
        instance = instance_at(file)
        planners = [OURS, PYVRP, ORTOOLS]
        required = all(job.required for job in instance.problem.jobs)
        if solver_vroom.installed() and required and solver_vroom.expressible(instance.problem):
            planners.append(VROOM)
        for limit in seconds:
            for planner in planners:
                # Neither VROOM nor OR-Tools' guided local search has a seed.
                for seed in range(1, (seeds if planner in (OURS, PYVRP) else 1) + 1):
                    named: Row = {
                        "folder": file.parent.name,
                        "name": file.stem,
                        "planner": planner,
                        "seconds": limit,
                        "seed": seed,
                    }
                    yield named, partial(row_of, file, planner, limit, seed)


def row_of(file: Path, planner: str, seconds: float, seed: int) -> Row:
    """Return what one planner makes of one instance, judged from the file's text alone."""
    instance = instance_at(file)
    began = perf_counter()
    orders, trace = PLANNERS[planner](file, instance, seconds, seed)
    took_s = perf_counter() - began
    solution = reschedule(instance.problem, orders)
    cost = _judged(file, instance, solution)
    must = [job for job in solution.unassigned if instance.problem.jobs[job].required]
    broken = check(instance.problem, solution)
    whole = not must and not broken
    return {
        "kind": instance.kind,
        "jobs": len(instance.problem.jobs),
        "mark": mark_of(instance.kind, len(instance.problem.jobs)),
        "cost": cost,
        "gap_pct": 100 * (cost / instance.reference - 1) if whole and instance.reference else None,
        "unserved": len(must),
        "violations": sorted({violation.code for violation in broken}),
        "took_s": round(took_s, 2),
        "first_s": round(trace[0][0], 3) if trace else None,
        "trace": gaps_over_time(trace, cost, instance.reference),
    }


def _judged(file: Path, instance: Instance, solution: Solution) -> float:
    """Return the cost of the plan by a sum that shares no line with ours."""
    if not any(solution.orders):  # a `.sol` without routes is none
        return instance.objective(solution)
    text = instance.writers[".sol"](solution)
    return verdict_on(file.read_text(encoding="utf-8-sig"), sol_of(text)).cost


def gaps_over_time(
    trace: solver_pyvrp.Trace, cost: float, reference: float | None
) -> list[tuple[float, float]]:
    """Return seconds and gap in percent; the last cost of the trace is `cost`, in its unit."""
    if not trace or not reference or not trace[-1][1]:
        return []
    factor = cost / trace[-1][1]
    return [(round(s, 3), round(100 * (c * factor / reference - 1), 4)) for s, c in trace]


def _ours(file: Path, instance: Instance, seconds: float, seed: int) -> Answer:  # noqa: ARG001
    budget = Budget(time_limit_s=seconds, seed=seed)
    solution, progress = watched(instance.problem, budget)
    return solution.orders, [(at_s, float(cost)) for at_s, cost in progress]


def _pyvrp(file: Path, instance: Instance, seconds: float, seed: int) -> Answer:
    data = solver_pyvrp.data_of(file, instance.kind)
    best, trace = solver_pyvrp.defaults(data, seconds=seconds, seed=seed)
    return solver_pyvrp.orders_of(instance, data, best), trace


def _vroom(file: Path, instance: Instance, seconds: float, seed: int) -> Answer:  # noqa: ARG001
    return solver_vroom.search(instance.problem, seconds=seconds), []


def _ortools(file: Path, instance: Instance, seconds: float, seed: int) -> Answer:  # noqa: ARG001
    budget = Budget(time_limit_s=seconds, seed=seed)
    return ortools_engine.search(instance.problem, budget=budget).orders, []


PLANNERS: dict[str, Callable[[Path, Instance, float, int], Answer]] = {
    OURS: _ours,
    PYVRP: _pyvrp,
    VROOM: _vroom,
    ORTOOLS: _ortools,
}


def summary(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return a line per class, size and budget: mean gap and first plan of each, and the marks."""
    groups: dict[tuple[str, str, float], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["folder"], row["mark"], row["seconds"]), []).append(row)
    return [_line(key, group) for key, group in groups.items()]


def _line(key: tuple[str, str, float], rows: Sequence[Row]) -> dict[str, Any]:
    folder, mark, seconds = key
    gaps = {planner: _mean_gap(rows, planner) for planner in PLANNERS}
    mine = [row for row in rows if row["planner"] == OURS]
    firsts = [row["first_s"] for row in mine if row["first_s"] is not None]
    goal = MARKS[mark].get(seconds)
    ours, peer = gaps[OURS], gaps[PYVRP]
    return {
        "folder": folder,
        "mark": mark,
        "seconds": seconds,
        "instances": len({row["name"] for row in rows}),
        "gaps": gaps,
        "unserved": {
            planner: sum(row["unserved"] for row in rows if row["planner"] == planner)
            for planner in PLANNERS
        },
        "goal": goal,
        "goal_reached": None if goal is None else ours is not None and ours <= goal,
        "peer_reached": ours is not None and (peer is None or ours <= peer + PEER_POINTS),
        "first_s": fmean(firsts) if firsts else None,
        "first_goal_s": FIRST_S[mark],
        "broken": sorted({code for row in mine for code in row["violations"]}),
    }


def _mean_gap(rows: Sequence[Row], planner: str) -> float | None:
    """Return the mean gap; None unless every plan serves all jobs within all rules."""
    gaps = [row["gap_pct"] for row in rows if row["planner"] == planner]
    return fmean(gaps) if gaps and None not in gaps else None
