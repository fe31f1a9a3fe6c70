"""One leg in detail: shape, street names, time and distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphs.geo import great_circle_m
from graphs.manoeuvres import Guide, Manoeuvre
from graphs.packing import unpack, whole_metres, whole_seconds
from graphs.runs import run_members

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graphs.drives import Drive
    from graphs.network import StreetNetwork
    from graphs.streets import StreetGraph


@dataclass(frozen=True, slots=True, kw_only=True)
class PathLeg:
    """The drive between two points.

    Whole seconds and metres as in the matrix, the shape as (lat, lon) pairs from street position
    to street position, and the street names (a number such as "A 40" where there is no name) in
    order. `manoeuvres` are there if they were asked for.
    """

    duration_s: int
    distance_m: int
    geometry: tuple[tuple[float, float], ...]
    street_names: tuple[str, ...]
    manoeuvres: tuple[Manoeuvre, ...] = ()


def leg_of(graph: StreetGraph, drive: Drive, guide: Guide | None = None) -> PathLeg:
    """Return the leg of a drive, with its manoeuvres if there is a guide to find them."""
    time_ms, distance_dm = unpack(np.array([drive.cost]))
    shape = shape_of(graph, drive)
    lat, lon = shape.T
    fresh = np.ones(len(shape), dtype=np.bool_)
    fresh[1:] = (lat[1:] != lat[:-1]) | (lon[1:] != lon[:-1])
    line: list[tuple[float, float]] = list(map(tuple, shape[fresh].round(7).tolist()))
    # A line has two ends even where nothing was driven.
    geometry = tuple(line if len(line) > 1 else line * 2)
    ends = (geometry[0], geometry[-1])
    return PathLeg(
        duration_s=int(whole_seconds(time_ms)[0]),
        distance_m=int(whole_metres(distance_dm)[0]),
        geometry=geometry,
        street_names=_street_names(graph, drive),
        manoeuvres=guide.manoeuvres(drive, ends) if guide is not None else (),
    )


def _street_names(graph: StreetGraph, drive: Drive) -> tuple[str, ...]:
    """Return the names along the arcs that are driven on, each once in a row."""
    network = graph.network
    arcs = drive.arcs
    if len(arcs) == 1 and drive.first_share == drive.last_share:
        return ()
    # Nothing is driven of a first arc left at its very end or a last one entered at its start.
    skip_first = len(arcs) > 1 and drive.first_share == 1.0
    skip_last = len(arcs) > 1 and drive.last_share == 0.0
    labels = network.label_set[graph.segment[arcs]][skip_first : len(arcs) - skip_last]
    if len(labels) == 0:
        return ()
    changes = labels[np.concatenate(([True], labels[1:] != labels[:-1]))]
    names: list[str] = []
    for label in changes.tolist():
        tags = network.label_sets[label]
        name = tags.get("name") or tags.get("ref", "")
        if name and (not names or names[-1] != name):
            names.append(name)
    return tuple(names)


def shape_of(graph: StreetGraph, drive: Drive) -> NDArray[np.float64]:
    """Return the (lat, lon) positions along a drive, (k, 2); ends of arcs appear twice."""
    network, arcs = graph.network, drive.arcs
    if len(arcs) == 1:
        return _cut(graph, int(arcs[0]), drive.first_share, drive.last_share)
    first = _cut(graph, int(arcs[0]), drive.first_share, 1.0)
    last = _cut(graph, int(arcs[-1]), 0.0, drive.last_share)
    inner = shape_places(graph, arcs[1:-1])
    between = np.column_stack((network.shape_lat[inner], network.shape_lon[inner]))
    return np.concatenate((first, between, last))


def shape_places(graph: StreetGraph, arcs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places in the network's shape arrays along some arcs, in driving order."""
    offset = graph.network.shape_offset
    segment = graph.segment[arcs]
    begin, end = offset[segment], offset[segment + 1]
    place = run_members(begin, end)
    backward = np.repeat(~graph.forward[arcs], end - begin)
    return np.where(backward, np.repeat(begin + end - 1, end - begin) - place, place)


def _cut(graph: StreetGraph, arc: int, start: float, end: float) -> NDArray[np.float64]:
    """Return the (lat, lon) shape of an arc between two shares of its length, in driving order."""
    if not graph.forward[arc]:
        return part_of_segment(graph.network, int(graph.segment[arc]), 1.0 - start, 1.0 - end)
    return part_of_segment(graph.network, int(graph.segment[arc]), start, end)


def part_of_segment(
    network: StreetNetwork, segment: int, start: float, end: float
) -> NDArray[np.float64]:
    """Return the (lat, lon) shape of a segment from one share of its length to another."""
    part = slice(network.shape_offset[segment], network.shape_offset[segment + 1])
    lat, lon = network.shape_lat[part], network.shape_lon[part]
    walked = np.concatenate(
        ([0.0], np.cumsum(great_circle_m(lat[:-1], lon[:-1], lat[1:], lon[1:])))
    )
    low, high = sorted((start, end))
    ends = np.array([low, high]) * walked[-1]
    inner = (walked > ends[0]) & (walked < ends[1])
    at = np.concatenate((ends[:1], walked[inner], ends[1:]))
    shape = np.column_stack((np.interp(at, walked, lat), np.interp(at, walked, lon)))
    return shape if start <= end else shape[::-1]
