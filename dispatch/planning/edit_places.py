"""Where a job that is put somewhere by hand costs least, even if it fits nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dispatch.planning.fit import allowed_shifts
from dispatch.planning.insertion import cheapest_fit, cheapest_fit_on
from dispatch.planning.kernel.tables import FREE
from dispatch.planning.problem import job_visit
from dispatch.planning.timing import timetable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.planning.problem import Problem, Visit

    Orders = Sequence[tuple[Visit, ...]]


class Place(NamedTuple):
    """A shift's order with the job in it; `lacks` is nothing if no rule is broken by it."""

    lacks: tuple[int, ...]
    cost_ueur: int
    shift: int
    order: tuple[Visit, ...]


FITS = (0, 0, 0, 0)


def place_on(problem: Problem, orders: Orders, job: int, shift: int, fixed: int) -> Place:
    """Return the order of that shift with the job where it costs least, at least behind `fixed`.

    If it fits nowhere it goes where least is lacking: first a road, then time, then room, then
    limits of the shift.
    """
    fit = cheapest_fit_on(problem, orders, job, shift)
    if fit is not None and fit.position >= fixed:
        return Place(FITS, fit.extra_ueur, shift, fit.visits)
    order = orders[shift]
    gaps = range(fixed, len(order) + 1)
    return min((_tried(problem, shift, order, gap, job) for gap in gaps), key=_badness)


def place_anywhere(
    problem: Problem, orders: Orders, job: int, fixed: Sequence[int]
) -> Place | None:
    """Return the cheapest place of all shifts that could do the job; None if none ever could.

    If it fits nowhere, where least is lacking.
    """
    fit = cheapest_fit(problem, orders, job, below_ueur=FREE)
    if fit is not None and fit.position >= fixed[fit.shift]:
        return Place(FITS, fit.extra_ueur, fit.shift, fit.visits)
    places = [
        place_on(problem, orders, job, shift, fixed[shift])
        for shift in allowed_shifts(problem, job)
    ]
    return min(places, default=None, key=_badness)


def _badness(place: Place) -> tuple[tuple[int, ...], int, int]:
    return place.lacks, place.cost_ueur, place.shift


def _tried(problem: Problem, shift: int, order: tuple[Visit, ...], gap: int, job: int) -> Place:
    visits = (*order[:gap], job_visit(job), *order[gap:])
    table = timetable(problem, shift, visits)
    late_s = table.late_s + table.law_excess_s
    lacks = (int(table.no_road), late_s, table.overload, table.over_limit)
    return Place(lacks, table.cost_ueur, shift, visits)
