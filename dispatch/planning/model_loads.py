"""What accumulates on a route and where it is set back: loads, range, jobs, driving, metres."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.fit import usable
from dispatch.planning.model_frame import UNBOUNDED
from dispatch.planning.model_nodes import among
from dispatch.planning.model_rests import rests_of
from dispatch.planning.problem import ANYWHERE
from dispatch.planning.timing import halt_of
from dispatch.planning.travel_bounds import longest, matrices_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from dispatch.planning.model_frame import Frame
    from dispatch.planning.model_nodes import Node
    from dispatch.planning.model_rests import Rests
    from dispatch.planning.problem import Matrix, Problem, ProblemShift, Visit


def add_loads(frame: Frame) -> None:
    """Add what accumulates in each dimension: jobs add, a reload takes up to all of it away."""
    for dimension in range(frame.problem.dimensions):
        _add_load(frame, dimension)


def _add_load(frame: Frame, dimension: int) -> None:
    capacities = [shift.capacities[dimension] for shift in frame.on]
    greatest = max(capacities)
    amounts = [_amount(frame, node, dimension, greatest) for node in frame.nodes]
    if not any(amounts):
        return
    name = f"load {dimension}"
    step = frame.routing.RegisterUnaryTransitVector(amounts)
    frame.routing.AddDimensionWithVehicleCapacity(step, greatest, capacities, False, name)
    begin = [s.underway.loads[dimension] if s.underway else 0 for s in frame.on]
    _keep_slack(frame, name, begin, lambda node: _resets(frame, node, dimension))


def _amount(frame: Frame, node: Node, dimension: int, greatest: int) -> int:
    if node.visit is not None and node.visit.kind is StopKind.JOB:
        return frame.problem.jobs[node.visit.index].loads[dimension]
    return -greatest if _resets(frame, node, dimension) else 0


def _resets(frame: Frame, node: Node, dimension: int) -> bool:
    if node.visit is None or node.visit.kind is not StopKind.RELOAD:
        return False
    return dimension in frame.problem.facilities[node.visit.index].dimensions


def _keep_slack(
    frame: Frame, name: str, begin: Sequence[int], resets: Callable[[Node], bool]
) -> None:
    """Let only resetting nodes give up a part of what they take away; set the first values."""
    dimension = frame.routing.GetDimensionOrDie(name)
    for index, node in frame.visits():
        if not resets(node):
            dimension.SlackVar(index).SetValue(0)
    for vehicle, amount in enumerate(begin):
        index = frame.routing.Start(vehicle)
        dimension.SlackVar(index).SetValue(0)
        dimension.CumulVar(index).SetValue(amount)


def add_range(frame: Frame) -> None:
    """Add the metres since the last charge: a charging facility takes up to all of them away."""
    ranges = [shift.range_m for shift in frame.on]
    greatest = max((metres for metres in ranges if metres is not None), default=0)
    if greatest == 0:
        return

    def table(shift: ProblemShift) -> NDArray[np.int64]:
        metres = among(frame.nodes, longest(frame.problem, shift).distance_m).clip(min=0)
        metres[[_charges(frame, node) for node in frame.nodes], :] -= greatest
        return metres

    frame.routing.AddDimensionWithVehicleTransitAndCapacity(
        frame.tables(matrices_of, table),
        greatest,
        [UNBOUNDED if metres is None else metres for metres in ranges],
        False,
        "range",
    )
    begin = [s.underway.charged_m if s.underway else 0 for s in frame.on]
    _keep_slack(frame, "range", begin, lambda node: _charges(frame, node))


def _charges(frame: Frame, node: Node) -> bool:
    if node.visit is None or node.visit.kind is not StopKind.RELOAD:
        return False
    return frame.problem.facilities[node.visit.index].charges


def add_limits(frame: Frame, rests: Sequence[Rests]) -> None:
    """Add jobs, driving and metres of each route where some shift limits them."""
    behind = [shift.underway for shift in frame.on]
    stops = [_less(s.max_stops, u.stops if u else 0) for s, u in zip(frame.on, behind, strict=True)]
    if any(most is not None for most in stops):
        is_job = [n.visit is not None and n.visit.kind is StopKind.JOB for n in frame.nodes]
        frame.counter("stops", [int(job) for job in is_job], _capacities(stops))
    _limit_ways(
        frame,
        "driving",
        [drive_limit_s(s, r) for s, r in zip(frame.on, rests, strict=True)],
        lambda matrix: matrix.duration_s,
    )
    metres = [
        _less(s.max_distance_m, u.distance_m if u else 0)
        for s, u in zip(frame.on, behind, strict=True)
    ]
    _limit_ways(frame, "distance", metres, lambda matrix: matrix.distance_m)


def able_to_go(problem: Problem) -> tuple[int, ...]:
    """Return the usable shifts whose way from start to end alone keeps their limits."""
    return tuple(number for number in usable(problem) if _keeps_limits(problem, number))


def _keeps_limits(problem: Problem, number: int) -> bool:
    shift = problem.shifts[number]
    behind, table = shift.underway, longest(problem, shift)
    leg = (shift.start_location, shift.end_location)
    way_s, way_m = (0, 0) if ANYWHERE in leg else (table.duration_s[leg], table.distance_m[leg])
    limits = [
        (shift.start_s + way_s, shift.end_s),
        (way_s, drive_limit_s(shift, rests_of(problem, shift))),
        (way_m, _less(shift.max_distance_m, behind.distance_m if behind else 0)),
        (way_m, _less(shift.range_m, behind.charged_m if behind else 0)),
    ]
    return way_s >= 0 and all(most is None or used <= most for used, most in limits)


def driven_s(problem: Problem, shift: int, start: Sequence[Sequence[Visit]] | None) -> int | None:
    """Return how long the route of that shift in the start drives at most; None without one."""
    if start is None:
        return None
    on = problem.shifts[shift]
    halts = [halt_of(problem, visit).location for visit in start[shift]]
    ends = [] if on.end_location == ANYWHERE else [on.end_location]
    table = longest(problem, on).duration_s
    legs = pairwise([on.start_location, *halts, *ends])
    return sum(max(0, int(table[leg])) for leg in legs)


def drive_limit_s(shift: ProblemShift, rests: Rests) -> int | None:
    """Return how much a shift may still drive by its own limit and by its driving rule."""
    driven_s = shift.underway.driven_s if shift.underway else 0
    drive = shift.break_rule.drive if shift.break_rule else None
    bounds = [
        _less(shift.max_drive_s, driven_s),
        _less(drive.max_drive_s, driven_s) if drive else None,
        rests.drive_cap_s,
    ]
    return min((bound for bound in bounds if bound is not None), default=None)


def _limit_ways(
    frame: Frame,
    name: str,
    limits: Sequence[int | None],
    of: Callable[[Matrix], NDArray[np.int64]],
) -> None:
    if all(limit is None for limit in limits):
        return

    def table(shift: ProblemShift) -> NDArray[np.int64]:
        return among(frame.nodes, of(longest(frame.problem, shift))).clip(min=0)

    frame.add_sum(name, frame.tables(matrices_of, table), _capacities(limits))


def _less(limit: int | None, used: int) -> int | None:
    return None if limit is None else max(0, limit - used)


def _capacities(limits: Sequence[int | None]) -> list[int]:
    return [UNBOUNDED if limit is None else limit for limit in limits]
