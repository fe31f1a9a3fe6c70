"""Times of one order of visits: arrival, waiting, start, departure, and where the breaks lie.

The clock itself is compiled (`kernel`); here its answer becomes values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dispatch.domain.plan import StopKind
from dispatch.planning.kernel import labels
from dispatch.planning.kernel.judge import judge, timed
from dispatch.planning.kernel.tables import numbers, tables_of
from dispatch.planning.problem import Window

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dispatch.planning.kernel.labels import (
        Bench,
    )
    from dispatch.planning.problem import Problem, Visit

    Bookings = Mapping[int, Sequence[tuple[int, int]]]


class Halt(NamedTuple):
    """What one visit asks for; a facility has its opening hours as window and no setup."""

    location: int
    windows: tuple[Window, ...]
    service_s: int
    setup_s: int


class Times(NamedTuple):
    """Arrival, start of service and departure of one halt."""

    arrival_s: int
    start_s: int
    departure_s: int


class Rest(NamedTuple):
    """A break in the gap before halt `gap` (the number of halts means: before the way home).

    `at_next` tells where: at the place of the next halt before its setup, or at the place of the
    halt before, ahead of the drive.
    """

    gap: int
    at_next: bool
    start_s: int
    length_s: int

    @property
    def end_s(self) -> int:
        """When work goes on."""
        return self.start_s + self.length_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """Begin, times of all halts, end, the breaks, the cost, and what is broken.

    `late_s` counts windows, the end of the shift and its longest span, `law_excess_s` breaks and
    driving, `over_limit` jobs, seconds and metres beyond the limits of the shift. `overload` is
    the greatest amount too much in a load dimension or, in metres, beyond the range.
    """

    begin_s: int
    halts: tuple[Times, ...]
    end_s: int
    rests: tuple[Rest, ...]
    cost_ueur: int
    late_s: int
    law_excess_s: int
    over_limit: int
    overload: int
    no_road: bool

    @property
    def kept(self) -> bool:
        """Whether windows, end of the shift, breaks and limits are kept, whatever the loads."""
        return self.late_s == 0 and self.law_excess_s == 0 and self.over_limit == 0


def halt_of(problem: Problem, visit: Visit) -> Halt:
    """Return what a visit asks for."""
    if visit.kind is StopKind.JOB:
        job = problem.jobs[visit.index]
        return Halt(job.location, job.windows, job.service_s, job.setup_s)
    place = problem.facilities[visit.index]
    hours = Window(earliest_s=place.opens_s, latest_s=place.closes_s - place.service_s)
    return Halt(place.location, (hours,), place.service_s, 0)


def timetable(
    problem: Problem,
    shift: int,
    visits: Sequence[Visit],
    bookings: Bookings | None = None,
    turns_s: Sequence[int] = (),
) -> Timetable:
    """Return the best times for this order: lawful first, then least late, cheapest, first home.

    Work begins when the shift starts, or when what the first trip carries is released; where the
    span is limited, as late as the end allows. Nobody waits longer than needed. Breaks are taken
    in the pieces that the law knows, at stop boundaries: before a drive or on arrival, never at
    the very start or end of the shift. Where one break is enough and may lie in several places at
    no cost, the one nearest to the middle of the shift is taken.

    `bookings` are the times, by facility, at which other shifts are served there, `turns_s` the
    seconds before which this one is not served at places with a limit, in the order of its visits:
    an earlier turn that is free would be taken else, and where a long wait was the crew's break,
    that may bring the route home later. A leg without road counts as zero seconds here; the checker
    reports it.
    """
    tables, route = tables_of(problem), numbers(problem, visits)
    bench = bench_of(problem, len(visits), bookings)
    at_limited = [p for p, visit in enumerate(visits) if _limited(problem, visit)]
    for position, turn_s in zip(at_limited, turns_s, strict=False):
        bench.turn_s[position] = turn_s
    timed(tables, bench, shift, route, len(visits))
    if not visits and not problem.shifts[shift].underway:
        bench.totals[labels.BEGINS] = bench.totals[labels.ENDS] = problem.shifts[shift].start_s
    totals = bench.totals.tolist()
    no_road = totals[labels.OVERLOADED] < -1
    return Timetable(
        begin_s=totals[labels.BEGINS],
        halts=tuple(Times(*row) for row in bench.times[: len(visits)].tolist()),
        end_s=totals[labels.ENDS],
        rests=tuple(
            Rest(gap, side == labels.ON_ARRIVAL, start_s, length_s)
            for gap, side, start_s, length_s in bench.rests[: totals[labels.RESTS]].tolist()
        ),
        cost_ueur=totals[labels.COST],
        late_s=totals[labels.LATENESS],
        law_excess_s=totals[labels.OFFENCE],
        over_limit=totals[labels.EXCESS],
        overload=0 if no_road else totals[labels.OVERLOAD],
        no_road=no_road,
    )


def _limited(problem: Problem, visit: Visit) -> bool:
    if visit.kind is StopKind.JOB:
        return False
    return problem.facilities[visit.index].at_once is not None


def route_fits(
    problem: Problem, shift: int, visits: Sequence[Visit], bookings: Bookings | None = None
) -> bool:
    """Tell whether an order keeps every rule that lies in its route alone, beside the bookings."""
    bench = bench_of(problem, len(visits), bookings)
    route = numbers(problem, visits)
    return judge(tables_of(problem), bench, shift, route, len(visits), True)


def bench_of(problem: Problem, halts: int, bookings: Bookings | None = None) -> Bench:
    """Return room for a route of so many halts beside the bookings, and beside what is taken."""
    visits = len(problem.jobs) + len(problem.facilities)
    spans_of = {f: [*place.taken] for f, place in enumerate(problem.facilities) if place.taken}
    for facility, spans in (bookings or {}).items():
        spans_of.setdefault(facility, []).extend(spans)
    if not spans_of:
        return labels.bench_for(halts, visits, 0)
    bench = labels.bench_for(halts, visits, max(len(spans) for spans in spans_of.values()))
    for facility, spans in spans_of.items():
        enter_others(bench, len(problem.jobs) + facility, spans)
    return bench


def enter_others(bench: Bench, visit: int, spans: Sequence[tuple[int, int]]) -> None:
    """Book services of others at a facility, given by its number among all visits."""
    bench.bookings[visit] = len(spans)
    if spans:
        bench.booked[visit, : len(spans), :2] = np.array(spans)
        bench.booked[visit, : len(spans), 2] = NOBODYS


NOBODYS = -1
"""The shift of bookings that belong to none of those that are timed."""
