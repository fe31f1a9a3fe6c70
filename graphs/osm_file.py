"""OpenStreetMap files through pyosmium, read as a stream."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

import osmium
from osmium.filter import EntityFilter, IdFilter, KeyFilter
from osmium.osm import NODE, WAY, Node, Relation, Way

from graphs.errors import SourceUnreadable
from graphs.osm_elements import DEGREE, UNKNOWN, Elements, Member
from graphs.raw_tags import KEPT_TAGS, NODE_TAGS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")

REPORT_EVERY = 5000
"""Streets between two calls of `progress`."""

_TELLING_KEYS = (
    (NODE, ("barrier", "highway", "crossing", "crossing:signals")),
    (WAY, ("highway", "boundary")),
)
"""Only nodes and ways with one of these keys are looked at; relations all are."""

_KEYS = KEPT_TAGS | NODE_TAGS | {"area", "boundary", "type", "restriction", "except"}


def read_file(path: Path, progress: Callable[[int], None] | None = None) -> Elements:
    """Return the elements of a file that streets are made of.

    Raises SourceUnreadable G103 for a file that is damaged or breaks off.
    """
    elements = Elements()
    try:
        if path.name.lower().endswith(".gz"):
            _check_gzip(path)
        _read(path, elements, progress)
        _place_late_nodes(path, elements)
        _read_zone_borders(path, elements)
    except (OSError, EOFError, RuntimeError, ValueError, zlib.error) as error:
        raise SourceUnreadable(
            "G103", path.name, f"it cannot be read to its end ({error})", "Download it again"
        ) from error
    return elements


def _check_gzip(path: Path) -> None:
    """Raise for a gzip file that breaks off: pyosmium would take the part for the whole."""
    with gzip.open(path) as stream:
        while stream.read(2**20):
            pass


def _read(path: Path, elements: Elements, progress: Callable[[int], None] | None) -> None:
    reader = osmium.FileProcessor(str(path)).with_locations()
    for kind, keys in _TELLING_KEYS:
        keyed = KeyFilter(*keys)
        keyed.enable_for(kind)
        reader = reader.with_filter(keyed)
    for entry in reader:
        if isinstance(entry, Way):
            tags = _tags(entry)
            if elements.wants(entry.id, tags):
                _add_way(elements, entry, tags)
                if progress is not None and len(elements.way_ids) % REPORT_EVERY == 0:
                    progress(len(elements.way_ids))
            elements.add_zone_way(entry.id, tags)
        elif isinstance(entry, Node):
            elements.add_node(entry.id, _tags(entry))
        elif isinstance(entry, Relation):
            members = (Member(m.type, m.ref, m.role) for m in entry.members)
            elements.add_relation(entry.id, _tags(entry), members)


def _tags(entry: Node | Way | Relation) -> dict[str, str]:
    """Return the tags of an element."""
    try:
        return dict(entry.tags)
    except UnicodeDecodeError:
        # pyosmium cannot step over a tag that is not UTF-8, but it can ask for the others.
        readable = ((key, _readable(entry, key)) for key in sorted(_KEYS))
        return {key: value for key, value in readable if value is not None}


def _readable(entry: Node | Way | Relation, key: str) -> str | None:
    try:
        return entry.tags.get(key)
    except UnicodeDecodeError:
        return None


def _add_way(elements: Elements, way: Way, tags: dict[str, str]) -> None:
    nodes = list(way.nodes)
    places = [node.location for node in nodes]
    elements.add_way(
        way.id,
        tags,
        [node.ref for node in nodes],
        [place.x for place in places],
        [place.y for place in places],
    )


def _place_late_nodes(path: Path, elements: Elements) -> None:
    """Look up nodes that the first reading could not place.

    libosmium keeps no positions of negative ids, which JOSM gives to what it has not uploaded,
    and a file written by Overpass may list its ways before their nodes.
    """
    missing = {
        ref for ref, x in zip(elements.node_refs, elements.node_x, strict=True) if x == UNKNOWN
    }
    if not missing or (min(missing) >= 0 and _is_sorted(path)):
        return
    found: dict[int, tuple[int, int]] = {}
    for node in osmium.FileProcessor(str(path), NODE):
        if isinstance(node, Node) and node.id in missing and node.location.valid():
            found[node.id] = (node.location.x, node.location.y)
    for i, ref in enumerate(elements.node_refs):
        if ref in found:
            elements.node_x[i], elements.node_y[i] = found[ref]


def _is_sorted(path: Path) -> bool:
    """Tell whether the file says that its nodes come first; most .osm.pbf do."""
    return osmium.FileProcessor(str(path)).header.get("sorting") == "Type_then_ID"


def _read_zone_borders(path: Path, elements: Elements) -> None:
    """Read the ways around low emission zones, which come before the relations that name them."""
    borders = {way for zone in elements.zones.values() for way in (*zone.outer, *zone.inner)}
    # libosmium's filter takes positive ids only.
    wanted = [way for way in borders if way > 0]
    if not wanted:
        return
    reader = osmium.FileProcessor(str(path)).with_locations()
    for way in reader.with_filter(EntityFilter(WAY)).with_filter(IdFilter(wanted)):
        if isinstance(way, Way):
            places = (node.location for node in way.nodes)
            elements.lines[way.id] = [
                (place.x / DEGREE, place.y / DEGREE) for place in places if place.valid()
            ]
