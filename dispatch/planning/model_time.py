"""Time in the routing model: windows, spans, releases, breaks, and what being late costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dispatch.domain.plan import StopKind
from dispatch.planning.model_nodes import among, work_s
from dispatch.planning.travel_bounds import longest, matrices_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from dispatch.planning.model_frame import Frame
    from dispatch.planning.model_nodes import Node
    from dispatch.planning.model_rests import Rests
    from dispatch.planning.problem import ProblemShift, Window


def add_time(frame: Frame, rests: Sequence[Rests]) -> Any:
    """Return the time dimension; its value at a node is when service starts there."""
    time = _clock(frame, "time")
    _add_spans(frame, time)
    _add_breaks(frame, time, rests)
    _add_rest_places(frame, time, rests)
    _add_releases(frame, time)
    _add_late_costs(frame, rests)
    return time


def _clock(frame: Frame, name: str) -> Any:
    """Add a dimension that keeps windows and shifts, and return it."""
    horizon_s = frame.problem.horizon_s

    def table(shift: ProblemShift) -> NDArray[np.int64]:
        seconds = work_s(frame.problem, frame.nodes, shift)
        # Longer than the horizon means never: the dimension itself forbids the leg.
        missing = among(frame.nodes, longest(frame.problem, shift).duration_s) < 0
        seconds[missing] = horizon_s + 1
        return seconds

    tables = frame.tables(matrices_of, table)
    frame.routing.AddDimensionWithVehicleTransits(tables, horizon_s, horizon_s, False, name)
    clock = frame.routing.GetDimensionOrDie(name)
    for vehicle, shift in enumerate(frame.on):
        begin = clock.CumulVar(frame.routing.Start(vehicle))
        if _floats(frame, shift):
            begin.SetRange(shift.start_s, shift.end_s)
        else:
            begin.SetValue(shift.start_s)
        clock.CumulVar(frame.routing.End(vehicle)).SetRange(shift.start_s, shift.end_s)
    for index, node in frame.visits():
        _keep_windows(clock.CumulVar(index), node.windows)
    return clock


def _floats(frame: Frame, shift: ProblemShift) -> bool:
    """Tell whether work may begin later than the shift: for a span's or a release's sake.

    Rest places have fixed hours in the model, so those shifts begin at their start.
    """
    if shift.underway is not None or shift.rest_places is not None:
        return False
    late = any(job.release_s > shift.start_s for job in frame.problem.jobs)
    return late or shift.max_span_s is not None


def _add_spans(frame: Frame, time: Any) -> None:
    for vehicle, shift in enumerate(frame.on):
        if shift.max_span_s is None:
            continue
        if shift.underway is None:
            time.SetSpanUpperBoundForVehicle(shift.max_span_s, vehicle)
        else:
            end_s = min(shift.end_s, shift.underway.began_s + shift.max_span_s)
            end_s = max(end_s, shift.start_s)
            time.CumulVar(frame.routing.End(vehicle)).SetRange(shift.start_s, end_s)


def _add_breaks(frame: Frame, time: Any, rests: Sequence[Rests]) -> None:
    """Lay the pieces of each shift that rests on the road, and bound the stretches between."""
    solver = frame.routing.solver()
    service_s = [0] * frame.routing.Size()
    for index, node in frame.visits():
        service_s[index] = node.service_s
    for vehicle, (shift, rest) in enumerate(zip(frame.on, rests, strict=True)):
        if not rest.pieces or shift.rest_places is not None:
            continue
        begin = time.CumulVar(frame.routing.Start(vehicle))
        wait_s = shift.end_s - shift.start_s if _floats(frame, shift) else 0
        breaks = []
        for number, piece in enumerate(rest.pieces):
            laid = solver.FixedDurationIntervalVar(
                piece.earliest_s,
                piece.latest_s + wait_s,
                piece.length_s,
                False,
                f"break {vehicle} {number}",
            )
            if wait_s:
                solver.Add(laid.StartExpr() >= begin + (piece.earliest_s - shift.start_s))
                solver.Add(laid.StartExpr() <= begin + (piece.latest_s - shift.start_s))
            breaks.append(laid)
        time.SetBreakIntervalsOfVehicle(breaks, vehicle, service_s)
        time.SetBreakDistanceDurationOfVehicle(rest.stretch_s, rest.least_s, vehicle)


def _add_rest_places(frame: Frame, time: Any, rests: Sequence[Rests]) -> None:
    """Demand one rest place of the routes that are out when their break is due."""
    due = {
        vehicle: min(piece.latest_s for piece in rest.pieces)
        for vehicle, (shift, rest) in enumerate(zip(frame.on, rests, strict=True))
        if rest.pieces and shift.rest_places is not None
    }
    if not due:
        return
    rested = frame.counter(
        "rested", [int(node.rest_s > 0) for node in frame.nodes], [1] * len(rests)
    )
    for vehicle, due_s in due.items():
        end = frame.routing.End(vehicle)
        more_s = rested.CumulVar(end) * frame.problem.horizon_s
        frame.routing.solver().Add(time.CumulVar(end) <= more_s + due_s)


def _add_releases(frame: Frame, time: Any) -> None:
    """Keep for every trip when it left: no earlier than what its jobs need lies ready."""
    released = [(index, _release_s(frame, node)) for index, node in frame.visits()]
    if not any(release_s for _, release_s in released):
        return
    horizon_s = frame.problem.horizon_s
    still = frame.routing.RegisterUnaryTransitVector([0] * len(frame.nodes))
    frame.routing.AddDimension(still, horizon_s, horizon_s, False, "left")
    left, solver = frame.routing.GetDimensionOrDie("left"), frame.routing.solver()
    for (index, node), (_, release_s) in zip(frame.visits(), released, strict=True):
        if node.visit is not None and node.visit.kind is StopKind.RELOAD:
            leaves = time.CumulVar(index) + node.service_s
            solver.Add(left.CumulVar(index) + left.SlackVar(index) <= leaves)
        else:
            left.SlackVar(index).SetValue(0)
            left.CumulVar(index).SetRange(release_s, horizon_s)
    for vehicle in range(len(frame.shifts)):
        begin = frame.routing.Start(vehicle)
        left.SlackVar(begin).SetValue(0)
        solver.Add(left.CumulVar(begin) <= time.CumulVar(begin))


def _release_s(frame: Frame, node: Node) -> int:
    if node.visit is None or node.visit.kind is not StopKind.JOB:
        return 0
    return frame.problem.jobs[node.visit.index].release_s


def _add_late_costs(frame: Frame, rests: Sequence[Rests]) -> None:
    """Charge overtime and lateness on a clock of its own that knows no breaks.

    OR-Tools loses solutions where soft bounds and breaks share a dimension (its issue 4423). The
    breaks of a shift are taken off the time before overtime, and not seen by lateness.
    """
    late = [
        (index, frame.problem.jobs[node.visit.index])
        for index, node in frame.visits()
        if node.visit is not None and node.visit.kind is StopKind.JOB
    ]
    late = [(index, job) for index, job in late if job.due_s is not None and job.late_ueur_per_s]
    over = [
        (vehicle, shift)
        for vehicle, shift in enumerate(frame.on)
        if shift.overtime_from_s is not None and shift.overtime_ueur_per_s
    ]
    if not late and not over:
        return
    clock = _clock(frame, "clock")
    for index, job in late:
        clock.SetCumulVarSoftUpperBound(index, max(0, job.due_s or 0), job.late_ueur_per_s)
    for vehicle, shift in over:
        on_road_s = 0 if shift.rest_places is not None else rests[vehicle].length_s
        from_s = max(0, (shift.overtime_from_s or 0) - on_road_s)
        end = frame.routing.End(vehicle)
        clock.SetCumulVarSoftUpperBound(end, from_s, shift.overtime_ueur_per_s)


def _keep_windows(start: Any, windows: Sequence[Window]) -> None:
    """Restrict a start time to the windows: their hull, less the holes between them."""
    ordered = sorted(windows, key=lambda window: window.earliest_s)
    start.SetRange(ordered[0].earliest_s, max(window.latest_s for window in ordered))
    open_until_s = ordered[0].latest_s
    for window in ordered[1:]:
        if window.earliest_s > open_until_s + 1:
            start.RemoveInterval(open_until_s + 1, window.earliest_s - 1)
        open_until_s = max(open_until_s, window.latest_s)
