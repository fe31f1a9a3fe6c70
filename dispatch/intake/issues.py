"""Everything that can be wrong with a payload; the README lists the same codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatch.domain.errors import InvalidInput, Issue

if TYPE_CHECKING:
    from collections.abc import Mapping

CURES: Final[Mapping[str, str]] = {
    "I101": "Send UTF-8 JSON with one object at the top",
    "I102": "Send the member named here; the README shows the expected shape",
    "I103": "Send the time with its offset, such as 2026-07-14T04:00:00+02:00",
    "I104": "Send an ISO 8601 time between 2000 and 2100",
    "I105": "Correct the value or leave the field out",
    "I106": "Check the probe and its cable",
    "I107": "Pass on the bytes as the network server encodes them (base64)",
    "I108": "Set the device's codec in the network server, or its model to one the README lists",
    "I109": "Nothing, if it happens once; else check the device's firmware and payload format",
    "I110": "Nothing, if the other values of the uplink suffice; else name the device's codec",
    "I111": "Send a schema the README lists",
    "I112": "Correct this need in the irrigation model; the other needs are kept",
    "I113": "Send the columns the README lists; rows are counted from 1, the header included",
    "I114": "Store the answer with its sender's id, as the README shows",
    "I115": "Send it from a device instead of the console; nothing is planned from simulations",
    "I116": "Add the fields to the tables of intake (see its README), or ignore this device",
    "I117": "Use one of the formats the README lists",
    "I118": "Send one of the units the README lists, or map the column or datastream to a kind",
    "I119": "Map it to a device and a kind, or send it with its topic, as the README shows",
    "I120": "Send a mapping as the README shows",
    "I121": "Send lat and long in degrees (WGS84); an address alone cannot be driven to",
    "I122": "Correct this notice at the sender; the other notices are kept",
    "I123": "Name the format of its data in the attribute payloadformat",
    "I124": "Nothing; reports of our own are not taken in again",
    "I125": "Correct the id at the sender: it holds a NUL character, which no database keeps",
    "I130": "Correct the row; depths in m below ground, dates as 2026-07-14; other rows are kept",
    "I201": "Register the device with its site; its payloads are kept and can be replayed",
    "I202": "Correct the device's mounting times; its payloads are kept and can be replayed",
}


def issue(code: str, subject: str, cause: str) -> Issue:
    """Return the coded issue with its cure; subject and cause are cut to a readable length."""
    return Issue(code=code, subject=_short(subject), cause=_short(cause), action=CURES[code])


def refusal(code: str, subject: str, cause: str) -> InvalidInput:
    """Return the error for a payload that is unusable as a whole."""
    return InvalidInput(issue(code, subject, cause))


def _short(text: str) -> str:
    # Garbage may be megabytes long, and may hold lone surrogates that no database takes.
    clean = text[:200].encode("utf-8", "backslashreplace").decode("utf-8")
    return clean if len(text) <= 200 else clean + " ..."
