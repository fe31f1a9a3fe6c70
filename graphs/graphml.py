"""Street networks as GraphML files that osmnx loads, and files that osmnx saved."""

from __future__ import annotations

import ast
import contextlib
import re
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import networkx as nx
import shapely

from graphs.errors import SourceUnreadable
from graphs.interchange import from_multidigraph, to_multidigraph

if TYPE_CHECKING:
    from pathlib import Path

    from graphs.network import StreetNetwork

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML file may hold (XML 1.0, production 2)."""


def write_graphml(network: StreetNetwork, path: Path) -> None:
    """Write a network so that `osmnx.load_graphml` reads it; `read_graphml` gives it back.

    All values are text, as osmnx writes them. Raises SourceUnreadable G108 where nothing can be
    written.
    """
    graph = to_multidigraph(network)
    rows = [
        graph.graph,
        *(data for _, data in graph.nodes(data=True)),
        *(data for _, _, data in graph.edges(data=True)),
    ]
    for row in rows:
        row.update({key: _NOT_XML.sub("", str(value)) for key, value in row.items()})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        nx.write_graphml(graph, path)
    except OSError as error:
        raise SourceUnreadable(
            "G108", str(path), f"it cannot be written ({error.strerror})", "Use another folder"
        ) from error


def read_graphml(path: Path) -> StreetNetwork:
    """Return the network of a GraphML file, ours or one that `osmnx.save_graphml` wrote.

    Raises SourceUnreadable: G108 for a file that is missing, damaged or no GraphML, and as
    `from_multidigraph` does.
    """
    try:
        graph = nx.read_graphml(path, node_type=int, force_multigraph=True)
        for _, _, data in graph.edges(data=True):
            _restore(data)
    except (
        OSError,
        ParseError,
        KeyError,
        ValueError,
        nx.NetworkXError,
        shapely.GEOSException,
    ) as error:
        raise SourceUnreadable(
            "G108", path.name, f"it is no readable GraphML ({error})", "Save it with osmnx again"
        ) from error
    return from_multidigraph(nx.MultiDiGraph(graph))


def _restore(data: dict[str, Any]) -> None:
    """Turn the text of an edge back into shapes and, where osmnx joined streets, lists."""
    if "geometry" in data:
        data["geometry"] = shapely.from_wkt(data["geometry"])
    if "segment" in data and data["segment"].isdigit():
        # A street of ours has no lists; a name in brackets is a name.
        return
    for key, value in data.items():
        if isinstance(value, str) and value.startswith("[") and value.endswith("]"):
            with contextlib.suppress(SyntaxError, ValueError):
                data[key] = ast.literal_eval(value)
