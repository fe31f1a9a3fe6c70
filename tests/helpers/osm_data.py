"""Small pieces of OpenStreetMap written by hand, as a file and as an answer of Overpass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import quoteattr

KINDS = {"n": "node", "w": "way", "r": "relation"}

RESIDENTIAL = {"highway": "residential"}


@dataclass(frozen=True, kw_only=True)
class Map:
    """Nodes as (lat, lon), ways as node ids, relations as (kind, id, role); tags beside them."""

    nodes: Mapping[int, tuple[float, float]]
    ways: Mapping[int, Sequence[int]]
    relations: Mapping[int, Sequence[tuple[str, int, str]]] = field(default_factory=dict)
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By kind and id, such as `n7`; a way without an entry is a residential street."""

    def tags_of(self, kind: str, key: int) -> Mapping[str, str]:
        """Return the tags of an element."""
        return self.tags.get(f"{kind}{key}", RESIDENTIAL if kind == "w" else {})


def as_xml(drawn: Map) -> str:
    """Return a map as an .osm file."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
    for key, (lat, lon) in drawn.nodes.items():
        parts.append(f'<node id="{key}" lat="{lat:.7f}" lon="{lon:.7f}">')
        parts += [*_tag_lines(drawn.tags_of("n", key)), "</node>"]
    for key, refs in drawn.ways.items():
        parts += [f'<way id="{key}">', *(f'<nd ref="{ref}"/>' for ref in refs)]
        parts += [*_tag_lines(drawn.tags_of("w", key)), "</way>"]
    for key, members in drawn.relations.items():
        parts.append(f'<relation id="{key}">')
        parts += [
            f'<member type="{KINDS[kind]}" ref="{ref}" role={quoteattr(role)}/>'
            for kind, ref, role in members
        ]
        parts += [*_tag_lines(drawn.tags_of("r", key)), "</relation>"]
    return "\n".join([*parts, "</osm>"])


def _tag_lines(tags: Mapping[str, str]) -> list[str]:
    return [f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items()]


def as_answer(drawn: Map) -> dict[str, Any]:
    """Return a map as Overpass answers to `out;` in JSON: ways first, then the rest."""
    ways = [
        {"type": "way", "id": key, "nodes": list(refs), "tags": dict(drawn.tags_of("w", key))}
        for key, refs in drawn.ways.items()
    ]
    nodes = [
        {"type": "node", "id": key, "lat": lat, "lon": lon, "tags": dict(drawn.tags_of("n", key))}
        for key, (lat, lon) in drawn.nodes.items()
    ]
    relations = [
        {
            "type": "relation",
            "id": key,
            "members": [{"type": KINDS[k], "ref": ref, "role": role} for k, ref, role in members],
            "tags": dict(drawn.tags_of("r", key)),
        }
        for key, members in drawn.relations.items()
    ]
    return {"version": 0.6, "elements": [*ways, *nodes, *relations]}


TOWN = Map(
    nodes={
        1: (51.0000001, 7.0000003),
        2: (51.0, 7.01),
        3: (51.0, 7.02),
        4: (51.01, 7.01),
        5: (51.005, 7.0102),
        6: (51.01, 7.0),
        7: (51.0, 7.005),
        8: (51.0, 7.0153),
        9: (51.0, 7.018),
        20: (50.99, 7.012),
        21: (50.99, 7.03),
        22: (51.03, 7.03),
        23: (51.03, 7.012),
    },
    ways={
        10: [1, 7, 2],
        14: [2, 8, 9, 3],
        11: [4, 5, 2],
        12: [1, 6, 4],
        13: [3, 4],
        30: [20, 21, 22],
        31: [22, 23, 20],
    },
    relations={
        501: [("w", 11, "from"), ("n", 2, "via"), ("w", 14, "to")],
        500: [("w", 10, "from"), ("w", 14, "via"), ("w", 13, "via"), ("w", 11, "to")],
        502: [("w", 11, "from"), ("w", 14, "to")],
        600: [("w", 30, "outer"), ("w", 31, "outer")],
        601: [("w", 10, ""), ("w", 14, "")],
    },
    tags={
        "n1": {"highway": "bus_stop"},
        "n7": {"barrier": "lift_gate", "access": "private", "note": "broken"},
        "n8": {"highway": "crossing", "crossing": "traffic_signals;island"},
        "n9": {"highway": "crossing", "crossing": "marked"},
        "n2": {"highway": "traffic_signals"},
        "w10": {"highway": "residential", "maxspeed": "30", "name": "Dorfstraße", "lit": "yes"},
        "w11": {"highway": "tertiary", "oneway": "yes", "hgv:conditional": "no @ (22:00-06:00)"},
        "w12": {"highway": "footway", "bicycle": "yes"},
        "w30": {"boundary": "administrative"},
        "w31": {"natural": "coastline"},
        "r500": {"type": "restriction", "restriction": "no_u_turn", "note": "seen in 2024"},
        "r501": {"type": "restriction", "restriction:hgv": "no_left_turn", "except": "psv"},
        "r502": {"type": "restriction:hgv", "restriction": "no_left_turn"},
        "r600": {"type": "boundary", "boundary": "low_emission_zone", "name": "Umweltzone"},
        "r601": {"type": "route", "route": "bus"},
    },
)
"""Streets 10, 14, 11, 12, 13 around one signal, with a gate, three restrictions and a zone."""
