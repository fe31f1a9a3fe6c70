"""The streets for drawing."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from dispatch.api.map import street_document
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import call

if TYPE_CHECKING:
    from fastapi import FastAPI

PATH = "/api/v1/map/streets"


def test_streets_as_lines(app: FastAPI) -> None:
    """The streets tell their source and come as lines by class, rounded to about 0.1 m."""
    answer = call(app, "GET", PATH)
    assert answer.json() == {
        "name": "Übungsnetz",
        "stand_in": True,
        "attribution": "made by hand",
        "classes": [
            {"highway": "residential", "lines": [[[7.2, 51.47], [7.21, 51.47]]]},
            {"highway": "primary", "lines": []},
        ],
    }
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "GZIP; q=1.0"])
def test_compressed_for_who_takes_it(app: FastAPI, accepted: str) -> None:
    """A client that takes gzip gets the same document compressed."""
    answer = call(app, "GET", PATH, headers={"Accept-Encoding": accepted})
    assert answer.headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(answer.body)) == call(app, "GET", PATH).json()


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip;q=0.000", "identity"])
def test_plain_for_who_does_not(app: FastAPI, accepted: str) -> None:
    """A client that does not name gzip, or rules it out, gets plain JSON."""
    answer = call(app, "GET", PATH, headers={"Accept-Encoding": accepted})
    assert "content-encoding" not in answer.headers
    assert answer.json()["stand_in"] is True


def test_known_streets_are_not_sent_again(app: FastAPI) -> None:
    """Each form of the document has its own tag, and a client that has it gets 304."""
    gzipped = {"Accept-Encoding": "gzip"}
    plain_tag = call(app, "GET", PATH).headers["etag"]
    packed_tag = call(app, "GET", PATH, headers=gzipped).headers["etag"]
    assert plain_tag != packed_tag
    again = call(app, "GET", PATH, headers=gzipped | {"If-None-Match": packed_tag})
    assert (again.status, again.body) == (304, b"")
    assert (again.headers["etag"], again.headers["vary"]) == (packed_tag, "Accept-Encoding")
    assert call(app, "GET", PATH, headers={"If-None-Match": packed_tag}).status == 200


def test_equal_streets_are_equal_bytes() -> None:
    """A restart does not make clients fetch the same streets again."""
    assert street_document(STREET_MAP) == street_document(STREET_MAP)
