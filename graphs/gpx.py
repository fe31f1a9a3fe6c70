"""Legs as GPX 1.1, for navigation devices and apps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphs.path import PathLeg

_NO_XML = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]")
"""Characters that XML 1.0 has no way to write; mappers have let them slip into names."""

NAMESPACE = "http://www.topografix.com/GPX/1/1"


def gpx_of(legs: Sequence[PathLeg], *, name: str, source: str, language: str = "de") -> str:
    """Return a GPX document: a route of manoeuvres and a track of the exact way.

    `source` credits the map. Legs without manoeuvres have a track only.
    """
    root = ET.Element("gpx", {"xmlns": NAMESPACE, "version": "1.1", "creator": "Bochum Dispatch"})
    meta = ET.SubElement(root, "metadata")
    ET.SubElement(meta, "name").text = name
    ET.SubElement(meta, "desc").text = source
    if any(leg.manoeuvres for leg in legs):
        route = ET.SubElement(root, "rte")
        ET.SubElement(route, "name").text = name
        for step in (step for leg in legs for step in leg.manoeuvres):
            point = ET.SubElement(route, "rtept", _place(step.lat, step.lon))
            ET.SubElement(point, "name").text = step.text(language)
    track = ET.SubElement(root, "trk")
    ET.SubElement(track, "name").text = name
    for leg in legs:
        part = ET.SubElement(track, "trkseg")
        for lat, lon in leg.geometry:
            ET.SubElement(part, "trkpt", _place(lat, lon))
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode", xml_declaration=True)
    return _NO_XML.sub("", text)


def _place(lat: float, lon: float) -> dict[str, str]:
    return {"lat": f"{lat:.7f}", "lon": f"{lon:.7f}"}
