"""The nodes of the routing model and its tables, as far as they need no solver."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from dispatch.domain.plan import StopKind
from dispatch.planning.fit import allowed_shifts, can_reach
from dispatch.planning.model_rests import rests_of
from dispatch.planning.problem import (
    ANYWHERE,
    Order,
    Visit,
    Window,
    job_visit,
    reload_visit,
)
from dispatch.planning.reload_copies import copies_of, serves
from dispatch.planning.timing import halt_of
from dispatch.planning.travel_bounds import longest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from dispatch.planning.problem import Problem, ProblemShift


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node of the model: an end place of shifts, a job or one copy of a facility.

    `service_s` includes the break `rest_s` that is taken at a rest place before its own service.
    A `bound` copy belongs to a relation and serves nothing else.
    """

    location: int
    service_s: int = 0
    setup_s: int = 0
    windows: tuple[Window, ...] = ()
    visit: Visit | None = None
    shifts: tuple[int, ...] = ()
    rest_s: int = 0
    bound: bool = False


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
    tied = {v: b.shift for b in problem.relations for v in b.visits if v.kind is StopKind.JOB}
    able = [(job_visit(job), _among(known, _able(problem, job))) for job in jobs]
    visits = [(v, tuple(s for s in on_it if tied.get(v, s) == s)) for v, on_it in able]
    for facility, copies in enumerate(copies_of(problem, shifts, start or ())):
        place = problem.facilities[facility]
        served = tuple(s for s in shifts if serves(problem, problem.shifts[s], place))
        visits += [(reload_visit(facility), served)] * copies
    return [
        *(Node(location=place) for place in ends),
        *(_visit_node(problem, visit, allowed) for visit, allowed in visits if allowed),
    ]


def own_nodes(problem: Problem, shifts: Sequence[int]) -> list[Node]:
    """Return the facility copies of one use: those of strict relations, then the rest places."""
    rests = [node for shift in shifts for node in _rest_nodes(problem, shift)]
    return [*_bound_nodes(problem, set(shifts)), *rests]


def _able(problem: Problem, job: int) -> Iterable[int]:
    """Return the shifts that could do the job alone, with crew enough and if they may."""
    wanted = problem.jobs[job]
    return (
        shift
        for shift in allowed_shifts(problem, job)
        if problem.shifts[shift].persons >= wanted.persons
        and (wanted.shifts is None or shift in wanted.shifts)
    )


def _bound_nodes(problem: Problem, shifts: set[int]) -> Iterable[Node]:
    """Yield a copy of its own for each facility visit of a strict relation."""
    for bond in problem.relations:
        for visit in bond.visits:
            strict = bond.order is Order.STRICT and bond.shift in shifts
            if strict and visit.kind is StopKind.RELOAD:
                yield replace(_visit_node(problem, visit, (bond.shift,)), bound=True)


def _rest_nodes(problem: Problem, number: int) -> Iterable[Node]:
    """Yield a copy of each rest place of a shift: its break, then the facility's own service."""
    shift = problem.shifts[number]
    rests = rests_of(problem, shift)
    if shift.rest_places is None or not rests.pieces:
        return
    length_s = rests.length_s
    earliest_s = max(rests.pieces[0].earliest_s, shift.end_s - rests.stretch_s - length_s)
    latest_s = min(piece.latest_s for piece in rests.pieces)
    for facility in sorted(shift.rest_places):
        place = problem.facilities[facility]
        first_s = max(earliest_s, place.opens_s - length_s)
        last_s = min(latest_s, place.closes_s - place.service_s - length_s)
        if first_s <= last_s and can_reach(problem, shift, place.location):
            yield Node(
                location=place.location,
                service_s=length_s + place.service_s,
                windows=(Window(earliest_s=first_s, latest_s=last_s),),
                visit=reload_visit(facility),
                shifts=(number,),
                rest_s=length_s,
            )


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
    table = among(nodes, longest(problem, shift).duration_s).clip(min=0)
    return np.asarray(table + service_s[:, None] + setup_s[None, :] * moved, dtype=np.int64)


def among(nodes: Sequence[Node], table: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a matrix over locations as one over nodes; legs to the open end are zero."""
    locations = [node.location for node in nodes]
    legs: NDArray[np.int64] = table[np.ix_(locations, locations)]
    anywhere = np.array(locations) == ANYWHERE
    legs[anywhere, :] = 0
    legs[:, anywhere] = 0
    return legs
