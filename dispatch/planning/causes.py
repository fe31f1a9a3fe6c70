"""Why a job was left, in numbers: a code, the shifts it came down to, and what is lacking there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.costs import leave_price_ueur, unevenness_s
from dispatch.planning.fit import allowed, can_carry, can_reach, has_persons, has_skills, may_serve
from dispatch.planning.insertion import Attempt, cheapest_fit, foes_of, meets, near_misses
from dispatch.planning.kernel.tables import FREE
from dispatch.planning.problem import NOTHING, job_visit
from dispatch.planning.reschedule import reschedule
from dispatch.planning.timing import timetable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dispatch.planning.problem import Problem, ProblemJob, ProblemShift, Visit

    Orders = Sequence[Sequence[Visit]]
    Passes = Callable[[Problem, int, int], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why a job is not in a plan.

    `shifts` are those that were still in question, the nearest first. For causes that lie in the
    plan, `nearest` is the way to add the job that lacks least, or costs least. `amount` is what is
    lacking there, in the unit of the code: seconds, load, metres, jobs, or micro-euro beyond its
    price. `dimension` is that of the load.
    """

    code: str
    shifts: tuple[int, ...] = ()
    nearest: Attempt | None = None
    amount: int = 0
    dimension: int = NOTHING


def cause_of(problem: Problem, orders: Orders, job: int) -> Cause:
    """Return why the job is in none of these orders.

    First it is asked whether any shift could do it alone, then whether it fits into the plan as
    it is, then whether it would pay. Of what is asked of a shift alone, each question looks only
    at the shifts that have passed the one before.
    """
    return _alone(problem, job) or _in_plan(problem, orders, job)


def _alone(problem: Problem, job: int) -> Cause | None:
    """Return why no shift could do the job even alone; None if one could."""
    shifts = tuple(range(len(problem.shifts)))
    if not shifts:
        return Cause(code="no_shift")
    for code, passes in _QUESTIONS:
        left = tuple(shift for shift in shifts if passes(problem, shift, job))
        if not left:
            return _lacking_alone(problem, shifts, job, code)
        shifts = left
    return None


def _lacking_alone(problem: Problem, shifts: tuple[int, ...], job: int, code: str) -> Cause:
    amount = 0
    if code in ("too_far", "limit"):
        tables = [timetable(problem, shift, (job_visit(job),)) for shift in shifts]
        lacking = [t.over_limit if code == "limit" else t.late_s + t.law_excess_s for t in tables]
        amount = min(lacking)
    return Cause(code=code, shifts=shifts, amount=amount)


def _of_shift(asked: Callable[[ProblemShift, ProblemJob], bool]) -> Passes:
    return lambda problem, shift, job: asked(problem.shifts[shift], problem.jobs[job])


def _reached(problem: Problem, shift: int, job: int) -> bool:
    return can_reach(problem, problem.shifts[shift], problem.jobs[job].location)


def _hours_meet(shift: ProblemShift, job: ProblemJob) -> bool:
    return any(w.earliest_s <= shift.end_s and w.latest_s >= shift.start_s for w in job.windows)


def _within_limits(problem: Problem, shift: int, job: int) -> bool:
    return timetable(problem, shift, (job_visit(job),)).over_limit == 0


def _in_time(problem: Problem, shift: int, job: int) -> bool:
    """Tell whether the job alone is in time, or only rests are lacking that another stop gives."""
    table = timetable(problem, shift, (job_visit(job),))
    resting = table.law_excess_s == 0 or bool(allowed(problem)[job, shift])
    return table.late_s == 0 and resting


_QUESTIONS: tuple[tuple[str, Passes], ...] = (
    ("no_skill", _of_shift(has_skills)),
    ("no_crew_size", _of_shift(has_persons)),
    ("not_allowed", may_serve),
    ("no_capacity", _of_shift(can_carry)),
    ("unreachable", _reached),
    ("outside_windows", _of_shift(_hours_meet)),
    ("limit", _within_limits),
    ("too_far", _in_time),
)
"""What a shift is asked that would do nothing but this job, and the code if none passes."""


def _in_plan(problem: Problem, orders: Orders, job: int) -> Cause:
    """Return why the job is not in this plan although some shift could do it alone."""
    best = cheapest_fit(problem, orders, job, below_ueur=FREE)
    if best is not None:
        more_ueur = best.extra_ueur - leave_price_ueur(problem, job)
        more_ueur += less_fair_ueur(problem, orders, best)
        code = "fits" if more_ueur < 0 else "left_on_cost"
        return Cause(code=code, shifts=(best.shift,), nearest=best, amount=more_ueur)
    misses = near_misses(problem, orders, job)
    if not misses:
        return Cause(code="unreachable")
    foes = foes_of(problem, job)
    peaceful = [miss for miss in misses if not meets(orders[miss.shift], foes)]
    ranked = sorted(peaceful or misses, key=_nearness)
    nearest = ranked[0]
    code, amount, dimension = _lack(problem, nearest, at_peace=bool(peaceful))
    return Cause(
        code=code,
        shifts=tuple(dict.fromkeys(miss.shift for miss in (*ranked, *misses))),
        nearest=nearest,
        amount=amount,
        dimension=dimension,
    )


def less_fair_ueur(problem: Problem, orders: Orders, best: Attempt) -> int:
    """Return by how much more uneven the days become, which no route tells alone."""
    if not problem.uneven_ueur_per_s:
        return 0
    after = list(orders)
    after[best.shift] = best.visits
    days = [unevenness_s(problem, reschedule(problem, plan).routes) for plan in (orders, after)]
    return problem.uneven_ueur_per_s * (days[1] - days[0])


def _nearness(miss: Attempt) -> tuple[int, bool, bool, int, int, int, int]:
    """Order misses: those that lack in one respect first, of these time before room and limits."""
    lacks = sum(amount > 0 for amount in (miss.lacking_s, miss.overload, miss.over_limit))
    return (
        max(1, lacks),
        miss.overload > 0,
        miss.over_limit > 0,
        miss.overload,
        miss.over_limit,
        miss.lacking_s,
        miss.shift,
    )


def _lack(problem: Problem, nearest: Attempt, *, at_peace: bool) -> tuple[str, int, int]:
    """Return code, amount and dimension of what the nearest miss lacks most plainly."""
    if not at_peace:
        return "conflict", 0, NOTHING
    if nearest.overload:
        dimension = _overloaded(problem, nearest)
        return "no_range" if dimension == NOTHING else "no_room", nearest.overload, dimension
    if nearest.over_limit:
        return "limit", nearest.over_limit, NOTHING
    if nearest.lacking_s:
        return "no_time", nearest.lacking_s, NOTHING
    return "relation", 0, NOTHING


def _overloaded(problem: Problem, attempt: Attempt) -> int:
    """Return the dimension that is exceeded by the attempt's overload; NOTHING means range."""
    shift = problem.shifts[attempt.shift]
    on_board = Counter(dict(enumerate(shift.underway.loads if shift.underway else ())))
    over: Counter[int] = Counter()
    for visit in attempt.visits:
        if visit.kind is StopKind.JOB:
            on_board.update(dict(enumerate(problem.jobs[visit.index].loads)))
        else:
            on_board.update({d: -on_board[d] for d in problem.facilities[visit.index].dimensions})
        for d, capacity in enumerate(shift.capacities):
            over[d] = max(over[d], on_board[d] - capacity)
    return next((d for d in over if over[d] == attempt.overload), NOTHING)
