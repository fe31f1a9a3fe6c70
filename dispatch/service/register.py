"""The city's sites and devices as look-ups: all of them, or those that some signals need."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.domain.ids import SiteId
from dispatch.domain.site import Device, Site
from dispatch.intake.devices import device_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dispatch.domain.signal import Signal
    from dispatch.store.repository import Transaction

FEW = 100
"""Up to so many devices are looked up by name; for more the whole register is read."""


@dataclass(frozen=True, slots=True)
class Register:
    """Sites by id, all mountings at them, and the mountings of each device."""

    sites: dict[SiteId, Site]
    devices: tuple[Device, ...]
    mountings: dict[str, list[Device]]

    def device_of(self, signal: Signal) -> Device | None:
        """Return the device as it was mounted when it sent the signal."""
        found = self.mountings.get(device_key(signal.device_id), ())
        return next((d for d in found if d.mounted_at(signal.observed_at)), None)


def register_for(signals: Sequence[Signal], tx: Transaction) -> Register:
    """Return the part of the register that these signals need, or all of it.

    At each of its sites all mountings are in it.
    """
    names = {device_key(s.device_id) for s in signals if s.site_id is None}
    if len(names) > FEW:
        return _register(tx.sites(), tx.devices())
    around = tx.devices_around(names) if names else []
    devices = [device for device, _ in around]
    sites = {site.id: site for _, site in around}
    if names - {device_key(device.id) for device in devices}:
        # A stranger, or a name in letters whose capitals the database does not know.
        return _register(tx.sites(), tx.devices())
    told = {s.site_id for s in signals if s.site_id} - sites.keys()
    if len(told) > FEW:
        return _register(tx.sites(), tx.devices())
    if told:
        sites |= {site.id: site for site in tx.sites_by_id(told)}
        devices += tx.devices_at(told)
    return _register(sites.values(), devices)


def _register(sites: Iterable[Site], devices: Sequence[Device]) -> Register:
    mountings: dict[str, list[Device]] = defaultdict(list)
    for device in devices:
        mountings[device_key(device.id)].append(device)
    return Register({site.id: site for site in sites}, tuple(devices), mountings)
