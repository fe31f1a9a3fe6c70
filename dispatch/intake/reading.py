"""Reading untrusted bytes, members, times and numbers; every failure has a code."""

from __future__ import annotations

import json
import math
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, TypeVar, cast

from dispatch.intake.issues import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatch.domain.signal import Payload

Wanted = TypeVar("Wanted")

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Clocks that were never set say 1970; nothing in this system is older than 2000."""


def json_object(payload: Payload) -> dict[str, object]:
    """Return the payload's JSON object; raises InvalidInput I101."""
    found = json_value(payload)
    if not isinstance(found, dict):
        raise refusal("I101", payload.format, f"JSON holds {type(found).__name__}, not an object")
    return found


def json_value(payload: Payload) -> object:
    """Return whatever the payload's JSON holds; raises InvalidInput I101."""
    try:
        found = json.loads(payload.body.decode("utf-8-sig"))
        _refuse_half_characters(found, payload)
    except RecursionError:
        raise refusal("I101", payload.format, "the JSON is nested too deeply") from None
    except ValueError as error:  # covers UnicodeError and JSONDecodeError
        raise refusal("I101", payload.format, f"not JSON ({error})") from None
    else:
        return cast("object", found)


def _refuse_half_characters(found: object, payload: Payload) -> None:
    r"""Raise UnicodeError for a text no database can store: JSON may escape \ud800 alone."""
    if b"\\ud" in payload.body.lower():
        json.dumps(found, ensure_ascii=False).encode()


def csv_text(payload: Payload) -> str:
    """Return the payload as text without a byte order mark; raises InvalidInput I101."""
    return csv_text_of(payload.body, subject=payload.format)


def csv_text_of(body: bytes, *, subject: str) -> str:
    """Return a file as text without a byte order mark; raises InvalidInput I101."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refusal("I101", subject, f"not UTF-8 text ({error.reason})") from None


def member(holder: Mapping[str, object], name: str, kind: type[Wanted]) -> Wanted:
    """Return a member of that type; raises InvalidInput I102 naming it."""
    value = holder.get(name)
    if not isinstance(value, kind):
        found = "is missing" if value is None else f"is {type(value).__name__}"
        raise refusal("I102", name, f"{found}, wanted {kind.__name__}")
    return value


def text_or(holder: Mapping[str, object], name: str, default: str) -> str:
    """Return a member if it is a text with something in it, else the default."""
    value = holder.get(name)
    return value if isinstance(value, str) and value else default


def object_or_empty(holder: Mapping[str, object], name: str) -> dict[str, object]:
    """Return a member if it is an object, else an empty one."""
    value = holder.get(name)
    return value if isinstance(value, dict) else {}


def zoned_moment(text: str, *, subject: str) -> datetime:
    """Return the aware time; raises InvalidInput I103 without a zone, I104 if it is no time."""
    moment = _moment(text, subject)
    if moment.tzinfo is None:
        raise refusal("I103", subject, f"{text} has no time zone")
    return moment


def moment_in(text: str, zone: tzinfo, *, subject: str) -> datetime:
    """Return a time written without zone as one in `zone`; raises InvalidInput I104."""
    moment = _moment(text, subject)
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment


def _moment(text: str, subject: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise refusal("I104", subject, f"{text!r} is not a time") from None
    if not FIRST_YEAR <= moment.year < LAST_YEAR:
        raise refusal("I104", subject, f"{text} lies outside {FIRST_YEAR} to {LAST_YEAR}")
    return moment


def number(value: object) -> float | None:
    """Return a finite number, also from a text such as "24.59"; None for anything else.

    Booleans are not numbers here, and Python's own spelling 1_000 is not one either.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, str) and "_" in value:
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None
