"""Street networks from OpenStreetMap: files, saved Overpass answers, and places by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphs.clip import clipped
from graphs.errors import SourceUnreadable
from graphs.osm_file import SUFFIXES, read_file
from graphs.osm_network import OSM_ATTRIBUTION, network_of
from graphs.overpass import ask_server, elements_of, outline_of, queries_for, read_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Any

    from shapely.geometry.base import BaseGeometry

    from graphs.clip import Clip
    from graphs.network import StreetNetwork

__all__ = ["OSM_ATTRIBUTION", "read_osm", "read_place"]

_ANSWERS = (".overpass.json", ".json")
"""A saved answer of Overpass in JSON; its XML is an .osm file."""


def read_osm(
    path: Path,
    *,
    clip: Clip | None = None,
    progress: Callable[[int], None] | None = None,
) -> StreetNetwork:
    """Return all streets that some vehicle may use, cut at their junctions.

    Barriers, signals and the like on a street are junctions, too. `clip` is an area (see
    `graphs.clip`); a segment stays if both its ends are inside. `progress` is called now and then
    with the number of streets read so far. Raises SourceUnreadable: G101 no such file, G102 not
    OpenStreetMap data, G103 damaged, G104 without streets (in the area), G107 no area.
    """
    if not path.is_file():
        raise SourceUnreadable("G101", str(path), "there is no such file", "Check the path")
    title = _title(path)
    if path.name.lower().endswith(_ANSWERS):
        elements = elements_of([read_answer(path)])
    else:
        elements = read_file(path, progress)
    network = network_of(elements, name=title)
    return network if clip is None else clipped(network, clip)


def read_place(
    place: str,
    *,
    outline: Callable[[str], BaseGeometry] = outline_of,
    ask: Callable[[str], Mapping[str, Any]] = ask_server,
) -> StreetNetwork:
    """Return the streets of a named place, as `read_osm` would from a file clipped to its outline.

    `outline` (name to area) and `ask` (query to JSON answer) stand for the servers Nominatim and
    Overpass; tests give their own. Raises SourceUnreadable: G105 when a server cannot be reached,
    does not know the place or did not finish, G104 when the place has no streets.
    """
    try:
        area = outline(place)
        if not area.area:
            raise ValueError("the place has no area")
        answers = [ask(query) for query in queries_for(area)]
        for remark in filter(None, (answer.get("remark") for answer in answers)):
            raise ValueError(f"Overpass did not finish: {remark}")
    # No connection; no answer, no such place; a place without an area: in this order.
    except (OSError, ValueError, TypeError) as error:
        raise SourceUnreadable(
            "G105", place, f"no streets came back ({error})", "Check the name and the connection"
        ) from error
    return clipped(network_of(elements_of(answers), name=place), area)


def _title(path: Path) -> str:
    """Return a file's name without its ending; raises SourceUnreadable G102 for a foreign one."""
    fitting = [s for s in (*SUFFIXES, *_ANSWERS) if path.name.lower().endswith(s)]
    if not fitting:
        raise SourceUnreadable(
            "G102",
            path.name,
            "its name does not end like OpenStreetMap data",
            f"Give a file that ends in {', '.join((*SUFFIXES, *_ANSWERS))}",
        )
    return path.name[: -max(map(len, fitting))]
