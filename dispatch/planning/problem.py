"""What the solver is asked: integers and indices only, picklable.

Times are seconds after the horizon start (local midnight of the day), money is in micro-euro
(`_ueur`), so that rates per second and per metre stay exact: 45 EUR an hour are 12 500 ueur/s.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispatch.domain.plan import StopKind
from dispatch.planning.law import BreakRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

NOTHING = -1
"""Index of a stop that belongs to no job and no facility: start, break and end."""
ANYWHERE = -1
"""End place of an open route: it ends where its last stop is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When service may start: both ends inclusive, seconds after the horizon start."""

    earliest_s: int
    latest_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemJob:
    """One job: where, when, how long, how much of each dimension, and what leaving it costs.

    `setup_s` is spent before the service, unless the stop before lies at the same location.
    `loads` has one amount per dimension. Leaving a required job costs `leave_price_ueur` plus
    the problem's `required_extra_ueur`. What the job needs lies ready from `release_s` on: the
    trip that serves it leaves the start place or the facility before it no earlier.

    Every second that service starts after `due_s` costs `late_ueur_per_s`. Only crews of
    `persons` or more, and of `shifts` if that is given, may do it. On any other shift than
    `published` it costs `move_ueur` more, so that a published plan is not changed for pennies.
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
    due_s: int | None = None
    late_ueur_per_s: int = 0
    persons: int = 1
    shifts: frozenset[int] | None = None
    published: int = NOTHING
    move_ueur: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `from_s` on, legs that begin are driven by that matrix."""

    from_s: int
    matrix: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Underway:
    """What a shift that is on the road has behind it when its remaining route begins.

    Work began at `began_s`; `rested_s` of breaks lie behind, the last of which ended at
    `rest_end_s` (`began_s` if there was none). Driving in all, and since the last break of the
    driving rule, of which `half_rest` tells whether its first part is taken.
    """

    began_s: int
    loads: tuple[int, ...]
    rest_end_s: int
    rested_s: int = 0
    driven_s: int = 0
    driven_since_s: int = 0
    half_rest: bool = False
    distance_m: int = 0
    charged_m: int = 0
    stops: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemShift:
    """One shift: places, interval, matrix, capacity per dimension, skills, rates and break rule.

    The crew is paid per second of driving, setup and service, the vehicle per metre, and
    `use_ueur` once if the shift has any stop at all. Waiting and breaks cost nothing. Work begins
    at `start_s`; with `max_span_s` it may begin later, and lasts no longer than that in all.
    Every second between `overtime_from_s` and the end of the route costs `overtime_ueur_per_s`
    more. With `end_location` ANYWHERE the route is open: it ends at its last stop.

    `matrix` holds until the first of `periods` (ascending). `max_stops` counts jobs. An electric
    vehicle drives no more than `range_m` between charges, and starts full. Breaks are taken on
    the road, or only at the facilities `rest_places` if these are given: there, before the
    facility's own service. A shift `underway` starts where it is at `start_s`; its vehicle is in
    use already, and drives home even if no visit is left.
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
    overtime_from_s: int | None = None
    overtime_ueur_per_s: int = 0
    persons: int = 1
    periods: tuple[Period, ...] = ()
    max_stops: int | None = None
    max_drive_s: int | None = None
    max_distance_m: int | None = None
    range_m: int | None = None
    rest_places: frozenset[int] | None = None
    underway: Underway | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemFacility:
    """A place in mid-route that sets some dimensions back to zero; service lies in its hours.

    It serves at most `at_once` vehicles at the same time, and fills batteries if it `charges`.
    With no dimensions and no charging it is a place to rest. `taken` are services of vehicles that
    are none of the problem's, such as one that goes on while the day is cut: start and end.
    """

    location: int
    dimensions: frozenset[int]
    opens_s: int
    closes_s: int
    service_s: int
    at_once: int | None = None
    charges: bool = False
    taken: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matrix:
    """Seconds and metres between locations, (n, n), row = from, column = to; -1 = no road."""

    duration_s: NDArray[np.int64]
    distance_m: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One halt of an order: a job or a reload, by its index."""

    kind: StopKind
    index: int


class Order(StrEnum):
    """How a relation binds its visits: to the shift, to their order, or to each other."""

    ANY = "any"
    SEQUENCE = "sequence"
    STRICT = "strict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Visits that belong to one shift: in any order, in this order, or with nothing between them.

    With `from_start` (strict only) they are the first visits of the route: the locked prefix.
    Facilities may be among the visits of a strict relation only.
    """

    order: Order
    shift: int
    visits: tuple[Visit, ...]
    from_start: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Everything a solver needs. Each dimension counts what was picked up or given out.

    In every dimension the amount since the shift start or the last reset must not exceed the
    shift's capacity: glass collected, water given and bait given out follow the same rule.

    The jobs of a pair in `conflicts` are never on one route. `uneven_ueur_per_s` is the price of
    fairness: every second by which the longest day of work (driving, setup and service) exceeds
    the shortest, among the shifts that go out.
    """

    horizon_s: int
    dimensions: int
    jobs: tuple[ProblemJob, ...]
    shifts: tuple[ProblemShift, ...]
    facilities: tuple[ProblemFacility, ...]
    matrices: tuple[Matrix, ...]
    required_extra_ueur: int
    relations: tuple[Relation, ...] = ()
    conflicts: tuple[tuple[int, int], ...] = ()
    uneven_ueur_per_s: int = 0

    def travel_s(
        self, shift: ProblemShift, origin: int, destination: int, leaves_s: int = 0
    ) -> int:
        """Return the seconds from one location to another; -1 where no road leads."""
        if destination == ANYWHERE:
            return 0
        matrix = self.matrices[matrix_at(shift, leaves_s)]
        return int(matrix.duration_s.item(origin, destination))

    def travel_m(
        self, shift: ProblemShift, origin: int, destination: int, leaves_s: int = 0
    ) -> int:
        """Return the metres from one location to another; -1 where no road leads."""
        if destination == ANYWHERE:
            return 0
        matrix = self.matrices[matrix_at(shift, leaves_s)]
        return int(matrix.distance_m.item(origin, destination))


def matrix_at(shift: ProblemShift, leaves_s: int) -> int:
    """Return the matrix by which a leg of the shift is driven that begins at that second."""
    passed = [period.matrix for period in shift.periods if period.from_s <= leaves_s]
    return passed[-1] if passed else shift.matrix


def job_visit(index: int) -> Visit:
    """Return the visit of that job."""
    return Visit(kind=StopKind.JOB, index=index)


def reload_visit(index: int) -> Visit:
    """Return a visit of that facility."""
    return Visit(kind=StopKind.RELOAD, index=index)


def renamed(visits: Iterable[Visit], numbers: Mapping[int, int]) -> Iterator[Visit]:
    """Yield the visits with the jobs' new numbers, less the jobs that have none."""
    for visit in visits:
        if visit.kind is not StopKind.JOB:
            yield visit
        elif visit.index in numbers:
            yield job_visit(numbers[visit.index])


def matrix_of(duration_s: Sequence[Sequence[int]], distance_m: Sequence[Sequence[int]]) -> Matrix:
    """Return a matrix from nested sequences, (n, n), -1 where no road leads."""
    return Matrix(
        duration_s=np.asarray(duration_s, dtype=np.int64),
        distance_m=np.asarray(distance_m, dtype=np.int64),
    )
