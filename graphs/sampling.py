"""Places along streets, for worlds that need sites where vehicles can stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphs.errors import NetworkInvalid, PointsInvalid
from graphs.grid import grid_of
from graphs.profiles import PROFILES
from graphs.streets import compile_streets

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from graphs.network import StreetNetwork

SITE_PROFILES = ("van", "truck26")
"""A site must be open to both, so that every crew can be sent there."""

STOP_ROADS = frozenset({"tertiary", "unclassified", "residential", "living_street"})
"""Road classes at which municipal assets usually stand."""

KERB_M = (4.0, 8.0)
"""Nearest and farthest distance of a point from the centre line: kerb to front garden."""

DRAWS_PER_POINT = 40
"""So many candidates are tried for each point before the streets count as full."""


class StreetPoint(NamedTuple):
    """A place beside a named street."""

    lat: float
    lon: float
    street_name: str


def sample_on_streets(
    network: StreetNetwork,
    *,
    count: int,
    seed: int,
    highways: Collection[str] = STOP_ROADS,
    min_gap_m: float = 0.0,
) -> tuple[StreetPoint, ...]:
    """Return `count` different places beside named streets, spread by street length.

    Only streets of the given classes that van and 26 t lorry can reach and leave. No two places
    are nearer than `min_gap_m`. The same arguments give the same places. Raises NetworkInvalid
    G220 if the streets are too few or too short.
    """
    chosen = np.flatnonzero(stop_segments(network, highways))
    if count <= 0:
        return ()
    if len(chosen) == 0:
        raise _too_few(network, 0, count)
    rng = np.random.default_rng(seed)
    reach = np.cumsum(network.length_m[chosen])
    xy, segment = _candidates(network, chosen, reach, rng.random((DRAWS_PER_POINT * count, 4)))
    kept = _spread_out(xy, count, max(min_gap_m, 0.01))
    if len(kept) < count:
        raise _too_few(network, len(kept), count)
    lat, lon = network.view.to_latlon(xy[kept])
    names = [network.tags(int(s))["name"] for s in segment[kept]]
    places = zip(lat.round(7).tolist(), lon.round(7).tolist(), names, strict=True)
    return tuple(StreetPoint(*place) for place in places)


def nearest_street_point(network: StreetNetwork, lat: float, lon: float) -> StreetPoint:
    """Return the nearest position on a street that van and 26 t lorry can reach and leave.

    Its name is empty where the street has none. Raises PointsInvalid G302 for bad coordinates
    and G306 if the network has no such street.
    """
    usable = reachable_segments(network)
    found = grid_of(network).nearest([(lat, lon)], usable, max_distance_m=np.inf)
    if not found.found[0]:
        raise PointsInvalid(
            "G306", f"({lat}, {lon})", "no street is open to van and lorry", "Use another network"
        )
    segment = int(found.segment[0])
    part = slice(network.shape_offset[segment], network.shape_offset[segment + 1])
    line = network.view.to_xy(network.shape_lat[part], network.shape_lon[part])
    spot = _along(line, float(found.fraction[0]))
    on_lat, on_lon = network.view.to_latlon(spot[None, :])
    name = network.tags(segment).get("name", "")
    return StreetPoint(round(float(on_lat[0]), 7), round(float(on_lon[0]), 7), name)


def reachable_segments(network: StreetNetwork) -> NDArray[np.bool_]:
    """Return which segments every profile of `SITE_PROFILES` can reach and leave, (m,)."""
    usable = np.ones(network.segments, dtype=np.bool_)
    for name in SITE_PROFILES:
        usable &= compile_streets(network, PROFILES[name]).usable_segment
    return usable


def stop_segments(network: StreetNetwork, highways: Collection[str]) -> NDArray[np.bool_]:
    """Return which reachable segments are named and of the given classes, (m,)."""
    fits = np.array([tags.get("highway") in highways for tags in network.tag_sets])
    named = np.array([bool(tags.get("name")) for tags in network.label_sets])
    chosen = fits[network.tag_set] & named[network.label_set]
    return np.asarray(reachable_segments(network) & chosen)


def _too_few(network: StreetNetwork, found: int, count: int) -> NetworkInvalid:
    return NetworkInvalid(
        "G220",
        f"network '{network.name}'",
        f"its streets have room for {found} of {count} places",
        "Ask for fewer places, a smaller gap or more road classes",
    )


def _candidates(
    network: StreetNetwork,
    chosen: NDArray[np.int64],
    reach: NDArray[np.float64],
    draw: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return places (k, 2) in metres and their segments, for random rows (k, 4)."""
    pick = np.minimum(np.searchsorted(reach, draw[:, 0] * reach[-1]), len(chosen) - 1)
    segment = chosen[pick]
    start, end = network.shape_offset[segment], network.shape_offset[segment + 1]
    # A random piece of the shape, a random place on it: even enough along one street.
    piece = start + (draw[:, 1] * (end - start - 1)).astype(np.int64)
    a = network.view.to_xy(network.shape_lat[piece], network.shape_lon[piece])
    b = network.view.to_xy(network.shape_lat[piece + 1], network.shape_lon[piece + 1])
    along = b - a
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    right = np.column_stack((along[:, 1], -along[:, 0])) / length[:, None]
    share = 0.15 + 0.7 * draw[:, 2]
    beside = np.where(draw[:, 3] < 0.5, 1.0, -1.0) * (
        KERB_M[0] + (KERB_M[1] - KERB_M[0]) * (draw[:, 3] * 2 % 1)
    )
    return a + share[:, None] * along + beside[:, None] * right, segment


def _spread_out(xy: NDArray[np.float64], count: int, gap_m: float) -> NDArray[np.int64]:
    """Return the first `count` candidates that keep their distance from those before."""
    cells: dict[tuple[int, int], list[int]] = {}
    kept: list[int] = []
    for i, (x, y) in enumerate(xy.tolist()):
        column, row = int(x // gap_m), int(y // gap_m)
        around = (
            other
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for other in cells.get((column + dx, row + dy), ())
        )
        if all(np.hypot(*(xy[i] - xy[other])) >= gap_m for other in around):
            cells.setdefault((column, row), []).append(i)
            kept.append(i)
            if len(kept) == count:
                break
    return np.array(kept, dtype=np.int64)


def _along(line: NDArray[np.float64], fraction: float) -> NDArray[np.float64]:
    """Return the position at a share of a line (k, 2)."""
    step = np.hypot(*np.diff(line, axis=0).T)
    walked = np.concatenate(([0.0], np.cumsum(step)))
    at = fraction * walked[-1]
    return np.array([np.interp(at, walked, line[:, 0]), np.interp(at, walked, line[:, 1])])
