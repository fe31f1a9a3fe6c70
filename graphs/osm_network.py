"""From collected OpenStreetMap elements to a street network."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphs.errors import SourceUnreadable
from graphs.network import StreetNetwork, shape_lengths_m
from graphs.osm_elements import DEGREE
from graphs.raw_tags import LOW_EMISSION_ZONE, node_tags, street_tags, used_tags
from graphs.zones import inside_zones

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from graphs.osm_elements import Elements

OSM_ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"


class _Track(NamedTuple):
    """Nodes along all streets, piece after piece; a piece is an unbroken part of one way."""

    way: NDArray[np.int64]
    piece: NDArray[np.int64]
    ref: NDArray[np.int64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]


def network_of(elements: Elements, *, name: str) -> StreetNetwork:
    """Return the streets, sorted by way, cut where two of them, or one twice, go through a node.

    Nodes with tags that may stop or delay a vehicle are cut points as well. The order in which
    the source gave its elements makes no difference. Raises SourceUnreadable G104 when there is
    no street.
    """
    track = _track(elements)
    if not len(track.ref):
        raise no_streets(name)
    begin, end = _segments(track, elements.node_tags)
    owner, position = _positions(begin, end - begin + 1)
    offset = np.searchsorted(owner, np.arange(len(begin) + 1)).astype(np.int64)
    corners = np.concatenate((begin, end))
    node_id, where, ends = np.unique(track.ref[corners], return_index=True, return_inverse=True)
    tail, head = np.split(ends.astype(np.int32), 2)
    shape_lat, shape_lon = track.lat[position], track.lon[position]
    inside = inside_zones(elements.zones, elements.lines, offset, shape_lat, shape_lon)
    way = track.way[begin]
    return StreetNetwork(
        name=name,
        attribution=OSM_ATTRIBUTION,
        stand_in=False,
        node_id=node_id,
        node_lat=track.lat[corners[where]],
        node_lon=track.lon[corners[where]],
        tail=tail,
        head=head,
        way_id=np.array(elements.way_ids, dtype=np.int64)[way],
        length_m=shape_lengths_m(offset, shape_lat, shape_lon),
        shape_offset=offset,
        shape_lat=shape_lat,
        shape_lon=shape_lon,
        restrictions=tuple(elements.restrictions[key] for key in sorted(elements.restrictions)),
        **street_tags(*_tags(elements, way, inside)),
        **node_tags(elements.node_tags.get(node, {}) for node in node_id.tolist()),
    )


def no_streets(subject: str) -> SourceUnreadable:
    """Return the error for a source, or a part of one, without streets."""
    return SourceUnreadable(
        "G104", subject, "it holds no streets", "Choose an extract or polygon with streets in it"
    )


def _track(elements: Elements) -> _Track:
    """Return the known nodes of all streets.

    A node outside the extract has no position: there the street is broken, not bridged.
    """
    ids = np.array(elements.way_ids, dtype=np.int64)
    count = np.array(elements.counts, dtype=np.int64)
    order = np.argsort(ids, kind="stable")
    run, place = _positions((np.cumsum(count) - count)[order], count[order])
    way = order[run]
    ref, x, y = (
        np.array(values, dtype=np.int64)[place]
        for values in (elements.node_refs, elements.node_x, elements.node_y)
    )
    known = (np.abs(x) <= 180 * DEGREE) & (np.abs(y) <= 90 * DEGREE)
    same = np.zeros(len(ref), dtype=bool)
    same[1:] = (way[1:] == way[:-1]) & known[1:] & known[:-1]
    twice = np.zeros(len(ref), dtype=bool)
    twice[1:] = same[1:] & (ref[1:] == ref[:-1])
    piece = np.cumsum(~same)
    keep = known & ~twice
    keep &= np.bincount(piece[keep], minlength=len(ref) + 1)[piece] > 1
    return _Track(way[keep], piece[keep], ref[keep], y[keep] / DEGREE, x[keep] / DEGREE)


def _segments(
    track: _Track, tagged: Mapping[int, object]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places in the track where segments begin and end, (m,) each."""
    _, inverse, uses = np.unique(track.ref, return_inverse=True, return_counts=True)
    cut = (uses[inverse] > 1) | np.isin(track.ref, np.fromiter(tagged, dtype=np.int64))
    changes = track.piece[1:] != track.piece[:-1]
    cut[0] = cut[-1] = True
    cut[1:] |= changes
    cut[:-1] |= changes
    start = np.flatnonzero(cut)
    # Each cut opens a segment that ends at the next cut, except the last one of a piece.
    opens = np.flatnonzero(track.piece[start[:-1]] == track.piece[start[1:]])
    return start[opens], start[opens + 1]


def _tags(
    elements: Elements, way: NDArray[np.int64], inside: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], tuple[Mapping[str, str], ...]]:
    """Return interned tags of segments on these ways, those in a zone marked."""
    plain = [dict(key) for key in elements.tag_sets]
    index = np.array(elements.way_tags, dtype=np.int32)[way]
    if not inside.any():
        return used_tags(index, plain)
    marked = [{**tags, LOW_EMISSION_ZONE: "yes"} for tags in plain]
    return used_tags(np.where(inside, index + len(plain), index), [*plain, *marked])


def _positions(
    begin: NDArray[np.int64], count: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, for runs of `count` places from `begin`, the run and the place of each."""
    run = np.repeat(np.arange(len(begin)), count)
    return run, np.arange(len(run)) - (np.cumsum(count) - count)[run] + begin[run]
