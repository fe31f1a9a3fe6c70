"""A street network as compact arrays, the same for all vehicles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphs.errors import NetworkInvalid
from graphs.geo import FlatView, great_circle_m, view_of
from graphs.raw_tags import LABEL_TAGS


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRestriction:
    """A restriction relation as it was mapped; what it forbids depends on the profile.

    `tags` are the relation's own (restriction, restriction:hgv, except, ...). Members are ids of
    OpenStreetMap ways and nodes, in the relation's order; a relation has via nodes or via ways.
    """

    relation_id: int
    tags: Mapping[str, str]
    from_ways: tuple[int, ...]
    via_nodes: tuple[int, ...]
    via_ways: tuple[int, ...]
    to_ways: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class StreetNetwork:
    """Streets between junctions with their shapes and raw tags.

    There are n nodes and m segments. A segment runs from `tail` to `head` in the direction in
    which it was drawn; who may use it in which direction is a question for a profile. Its shape
    is the slice `shape_offset[s]:shape_offset[s + 1]` of the shape arrays and includes both ends.
    Tags are interned: `tag_sets[tag_set[s]]` decide how a street may be used, `label_sets[
    label_set[s]]` name it, and `node_tag_sets[node_tag_set[n]]` are those of a node, mostly none.
    No slots: the digest is computed once, when asked.
    """

    name: str
    attribution: str
    stand_in: bool
    node_id: NDArray[np.int64]
    node_lat: NDArray[np.float64]
    node_lon: NDArray[np.float64]
    node_tag_set: NDArray[np.int32]
    node_tag_sets: tuple[Mapping[str, str], ...]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    way_id: NDArray[np.int64]
    length_m: NDArray[np.float64]
    shape_offset: NDArray[np.int64]
    shape_lat: NDArray[np.float64]
    shape_lon: NDArray[np.float64]
    tag_set: NDArray[np.int32]
    tag_sets: tuple[Mapping[str, str], ...]
    label_set: NDArray[np.int32]
    label_sets: tuple[Mapping[str, str], ...]
    restrictions: tuple[TurnRestriction, ...]

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
        state.update(json.dumps(facts_of(self), sort_keys=True, ensure_ascii=False).encode())
        return state.hexdigest()

    def tags(self, segment: int) -> Mapping[str, str]:
        """Return the raw tags of one segment, its name included."""
        label = self.label_sets[int(self.label_set[segment])]
        return {**self.tag_sets[int(self.tag_set[segment])], **label}

    def tag_values(self, key: str) -> list[str]:
        """Return the value of one tag for every segment; empty where it is missing."""
        index, sets = (
            (self.label_set, self.label_sets)
            if key in LABEL_TAGS
            else (self.tag_set, self.tag_sets)
        )
        values = [tags.get(key, "") for tags in sets]
        return [values[i] for i in index.tolist()]


def arrays_of(network: StreetNetwork) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of a network by field name, in a fixed order."""
    values = {field.name: getattr(network, field.name) for field in fields(network)}
    return {key: value for key, value in values.items() if isinstance(value, np.ndarray)}


def facts_of(network: StreetNetwork) -> dict[str, Any]:
    """Return everything that is not an array, ready for JSON; `network_from` takes it back."""
    return {
        "name": network.name,
        "attribution": network.attribution,
        "stand_in": network.stand_in,
        "tag_sets": [dict(tags) for tags in network.tag_sets],
        "label_sets": [dict(tags) for tags in network.label_sets],
        "node_tag_sets": [dict(tags) for tags in network.node_tag_sets],
        "restrictions": [asdict(restriction) for restriction in network.restrictions],
    }


def network_from(
    facts: Mapping[str, Any], arrays: Mapping[str, NDArray[np.generic]]
) -> StreetNetwork:
    """Return the network whose `facts_of` and `arrays_of` these are."""
    sets = {key: tuple(facts[key]) for key in ("tag_sets", "label_sets", "node_tag_sets")}
    restrictions = tuple(_restriction(row) for row in facts["restrictions"])
    values: dict[str, Any] = {**facts, **sets, "restrictions": restrictions, **arrays}
    return StreetNetwork(**values)


def _restriction(row: Mapping[str, Any]) -> TurnRestriction:
    """Return a restriction from JSON, where tuples have become lists."""
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in row.items()
    }
    return TurnRestriction(**values)


def _fault(network: StreetNetwork) -> str | None:
    """Return what contradicts itself in the arrays, if anything."""
    n, m, shape = network.nodes, network.segments, network.shape_offset
    if m == 0:
        return "it has no streets"
    per_node = (network.node_lat, network.node_lon, network.node_tag_set)
    per_segment = (network.head, network.way_id, network.length_m, network.tag_set)
    if any(len(a) != n for a in per_node) or any(
        len(a) != m for a in (*per_segment, network.label_set)
    ):
        return "its arrays have different lengths"
    if len(shape) != m + 1 or shape[0] != 0 or shape[-1] != len(network.shape_lat):
        return "its shapes do not fit its segments"
    if np.diff(shape).min() < 2 or len(network.shape_lat) != len(network.shape_lon):
        return "a shape has fewer than two positions"
    ends = np.concatenate((network.tail, network.head))
    if ends.min() < 0 or ends.max() >= n:
        return "a segment ends at a node that does not exist"
    for index, sets in (
        (network.tag_set, network.tag_sets),
        (network.label_set, network.label_sets),
        (network.node_tag_set, network.node_tag_sets),
    ):
        if index.min() < 0 or index.max() >= len(sets):
            return "a segment or node has tags that do not exist"
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
        node_tag_set=network.node_tag_set[used],
        tail=ends[:half].astype(np.int32),
        head=ends[half:].astype(np.int32),
        way_id=network.way_id[keep],
        length_m=network.length_m[keep],
        shape_offset=np.concatenate(([0], np.cumsum(count[keep]))).astype(np.int64),
        shape_lat=network.shape_lat[points],
        shape_lon=network.shape_lon[points],
        tag_set=network.tag_set[keep],
        label_set=network.label_set[keep],
    )
