"""The main roads of the stand-in: a triangle mesh over the district centres.

Every triangle is cut into three quadrilaterals at its middle, so that the whole city is a set of
four-sided blocks from the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay

if TYPE_CHECKING:
    from shapely import Polygon

SPACING_M = 1500.0
"""Distance between main crossings in built-up land; also of the exits along the outline."""

RIM_SHARE = 0.7
"""Distance of points along the rim, in spacings: finer, to follow the outline."""

INSET_M = 180.0
"""The outermost street keeps this distance from the outline, room for bends."""

EXITS = 8
"""Main roads that leave the city."""

PRIMARY, SECONDARY, TERTIARY, UNCLASSIFIED, RESIDENTIAL, LIVING, SERVICE = range(7)
ROADS = (
    *("primary", "secondary", "tertiary", "unclassified"),
    *("residential", "living_street", "service"),
)
"""OpenStreetMap's `highway` values by class number."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arterials:
    """Crossings (p, 2) in metres and the edges between them.

    The first `centres` crossings are the places given. `edge` (e, 2) are crossings, `road` (e,)
    classes, `rim` (e,) marks the outermost edges. `triangle` (f, 3) are crossings and
    `triangle_edge` (f, 3) the edges from each of its corners to the next.
    """

    crossing: NDArray[np.float64]
    centres: int
    edge: NDArray[np.int64]
    road: NDArray[np.int64]
    rim: NDArray[np.bool_]
    triangle: NDArray[np.int64]
    triangle_edge: NDArray[np.int64]


def plan_arterials(
    city: Polygon, centres: NDArray[np.float64], rng: np.random.Generator
) -> Arterials | None:
    """Return the main roads of a city, or None if the outline leaves no room for any."""
    spacing = min(SPACING_M, float(np.sqrt(city.area)) / 3)
    inner = _largest_part(city.buffer(-min(INSET_M, spacing / 8)))
    if inner.is_empty:
        return None
    crossing, kept = _crossings(inner, centres, spacing, rng)
    if len(crossing) < 3:
        return None
    triangle = _triangles(crossing, inner, spacing)
    if len(triangle) == 0:
        return None
    edge, triangle_edge = _edges(triangle)
    rim = np.bincount(triangle_edge.ravel(), minlength=len(edge)) == 1
    return Arterials(
        crossing=crossing,
        centres=kept,
        edge=edge,
        road=_classes(crossing, edge, rim),
        rim=rim,
        triangle=triangle,
        triangle_edge=triangle_edge,
    )


def _largest_part(area: shapely.Geometry) -> Polygon:
    parts: list[Polygon] = shapely.get_parts(area).tolist()
    return max(parts, key=lambda part: part.area, default=shapely.Polygon())


def _crossings(
    inner: Polygon,
    centres: NDArray[np.float64],
    spacing: float,
    rng: np.random.Generator,
) -> tuple[NDArray[np.float64], int]:
    """Return centres, then filling points, then points along the rim; and how many centres."""
    inside = centres[shapely.contains_xy(inner, centres)] if len(centres) else centres
    steps = max(3, round(inner.exterior.length / (RIM_SHARE * spacing)))
    rim = shapely.get_coordinates(
        [
            inner.exterior.interpolate(at)
            for at in np.linspace(0.0, inner.exterior.length, steps, endpoint=False)
        ]
    )
    rim = rim[_far_from(rim, inside, 0.45 * spacing)]
    taken = list(inside)
    for candidate in _candidates(inner, spacing, rng):
        others = np.array([*taken, *rim])
        near = np.hypot(*(others - candidate).T).min() if len(others) else np.inf
        if near > 0.95 * spacing:
            taken.append(candidate)
    return np.array([*taken, *rim]).reshape(-1, 2), len(inside)


def _far_from(
    points: NDArray[np.float64], others: NDArray[np.float64], gap: float
) -> NDArray[np.bool_]:
    if len(others) == 0:
        return np.ones(len(points), dtype=np.bool_)
    distance = np.hypot(*(points[:, None, :] - others[None, :, :]).transpose(2, 0, 1))
    return np.asarray(distance.min(axis=1) > gap)


def _candidates(inner: Polygon, spacing: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return jittered grid points inside the area."""
    west, south, east, north = inner.bounds
    step = 0.6 * spacing
    x, y = np.meshgrid(np.arange(west, east, step), np.arange(south, north, step))
    grid = np.column_stack((x.ravel(), y.ravel()))
    grid += (rng.random(grid.shape) - 0.5) * step
    return np.asarray(grid[shapely.contains_xy(inner, grid)], dtype=np.float64)


def _triangles(crossing: NDArray[np.float64], inner: Polygon, spacing: float) -> NDArray[np.int64]:
    """Return the Delaunay triangles inside the area that are not slivers."""
    corner = Delaunay(crossing).simplices.astype(np.int64)
    shape = crossing[corner]
    closed = np.concatenate((shape, shape[:, :1]), axis=1)
    polygons = shapely.polygons(closed)
    longest = np.hypot(*np.diff(closed, axis=1).transpose(2, 0, 1)).max(axis=1)
    height = 2 * shapely.area(polygons) / longest
    room = inner.buffer(spacing / 12)
    keep = shapely.covers(room, polygons) & (height > 0.18 * spacing)
    # A fixed order, whatever order the triangulation came in.
    kept = np.sort(corner[keep], axis=1)
    return kept[np.lexsort(kept.T[::-1])]


def _edges(triangle: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return distinct edges (e, 2) and the three edges of every triangle (f, 3)."""
    sides = np.stack([np.sort(triangle[:, [i, (i + 1) % 3]], axis=1) for i in range(3)], axis=1)
    edge, index = np.unique(sides.reshape(-1, 2), axis=0, return_inverse=True)
    return edge, index.reshape(-1, 3)


def _classes(
    crossing: NDArray[np.float64], edge: NDArray[np.int64], rim: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return road classes: primary from the first centre to the exits, secondary between all."""
    length = np.hypot(*(crossing[edge[:, 0]] - crossing[edge[:, 1]]).T)
    # Roads along the rim are detours for everybody.
    weight = np.where(rim, 4 * length, length)
    size = len(crossing)
    links = csr_array((weight, (edge[:, 0], edge[:, 1])), shape=(size, size))
    number = {(int(a), int(b)): i for i, (a, b) in enumerate(edge)}
    road = np.where(rim, UNCLASSIFIED, TERTIARY)
    tree = minimum_spanning_tree(links).tocoo()
    outer = set(np.unique(edge[rim]).tolist())
    for a, b in zip(tree.row.tolist(), tree.col.tolist(), strict=True):
        # Every third crossing on the rim is a way out of town, the others are fields.
        if all(end not in outer or end % 3 == 0 for end in (a, b)):
            road[number[a, b]] = SECONDARY
    first = int(edge[:, 0].min())
    both = csr_array(links + links.T)
    _, before = dijkstra(both, indices=np.array([first]), return_predecessors=True)
    for target in _exits(crossing, edge[rim], crossing[first]):
        here = target
        while (previous := int(before[0, here])) >= 0:
            road[number[min(here, previous), max(here, previous)]] = PRIMARY
            here = previous
    return road.astype(np.int64)


def _exits(
    crossing: NDArray[np.float64], rim: NDArray[np.int64], middle: NDArray[np.float64]
) -> list[int]:
    """Return up to `EXITS` crossings on the rim, spread over the compass."""
    nodes = np.unique(rim)
    away = crossing[nodes] - middle
    angle = np.arctan2(away[:, 1], away[:, 0])
    wanted = np.linspace(-np.pi, np.pi, EXITS, endpoint=False)
    gap = np.abs((angle[None, :] - wanted[:, None] + np.pi) % (2 * np.pi) - np.pi)
    return sorted({int(nodes[i]) for i in gap.argmin(axis=1)})
