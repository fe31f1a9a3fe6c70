"""Costs of the routing model in micro-euro: legs, vehicles, moves, unevenness and jobs left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispatch.domain.plan import StopKind
from dispatch.planning.costs import leave_price_ueur
from dispatch.planning.model_frame import UNBOUNDED
from dispatch.planning.model_nodes import among, work_s
from dispatch.planning.travel_bounds import longest, matrices_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from dispatch.planning.model_frame import Frame
    from dispatch.planning.model_nodes import Node
    from dispatch.planning.problem import Problem, ProblemShift, Visit


def add_costs(frame: Frame) -> None:
    """Add all cost lines but overtime and lateness, which depend on times."""
    _add_legs(frame)
    _add_visits(frame)
    _add_moves(frame)
    _add_unevenness(frame)


def left_ueur(problem: Problem, visits: Iterable[Visit]) -> int:
    """Return the price of all jobs that are not among these visits."""
    known = {visit.index for visit in visits if visit.kind is StopKind.JOB}
    left = (job for job in range(len(problem.jobs)) if job not in known)
    return sum(leave_price_ueur(problem, job) for job in left)


def paid_s(problem: Problem, nodes: Sequence[Node], shift: ProblemShift) -> NDArray[np.int64]:
    """Return the work of every arc without breaks at rest places, which nobody pays (n, n)."""
    rest_s = np.array([node.rest_s for node in nodes])
    return np.asarray(work_s(problem, nodes, shift) - rest_s[:, None])


def _add_legs(frame: Frame) -> None:
    def ueur(shift: ProblemShift) -> NDArray[np.int64]:
        metres = among(frame.nodes, longest(frame.problem, shift).distance_m).clip(min=0)
        seconds = paid_s(frame.problem, frame.nodes, shift)
        return np.asarray(seconds * shift.crew_ueur_per_s + metres * shift.ueur_per_m)

    tables = frame.tables(lambda s: (matrices_of(s), s.crew_ueur_per_s, s.ueur_per_m), ueur)
    for vehicle, shift in enumerate(frame.on):
        out = shift.underway is not None
        frame.routing.SetArcCostEvaluatorOfVehicle(tables[vehicle], vehicle)
        frame.routing.SetFixedCostOfVehicle(0 if out else shift.use_ueur, vehicle)
        if out:
            # It drives home even if nothing is left to do.
            frame.routing.SetVehicleUsedWhenEmpty(True, vehicle)


def _add_visits(frame: Frame) -> None:
    """Make every visit optional, at its price, on the shifts that may make it."""
    vehicle_of = {shift: vehicle for vehicle, shift in enumerate(frame.shifts)}
    for index, node in frame.visits():
        is_job = node.visit is not None and node.visit.kind is StopKind.JOB
        price = leave_price_ueur(frame.problem, node.visit.index) if node.visit and is_job else 0
        frame.routing.AddDisjunction([index], price)
        allowed = [vehicle_of[shift] for shift in node.shifts]
        frame.routing.VehicleVar(index).SetValues([-1, *allowed])


def _add_moves(frame: Frame) -> None:
    """Charge jobs that leave their published shift: a sum per vehicle, at one micro-euro each."""
    prices = [_move_ueur(frame.problem, node) for node in frame.nodes]
    if not any(prices):
        return
    published = [_published(frame.problem, node) for node in frame.nodes]
    steps = [
        frame.routing.RegisterUnaryTransitVector(
            [0 if at == shift else price for at, price in zip(published, prices, strict=True)]
        )
        for shift in frame.shifts
    ]
    moved = frame.add_sum("moved", steps, [sum(prices)] * len(steps))
    moved.SetSpanCostCoefficientForAllVehicles(1)


def _move_ueur(problem: Problem, node: Node) -> int:
    if node.visit is None or node.visit.kind is not StopKind.JOB:
        return 0
    job = problem.jobs[node.visit.index]
    return job.move_ueur if job.published >= 0 else 0


def _published(problem: Problem, node: Node) -> int:
    return (
        problem.jobs[node.visit.index].published if _move_ueur(problem, node) and node.visit else -1
    )


def _add_unevenness(frame: Frame) -> None:
    """Charge the longest day of work: the shortest is beyond what the library can express."""
    rate = frame.problem.uneven_ueur_per_s
    if rate == 0:
        return
    tables = frame.tables(matrices_of, lambda s: paid_s(frame.problem, frame.nodes, s))
    work = frame.add_sum("work", tables, [UNBOUNDED] * len(tables))
    work.SetGlobalSpanCostCoefficient(rate)
