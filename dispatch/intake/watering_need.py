"""`watering-need/1`: what the irrigation model asks for, one need per site and run.

A run that is sent twice gives the same signals: their id is made from model, site and run.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.ids import DeviceId, SignalId, SiteId, digest
from dispatch.domain.signal import Payload, Signal, SignalKind, WateringNeed
from dispatch.intake.decoded import Decoded
from dispatch.intake.issues import issue, refusal
from dispatch.intake.reading import json_object, member, number, text_or, zoned_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA: Final = "watering-need/1"
MOST_LITRES: Final = 5000
"""More than the largest single watering of practice (Esslingen: 200 to 300 l) many times over."""


def decode(payload: Payload) -> Decoded:
    """Return one signal per need, observed at the time of the run (its `run_id`).

    A need that cannot be used is an issue, the others are kept. Raises InvalidInput.
    """
    body = _body(payload)
    name = member(member(body, "model", dict), "name", str)
    run_at = _run_at(body)
    signals: list[Signal] = []
    issues: list[Issue] = []
    for at, need in enumerate(member(body, "needs", list)):
        try:
            signals.append(_signal(_checked(need), payload, model=name, run_at=run_at))
        except InvalidInput as error:
            causes = "; ".join(f"{fault.subject} {fault.cause}" for fault in error.issues)
            issues.append(issue("I112", _subject(need, at), causes))
    return Decoded(signals=tuple(signals), issues=tuple(issues))


def run_moment(payload: Payload) -> datetime:
    """Return when the model ran, also for a run that asks for nothing; raises InvalidInput.

    "No need anywhere" has no signal to tell it, yet it is news: older needs no longer hold.
    """
    return _run_at(_body(payload))


def _body(payload: Payload) -> Mapping[str, object]:
    body = json_object(payload)
    if body.get("schema") != SCHEMA:
        raise refusal("I111", "schema", f"{body.get('schema')!r}, wanted {SCHEMA!r}")
    return body


def _run_at(body: Mapping[str, object]) -> datetime:
    run_id = member(member(body, "model", dict), "run_id", str)
    return zoned_moment(run_id, subject="model.run_id")


def _subject(need: object, at: int) -> str:
    return text_or(need, "site_id", f"needs[{at}]") if isinstance(need, dict) else f"needs[{at}]"


def _checked(need: object) -> Mapping[str, object]:
    if not isinstance(need, dict):
        raise refusal("I112", "need", f"is {type(need).__name__}, wanted object")
    return need


def _signal(
    need: Mapping[str, object], payload: Payload, *, model: str, run_at: datetime
) -> Signal:
    site_id = member(need, "site_id", str)
    litres = _figure(need, "litres", highest=MOST_LITRES)
    run_id = run_at.isoformat()
    return Signal(
        id=SignalId(digest("watering-need", model, site_id, run_id)),
        source=f"watering-need:{model}",
        device_id=DeviceId(model),
        kind=SignalKind.WATERING_NEED,
        value=litres,
        observed_at=run_at,
        received_at=payload.received_at,
        payload_id=payload.id,
        site_id=SiteId(site_id),
        need=_need(need, run_id=run_id, litres=litres),
    )


def _need(need: Mapping[str, object], *, run_id: str, litres: float) -> WateringNeed:
    earliest, latest = _day(need, "earliest"), _day(need, "latest")
    if latest < earliest:
        raise refusal("I112", "latest", f"{latest} lies before earliest {earliest}")
    return WateringNeed(
        run_id=run_id,
        litres_min=round(_figure(need, "litres_min", highest=litres)),
        earliest=earliest,
        latest=latest,
        stress_at_latest=_figure(need, "stress_at_latest", highest=1),
        confidence=_figure(need, "confidence", highest=1),
        reason=text_or(need, "reason", ""),
    )


def _figure(need: Mapping[str, object], name: str, *, highest: float) -> float:
    """Return a number from 0 to `highest`; raises InvalidInput naming the member."""
    value = number(need.get(name))
    if value is None or not 0 <= value <= highest:
        raise refusal("I112", name, f"is {need.get(name)!r}, wanted 0 to {highest:g}")
    return value


def _day(need: Mapping[str, object], name: str) -> date:
    text = member(need, name, str)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refusal("I112", name, f"{text!r} is not a date") from None
