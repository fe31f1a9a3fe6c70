"""Open311 GeoReport v2: what citizens report, as the answer to a query or as a posted form.

A notice is no measurement of a device, so it becomes a `Notice` and not a signal.
Reference: https://wiki.open311.org/GeoReport_v2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from dispatch.domain.errors import InvalidInput
from dispatch.domain.geo import LatLon
from dispatch.domain.notice import Notice, NoticeStatus, notice_id
from dispatch.intake.decoded import Decoded
from dispatch.intake.issues import issue, refusal
from dispatch.intake.reading import csv_text, json_value, number, text_or, zoned_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatch.domain.errors import Issue
    from dispatch.domain.signal import Payload

FORMAT: Final = "open311"
_MOST_FIELDS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sender:
    """Where requests come from, and what holds where a request says nothing."""

    source: str
    foreign_id: str
    received_at: datetime


def decode(payload: Payload) -> Decoded:
    """Return the notices of a GET answer (a JSON array) or of a POST form (url-encoded).

    A posted form has no number yet: its notice is identified by the form's bytes, its time is
    its receipt. `{"jurisdiction_id": ..., "answer": [...]}` tells whose answer it is.
    One bad request never stops the others. Raises InvalidInput I101, I102.
    """
    if payload.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
        requests, jurisdiction, foreign_id = *_answered(json_value(payload)), ""
    else:
        form = _form(payload)
        requests, jurisdiction, foreign_id = [form], form.get("jurisdiction_id", ""), payload.id
    sender = _Sender(
        source=f"{FORMAT}:{jurisdiction}" if jurisdiction else FORMAT,
        foreign_id=foreign_id,
        received_at=payload.received_at,
    )
    notices: list[Notice] = []
    issues: list[Issue] = []
    for place, request in enumerate(requests):
        try:
            notices.append(_notice(request, sender))
        except InvalidInput as error:
            issues += _told_whose(error.issues, request, place)
    return Decoded(notices=tuple(notices), issues=tuple(issues))


def _answered(body: object) -> tuple[list[object], str]:
    """Return the requests of an answer and its jurisdiction, "" if nobody says."""
    jurisdiction = ""
    if isinstance(body, dict):
        jurisdiction = text_or(body, "jurisdiction_id", "")
        body = body.get("answer", body.get("service_requests", [body]))
    if not isinstance(body, list):
        raise refusal("I102", "answer", f"is {type(body).__name__}, wanted list")
    return body, jurisdiction


def _form(payload: Payload) -> dict[str, str]:
    text = csv_text(payload).strip()
    try:
        pairs = parse_qsl(text, strict_parsing=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise refusal("I101", FORMAT, f"neither JSON nor a posted form ({error})") from None
    if not pairs:
        raise refusal("I101", FORMAT, "nothing was sent")
    return dict(pairs)


def _notice(request: object, sender: _Sender) -> Notice:
    if not isinstance(request, dict):
        raise refusal("I102", "request", f"is {type(request).__name__}, wanted object")
    foreign_id = sender.foreign_id or _label(request, "service_request_id")
    if not foreign_id:
        raise refusal("I122", "service_request_id", "is missing; nothing else tells it apart")
    code = _label(request, "service_code")
    if not code:
        raise refusal("I122", "service_code", "is missing; nobody knows what it is about")
    return Notice(
        id=notice_id(sender.source, foreign_id),
        source=sender.source,
        code=code,
        name=text_or(request, "service_name", ""),
        text=text_or(request, "description", ""),
        location=_location(request),
        requested_at=_moment(request, "requested_datetime") or sender.received_at,
        status=_status(request),
        media_url=text_or(request, "media_url", "") or None,
        updated_at=_moment(request, "updated_datetime"),
    )


def _label(request: Mapping[str, object], name: str) -> str:
    """Return a number or code that some senders write as a number."""
    value = request.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _moment(request: Mapping[str, object], name: str) -> datetime | None:
    text = text_or(request, name, "")
    return zoned_moment(text, subject=name) if text else None


def _status(request: Mapping[str, object]) -> NoticeStatus:
    text = text_or(request, "status", NoticeStatus.OPEN).casefold()
    if text not in {status.value for status in NoticeStatus}:
        raise refusal("I122", "status", f"{text!r} is neither open nor closed")
    return NoticeStatus(text)


def _location(request: Mapping[str, object]) -> LatLon:
    lat, lon = number(request.get("lat")), number(request.get("long"))
    if lat is None or lon is None:
        hint = "; lon is not in the standard" if "lon" in request else ""
        raise refusal("I121", "lat, long", f"are missing or no numbers{hint}")
    try:
        found = LatLon(lat=lat, lon=lon)
    except ValueError as error:
        raise refusal("I121", "lat, long", str(error)) from None
    if found == LatLon(lat=0.0, lon=0.0):
        raise refusal("I121", "lat, long", "0, 0 is what forms send for no place")
    return found


def _told_whose(issues: tuple[Issue, ...], request: object, place: int) -> list[Issue]:
    """Return the issues with the number of the request they are about."""
    number_ = _label(request, "service_request_id") if isinstance(request, dict) else ""
    whose = f"request {number_ or f'at place {place}'}"
    return [issue(fault.code, f"{whose} {fault.subject}", fault.cause) for fault in issues]
