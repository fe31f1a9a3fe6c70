"""A street network as compact arrays, the same for all vehicles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphs.errors import NetworkInvalid
from graphs.geo import FlatView, great_circle_m, view_of

if TYPE_CHECKING:
    from collections.abc import Sequence


KEPT_TAGS = frozenset(
    [
        "highway",
        "name",
        "ref",
        "junction",
        "oneway",
        "oneway:hgv",
        "oneway:motor_vehicle",
        "oneway:bicycle",
        "cycleway",
        "access",
        "vehicle",
        "motor_vehicle",
        "motorcar",
        "goods",
        "hgv",
        "bicycle",
        "maxspeed",
        "maxspeed:forward",
        "maxspeed:backward",
        "maxspeed:hgv",
        "zone:traffic",
        "maxweight",
        "maxweight:hgv",
        "maxheight",
        "maxwidth",
        "maxlength",
        "surface",
        "smoothness",
        "service",
        "tracktype",
        "bridge",
        "tunnel",
        "lanes",
        "toll",
    ]
)
"""Raw OpenStreetMap tags that are kept, so that a new profile needs no second read."""


@dataclass(frozen=True, kw_only=True, eq=False)
class StreetNetwork:
    """Streets between junctions with their shapes and raw tags.

    There are n nodes and m segments. A segment runs from `tail` to `head` in the direction in
    which it was drawn; who may use it in which direction is a question for a profile. Its shape
    is the slice `shape_offset[s]:shape_offset[s + 1]` of the shape arrays and includes both ends.
    Tags are interned: `tag_sets[tag_set[s]]`. No slots: the digest is computed once, when asked.
    """

    name: str
    attribution: str
    stand_in: bool
    node_id: NDArray[np.int64]
    node_lat: NDArray[np.float64]
    node_lon: NDArray[np.float64]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    way_id: NDArray[np.int64]
    length_m: NDArray[np.float64]
    shape_offset: NDArray[np.int64]
    shape_lat: NDArray[np.float64]
    shape_lon: NDArray[np.float64]
    tag_set: NDArray[np.int32]
    tag_sets: tuple[Mapping[str, str], ...]

    def __post_init__(self) -> None:
        if fault := _fault(self):
            raise NetworkInvalid(
                "G201", f"network '{self.name}'", fault, "Build the network again from its source"
            )

    @property
    def nodes(self) -> int:
        """Number of junctions and dead ends."""
        return len(self.node_id)

    @property
    def segments(self) -> int:
        """Number of street pieces between junctions."""
        return len(self.tail)

    @cached_property
    def view(self) -> FlatView:
        """A flat view around the middle of the network."""
        return view_of(self.node_lat, self.node_lon)

    @cached_property
    def digest(self) -> str:
        """32 hexadecimal digits that identify the content, name included."""
        state = blake2b(digest_size=16)
        for key, array in arrays_of(self).items():
            state.update(f"{key}{array.dtype.str}{array.shape}".encode())
            state.update(np.ascontiguousarray(array).data)
        header = [self.name, self.attribution, self.stand_in, [dict(t) for t in self.tag_sets]]
        state.update(json.dumps(header, sort_keys=True, ensure_ascii=False).encode())
        return state.hexdigest()

    def tags(self, segment: int) -> Mapping[str, str]:
        """Return the raw tags of one segment."""
        return self.tag_sets[int(self.tag_set[segment])]

    def tag_values(self, key: str) -> list[str]:
        """Return the value of one tag for every segment; empty where it is missing."""
        values = [tags.get(key, "") for tags in self.tag_sets]
        return [values[i] for i in self.tag_set.tolist()]


def arrays_of(network: StreetNetwork) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of a network by field name, in a fixed order."""
    values = {field.name: getattr(network, field.name) for field in fields(network)}
    return {key: value for key, value in values.items() if isinstance(value, np.ndarray)}


def _fault(network: StreetNetwork) -> str | None:
    """Return what contradicts itself in the arrays, if anything."""
    n, m, shape = network.nodes, network.segments, network.shape_offset
    if m == 0:
        return "it has no streets"
    if any(len(a) != n for a in (network.node_lat, network.node_lon)) or any(
        len(a) != m for a in (network.head, network.way_id, network.length_m, network.tag_set)
    ):
        return "its arrays have different lengths"
    if len(shape) != m + 1 or shape[0] != 0 or shape[-1] != len(network.shape_lat):
        return "its shapes do not fit its segments"
    if np.diff(shape).min() < 2 or len(network.shape_lat) != len(network.shape_lon):
        return "a shape has fewer than two positions"
    ends = np.concatenate((network.tail, network.head))
    if ends.min() < 0 or ends.max() >= n:
        return "a segment ends at a node that does not exist"
    if network.tag_set.min() < 0 or network.tag_set.max() >= len(network.tag_sets):
        return "a segment has tags that do not exist"
    numbers = (network.node_lat, network.node_lon, network.shape_lat, network.shape_lon)
    if not all(np.isfinite(a).all() for a in (*numbers, network.length_m)):
        return "a coordinate or length is not a number"
    return None


def shape_lengths_m(
    offset: NDArray[np.int64], lat: NDArray[np.float64], lon: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the length of every shape in metres, (m,)."""
    step = np.zeros(len(lat))
    step[:-1] = great_circle_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
    step[offset[1:] - 1] = 0.0
    return np.asarray(np.add.reduceat(step, offset[:-1]), dtype=np.float64)


def intern_tags(
    tags: Sequence[Mapping[str, str]],
) -> tuple[NDArray[np.int32], tuple[Mapping[str, str], ...]]:
    """Return an index per item, (m,), and the distinct tag sets in order of appearance."""
    seen: dict[tuple[tuple[str, str], ...], int] = {}
    index = [seen.setdefault(tuple(sorted(item.items())), len(seen)) for item in tags]
    return np.asarray(index, dtype=np.int32), tuple(dict(key) for key in seen)


def keep_segments(network: StreetNetwork, keep: NDArray[np.bool_]) -> StreetNetwork:
    """Return the network with only these segments, (m,) mask, and the nodes they need."""
    if not keep.any():
        raise NetworkInvalid(
            "G202", f"network '{network.name}'", "no street is left", "Choose a larger area"
        )
    used, ends = np.unique(
        np.concatenate((network.tail[keep], network.head[keep])), return_inverse=True
    )
    count = np.diff(network.shape_offset)
    points = np.repeat(keep, count)
    half = int(keep.sum())
    return replace(
        network,
        node_id=network.node_id[used],
        node_lat=network.node_lat[used],
        node_lon=network.node_lon[used],
        tail=ends[:half].astype(np.int32),
        head=ends[half:].astype(np.int32),
        way_id=network.way_id[keep],
        length_m=network.length_m[keep],
        shape_offset=np.concatenate(([0], np.cumsum(count[keep]))).astype(np.int64),
        shape_lat=network.shape_lat[points],
        shape_lon=network.shape_lon[points],
        tag_set=network.tag_set[keep],
    )
