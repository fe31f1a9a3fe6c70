"""A route as GPX 1.1: its stops as a route, the way it drives as a track."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from dispatch.domain.plan import StopKind
from dispatch.sheets import words
from dispatch.sheets.paper_text import printable

if TYPE_CHECKING:
    from dispatch.domain.geo import LatLon
    from dispatch.domain.plan import Stop
    from dispatch.sheets.sheet import Sheet

NAMESPACE = "http://www.topografix.com/GPX/1/1"
SCHEMA = f"{NAMESPACE} http://www.topografix.com/GPX/1/1/gpx.xsd"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def route_gpx(sheet: Sheet) -> str:
    """Return the GPX document, for navigation devices and apps.

    A break is no place of its own and has no point.
    """
    attributes = {
        "xmlns": NAMESPACE,
        "xmlns:xsi": XSI,
        "xsi:schemaLocation": SCHEMA,
        "version": "1.1",
        "creator": "Bochum Dispatch",
    }
    root = ET.Element("gpx", attributes)
    name = f"{sheet.route.crew_name} {sheet.plan.day.isoformat()}"
    meta = ET.SubElement(root, "metadata")
    _text(meta, "name", name)
    _text(meta, "desc", sheet.plan.streets.attribution)
    _text(meta, "time", f"{sheet.plan.created_at:%Y-%m-%dT%H:%M:%S%z}".replace("+0000", "Z"))
    _add_stops(root, sheet, name)
    _add_track(root, sheet, name)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True)


def _add_stops(root: ET.Element, sheet: Sheet, name: str) -> None:
    route = ET.SubElement(root, "rte")
    _text(route, "name", name)
    for number, stop in sheet.numbers():
        if stop.kind is StopKind.BREAK:
            continue
        point = ET.SubElement(route, "rtept", _place(stop.location))
        label = f"{number} {stop.name}" if stop.kind is StopKind.JOB else stop.name
        _text(point, "name", label)
        _text(point, "desc", _told(sheet, stop))


def _told(sheet: Sheet, stop: Stop) -> str:
    job = sheet.job(stop)
    what = words.KINDS[job.kind] if job else words.STOPS[stop.kind]
    told = f"{words.clock(stop.arrives_at)} {sheet.said(what)}"
    return f"{told}: {sheet.said(job.reason)}" if job else told


def _add_track(root: ET.Element, sheet: Sheet, name: str) -> None:
    legs = [stop.leg.geometry for stop in sheet.route.stops if stop.leg and stop.leg.geometry]
    if not legs:
        return
    track = ET.SubElement(root, "trk")
    _text(track, "name", name)
    for leg in legs:
        part = ET.SubElement(track, "trkseg")
        for point in leg:
            ET.SubElement(part, "trkpt", _place(point))


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = printable(text)


def _place(point: LatLon) -> dict[str, str]:
    return {"lat": f"{point.lat:.7f}", "lon": f"{point.lon:.7f}"}
