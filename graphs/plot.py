"""Pictures of networks and routes; needs matplotlib (the extra `plot`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from graphs.network import StreetNetwork

Window = tuple[float, float, float, float]
"""South, west, north, east in degrees."""

CLASSES: tuple[tuple[str, str, float], ...] = (
    ("motorway", "#e06c75", 2.6),
    ("trunk", "#e8875b", 2.4),
    ("primary", "#f0a04b", 2.1),
    ("secondary", "#f2c14e", 1.6),
    ("tertiary", "#c9b458", 1.1),
    ("unclassified", "#8d99a6", 0.7),
    ("residential", "#9aa5b1", 0.5),
    ("living_street", "#7fb069", 0.5),
    ("service", "#c3cad2", 0.35),
)
"""Road classes from wide to narrow with colour and line width in points; others are drawn thin."""

DPI = 160
TRIM = (0.04, 0.96)
TRIM_ROOM = 0.15
"""A picture without window shows these quantiles of the nodes and a little more."""

_OTHER = ("#d5dbe1", 0.25)
_ROUTE_COLOURS = (
    *("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#8c564b", "#e377c2", "#17becf"),
    *("#111111", "#b8860b", "#00695c"),
)


def plot_network(
    network: StreetNetwork, *, file: Path, window: Window | None = None, size_px: int = 1600
) -> None:
    """Write a PNG of the streets by class, `size_px` wide."""
    figure, axes = _canvas(network, window, size_px)
    _save(figure, axes, network, file)


def plot_routes(
    network: StreetNetwork,
    routes: Sequence[Sequence[tuple[float, float]]],
    *,
    file: Path,
    window: Window | None = None,
    size_px: int = 1600,
) -> None:
    """Write a PNG of the streets with routes, each a line of (lat, lon), on top."""
    figure, axes = _canvas(network, window, size_px)
    for number, route in enumerate(routes):
        lat, lon = zip(*route, strict=True)
        colour = _ROUTE_COLOURS[number % len(_ROUTE_COLOURS)]
        axes.plot(lon, lat, color=colour, linewidth=2.2, alpha=0.85, zorder=20)
        axes.plot(lon[:1], lat[:1], "o", color=colour, markersize=5, zorder=21)
    _save(figure, axes, network, file)


def _canvas(network: StreetNetwork, window: Window | None, size_px: int) -> tuple[Figure, Axes]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.collections import LineCollection
    from matplotlib.figure import Figure

    south, west, north, east = window or _bounds(network)
    stretch = 1 / np.cos(np.radians((south + north) / 2))
    width = size_px / DPI
    figure = Figure(figsize=(width, width * stretch * (north - south) / (east - west)), dpi=DPI)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    lines = _lines(network)
    drawn = np.array([value.removesuffix("_link") for value in network.tag_values("highway")])
    styles = {name: (colour, width) for name, colour, width in CLASSES}
    for rank, name in enumerate(sorted(set(drawn.tolist()), key=_rank, reverse=True)):
        colour, width = styles.get(name, _OTHER)
        chosen = [lines[i] for i in np.flatnonzero(drawn == name)]
        label = name.replace("_", " ") or "no class"
        axes.add_collection(
            LineCollection(chosen, colors=colour, linewidths=width, zorder=rank, label=label)
        )
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_aspect(stretch)
    axes.axis("off")
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], labels[::-1], loc="upper right", fontsize=6).set_zorder(40)
    return figure, axes


def _rank(name: str) -> int:
    names = [row[0] for row in CLASSES]
    return names.index(name) if name in names else len(names)


def _lines(network: StreetNetwork) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    xy = np.column_stack((network.shape_lon, network.shape_lat))
    return np.split(xy, network.shape_offset[1:-1])


def _bounds(network: StreetNetwork) -> Window:
    """Return a window on nearly all nodes; extracts often trail a few streets far outside."""
    (south, north), (west, east) = (_span(network.node_lat), _span(network.node_lon))
    return south, west, north, east


def _span(values: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.quantile(values, TRIM)
    room = TRIM_ROOM * (high - low)
    whole = 0.02 * (high - low)
    return (
        float(max(low - room, values.min() - whole)),
        float(min(high + room, values.max() + whole)),
    )


def _save(figure: Figure, axes: Axes, network: StreetNetwork, file: Path) -> None:
    label = f"{network.name} (not real) · " if network.stand_in else f"{network.name} · "
    axes.text(
        0.01, 0.01, label + network.attribution, transform=axes.transAxes, fontsize=6, zorder=30
    )
    figure.savefig(file, format="png", facecolor="white", metadata={"Software": None})
