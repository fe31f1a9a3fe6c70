"""Which raw OpenStreetMap tags are kept, and how they are interned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

ROUTING_TAGS = frozenset(
    [
        "highway",
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
"""Raw tags of streets that decide who may use them and how fast; kept as they are, so that a new
profile needs no second read."""

LABEL_TAGS = frozenset({"name", "ref"})
"""Raw tags that only name a street; interned apart, because nearly every street has its own."""

KEPT_TAGS = ROUTING_TAGS | LABEL_TAGS

NODE_TAGS = frozenset(
    [
        *("highway", "barrier", "crossing", "traffic_signals", "traffic_signals:direction"),
        *("direction", "access", "vehicle", "motor_vehicle", "motorcar", "goods", "hgv", "bicycle"),
        *("maxweight", "maxheight", "maxwidth", "maxwidth:physical", "bollard", "locked"),
    ]
)
"""Raw tags of nodes that may stop or delay a vehicle."""


def street_tags(index: NDArray[np.int32], sets: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Return the four tag fields of a network for interned raw tags: what routes, what names."""
    tag_set, tag_sets = intern_tags([part_of(tags, ROUTING_TAGS) for tags in sets])
    label_set, label_sets = intern_tags([part_of(tags, LABEL_TAGS) for tags in sets])
    return {
        "tag_set": tag_set[index],
        "tag_sets": tag_sets,
        "label_set": label_set[index],
        "label_sets": label_sets,
    }


def no_node_tags(nodes: int) -> dict[str, Any]:
    """Return the node fields and restrictions of a network that knows none."""
    return {
        "node_tag_set": np.zeros(nodes, dtype=np.int32),
        "node_tag_sets": ({},),
        "restrictions": (),
    }


def part_of(tags: Mapping[str, str], keys: frozenset[str]) -> dict[str, str]:
    """Return the tags with these keys."""
    return {key: value for key, value in tags.items() if key in keys}


def intern_tags(
    tags: Sequence[Mapping[str, str]],
) -> tuple[NDArray[np.int32], tuple[Mapping[str, str], ...]]:
    """Return an index per item, (m,), and the distinct tag sets in order of appearance."""
    seen: dict[tuple[tuple[str, str], ...], int] = {}
    index = [seen.setdefault(tuple(sorted(item.items())), len(seen)) for item in tags]
    return np.asarray(index, dtype=np.int32), tuple(dict(key) for key in seen)
