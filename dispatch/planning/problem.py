"""What the solver is asked and what it answers: integers and indices only, picklable.

Times are seconds after the horizon start (local midnight of the day), money is in micro-euro
(`_ueur`), so that rates per second and per metre stay exact: 45 EUR an hour are 12 500 ueur/s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispatch.domain.plan import StopKind

if TYPE_CHECKING:
    from collections.abc import Sequence

NOTHING = -1
"""Index of a stop that belongs to no job and no facility: start, break and end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When service may start: both ends inclusive, seconds after the horizon start."""

    earliest_s: int
    latest_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakStep:
    """Work of more than `over_s` seconds needs breaks of `break_s` seconds in all."""

    over_s: int
    break_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakRule:
    """How much rest a working day needs: steps by length of work, and the longest stretch.

    A break that begins less than `not_before_s` after the start of work is none.
    """

    steps: tuple[BreakStep, ...]
    max_stretch_s: int
    max_work_s: int
    not_before_s: int = 0

    def needed_s(self, work_s: int) -> int:
        """Return the break in seconds that so many seconds of work (breaks not counted) need."""
        return max((step.break_s for step in self.steps if work_s > step.over_s), default=0)

    def reserve_s(self, span_s: int) -> int:
        """Return the shortest break that makes a whole day of that span lawful."""
        lengths = sorted({0, *(step.break_s for step in self.steps)})
        return next((b for b in lengths if self.needed_s(span_s - b) <= b), lengths[-1])


ARBZG = BreakRule(
    steps=(
        BreakStep(over_s=6 * 3600, break_s=30 * 60),
        BreakStep(over_s=9 * 3600, break_s=45 * 60),
    ),
    max_stretch_s=6 * 3600,
    max_work_s=10 * 3600,
    not_before_s=90 * 60,
)
"""Arbeitszeitgesetz, paragraphs 3 (at most 10 h of work) and 4 (breaks).

A break interrupts work, so it may not lie at its start; from when on it counts the law leaves
open. An hour and a half is what crews accept (assumed).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemJob:
    """One job: where, when, how long, how much of each dimension, and what leaving it costs.

    `setup_s` is spent before the service, unless the stop before lies at the same location.
    `loads` has one amount per dimension. Leaving a required job costs `leave_price_ueur` plus
    the problem's `required_extra_ueur`. What the job needs lies ready from `release_s` on: the
    trip that serves it leaves the start place or the facility before it no earlier.
    """

    location: int
    windows: tuple[Window, ...]
    service_s: int
    setup_s: int
    loads: tuple[int, ...]
    skills: frozenset[int]
    required: bool
    leave_price_ueur: int
    release_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemShift:
    """One shift: places, interval, matrix, capacity per dimension, skills, rates and break rule.

    The crew is paid per second of driving, setup and service, the vehicle per metre, and
    `use_ueur` once if the shift has any stop at all. Waiting and breaks cost nothing. Work begins
    at `start_s`; with `max_span_s` it may begin later, and lasts no longer than that in all.
    """

    start_location: int
    end_location: int
    start_s: int
    end_s: int
    matrix: int
    capacities: tuple[int, ...]
    skills: frozenset[int]
    crew_ueur_per_s: int
    ueur_per_m: int
    use_ueur: int
    break_rule: BreakRule | None
    max_span_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemFacility:
    """A place in mid-route that sets some dimensions back to zero; service lies in its hours."""

    location: int
    dimensions: frozenset[int]
    opens_s: int
    closes_s: int
    service_s: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matrix:
    """Seconds and metres between locations, (n, n), row = from, column = to; -1 = no road."""

    duration_s: NDArray[np.int64]
    distance_m: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Everything a solver needs. Each dimension counts what was picked up or given out.

    In every dimension the amount since the shift start or the last reset must not exceed the
    shift's capacity: glass collected, water given and bait given out follow the same rule.
    """

    horizon_s: int
    dimensions: int
    jobs: tuple[ProblemJob, ...]
    shifts: tuple[ProblemShift, ...]
    facilities: tuple[ProblemFacility, ...]
    matrices: tuple[Matrix, ...]
    required_extra_ueur: int

    def travel_s(self, shift: ProblemShift, origin: int, destination: int) -> int:
        """Return the seconds from one location to another; -1 where no road leads."""
        return int(self.matrices[shift.matrix].duration_s.item(origin, destination))

    def travel_m(self, shift: ProblemShift, origin: int, destination: int) -> int:
        """Return the metres from one location to another; -1 where no road leads."""
        return int(self.matrices[shift.matrix].distance_m.item(origin, destination))


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One halt of an order: a job or a reload, by its index."""

    kind: StopKind
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionStop:
    """One timed halt. Setup and waiting lie between arrival and start.

    `loads` is what has accumulated in each dimension at departure.
    """

    kind: StopKind
    index: int
    location: int
    arrival_s: int
    start_s: int
    departure_s: int
    loads: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionRoute:
    """The timed stops of one shift, from START to END; empty if the shift is not used."""

    shift: int
    stops: tuple[SolutionStop, ...] = ()

    @property
    def visits(self) -> tuple[Visit, ...]:
        """The jobs and reloads of this route in order, without times."""
        kinds = (StopKind.JOB, StopKind.RELOAD)
        return tuple(Visit(kind=s.kind, index=s.index) for s in self.stops if s.kind in kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """One line of the cost sheet in micro-euro; the codes are explained in `costs.COST_TABLE`."""

    code: str
    amount_ueur: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """One route per shift, in the order of the shifts, the jobs left out and the cost sheet."""

    routes: tuple[SolutionRoute, ...]
    unassigned: tuple[int, ...]
    cost_lines: tuple[CostLine, ...]

    @property
    def cost_ueur(self) -> int:
        """The sum of the cost sheet."""
        return sum(line.amount_ueur for line in self.cost_lines)

    @property
    def orders(self) -> tuple[tuple[Visit, ...], ...]:
        """The visits of every shift, as `reschedule` takes them."""
        return tuple(route.visits for route in self.routes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How long to search. With `solution_limit`, the same seed gives the same solution."""

    time_limit_s: float
    solution_limit: int | None = None
    seed: int = 0


def job_visit(index: int) -> Visit:
    """Return the visit of that job."""
    return Visit(kind=StopKind.JOB, index=index)


def reload_visit(index: int) -> Visit:
    """Return a visit of that facility."""
    return Visit(kind=StopKind.RELOAD, index=index)


def matrix_of(duration_s: Sequence[Sequence[int]], distance_m: Sequence[Sequence[int]]) -> Matrix:
    """Return a matrix from nested sequences, (n, n), -1 where no road leads."""
    return Matrix(
        duration_s=np.asarray(duration_s, dtype=np.int64),
        distance_m=np.asarray(distance_m, dtype=np.int64),
    )
