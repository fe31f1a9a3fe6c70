"""The nodes of the routing model and its tables, as far as they need no solver."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dispatch.planning.fit import allowed_shifts, helps
from dispatch.planning.problem import (
    Visit,
    Window,
    job_visit,
    reload_visit,
)
from dispatch.planning.reload_copies import copies_of
from dispatch.planning.timing import halt_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from dispatch.planning.problem import Problem, ProblemShift


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node of the model: an end place of shifts, a job or one copy of a facility."""

    location: int
    service_s: int = 0
    setup_s: int = 0
    windows: tuple[Window, ...] = ()
    visit: Visit | None = None
    shifts: tuple[int, ...] = ()


def nodes_of(
    problem: Problem, shifts: Sequence[int], seed: int, start: Sequence[Sequence[Visit]] | None
) -> list[Node]:
    """Return end places, jobs that some shift could do, and facility copies, in this order.

    A seed other than 0 shuffles the jobs: the search has no seed of its own, and another order
    of nodes takes it another way.
    """
    on = [problem.shifts[shift] for shift in shifts]
    ends = dict.fromkeys(place for s in on for place in (s.start_location, s.end_location))
    jobs = list(range(len(problem.jobs)))
    if seed:
        random.Random(seed).shuffle(jobs)  # noqa: S311  # no secret hangs on it
    known = set(shifts)
    visits = [(job_visit(job), _among(known, allowed_shifts(problem, job))) for job in jobs]
    for facility, copies in enumerate(copies_of(problem, shifts, start or ())):
        place = problem.facilities[facility]
        served = tuple(s for s in shifts if helps(problem, problem.shifts[s], place))
        visits += [(reload_visit(facility), served)] * copies
    return [
        *(Node(location=place) for place in ends),
        *(_visit_node(problem, visit, allowed) for visit, allowed in visits if allowed),
    ]


def _visit_node(problem: Problem, visit: Visit, allowed: tuple[int, ...]) -> Node:
    halt = halt_of(problem, visit)
    return Node(
        location=halt.location,
        service_s=halt.service_s,
        setup_s=halt.setup_s,
        windows=halt.windows,
        visit=visit,
        shifts=allowed,
    )


def _among(shifts: set[int], allowed: Iterable[int]) -> tuple[int, ...]:
    return tuple(shift for shift in allowed if shift in shifts)


def work_s(problem: Problem, nodes: Sequence[Node], shift: ProblemShift) -> NDArray[np.int64]:
    """Return driving, service at the origin and setup where the place changes, per arc (n, n)."""
    locations = np.array([node.location for node in nodes])
    service_s = np.array([node.service_s for node in nodes])
    setup_s = np.array([node.setup_s for node in nodes])
    moved = locations[:, None] != locations[None, :]
    table = among(nodes, problem.matrices[shift.matrix].duration_s).clip(min=0)
    return np.asarray(table + service_s[:, None] + setup_s[None, :] * moved, dtype=np.int64)


def among(nodes: Sequence[Node], table: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a matrix over locations as one over nodes."""
    locations = [node.location for node in nodes]
    return table[np.ix_(locations, locations)]


def break_bounds(problem: Problem, shift: ProblemShift) -> tuple[int, int, int] | None:
    """Return earliest start, latest start and length of the break; None if none is needed.

    The engine may lay a break anywhere between two services. `timing` lays it at the end of the
    drive between them if that is within the longest stretch, else at its beginning; where the
    shift is too long for the latter to be lawful always, the bounds leave room for one drive.
    A route that is home before the break begins needs none, and the engine knows that: breaks
    may lie after the end.
    """
    rule = shift.break_rule
    length_s = rule.reserve_s(shift.end_s - shift.start_s) if rule else 0
    if rule is None or length_s == 0:
        return None
    setup_s = max((job.setup_s for job in problem.jobs), default=0)
    drive_s = int(problem.matrices[shift.matrix].duration_s.max(initial=0)) + setup_s
    earliest_s = max(
        shift.start_s + rule.not_before_s,
        shift.end_s - rule.max_stretch_s - length_s + setup_s,
    )
    latest_s = shift.start_s + rule.max_stretch_s
    if latest_s - earliest_s < 2 * drive_s:
        latest_s -= drive_s
    return earliest_s, max(earliest_s, latest_s), length_s
