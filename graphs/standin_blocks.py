"""Blocks of the stand-in: quadrilaterals cut in two until they are small enough.

Every cut is a straight street from one side of a block to the opposite side. Streets are lines with
nodes at parameters from 0 to 1, so that a whole level of cuts is a few array operations and the
result is planar by construction: nothing can cross without a node.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphs.standin_arterials import LIVING, RESIDENTIAL, SERVICE, TERTIARY, UNCLASSIFIED
from graphs.standin_lines import NO_LINE, Streets, continue_names, meet

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphs.standin_arterials import Arterials

COLLECTOR_M2 = 400_000.0
MINOR_COLLECTOR_M2 = 110_000.0
"""Cutting a block larger than this makes a tertiary, or an unclassified street."""

NARROWEST = 0.9
"""A side shorter than this, in widths of a wished block, is not cut any more."""

GREEN_BELOW_M2 = 500_000.0
"""Blocks up to this size may become a park, wood, field or works site and stay uncut."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Quads:
    """Blocks: corner nodes (k, 4); side i runs on `line` (k, 4) between `at` (k, 4, 2)."""

    corner: NDArray[np.int64]
    line: NDArray[np.int64]
    at: NDArray[np.float64]

    def take(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Quads:
        """Return some of the blocks."""
        return Quads(corner=self.corner[rows], line=self.line[rows], at=self.at[rows])

    def turned(self, by: NDArray[np.int64]) -> Quads:
        """Return the blocks with their numbering of corners and sides rotated."""
        column = (np.arange(4) + by[:, None]) % 4
        row = np.arange(len(by))[:, None]
        return Quads(
            corner=self.corner[row, column], line=self.line[row, column], at=self.at[row, column]
        )


def first_blocks(plan: Arterials, rng: np.random.Generator) -> tuple[Streets, Quads]:
    """Return the main roads as lines and three blocks per triangle."""
    streets = Streets()
    nowhere = np.full(len(plan.crossing), NO_LINE)
    streets.add_nodes(plan.crossing, nowhere, np.zeros(len(plan.crossing)))
    streets.add_lines(plan.edge, plan.road)
    lines = np.arange(len(plan.edge))
    half = 0.42 + 0.16 * rng.random(len(lines))
    middle = streets.add_nodes(streets.on_line(lines, half), lines, half)
    count = len(plan.triangle)
    centre = streets.add_nodes(
        plan.crossing[plan.triangle].mean(axis=1), np.full(count, NO_LINE), np.zeros(count)
    )
    ends = np.stack((np.repeat(centre, 3), middle[plan.triangle_edge].ravel()), axis=1)
    spoke = streets.add_lines(ends, np.full(3 * count, TERTIARY)).reshape(-1, 3)
    return streets, _corner_quads(plan, (middle, half, centre), spoke)


def _corner_quads(
    plan: Arterials,
    nodes: tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]],
    spoke: NDArray[np.int64],
) -> Quads:
    """Return the block at each corner of each triangle: corner, middle, centre, middle."""
    middle, half, centre = nodes
    parts = []
    for i in range(3):
        own, last = plan.triangle[:, i], (i + 2) % 3
        ahead, behind = plan.triangle_edge[:, i], plan.triangle_edge[:, last]
        from_ahead = np.where(plan.edge[ahead, 0] == own, 0.0, 1.0)
        from_behind = np.where(plan.edge[behind, 0] == own, 0.0, 1.0)
        zero, one = np.zeros(len(own)), np.ones(len(own))
        at = [(from_ahead, half[ahead]), (one, zero), (zero, one), (half[behind], from_behind)]
        parts.append(
            Quads(
                corner=np.stack((own, middle[ahead], centre, middle[behind]), axis=1),
                line=np.stack((ahead, spoke[:, i], spoke[:, last], behind), axis=1),
                at=np.stack([np.stack(pair, axis=1) for pair in at], axis=1),
            )
        )
    return join(parts)


def join(parts: list[Quads]) -> Quads:
    """Return all blocks of several sets."""
    return Quads(
        corner=np.concatenate([part.corner for part in parts]),
        line=np.concatenate([part.line for part in parts]),
        at=np.concatenate([part.at for part in parts]),
    )


def area_m2(shape: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the areas of quadrilaterals (k, 4, 2)."""
    across = shape[:, 2] - shape[:, 0]
    other = shape[:, 3] - shape[:, 1]
    return np.asarray(np.abs(across[:, 0] * other[:, 1] - across[:, 1] * other[:, 0]) / 2)


def subdivide(
    streets: Streets,
    quads: Quads,
    *,
    target_m2: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    green_share: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    rng: np.random.Generator,
) -> Quads:
    """Cut blocks until they fit; return those that are built on (not the green ones).

    `target_m2` and `green_share` take middles (k, 2) and give the wished block size and the chance
    to stay green at each level.
    """
    done: list[Quads] = []
    while len(quads.corner):
        quads = _longest_first(streets, quads, rng)
        shape = streets.xy[quads.corner]
        area, middle = area_m2(shape), shape.mean(axis=1)
        wished = target_m2(middle)
        large = area > wished * (0.7 + 0.7 * rng.random(len(area)))
        large &= _front_m(shape) > NARROWEST * np.sqrt(wished)
        green = rng.random(len(area)) < green_share(middle)
        green &= (area < GREEN_BELOW_M2) & large
        done.append(quads.take(~large))
        cut = large & ~green
        quads = _cut(streets, quads.take(cut), area[cut], rng)
    return join(done)


def _front_m(shape: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the shorter of the two sides that a cut would halve."""
    ends = shape[:, [1, 3]] - shape[:, [0, 2]]
    return np.asarray(np.hypot(ends[..., 0], ends[..., 1]).min(axis=1))


def _cut(
    streets: Streets, quads: Quads, area: NDArray[np.float64], rng: np.random.Generator
) -> Quads:
    """Return the two halves of every block, and add the streets between them."""
    count = len(area)
    share = 0.5 + 0.24 * (rng.random(count) - 0.5)
    facing = 1.0 - share + 0.08 * (rng.random(count) - 0.5)
    line = np.concatenate((quads.line[:, 0], quads.line[:, 2]))
    side = np.concatenate((quads.at[:, 0], quads.at[:, 2]))
    at = side[:, 0] + np.concatenate((share, facing)) * (side[:, 1] - side[:, 0])
    node, at = meet(streets, line, at, side)
    first, second = node[:count], node[count:]
    number = streets.add_lines(
        np.stack((first, second), axis=1), _cut_classes(area, rng.random(count))
    )
    continue_names(streets, number, rng)
    return _halves(quads, (first, second), (at[:count], at[count:]), number)


def _longest_first(streets: Streets, quads: Quads, rng: np.random.Generator) -> Quads:
    """Return the blocks turned so that sides 0 and 2 are the ones to cut."""
    shape = streets.xy[quads.corner]
    side = np.hypot(*(np.roll(shape, -1, axis=1) - shape).transpose(2, 0, 1))
    noise = 0.85 + 0.3 * rng.random(len(side))
    other = side[:, 1] + side[:, 3] > (side[:, 0] + side[:, 2]) * noise
    return quads.turned(other.astype(np.int64))


def _cut_classes(area: NDArray[np.float64], chance: NDArray[np.float64]) -> NDArray[np.int64]:
    local = np.where(chance < 0.05, LIVING, RESIDENTIAL)
    minor = np.where(chance < 0.45, UNCLASSIFIED, RESIDENTIAL)
    return np.where(
        area > COLLECTOR_M2, TERTIARY, np.where(area > MINOR_COLLECTOR_M2, minor, local)
    ).astype(np.int64)


def _halves(
    quads: Quads,
    node: tuple[NDArray[np.int64], NDArray[np.int64]],
    at: tuple[NDArray[np.float64], NDArray[np.float64]],
    number: NDArray[np.int64],
) -> Quads:
    """Return both halves of blocks cut from side 0 to side 2."""
    first, second = node
    corner, line, side = quads.corner, quads.line, quads.at
    along = np.tile([0.0, 1.0], (len(number), 1))
    left = Quads(
        corner=np.stack((corner[:, 0], first, second, corner[:, 3]), axis=1),
        line=np.stack((line[:, 0], number, line[:, 2], line[:, 3]), axis=1),
        at=np.stack(
            (
                np.stack((side[:, 0, 0], at[0]), axis=1),
                along,
                np.stack((at[1], side[:, 2, 1]), axis=1),
                side[:, 3],
            ),
            axis=1,
        ),
    )
    right = Quads(
        corner=np.stack((first, corner[:, 1], corner[:, 2], second), axis=1),
        line=np.stack((line[:, 0], line[:, 1], line[:, 2], number), axis=1),
        at=np.stack(
            (
                np.stack((at[0], side[:, 0, 1]), axis=1),
                side[:, 1],
                np.stack((side[:, 2, 0], at[1]), axis=1),
                along[:, ::-1],
            ),
            axis=1,
        ),
    )
    return join([left, right])


def add_dead_ends(
    streets: Streets, quads: Quads, *, share: float, rng: np.random.Generator
) -> None:
    """Add a dead end into some blocks: residential, play street or service yard."""
    chosen = quads.take(rng.random(len(quads.corner)) < share)
    count = len(chosen.corner)
    chosen = _longest_first(streets, chosen, rng)
    at = chosen.at[:, 0, 0] + (0.4 + 0.2 * rng.random(count)) * np.diff(chosen.at[:, 0])[:, 0]
    node, at = meet(streets, chosen.line[:, 0], at, chosen.at[:, 0])
    shape = streets.xy[chosen.corner]
    facing = (shape[:, 2] + shape[:, 3]) / 2
    depth = 0.45 + 0.25 * rng.random(count)
    tip = streets.xy[node] + depth[:, None] * (facing - streets.xy[node])
    end = streets.add_nodes(tip, np.full(count, NO_LINE), np.zeros(count))
    road = np.array([RESIDENTIAL, LIVING, SERVICE])[np.searchsorted([0.5, 0.75], rng.random(count))]
    streets.add_lines(np.stack((node, end), axis=1), road)
