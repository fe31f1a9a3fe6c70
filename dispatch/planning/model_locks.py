"""What binds visits to each other: relations, conflicts, and room at facilities."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from dispatch.domain.plan import StopKind
from dispatch.planning.model_frame import UNBOUNDED
from dispatch.planning.problem import Order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.planning.model_frame import Frame
    from dispatch.planning.problem import Relation, Visit


def add_locks(frame: Frame, time: Any, together: int) -> None:
    """Add relations, conflicts and room at facilities.

    `together` is the library's policy by which types of jobs exclude each other on a vehicle.
    """
    _add_relations(frame)
    _add_conflicts(frame, together)
    _add_room(frame, time)


def firm_relations(frame: Frame) -> list[Relation]:
    """Return the relations that demand all their visits, if their shift can make these at all."""
    known = {(node.visit, shift) for _, node in frame.visits() for shift in node.shifts}
    return [
        bond
        for bond in frame.problem.relations
        if bond.order is not Order.ANY
        and all((visit, bond.shift) in known for visit in bond.visits)
    ]


def bound_orders(frame: Frame) -> list[tuple[Visit, ...]]:
    """Return the visits that relations demand, per shift: the locked prefix first."""
    orders: list[tuple[Visit, ...]] = [()] * len(frame.problem.shifts)
    for bond in sorted(firm_relations(frame), key=lambda bond: not bond.from_start):
        orders[bond.shift] += bond.visits
    return orders


def routes_of(frame: Frame, orders: Sequence[Sequence[Visit]]) -> list[list[int]]:
    """Return the orders as indices per vehicle, each visit by a copy that serves there.

    A visit for which no copy is left is passed over.
    """
    free: dict[tuple[Visit | None, bool], list[tuple[int, tuple[int, ...]]]] = defaultdict(list)
    # Rest places come last among the nodes and first here: they are the shift's own.
    for index, node in sorted(frame.visits(), key=lambda pair: pair[1].rest_s == 0):
        free[node.visit, node.bound].append((index, node.shifts))
    routes = []
    for shift in frame.shifts:
        held = _held(frame, shift, orders[shift])
        picked = [
            _take(free[visit, number in held], shift) for number, visit in enumerate(orders[shift])
        ]
        routes.append([index for index in picked if index is not None])
    return routes


def _take(copies: list[tuple[int, tuple[int, ...]]], shift: int) -> int | None:
    for place, (index, shifts) in enumerate(copies):
        if shift in shifts:
            del copies[place]
            return index
    return None


def _held(frame: Frame, shift: int, order: Sequence[Visit]) -> set[int]:
    """Return the positions of facility visits that belong to a strict relation of the shift."""
    held: set[int] = set()
    for bond in frame.problem.relations:
        size = len(bond.visits)
        if bond.order is not Order.STRICT or bond.shift != shift:
            continue
        for begin in range(len(order) - size + 1):
            if tuple(order[begin : begin + size]) == bond.visits:
                span = range(begin, begin + size)
                held |= {at for at in span if order[at].kind is StopKind.RELOAD}
                break
    return held


def _add_relations(frame: Frame) -> None:
    firm = firm_relations(frame)
    if not firm:
        return
    vehicle_of = {shift: vehicle for vehicle, shift in enumerate(frame.shifts)}
    routes = routes_of(frame, bound_orders(frame))
    rank: Any = None
    done: dict[int, int] = {}
    for bond in sorted(firm, key=lambda bond: not bond.from_start):
        vehicle = vehicle_of[bond.shift]
        begin = done.get(vehicle, 0)
        done[vehicle] = begin + len(bond.visits)
        indices = routes[vehicle][begin : done[vehicle]]
        for index in indices:
            frame.routing.VehicleVar(index).SetValue(vehicle)
            frame.routing.ActiveVar(index).SetValue(1)
        if bond.order is Order.SEQUENCE and len(indices) > 1:
            rank = rank or _ranks(frame)
            for one, other in pairwise(indices):
                rank.AddNodePrecedence(one, other, 1)
        elif bond.order is Order.STRICT:
            first = [frame.routing.Start(vehicle)] if bond.from_start else []
            for one, other in pairwise([*first, *indices]):
                frame.routing.NextVar(one).SetValue(other)


def _ranks(frame: Frame) -> Any:
    vehicles = len(frame.shifts)
    return frame.counter("rank", [1] * len(frame.nodes), [UNBOUNDED] * vehicles)


def _add_conflicts(frame: Frame, together: int) -> None:
    """Give each job of a conflict a type of its own; types in conflict share no vehicle."""
    at = {
        node.visit.index: index
        for index, node in frame.visits()
        if node.visit is not None and node.visit.kind is StopKind.JOB
    }
    pairs = [pair for pair in frame.problem.conflicts if pair[0] in at and pair[1] in at]
    types = {job: number for number, job in enumerate(sorted({j for pair in pairs for j in pair}))}
    for job, number in types.items():
        frame.routing.SetVisitType(at[job], number, together)
    for one, other in pairs:
        frame.routing.AddHardTypeIncompatibility(types[one], types[other])


def _add_room(frame: Frame, time: Any) -> None:
    """Let a facility serve no more vehicles at the same time than it can."""
    solver = frame.routing.solver()
    for number, place in enumerate(frame.problem.facilities):
        if place.at_once is None or place.service_s == 0:
            continue
        served = [
            solver.FixedDurationIntervalVar(
                (time.CumulVar(index) + node.rest_s).Var(),
                place.service_s,
                frame.routing.ActiveVar(index),
                f"service {index}",
            )
            for index, node in frame.visits()
            if node.visit is not None
            and node.visit.kind is StopKind.RELOAD
            and node.visit.index == number
        ]
        if len(served) > place.at_once:
            demands = [1] * len(served)
            solver.Add(solver.Cumulative(served, demands, place.at_once, f"room {number}"))
