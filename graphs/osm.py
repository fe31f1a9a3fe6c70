"""Street networks from OpenStreetMap: files through pyosmium, places through osmnx."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import osmium
import shapely

from graphs.errors import SourceUnreadable
from graphs.interchange import from_multidigraph
from graphs.network import StreetNetwork, keep_segments, shape_lengths_m
from graphs.raw_tags import KEPT_TAGS, intern_tags, no_node_tags, street_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import networkx as nx
    from numpy.typing import NDArray

OSM_ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"

SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")

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

_LETS_IN = frozenset({"yes", "designated", "permissive", "destination", "delivery"})
_VEHICLE_KEYS = ("bicycle", "vehicle", "motor_vehicle")

REPORT_EVERY = 5000
"""Streets between two calls of `progress`."""


@dataclass(slots=True)
class _Ways:
    """Streets as they are read: node references with coordinates, one flat list for all."""

    ids: list[int] = field(default_factory=list)
    tags: list[dict[str, str]] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    refs: list[int] = field(default_factory=list)
    lats: list[float] = field(default_factory=list)
    lons: list[float] = field(default_factory=list)


def read_osm(
    path: Path,
    *,
    clip: Sequence[tuple[float, float]] | None = None,
    progress: Callable[[int], None] | None = None,
) -> StreetNetwork:
    """Return all streets that some vehicle may use, cut at their junctions.

    `clip` is a polygon of (lat, lon); a segment stays if both its ends are inside. `progress` is
    called now and then with the number of streets read so far. Raises SourceUnreadable: G101 no
    such file, G102 not OpenStreetMap data, G103 damaged, G104 without streets (in the polygon).
    """
    _check_file(path)
    ways = _Ways()
    try:
        _read_ways(path, ways, progress)
    except (RuntimeError, ValueError) as error:
        raise SourceUnreadable(
            "G103", path.name, f"it cannot be read to its end ({error})", "Download it again"
        ) from error
    if not ways.ids:
        raise _no_streets(path.name)
    network = _network_of(ways, name=_title(path))
    return network if clip is None else _clipped(network, clip)


def read_place(
    place: str, *, download: Callable[[str], nx.MultiDiGraph[int]] | None = None
) -> StreetNetwork:
    """Return the streets of a named place, asked of Overpass through osmnx.

    `download` replaces the way to the server, for tests. Raises SourceUnreadable G105 when the
    server cannot be reached or does not know the place.
    """
    graph = (download or _download)(place)
    return from_multidigraph(graph, name=place, attribution=OSM_ATTRIBUTION)


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise SourceUnreadable("G101", str(path), "there is no such file", "Check the path")
    if not path.name.lower().endswith(SUFFIXES):
        raise SourceUnreadable(
            "G102",
            path.name,
            "its name does not end like OpenStreetMap data",
            f"Give a file that ends in {', '.join(SUFFIXES)}",
        )
    if path.name.lower().endswith(".gz"):
        _check_gzip(path)


def _check_gzip(path: Path) -> None:
    """Raise for a gzip file that breaks off: pyosmium would take the part for the whole."""
    try:
        with gzip.open(path) as stream:
            while stream.read(2**20):
                pass
    except (OSError, EOFError, zlib.error) as error:
        raise SourceUnreadable(
            "G103", path.name, f"it cannot be unpacked ({error})", "Download it again"
        ) from error


def _no_streets(subject: str) -> SourceUnreadable:
    return SourceUnreadable(
        "G104", subject, "it holds no streets", "Choose an extract or polygon with streets in it"
    )


def _title(path: Path) -> str:
    suffix = max((s for s in SUFFIXES if path.name.lower().endswith(s)), key=len)
    return path.name[: -len(suffix)]


def _read_ways(path: Path, ways: _Ways, progress: Callable[[int], None] | None) -> None:
    reader = osmium.FileProcessor(str(path)).with_locations()
    for entry in reader.with_filter(osmium.filter.KeyFilter("highway")):
        if not isinstance(entry, osmium.osm.Way):
            continue
        tags = {tag.k: tag.v for tag in entry.tags if tag.k in KEPT_TAGS}
        if entry.tags.get("area") == "yes" or not _is_street(tags):
            continue
        _add_way(ways, entry, tags)
        if progress is not None and len(ways.ids) % REPORT_EVERY == 0:
            progress(len(ways.ids))


def _is_street(tags: Mapping[str, str]) -> bool:
    road = tags.get("highway", "")
    if road in MOTOR_ROADS:
        return True
    return road in FOOT_ROADS and any(tags.get(key) in _LETS_IN for key in _VEHICLE_KEYS)


def _add_way(ways: _Ways, entry: osmium.osm.Way, tags: dict[str, str]) -> None:
    """Keep a street's nodes; those outside the extract have no coordinates and are left out."""
    known = [node for node in entry.nodes if node.location.valid()]
    nodes = [n for i, n in enumerate(known) if i == 0 or n.ref != known[i - 1].ref]
    if len(nodes) < 2:
        return
    ways.ids.append(entry.id)
    ways.tags.append(tags)
    ways.counts.append(len(nodes))
    ways.refs.extend(node.ref for node in nodes)
    ways.lats.extend(node.lat for node in nodes)
    ways.lons.extend(node.lon for node in nodes)


def _network_of(ways: _Ways, *, name: str) -> StreetNetwork:
    """Cut the streets at nodes that two of them, or one twice, go through."""
    refs = np.array(ways.refs, dtype=np.int64)
    lat, lon = np.array(ways.lats), np.array(ways.lons)
    last = np.cumsum(ways.counts) - 1
    first = last - np.array(ways.counts) + 1
    _, inverse, uses = np.unique(refs, return_inverse=True, return_counts=True)
    cut = uses[inverse] > 1
    cut[first] = cut[last] = True
    start = np.flatnonzero(cut)
    way = np.repeat(np.arange(len(ways.ids)), ways.counts)
    # Each cut opens a segment that ends at the next cut, except the last one of a street.
    opens = np.flatnonzero(way[start[:-1]] == way[start[1:]])
    begin, end = start[opens], start[opens + 1]
    tag_of_way, tag_sets = intern_tags(ways.tags)
    owner, position = _positions(begin, end - begin + 1)
    offset = np.searchsorted(owner, np.arange(len(begin) + 1)).astype(np.int64)
    node_id, where, ends = np.unique(
        refs[np.concatenate((begin, end))], return_index=True, return_inverse=True
    )
    where = np.concatenate((begin, end))[where]
    tail, head = np.split(ends.astype(np.int32), 2)
    shape_lat, shape_lon = lat[position], lon[position]
    return StreetNetwork(
        name=name,
        attribution=OSM_ATTRIBUTION,
        stand_in=False,
        node_id=node_id,
        node_lat=lat[where],
        node_lon=lon[where],
        tail=tail,
        head=head,
        way_id=np.array(ways.ids, dtype=np.int64)[way[begin]],
        length_m=shape_lengths_m(offset, shape_lat, shape_lon),
        shape_offset=offset,
        shape_lat=shape_lat,
        shape_lon=shape_lon,
        **street_tags(tag_of_way[way[begin]], tag_sets),
        **no_node_tags(len(node_id)),
    )


def _positions(
    begin: NDArray[np.int64], count: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, for runs of `count` places from `begin`, the run and the place of each."""
    run = np.repeat(np.arange(len(begin)), count)
    return run, np.arange(len(run)) - (np.cumsum(count) - count)[run] + begin[run]


def _clipped(network: StreetNetwork, clip: Sequence[tuple[float, float]]) -> StreetNetwork:
    area = shapely.Polygon([(lon, lat) for lat, lon in clip])
    inside = shapely.contains_xy(area, network.node_lon, network.node_lat)
    keep = np.asarray(inside[network.tail] & inside[network.head])
    if not keep.any():
        raise _no_streets(f"{network.name}, clipped")
    return keep_segments(network, keep)


def _download(place: str) -> nx.MultiDiGraph[int]:
    """Return osmnx's graph of a place with our tags; needs the network."""
    # Imported here because it brings pandas and costs every other start a second.
    import osmnx as ox

    # osmnx takes what to keep, and whether to litter the working folder with a cache, from
    # module settings; they are put back afterwards.
    before = ox.settings.useful_tags_way, ox.settings.use_cache
    ox.settings.useful_tags_way, ox.settings.use_cache = sorted(KEPT_TAGS), False
    roads = "|".join(sorted(MOTOR_ROADS))
    try:
        return ox.graph_from_place(
            place, custom_filter=f'["highway"~"^({roads})$"]["area"!~"yes"]', retain_all=True
        )
    # No connection, no streets, a place unknown or without an area, in this order.
    except (OSError, ValueError, TypeError) as error:
        raise SourceUnreadable(
            "G105", place, f"no streets came back ({error})", "Check the name and the connection"
        ) from error
    finally:
        ox.settings.useful_tags_way, ox.settings.use_cache = before
