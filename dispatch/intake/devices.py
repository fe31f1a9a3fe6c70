"""From the sender's id to the place where the device hung at that moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dispatch.domain.errors import Issue
from dispatch.domain.signal import Signal
from dispatch.intake.issues import issue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispatch.domain.site import Device


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The signals whose place is known, and an issue for each device whose place is not."""

    signals: tuple[Signal, ...]
    issues: tuple[Issue, ...]


def device_key(device_id: str) -> str:
    """Return what ids are compared by: letters' case does not count.

    The Things Stack writes a DevEUI in capitals, ChirpStack in small letters, labels as it comes.
    """
    return device_id.casefold()


def resolve(signals: Iterable[Signal], devices: Iterable[Device]) -> Resolved:
    """Return the signals with site and part as mounted when they were observed.

    A signal that names its site itself (a watering need) keeps it. Signals of unknown (I201) and
    of then unmounted devices (I202) are left out, one issue per device; their payload is kept by
    ingest and can be replayed once the register is right.
    """
    mountings: dict[str, list[Device]] = {}
    for device in devices:
        mountings.setdefault(device_key(device.id), []).append(device)
    placed: list[Signal] = []
    faults: dict[tuple[str, str], Issue] = {}
    for signal in signals:
        if signal.site_id is not None:
            placed.append(signal)
            continue
        known = mountings.get(device_key(signal.device_id), ())
        mounted = next((d for d in known if d.mounted_at(signal.observed_at)), None)
        if mounted is not None:
            placed.append(replace(signal, site_id=mounted.site_id, part_id=mounted.part_id))
            continue
        code = "I202" if known else "I201"
        if (code, signal.device_id) not in faults:
            faults[code, signal.device_id] = _fault(code, signal)
    return Resolved(signals=tuple(placed), issues=tuple(faults.values()))


def _fault(code: str, signal: Signal) -> Issue:
    cause = {
        "I201": f"a device nobody has registered ({signal.source})",
        "I202": f"registered, but not mounted anywhere at {signal.observed_at.isoformat()}",
    }[code]
    return issue(code, signal.device_id, cause)
