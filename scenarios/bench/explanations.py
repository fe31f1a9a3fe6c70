"""Whether the reasons named for jobs left are the true ones: just these go, and it is solved."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from dispatch.planning.changes import ProblemRemedy, apply
from dispatch.planning.check import check
from dispatch.planning.desk import Desk
from dispatch.planning.diagnosis import CODES, diagnose
from dispatch.planning.problem import Window
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solution import Budget
from dispatch.planning.solve import solve
from dispatch.planning.validate import validate
from scenarios.bench.random_rules import random_day, with_surcharge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dispatch.planning.problem import Problem, ProblemJob
    from dispatch.planning.solution import Solution

HOUR_S = 3600
ODD_SHARE = 0.12
"""Of the jobs of a day, how many are made such that hardly a shift can do them."""
NOBODYS_SKILL = 9
"""A skill that no shift of the random days has."""
JOBS_OF_A_DAY = 12
"""At most so many jobs are asked about on one day, so that many days are seen."""


MOST_SETTLING = 5
"""At most so often a day is solved again until its plan gets no cheaper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A job left on the day of that seed: the reasons named, what takes them away, and the test.

    `confirmed` tells whether the job was planned with just that changed. Where it was not, `outbid`
    tells whether it could have been, and a plan was found that is cheaper still without it: the
    change served other jobs better. `needed` tells whether it was still left each time one of
    several reasons stayed, `again` whether it was planned by solving with nothing changed.
    """

    seed: int
    job: int
    codes: tuple[str, ...]
    remedy: ProblemRemedy | None
    confirmed: bool
    outbid: bool
    needed: bool
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """All jobs with one first reason.

    Confirmed are those with that reason alone, and those with several, of which in `needed` none
    was named in vain; the others are outbid, not confirmed or without remedy.
    """

    code: str
    jobs: int
    alone: int
    together: int
    needed: int
    outbid: int
    not_confirmed: int
    no_remedy: int
    again: int


def run(*, jobs: int, seconds: float, first_seed: int = 1) -> list[Asked]:
    """Return so many jobs left on random days of any rules, each solved again with its remedy.

    A day is solved for that many seconds, and again from there until its plan settles. Each
    changed day gets as long, from that plan. So does the unchanged one, with another seed: jobs
    that then come in were left for want of search.
    """
    asked: list[Asked] = []
    for seed in count(first_seed):
        if len(asked) >= jobs:
            break
        asked += list(_of_day(seed, seconds))[: jobs - len(asked)]
    return asked


def lines(asked: Sequence[Asked]) -> list[Line]:
    """Return one line per cause, the most frequent first."""
    codes = Counter(one.codes[0] for one in asked)
    return [
        _line(code, [one for one in asked if one.codes[0] == code]) for code, _ in _ranked(codes)
    ]


def total(asked: Sequence[Asked]) -> Line:
    """Return the line of all causes."""
    return _line("all", asked)


def odd_day(seed: int) -> Problem:
    """Return a random day of any rules on which some jobs ask for what hardly a shift has."""
    rng = random.Random(f"odd {seed}")  # noqa: S311  # generated days
    problem = random_day(seed).problem
    jobs = tuple(
        rng.choice(_ODD)(rng, problem, job) if rng.random() < ODD_SHARE else job
        for job in problem.jobs
    )
    odd = with_surcharge(replace(problem, jobs=jobs))
    return problem if validate(odd) else odd


def _of_day(seed: int, seconds: float) -> Iterator[Asked]:
    problem, budget = odd_day(seed), Budget(time_limit_s=seconds, seed=seed)
    plan = _settled(problem, budget)
    again = solve(problem, budget=_other(budget, MOST_SETTLING), start=plan)
    left = sorted(plan.unassigned)
    for job in random.Random(seed).sample(left, min(JOBS_OF_A_DAY, len(left))):  # noqa: S311
        found = diagnose(problem, plan.orders, job, most=1)
        remedy = found.remedies[0] if found.remedies else None
        confirmed = remedy is not None and _cured(problem, plan, remedy, budget)
        yield Asked(
            seed=seed,
            job=job,
            codes=(found.code, *found.further),
            remedy=remedy,
            confirmed=confirmed,
            outbid=remedy is not None and not confirmed and _fits(problem, plan, remedy),
            needed=remedy is not None and _needed(problem, plan, remedy, budget),
            again=job not in again.unassigned,
        )


def _settled(problem: Problem, budget: Budget) -> Solution:
    """Return a plan that solving again makes no cheaper, so that what it costs is no chance."""
    plan = solve(problem, budget=budget)
    for more in range(MOST_SETTLING):
        better = solve(problem, budget=_other(budget, more), start=plan)
        if better.cost_ueur == plan.cost_ueur:
            break
        plan = better
    return plan


def _other(budget: Budget, more: int) -> Budget:
    return replace(budget, seed=budget.seed + 1000 * (more + 1))


def _cured(problem: Problem, plan: Solution, remedy: ProblemRemedy, budget: Budget) -> bool:
    """Tell whether solving again with just these changes plans the job, within every rule.

    Other jobs that were left must not take the place that is made for this one: they cost nothing.
    """
    changed = _changed(problem, plan, remedy)
    cured = solve(changed, budget=budget, start=plan)
    return remedy.job not in cured.unassigned and not check(changed, cured)


def _fits(problem: Problem, plan: Solution, remedy: ProblemRemedy) -> bool:
    """Tell whether putting in what pays, and no search, plans the job within every rule."""
    changed = _changed(problem, plan, remedy)
    desk = Desk(changed, plan.orders)
    desk.fill()
    filled = reschedule(changed, desk.orders, desk.services)
    return remedy.job not in filled.unassigned and not check(changed, filled)


def _changed(problem: Problem, plan: Solution, remedy: ProblemRemedy) -> Problem:
    rivals = set(plan.unassigned) - {remedy.job}
    jobs = tuple(
        replace(job, required=False, leave_price_ueur=0) if number in rivals else job
        for number, job in enumerate(problem.jobs)
    )
    return apply(replace(problem, jobs=jobs), remedy)


def _needed(problem: Problem, plan: Solution, remedy: ProblemRemedy, budget: Budget) -> bool:
    """Tell whether the job is left whichever one of several reasons is not taken away."""
    codes = list(dict.fromkeys(CODES[change.kind] for change in remedy.changes))
    rest = [
        tuple(change for change in remedy.changes if CODES[change.kind] != code) for code in codes
    ]
    return all(
        not _cured(problem, plan, replace(remedy, changes=changes), budget)
        for changes in rest
        if changes
    )


def _line(code: str, asked: Sequence[Asked]) -> Line:
    confirmed = [one for one in asked if one.confirmed]
    together = [one for one in confirmed if len(one.codes) > 1]
    without = sum(one.remedy is None for one in asked)
    outbid = sum(one.outbid for one in asked)
    return Line(
        code=code,
        jobs=len(asked),
        alone=len(confirmed) - len(together),
        together=len(together),
        needed=sum(one.needed for one in together),
        outbid=outbid,
        not_confirmed=len(asked) - len(confirmed) - outbid - without,
        no_remedy=without,
        again=sum(one.again for one in asked),
    )


def _ranked(codes: Counter[str]) -> list[tuple[str, int]]:
    return sorted(codes.items(), key=lambda pair: (-pair[1], pair[0]))


def _night(rng: random.Random, _: Problem, job: ProblemJob) -> ProblemJob:
    opens_s = rng.randrange(19, 22) * HOUR_S
    return replace(
        job, windows=(Window(earliest_s=opens_s, latest_s=opens_s + HOUR_S),), due_s=None
    )


def _heavy(rng: random.Random, problem: Problem, job: ProblemJob) -> ProblemJob:
    most = [max(shift.capacities[d] for shift in problem.shifts) for d in range(len(job.loads))]
    more = rng.randrange(10, 500)
    loads = tuple(a + b + more if a else 0 for a, b in zip(job.loads, most, strict=True))
    return replace(job, loads=loads)


def _barred(_: random.Random, problem: Problem, job: ProblemJob) -> ProblemJob:
    unskilled = [n for n, shift in enumerate(problem.shifts) if not job.skills <= shift.skills]
    return replace(job, shifts=frozenset(unskilled[:2])) if unskilled else job


_ODD: tuple[Callable[[random.Random, Problem, ProblemJob], ProblemJob], ...] = (
    lambda _, __, job: replace(job, skills=job.skills | {NOBODYS_SKILL}),
    lambda rng, _, job: replace(job, persons=rng.choice((4, 5))),
    lambda rng, _, job: replace(job, service_s=rng.randrange(18_000, 21_000, 600)),
    _night,
    _heavy,
    _barred,
)
