"""What tablets send beside reports: where the crew is, and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dispatch.domain.geo import LatLon
from dispatch.domain.ids import CrewId, PhotoId
from dispatch.domain.job import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewPosition:
    """Where a crew on duty was; `accuracy_m` is what the tablet believes of it."""

    crew_id: CrewId
    at: datetime
    location: LatLon
    received_at: datetime
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture that a crew took, made anew, without anything the camera wrote into it.

    `sent` is the digest of the bytes as sent.
    """

    id: PhotoId
    crew_id: CrewId
    organisation: Organisation
    received_at: datetime
    media_type: str
    width: int
    height: int
    sent: str
    body: bytes
