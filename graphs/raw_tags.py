"""Which raw OpenStreetMap tags are kept, and how they are interned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

LOW_EMISSION_ZONE = "low_emission_zone"
"""Not mapped on streets: the reader writes `yes` where a street lies in such a zone."""

_ACCESS = ("access", "vehicle", "motor_vehicle", "motorcar", "goods", "hgv", "bicycle")
_LIMITS = (
    *("maxspeed", "maxspeed:hgv", "maxweight", "maxweight:hgv", "maxweightrating"),
    *("maxweightrating:hgv", "maxheight", "maxwidth", "maxlength"),
)
_ONEWAY = ("oneway", "oneway:hgv", "oneway:motor_vehicle", "oneway:bicycle")
_BY_DIRECTION = ("access", "vehicle", "motor_vehicle", "hgv", "bicycle", "maxspeed", "maxspeed:hgv")

ROUTING_TAGS = frozenset(
    [
        *("highway", "junction", "service", "tracktype", "bridge", "tunnel", "lanes", "toll"),
        *("motorroad", "bicycle_road", "cycleway", "surface", "smoothness", "width"),
        *("zone:traffic", "zone:maxspeed", "source:maxspeed", "maxspeed:type"),
        *("maxweightrating:goods", "hgv:maxweight", "maxaxleload"),
        *("maxheight:physical", "maxwidth:physical", LOW_EMISSION_ZONE),
        *_ACCESS,
        *_ONEWAY,
        *_LIMITS,
        *(f"{key}:conditional" for key in (*_ACCESS, *_ONEWAY, *_LIMITS)),
        *(f"{key}:{side}" for key in _BY_DIRECTION for side in ("forward", "backward")),
    ]
)
"""Raw tags of streets that decide who may use them and how fast; kept as they are, so that a new
profile needs no second read.

Besides classes, surfaces, access and limits these are: limits by time (`*:conditional`) and by
direction; the permitted instead of the actual weight (`maxweightrating`, sign 253) and its common
misspelling `hgv:maxweight`; measured heights and widths where none is signed (`:physical`,
`width`); and the tags from which a missing maxspeed follows (`zone:*`, `source:maxspeed`,
`maxspeed:type`). Left out is what serves guidance, rendering or other vehicles only: turn lanes,
signs, sidewalks, markings, rails, winter service, buses and coaches, incline (rarely a number)."""

LABEL_TAGS = frozenset({"name", "ref"})
"""Raw tags that only name a street; interned apart, because nearly every street has its own."""

KEPT_TAGS = ROUTING_TAGS | LABEL_TAGS

NODE_TAGS = frozenset(
    [
        *("highway", "barrier", "bollard", "locked", "stop", "direction"),
        *("crossing", "crossing:signals", "traffic_signals", "traffic_signals:direction"),
        *("maxweight", "maxheight", "maxwidth", "maxlength", "maxwidth:physical"),
        *_ACCESS,
        *(f"{key}:conditional" for key in _ACCESS),
    ]
)
"""Raw tags of nodes that may stop or delay a vehicle."""

_DELAYS = frozenset(
    {
        *("traffic_signals", "stop", "give_way"),
        *("mini_roundabout", "turning_circle", "turning_loop"),
    }
)


def telling_node_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the kept tags of a node, empty unless it is a barrier, a signal, a stop or a turn.

    Crossings without signals, bus stops and lamps say nothing a profile could use.
    """
    tells = (
        "barrier" in tags
        or tags.get("highway") in _DELAYS
        or "traffic_signals" in tags.get("crossing", "").split(";")
        or tags.get("crossing:signals", "no") != "no"
    )
    return part_of(tags, NODE_TAGS) if tells else {}


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


def node_tags(tags: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    """Return the two tag fields of a network's nodes; the set 0 is the empty one."""
    index, sets = intern_tags([{}, *tags])
    return {"node_tag_set": index[1:], "node_tag_sets": sets}


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


def used_tags(
    index: NDArray[np.int32], sets: Sequence[Mapping[str, str]]
) -> tuple[NDArray[np.int32], tuple[Mapping[str, str], ...]]:
    """Return the index and the sets without those nobody uses, in order of appearance."""
    used, first, inverse = np.unique(index, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank[inverse], tuple(sets[i] for i in used[order].tolist())
