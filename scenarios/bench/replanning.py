"""The running day, timed: an emergency in each scope, an ill crew, one route rescheduled."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import NamedTuple

from dispatch.planning.check import check
from dispatch.planning.costs import required_extra_ueur
from dispatch.planning.desk import Desk
from dispatch.planning.problem import Problem, Window, job_visit
from dispatch.planning.replan import Scope, replan
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solution import Budget, Solution
from dispatch.planning.underway import Cut, called_off, underway_problem
from scenarios.bench.days import EUR, HORIZON_S, POND, a_day

NOW_S = 9 * 3600
"""The moment of the emergency: all shifts are out, most work lies ahead."""
START_S, REPLAN_S = 10.0, 1.5
GOAL_S, RESCHEDULE_GOAL_S = 2.0, 0.02
STOPS = 60


class Row(NamedTuple):
    """One measured case: seconds from the message to the plan, and what became of the plan."""

    what: str
    seconds: float
    goal_s: float
    remark: str


def run(*, jobs: int = 500, shifts: int = 36, seed: int = 1) -> list[Row]:
    """Return what an emergency at nine takes in each scope, an ill crew, and a reschedule."""
    day = a_day(seed, jobs=jobs + 1, shifts=shifts)
    day = replace(day, jobs=(*day.jobs[:-1], replace(day.jobs[-1], skills=frozenset({POND}))))
    plan = _planned(replace(day, jobs=day.jobs[:-1]), seed)
    urgent = _with_emergency(day)
    rows = [_emergency(urgent, plan, scope, seed) for scope in Scope]
    return [*rows, _ill_crew(urgent, plan, seed), _reschedule(seed)]


def _planned(problem: Problem, seed: int) -> Solution:
    desk = Desk(problem, [() for _ in problem.shifts])
    desk.fill()
    desk.rebuild(seconds=START_S, seed=seed)
    return reschedule(problem, desk.orders)


def _with_emergency(day: Problem) -> Problem:
    """Return the day with its last job as an emergency: due at once, five euros per minute late."""
    window = Window(earliest_s=NOW_S, latest_s=HORIZON_S)
    urgent = replace(
        day.jobs[-1],
        windows=(window,),
        required=True,
        due_s=NOW_S + 1800,
        late_ueur_per_s=5 * EUR // 60,
    )
    jobs = (*day.jobs[:-1], urgent)
    extra_ueur = required_extra_ueur(jobs, day.shifts, day.matrices)
    return replace(day, jobs=jobs, required_extra_ueur=extra_ueur)


def _emergency(problem: Problem, plan: Solution, scope: Scope, seed: int) -> Row:
    began = perf_counter()
    cut = underway_problem(problem, plan, NOW_S)
    found = replan(
        cut.problem,
        cut.orders,
        scope=scope,
        budget=Budget(time_limit_s=REPLAN_S, seed=seed),
        turns=cut.turns,
    )
    return Row(f"emergency, {scope}", perf_counter() - began, GOAL_S, _remark(cut, found))


def _ill_crew(problem: Problem, plan: Solution, seed: int) -> Row:
    began = perf_counter()
    cut = underway_problem(problem, plan, NOW_S)
    longest = max(range(len(cut.orders)), key=lambda shift: len(cut.orders[shift]))
    cut = called_off(cut, {longest})
    budget = Budget(time_limit_s=REPLAN_S, seed=seed)
    found = replan(cut.problem, cut.orders, scope=Scope.EVERYTHING, budget=budget, turns=cut.turns)
    return Row("crew ill", perf_counter() - began, GOAL_S, _remark(cut, found))


def _remark(cut: Cut, found: Solution) -> str:
    """Return how many jobs changed their shift, what it saves and when the emergency begins."""
    problem, urgent = cut.problem, len(cut.problem.jobs) - 1
    before = reschedule(problem, cut.orders)
    moved = sum(
        1
        for route in found.routes
        for visit in route.visits
        if visit in {job_visit(j) for j in range(urgent)}
        and problem.jobs[visit.index].published not in (-1, route.shift)
    )
    starts = [
        stop.start_s
        for route in found.routes
        for stop in route.stops
        if (stop.kind, stop.index) == ("job", urgent)
    ]
    begins = f"emergency after {(starts[0] - NOW_S) / 60:.0f} min" if starts else "left"
    return (
        f"{len(problem.jobs)} jobs ahead, {begins}, {moved} moved, "
        f"{(_money_eur(found) - _money_eur(before)):+.0f} EUR, "
        f"left {len(before.unassigned)} before, {len(found.unassigned)} after, "
        f"{len(check(problem, found))} violations"
    )


def _money_eur(solution: Solution) -> float:
    lines = [line for line in solution.cost_lines if line.code != "required_left"]
    return sum(line.amount_ueur for line in lines) / EUR


def _reschedule(seed: int) -> Row:
    """Return the time of one route of 60 stops, the median of 20 runs."""
    day = a_day(seed, jobs=STOPS, shifts=1)
    jobs = tuple(replace(job, skills=frozenset()) for job in day.jobs)
    day, order = replace(day, jobs=jobs), tuple(job_visit(j) for j in range(STOPS))
    reschedule(day, (order,))
    taken = []
    for _ in range(20):
        began = perf_counter()
        reschedule(day, (order,))
        taken.append(perf_counter() - began)
    return Row("reschedule", sorted(taken)[10], RESCHEDULE_GOAL_S, f"one route of {STOPS} jobs")
