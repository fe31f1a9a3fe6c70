from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.domain.geo import LatLon
from dispatch.intake.open311 import decode
from tests.helpers.payloads import RECEIVED, a_payload
from tests.helpers.standards import a_form, a_request

REPORTED = datetime(2026, 7, 14, 4, 37, 38, tzinfo=UTC)


def decoded(body: object) -> Any:
    return decode(a_payload(body, format_name="open311"))


def test_an_answer_becomes_notices_and_no_signals() -> None:
    """A citizen is no sensor: place, matter and words are kept as told."""
    found = decoded([a_request(media_url="https://example.org/638344.jpg")])
    (notice,) = found.notices
    assert (found.signals, found.issues) == ((), ())
    assert (notice.source, notice.code, notice.name) == ("open311", "006", "Glascontainer voll")
    assert notice.text == "Container am Markt läuft über"
    assert notice.location == LatLon(lat=51.4818, lon=7.2162)
    assert (notice.requested_at, notice.updated_at) == (REPORTED, None)
    assert (notice.status, notice.media_url) == ("open", "https://example.org/638344.jpg")


def test_the_same_request_later_is_the_same_notice() -> None:
    """Closed or changed, its id stays; another city's number is another notice."""
    later = a_request(status="closed", updated_datetime="2026-07-15T08:00:00+02:00")
    ids = [decoded([request]).notices[0].id for request in (a_request(), later)]
    (foreign,) = decoded({"jurisdiction_id": "herne.de", "answer": [a_request()]}).notices
    assert ids[0] == ids[1] != foreign.id
    assert foreign.source == "open311:herne.de"


def test_a_posted_form_is_a_notice_as_of_its_receipt() -> None:
    """It has no number yet: its bytes identify it, umlauts come back from their codes."""
    (notice,) = decoded(a_form(media_url="https://example.org/a.jpg")).notices
    (again,) = decoded(a_form(media_url="https://example.org/a.jpg")).notices
    (other,) = decoded(a_form()).notices
    assert (notice.source, notice.text) == ("open311:bochum.de", "Container voll, Straße vermüllt")
    assert (notice.requested_at, notice.media_url) == (RECEIVED, "https://example.org/a.jpg")
    assert notice.id == again.id != other.id


def test_numbers_as_texts_and_codes_as_numbers() -> None:
    """Senders differ in what they put into quotes."""
    (notice,) = decoded(
        [a_request(lat="51.4818", long="7.2162", service_code=6, service_request_id=638344)]
    ).notices
    assert (notice.code, notice.location) == ("6", LatLon(lat=51.4818, lon=7.2162))
    assert notice.id == decoded([a_request()]).notices[0].id


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (a_request(lat=None), "I121"),
        (a_request(long=None, lon=7.2162), "I121"),
        (a_request(lat=7216.2), "I121"),
        (a_request(lat=0, long="0.0"), "I121"),
        (a_request(service_request_id=None), "I122"),
        (a_request(service_code=""), "I122"),
        (a_request(status="duplicate"), "I122"),
        (a_request(requested_datetime="2026-07-14T06:37:38"), "I103"),
        (a_request(requested_datetime="neulich"), "I104"),
        (7, "I102"),
    ],
)
def test_one_bad_request_never_stops_the_others(request_: object, code: str) -> None:
    """An address alone, a number missing, a time without zone: told with the request's number."""
    found = decoded([request_, a_request()])
    assert ([i.code for i in found.issues], len(found.notices)) == ([code], 1)
    assert found.issues[0].subject.startswith("request ")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "I101"),
        ("nur Text", "I101"),
        ("[", "I101"),
        (b"\xff\xff", "I101"),
        ("a=1&" * 300 + "b=2", "I101"),
        ("description=%FF&lat=1", "I101"),
        ({"answer": 1}, "I102"),
    ],
)
def test_what_is_no_request_is_refused(body: object, code: str) -> None:
    """Each way of being unusable as a whole has its code."""
    with pytest.raises(InvalidInput) as caught:
        decoded(body)
    assert caught.value.issues[0].code == code
