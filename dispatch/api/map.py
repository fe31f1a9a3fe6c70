"""Our own street graph for drawing: made ready once, sent as it is."""

import gzip
import json
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from dispatch.api.errors import errors
from dispatch.api.etags import is_known, tag_of, takes_gzip
from dispatch.api.street_map import Line, StreetMap
from dispatch.api.values import Position, StreetSourceOut

router = APIRouter(prefix="/api/v1/map", tags=["map"])

DIGITS = 6
"""Digits of a degree that are sent: about 0.1 m, finer than any screen."""


class StreetClassOut(BaseModel):
    """All lines of one OSM `highway` class."""

    highway: str
    lines: list[list[Position]]


class StreetMapOut(StreetSourceOut):
    """The streets by class."""

    classes: list[StreetClassOut]


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetDocument:
    """The streets as JSON, plain and compressed, each with its own strong tag."""

    plain: bytes
    plain_tag: str
    packed: bytes
    packed_tag: str


def street_document(streets: StreetMap) -> StreetDocument:
    """Return the streets ready to be sent."""
    body = {
        "name": streets.source.name,
        "stand_in": streets.source.stand_in,
        "attribution": streets.source.attribution,
        "classes": [
            {"highway": highway, "lines": [_rounded(line) for line in lines]}
            for highway, lines in streets.classes
        ],
    }
    plain = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    # Without a time of packing in it, so that equal streets are equal bytes.
    packed = gzip.compress(plain, compresslevel=6, mtime=0)
    return StreetDocument(
        plain=plain, plain_tag=tag_of(plain), packed=packed, packed_tag=tag_of(packed)
    )


def _rounded(line: Line) -> list[list[float]]:
    return [[round(lon, DIGITS), round(lat, DIGITS)] for lon, lat in line]


@router.get(
    "/streets",
    responses={304: {"description": "The copy at hand is still true"}, **errors()},
    response_model=StreetMapOut,
)
def read_streets(request: Request) -> Response:
    """Return the streets the routes run on; 304 when the client has them already."""
    # Read from the request: no value of these headers is an error, so no 422 is declared.
    document: StreetDocument = request.app.state.street_document
    packs = takes_gzip(request.headers.get("accept-encoding", ""))
    tag = document.packed_tag if packs else document.plain_tag
    headers = {"ETag": tag, "Vary": "Accept-Encoding"}
    if is_known(tag, request.headers.get("if-none-match")):
        return Response(status_code=304, headers=headers)
    if not packs:
        return Response(document.plain, media_type="application/json", headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(document.packed, media_type="application/json", headers=headers)
