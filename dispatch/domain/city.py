"""The registers of a city: what stands where, and who works there."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.domain.fleet import Fleet
from dispatch.domain.site import Device, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """Sites, devices and fleet of one city, as imported or as seeded for a demo."""

    name: str
    sites: tuple[Site, ...]
    devices: tuple[Device, ...]
    fleet: Fleet
