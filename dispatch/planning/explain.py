"""Why a job was left out: a reason code and a sentence with the figures behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.plan import Unassigned
from dispatch.domain.text import Text
from dispatch.planning.build import DIMENSIONS, SKILLS
from dispatch.planning.costs import leave_price_ueur
from dispatch.planning.fit import can_carry, can_reach, has_skills
from dispatch.planning.insertion import cheapest_fit, near_misses
from dispatch.planning.kernel.tables import FREE
from dispatch.planning.left_out import NO_SHIFT, UNREACHABLE
from dispatch.planning.problem import job_visit
from dispatch.planning.timing import timetable
from dispatch.planning.words import DIMENSION_NAMES, euros, minutes, skills_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dispatch.planning.build import BuiltProblem
    from dispatch.planning.insertion import Attempt
    from dispatch.planning.problem import ProblemShift
    from dispatch.planning.solution import Solution

    Reason = tuple[str, Text]


def explain(built: BuiltProblem, solution: Solution) -> tuple[Unassigned, ...]:
    """Return one reason per job that was left out, those that never got into the problem first.

    First it is asked whether any shift could do the job alone (skill, capacity, road, hours,
    time), then whether it fits into the plan as it is, then whether it would pay.
    """
    reasons = []
    for job in solution.unassigned:
        code, text = _alone(built, job) or _in_plan(built, solution, job)
        reasons.append(Unassigned(job_id=built.jobs[job].id, code=code, text=text))
    return (*built.left_out, *reasons)


def _alone(built: BuiltProblem, job: int) -> Reason | None:
    """Return why no shift could do the job even alone; None if one could.

    Each filter looks only at the shifts that the one before has let through.
    """
    problem, wanted = built.problem, built.problem.jobs[job]
    shifts: list[ProblemShift] = list(problem.shifts)
    if not shifts:
        return "no_shift", NO_SHIFT
    filters: tuple[tuple[Callable[[ProblemShift], bool], Callable[..., Reason]], ...] = (
        (lambda shift: has_skills(shift, wanted), _no_skill),
        (lambda shift: can_carry(shift, wanted), _no_capacity),
        (lambda shift: can_reach(problem, shift, wanted.location), _unreachable),
        (lambda shift: _hours_meet(built, shift, job), _outside_windows),
        (
            lambda shift: timetable(problem, problem.shifts.index(shift), (job_visit(job),)).kept,
            _too_far,
        ),
    )
    for passes, reason in filters:
        left = [shift for shift in shifts if passes(shift)]
        if not left:
            return reason(built, job, shifts)
        shifts = left
    return None


def _no_skill(built: BuiltProblem, job: int, shifts: Sequence[ProblemShift]) -> Reason:
    wanted = built.problem.jobs[job].skills
    nobody_has = wanted - frozenset().union(*(shift.skills for shift in shifts))
    names = skills_text(SKILLS[skill] for skill in nobody_has or wanted)
    together = "" if nobody_has else " zusammen", "" if nobody_has else " all at once"
    return "no_skill", Text(
        de=f"Keine Schicht des Tages hat{together[0]}: {names.de}.",
        en=f"No shift of the day has{together[1]}: {names.en}.",
    )


def _no_capacity(built: BuiltProblem, job: int, shifts: Sequence[ProblemShift]) -> Reason:
    loads = built.problem.jobs[job].loads
    largest = [max(shift.capacities[d] for shift in shifts) for d in range(len(loads))]
    worst = max(range(len(loads)), key=lambda d: loads[d] - largest[d])
    name = DIMENSION_NAMES[DIMENSIONS[worst]]
    return "no_capacity", Text(
        de=f"{loads[worst]} {name.de} nötig, das größte passende Fahrzeug fasst {largest[worst]}.",
        en=f"{loads[worst]} {name.en} needed, the largest suitable vehicle holds {largest[worst]}.",
    )


def _unreachable(_built: BuiltProblem, _job: int, _shifts: Sequence[ProblemShift]) -> Reason:
    return "unreachable", UNREACHABLE


def _outside_windows(_built: BuiltProblem, _job: int, shifts: Sequence[ProblemShift]) -> Reason:
    return "outside_windows", Text(
        de=f"Kein Zeitfenster fällt in die Arbeitszeit einer der {len(shifts)} passenden "
        "Schichten.",
        en=f"No time window falls into the hours of any of the {len(shifts)} suitable shifts.",
    )


def _too_far(built: BuiltProblem, job: int, shifts: Sequence[ProblemShift]) -> Reason:
    problem = built.problem
    tables = [timetable(problem, problem.shifts.index(s), (job_visit(job),)) for s in shifts]
    least = minutes(min(table.late_s + table.law_excess_s for table in tables))
    return "too_far", Text(
        de=f"Selbst als einziger Auftrag fehlen mindestens {least}: Anfahrt, Arbeit und Rückweg "
        "passen in keine Schicht.",
        en=f"Even as the only job it lacks at least {least}: the way there, the work and the way "
        "back fit into no shift.",
    )


def _hours_meet(built: BuiltProblem, shift: ProblemShift, job: int) -> bool:
    windows = built.problem.jobs[job].windows
    return any(w.earliest_s <= shift.end_s and w.latest_s >= shift.start_s for w in windows)


def _in_plan(built: BuiltProblem, solution: Solution, job: int) -> Reason:
    """Return why the job is not in this plan although some shift could do it alone."""
    problem = built.problem
    best = cheapest_fit(problem, solution.orders, job, below_ueur=FREE)
    if best is not None:
        return _price(built, job, best)
    misses = near_misses(problem, solution.orders, job)
    carried = [miss for miss in misses if not miss.overload]
    if carried:
        return _no_time(built, min(carried, key=lambda miss: (miss.lacking_s, miss.shift)))
    return _no_load(built, job, min(misses, key=lambda miss: miss.overload, default=None))


def _price(built: BuiltProblem, job: int, best: Attempt) -> Reason:
    price_ueur = leave_price_ueur(built.problem, job)
    cost, price = euros(best.extra_ueur), euros(price_ueur)
    crew = built.shifts[best.shift].crew.name
    if best.extra_ueur < price_ueur:
        return "fits", Text(
            de=f"Passt noch bei {crew}: kostet {cost.de}, Liegenlassen kostet {price.de}.",
            en=f"Still fits with {crew}: it costs {cost.en}, leaving it costs {price.en}.",
        )
    more = euros(best.extra_ueur - price_ueur)
    return "left_on_cost", Text(
        de=f"Am günstigsten bei {crew} für {cost.de}: {more.de} mehr als sein Preis von "
        f"{price.de}.",
        en=f"Cheapest with {crew} for {cost.en}: {more.en} more than its price of {price.en}.",
    )


def _no_time(built: BuiltProblem, nearest: Attempt) -> Reason:
    crew, least = built.shifts[nearest.shift].crew.name, minutes(nearest.lacking_s)
    return "no_time", Text(
        de=f"Passt in keine Tour dieses Plans; am ehesten bei {crew}, dort fehlen {least}.",
        en=f"Fits into no route of this plan; nearest with {crew}, where {least} are lacking.",
    )


def _no_load(built: BuiltProblem, job: int, nearest: Attempt | None) -> Reason:
    """Return by how much the load is too great in the nearest route."""
    if nearest is None:
        return "unreachable", UNREACHABLE
    loads = built.problem.jobs[job].loads
    dimension = max(range(len(loads)), key=lambda d: loads[d])
    crew, name = built.shifts[nearest.shift].crew.name, DIMENSION_NAMES[DIMENSIONS[dimension]]
    over = nearest.overload
    return "no_room", Text(
        de=f"Kein Platz in diesem Plan; am ehesten bei {crew}, dort sind es {over} {name.de} "
        "zu viel.",
        en=f"No room in this plan; nearest with {crew}, by {over} {name.en} too much.",
    )
