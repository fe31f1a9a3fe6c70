"""Legs for navigation devices."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from graphs.gpx import NAMESPACE, gpx_of
from graphs.street_matrix import StreetMatrix
from tests.helpers.networks import TEN_METRES_PER_SECOND, Street, at, drawn

if TYPE_CHECKING:
    from graphs.path import PathLeg

NS = {"g": NAMESPACE}


def legs(*, manoeuvres: bool = True) -> tuple[PathLeg, ...]:
    """Return two legs over two streets with odd names."""
    streets = [
        Street(0, 1, {**TEN_METRES_PER_SECOND, "name": "Königsallee & <Süd>"}),
        Street(1, 2, {**TEN_METRES_PER_SECOND, "name": "Große Straße"}),
        Street(1, 3),
    ]
    matrix = StreetMatrix(drawn([(0, 0), (1, 0), (1, 1), (2, 0)], streets))
    points = [at(0.5), at(1, 0.5), at(0.25)]
    return matrix.legs(points, profile="van", manoeuvres=manoeuvres)


def parsed(text: str) -> ET.Element:
    """Return the root of a document as a device reads it: from UTF-8 bytes."""
    return ET.fromstring(text.encode("utf-8"))  # noqa: S314 - our own document


def test_the_track_is_the_exact_way() -> None:
    """One segment for each leg, every position to a centimetre, (lat, lon) as they are."""
    driven = legs()
    root = parsed(gpx_of(driven, name="Tour 1", source="© OpenStreetMap"))
    assert (root.tag, root.get("version")) == (f"{{{NAMESPACE}}}gpx", "1.1")
    parts = root.findall("g:trk/g:trkseg", NS)
    assert len(parts) == len(driven)
    for part, leg in zip(parts, driven, strict=True):
        places = [(float(p.attrib["lat"]), float(p.attrib["lon"])) for p in part]
        assert places == [pytest.approx(place, abs=1e-7) for place in leg.geometry]


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_route_is_what_the_driver_is_told(language: str) -> None:
    """Umlauts and signs that mean something in XML come back as they were."""
    driven = legs()
    root = parsed(gpx_of(driven, name="Tour", source="x", language=language))
    words = [node.text for node in root.findall("g:rte/g:rtept/g:name", NS)]
    assert words == [step.text(language) for leg in driven for step in leg.manoeuvres]
    assert any("Königsallee & <Süd>" in str(text) for text in words)
    assert any("Große Straße" in str(text) for text in words)


def test_name_and_credit_are_in_the_document() -> None:
    """Whoever gets the file knows whose map it is."""
    root = parsed(gpx_of(legs(), name="Müllabfuhr Süd", source="Bochum, © OpenStreetMap"))
    assert root.findtext("g:metadata/g:name", namespaces=NS) == "Müllabfuhr Süd"
    assert root.findtext("g:metadata/g:desc", namespaces=NS) == "Bochum, © OpenStreetMap"
    assert root.findtext("g:trk/g:name", namespaces=NS) == "Müllabfuhr Süd"


def test_legs_without_manoeuvres_have_a_track_only() -> None:
    """No empty route, which some devices refuse."""
    root = parsed(gpx_of(legs(manoeuvres=False), name="Tour", source="x"))
    assert root.find("g:rte", NS) is None
    assert len(root.findall("g:trk/g:trkseg/g:trkpt", NS)) > 4


def test_the_parts_come_in_the_order_of_the_schema() -> None:
    """GPX 1.1 asks for metadata, then routes, then tracks."""
    root = parsed(gpx_of(legs(), name="Tour", source="x"))
    assert [child.tag.rpartition("}")[2] for child in root] == ["metadata", "rte", "trk"]


def test_no_legs_are_a_valid_document() -> None:
    """A tour without a drive still has a name."""
    root = parsed(gpx_of((), name="Tour", source="x"))
    assert root.findall("g:trk/g:trkseg", NS) == []


def test_characters_that_xml_cannot_write_are_left_out() -> None:
    """A control character that slipped into a street's name does not spoil the file."""
    text = gpx_of(legs(), name="Tour\x01 1", source="Karte\x0b")
    assert parsed(text).findtext(f"{{{NAMESPACE}}}metadata/{{{NAMESPACE}}}name") == "Tour 1"
