"""Cost over time as one picture: a field per class or size, a curve per planner."""

from __future__ import annotations

from bisect import bisect_right
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from scenarios.bench.solver_runs import Row

STEPS = 60
COLUMNS = 3
COLOURS = {"solve": "#1b6ca8", "PyVRP": "#d1495b", "VROOM": "#66a182", "OR-Tools": "#8d6a9f"}


def draw(fields: Mapping[str, Sequence[Row]], value: str, label: str, file: Path) -> None:
    """Write a PNG: `value` of the rows at their budgets, and their traces in between."""
    rows = -(-len(fields) // COLUMNS)
    figure = Figure(figsize=(4.2 * COLUMNS, 3.2 * rows), layout="constrained")
    axes = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for axis, (title, group) in zip(axes, fields.items(), strict=False):
        for planner, colour in COLOURS.items():
            mine = [row for row in group if row["planner"] == planner]
            dots = points(mine, value)
            if dots:
                axis.plot(*zip(*dots, strict=True), "o", color=colour, label=planner)
            curve = mean_curve([row["trace"] for row in longest(mine)])
            if curve:
                axis.plot(*zip(*curve, strict=True), color=colour)
        axis.set(title=title, xlabel="seconds", ylabel=label, xscale="log")
        if axis.has_data():
            axis.legend(fontsize=7)
    for axis in axes[len(fields) :]:
        axis.set_axis_off()
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110)


def points(rows: Sequence[Row], value: str) -> list[tuple[float, float]]:
    """Return the mean value per budget; a budget with a plan that does not count has none."""
    budgets = sorted({row["seconds"] for row in rows})
    found = []
    for seconds in budgets:
        values = [row[value] for row in rows if row["seconds"] == seconds]
        if None not in values:
            found.append((seconds, fmean(values)))
    return found


def longest(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of the greatest budget: their traces hold the others."""
    most = max((row["seconds"] for row in rows), default=0)
    return [row for row in rows if row["seconds"] == most]


def mean_curve(traces: Sequence[Sequence[tuple[float, float]]]) -> list[tuple[float, float]]:
    """Return the mean of step curves, from when all of them have a plan; empty without traces."""
    if not traces or not all(traces):
        return []
    begin = max(trace[0][0] for trace in traces)
    end = max(trace[-1][0] for trace in traces)
    if begin <= 0 or end <= begin:
        return []
    times = np.geomspace(begin, end, STEPS).tolist()
    times[0], times[-1] = begin, end
    return [(time, fmean(_at(trace, time) for trace in traces)) for time in times]


def _at(trace: Sequence[tuple[float, float]], time: float) -> float:
    return trace[max(0, bisect_right([at for at, _ in trace], time) - 1)][1]
