"""What a source of OpenStreetMap data says, collected element by element, whatever its format."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from graphs.network import TurnRestriction
from graphs.raw_tags import KEPT_TAGS, part_of, telling_node_tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOTOR_ROADS = frozenset(
    {
        *("motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link"),
        *("secondary", "secondary_link", "tertiary", "tertiary_link", "unclassified"),
        *("residential", "living_street", "service", "road", "track", "busway"),
        *("pedestrian", "cycleway"),
    }
)
FOOT_ROADS = frozenset({"path", "footway", "bridleway"})
"""Kept only where a tag lets some vehicle in."""

LETS_IN = frozenset({"yes", "designated", "permissive", "destination", "delivery"})
VEHICLE_KEYS = ("bicycle", "vehicle", "motor_vehicle")

ZONE = "low_emission_zone"

DEGREE = 10_000_000
"""Coordinates are kept as OpenStreetMap keeps them: whole ten-millionths of a degree."""

UNKNOWN = 2**31 - 1
"""Coordinate of a node that the source does not hold (libosmium's mark as well)."""

_RESTRICTION_KEYS = frozenset({"except", "day_on", "day_off", "hour_on", "hour_off"})


class Member(NamedTuple):
    """A member of a relation; `kind` is n, w or r."""

    kind: str
    ref: int
    role: str


class Zone(NamedTuple):
    """A low emission zone as it is mapped: ways that together run around it."""

    name: str
    outer: tuple[int, ...]
    inner: tuple[int, ...]


@dataclass(slots=True)
class Elements:
    """Streets with all their nodes in one flat list, tagged nodes, restrictions and zones.

    `node_x` and `node_y` are longitude and latitude in ten-millionths of a degree; `lines` holds
    (longitude, latitude) of the ways around the zones, as far as they are known.
    """

    way_ids: array[int] = field(default_factory=lambda: array("q"))
    way_tags: array[int] = field(default_factory=lambda: array("q"))
    counts: array[int] = field(default_factory=lambda: array("q"))
    node_refs: array[int] = field(default_factory=lambda: array("q"))
    node_x: array[int] = field(default_factory=lambda: array("q"))
    node_y: array[int] = field(default_factory=lambda: array("q"))
    tag_sets: dict[tuple[tuple[str, str], ...], int] = field(default_factory=dict)
    node_tags: dict[int, dict[str, str]] = field(default_factory=dict)
    restrictions: dict[int, TurnRestriction] = field(default_factory=dict)
    zones: dict[str, Zone] = field(default_factory=dict)
    lines: dict[int, list[tuple[float, float]]] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def wants(self, way_id: int, tags: Mapping[str, str]) -> bool:
        """Tell whether a way is a street that is not there yet (a merged file may repeat it)."""
        return way_id not in self.seen and is_street(tags)

    def add_way(
        self,
        way_id: int,
        tags: Mapping[str, str],
        refs: Sequence[int],
        x: Iterable[int],
        y: Iterable[int],
    ) -> None:
        """Keep a street with its nodes."""
        key = tuple(sorted(part_of(tags, KEPT_TAGS).items()))
        self.seen.add(way_id)
        self.way_ids.append(way_id)
        self.way_tags.append(self.tag_sets.setdefault(key, len(self.tag_sets)))
        self.counts.append(len(refs))
        self.node_refs.extend(refs)
        self.node_x.extend(x)
        self.node_y.extend(y)

    def add_node(self, node_id: int, tags: Mapping[str, str]) -> None:
        """Keep the tags of a node if they may stop or delay a vehicle."""
        if kept := telling_node_tags(tags):
            self.node_tags[node_id] = kept

    def add_zone_way(self, way_id: int, tags: Mapping[str, str]) -> None:
        """Keep a way that is the border of a low emission zone by itself."""
        if tags.get("boundary") == ZONE:
            self.zones[f"way {way_id}"] = Zone(tags.get("name", ""), (way_id,), ())

    def add_relation(
        self, relation_id: int, tags: Mapping[str, str], members: Iterable[Member]
    ) -> None:
        """Keep a relation if it restricts turns or draws a low emission zone.

        A restriction without the members it needs is kept as well: whoever applies it says why
        it cannot be applied.
        """
        if is_restriction(tags):
            self.restrictions[relation_id] = _restriction(relation_id, tags, tuple(members))
        elif ZONE in (tags.get("boundary"), tags.get("type")):
            ways = [member for member in members if member.kind == "w"]
            self.zones[f"relation {relation_id}"] = Zone(
                tags.get("name", ""),
                tuple(way.ref for way in ways if way.role != "inner"),
                tuple(way.ref for way in ways if way.role == "inner"),
            )


def is_street(tags: Mapping[str, str]) -> bool:
    """Tell whether some vehicle may use a way with these tags."""
    road = tags.get("highway")
    if tags.get("area") == "yes":
        return False
    if road in MOTOR_ROADS:
        return True
    return road in FOOT_ROADS and any(tags.get(key) in LETS_IN for key in VEHICLE_KEYS)


def is_restriction(tags: Mapping[str, str]) -> bool:
    """Tell whether a relation restricts turns: by its type or by a tag `restriction...`."""
    keys = (tags.get("type", ""), *tags)
    return any(key == "restriction" or key.startswith("restriction:") for key in keys)


def _restriction(
    relation_id: int, tags: Mapping[str, str], members: tuple[Member, ...]
) -> TurnRestriction:
    def refs(role: str, kind: str) -> tuple[int, ...]:
        wanted = (role, kind)
        return tuple(m.ref for m in members if (m.role.strip().lower(), m.kind) == wanted)

    return TurnRestriction(
        relation_id=relation_id,
        tags={
            key: value
            for key, value in sorted(tags.items())
            if key.startswith("restriction")
            or key in _RESTRICTION_KEYS
            # An old way to say for whom: type=restriction:hgv.
            or (key == "type" and value.startswith("restriction:"))
        },
        from_ways=refs("from", "w"),
        via_nodes=refs("via", "n"),
        via_ways=refs("via", "w"),
        to_ways=refs("to", "w"),
    )
