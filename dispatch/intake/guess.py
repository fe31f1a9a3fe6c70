"""Which format a file has: told by its content alone, for files that nobody labelled."""

from __future__ import annotations

import json
from typing import Final

_MEMBERS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("cloudevents", frozenset({"specversion", "type", "source"})),
    ("ttn", frozenset({"end_device_ids"})),
    ("chirpstack", frozenset({"deviceInfo"})),
    ("watering-need", frozenset({"schema", "needs"})),
    ("terratransfer", frozenset({"logger_id", "answer"})),
    ("terratransfer", frozenset({"PEGEL"})),
    ("terratransfer", frozenset({"DO"})),
    ("ngsi-ld", frozenset({"subscriptionId", "data"})),
    ("ngsi-ld", frozenset({"id", "type"})),
    ("sensorthings", frozenset({"result", "Datastream"})),
    ("sensorthings", frozenset({"@iot.id"})),
    ("sensorthings", frozenset({"phenomenonTime", "result"})),
    ("open311", frozenset({"service_request_id"})),
    ("readings", frozenset({"readings"})),
    ("csv", frozenset({"mapping", "csv"})),
    ("sensorthings", frozenset({"value"})),
)
"""A JSON object with all of these members has that format; the first that fits counts."""

_COLUMNS: Final[tuple[tuple[str, str, frozenset[str]], ...]] = (
    ("terratransfer-csv", ",", frozenset({"datetime", "logger_id"})),
    ("treesense-csv", ";", frozenset({"time", "moisture_content"})),
)


def guess_format(body: bytes) -> str | None:
    """Return the format's name that the body of a file looks like, None if it is like no other.

    A guess only: whether the body really can be read is for its decoder to say.
    """
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return _guess_json(body) if start in (b"{", b"[") else _guess_rows(body)


def _guess_json(body: bytes) -> str | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    first = found[0] if isinstance(found, list) and found else found
    if not isinstance(first, dict):
        return None
    members = set(first)
    fitting = (name for name, wanted in _MEMBERS if wanted <= members)
    return next(fitting, None)


def _guess_rows(body: bytes) -> str | None:
    lines = body[:4000].decode("utf-8-sig", "replace").splitlines()
    header = next((line for line in lines if not line.startswith("#")), "")
    for name, separator, wanted in _COLUMNS:
        if wanted <= {cell.strip().casefold() for cell in header.split(separator)}:
            return name
    return "csv" if "," in header or ";" in header else None
